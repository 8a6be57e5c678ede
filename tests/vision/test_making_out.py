"""What a detector is not sure of: when it is told all the same, since when, and when it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from vision.detection import Detection, detections_of
from vision.frame import Frame
from vision.scene import Scene
from vision.track import Track, Tracker, one_each
from vision.zone import Box, Zone

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HERE: Box = (0.2, 0.2, 0.4, 0.8)
COAT: Box = (0.6, 0.1, 0.75, 0.4)
LIT = np.random.default_rng(1).integers(0, 255, (36, 64, 3), np.uint8)


def tracks(*sure: float, label: str = "dog", box: Box = HERE, step: float = 0.0) -> list[list[Track]]:
    """Return the tracks of each frame, 0.4 s apart, of a thing found that surely and `step` further right each time."""
    tracker = Tracker()
    return [
        tracker.receive(NOON + timedelta(seconds=0.4 * n), detections_of(found(label, box, confidence, n * step)))
        for n, confidence in enumerate(sure)
    ]


def found(label: str, box: Box, confidence: float, right: float = 0.0) -> list[Detection]:
    x1, y1, x2, y2 = box
    return [Detection((x1 + right, y1, x2 + right, y2), label, confidence)] if confidence else []


def told(*sure: float, label: str = "dog", box: Box = HERE, step: float = 0.0) -> list[bool]:
    return [bool(each) for each in tracks(*sure, label=label, box=box, step=step)]


def test_who_is_made_out_late_was_there_since_it_was_first_followed() -> None:
    *_, (late,) = tracks(0.3, 0.3, 0.5)
    assert [time for time, _ in late.before] == [NOON, NOON + timedelta(seconds=0.4)]


def test_who_is_made_out_was_there_two_seconds_before_at_most_and_that_is_said_once() -> None:
    *_, (late,) = tracks(*[0.3] * 20, 0.5)
    assert late.last - late.before[0][0] == timedelta(seconds=2)
    *_, (later,) = tracks(0.3, 0.5, 0.5)
    assert later.before == []


def test_what_is_never_sure_is_never_told() -> None:
    assert not any(told(*[0.39] * 50))


def test_a_coat_on_its_hook_is_no_person_however_long_it_hangs_there() -> None:
    assert not any(told(*[0.3, 0.65, 0.55] * 20, label="person", box=COAT))


def test_a_person_is_told_when_surer_than_of_a_coat_or_when_walking() -> None:
    assert told(0.75, label="person") == [True]
    assert told(0.55, 0.55, 0.55, label="person", step=0.05) == [False, True, True]


def test_a_box_that_grows_and_shrinks_has_not_moved() -> None:
    tracker = Tracker()
    for n, box in enumerate([(0.3, 0.1, 0.8, 0.7), (0.1, 0.1, 0.82, 0.9)] * 5):
        assert tracker.receive(NOON + timedelta(seconds=0.4 * n), detections_of(found("person", box, 0.6))) == []


def test_a_faint_sight_carries_a_track_for_two_seconds_after_a_clear_one() -> None:
    assert told(0.9, *[0.2] * 10) == [True] * 6 + [False] * 5
    assert told(0.9, *[0.1] * 3) == [True] + [False] * 3


def test_a_box_that_is_half_dog_and_half_cat_is_surely_an_animal() -> None:
    (one,) = one_each([Detection(HERE, "dog", 0.35), Detection(HERE, "cat", 0.3)])
    assert one.label == "dog"
    assert one.confidence == pytest.approx(1 - 0.65 * 0.7)


def test_one_label_found_twice_in_one_place_is_no_more_sure() -> None:
    (one,) = one_each([Detection(HERE, "dog", 0.35), Detection(HERE, "dog", 0.3)])
    assert one.confidence == 0.35


def test_a_person_who_holds_a_dog_stays_two() -> None:
    assert len(one_each([Detection(HERE, "dog", 0.5), Detection(HERE, "person", 0.5)])) == 2


def starts(zone: Zone, *boxes: tuple[Box, float]) -> dict[str, float]:
    """Return at which second a visit began, to the picture ("") and to the zone."""
    scene = Scene("h", "cam.hall", (zone,))
    records = []
    for n, (box, confidence) in enumerate(boxes, 3):
        frame = Frame(LIT, NOON + timedelta(seconds=0.4 * n), "cam.hall")
        records += scene.receive(frame, detections_of(found("dog", box, confidence)))
    entered = [record for record in records if record.data["phase"] == "start"]
    return {str(each.data.get("zone", "")): (each.time - NOON).total_seconds() for each in entered}


def test_a_visit_begins_when_who_was_made_out_late_came_and_that_to_a_zone_when_it_stood_there() -> None:
    floor = Zone("floor", ((0.0, 0.9), (1.0, 0.9), (1.0, 1.0), (0.0, 1.0)))
    lower: Box = (0.2, 0.34, 0.4, 0.95)
    assert starts(floor, (HERE, 0.3), (lower, 0.3), (lower, 0.6), (lower, 0.6)) == {"": 1.2, "floor": 1.6}
