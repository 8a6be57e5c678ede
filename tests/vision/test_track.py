from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vision.detection import Detection, detections_of
from vision.track import Track, Tracker, group_of
from vision.zone import Box

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HERE: Box = (0.1, 0.1, 0.4, 0.9)
NEAR: Box = (0.15, 0.1, 0.45, 0.9)
AWAY: Box = (0.6, 0.1, 0.9, 0.9)


def at(tracker: Tracker, seconds: float, *found: tuple[str, Box, float]) -> list[Track]:
    time = NOON + timedelta(seconds=seconds)
    return tracker.receive(time, detections_of(Detection(box, label, sure) for label, box, sure in found))


def test_a_thing_that_moves_a_little_stays_one_track() -> None:
    tracker = Tracker()
    (first,) = at(tracker, 0, ("dog", HERE, 0.9))
    (second,) = at(tracker, 0.4, ("dog", NEAR, 0.9))
    assert second is first
    assert second.last == NOON + timedelta(seconds=0.4)


def test_a_black_dog_that_is_called_a_bear_stays_a_dog() -> None:
    tracker = Tracker()
    tracks = [at(tracker, number * 0.4, (label, HERE, 0.8)) for number, label in enumerate(("bear", "dog", "bear"))]
    (track,) = tracks[-1]
    assert track.label == "dog"
    assert track.group == "animal"


def test_each_label_of_a_thing_that_is_found_twice_has_a_vote() -> None:
    tracker = Tracker()
    found = ("cat", HERE, 0.5), ("dog", HERE, 0.4)
    at(tracker, 0, *found)
    (track,) = at(tracker, 0.4, *found)
    assert track.votes.weights == pytest.approx({"cat": 1.0, "dog": 0.8})
    assert track.detection.confidence == pytest.approx(0.7)
    assert track.kinds == {"cat", "dog"}


def test_a_label_that_a_thing_is_hardly_ever_given_does_not_contend() -> None:
    tracker = Tracker()
    kinds = [at(tracker, n * 0.4, ("dog" if n == 3 else "cat", HERE, 0.5))[0].kinds for n in range(8)]
    assert kinds[3] == {"cat", "dog"}
    assert kinds[-1] == {"cat"}


def test_a_person_and_a_dog_in_one_place_are_two() -> None:
    tracker = Tracker()
    at(tracker, 0, ("dog", HERE, 0.9), ("person", HERE, 0.9))
    again = at(tracker, 0.4, ("person", NEAR, 0.9), ("dog", NEAR, 0.9))
    assert {track.group for track in again} == {"animal", "person"}
    assert len({track.tracker_id for track in again}) == 2


def test_a_weak_detection_goes_on_but_does_not_begin() -> None:
    tracker = Tracker()
    assert at(tracker, 0, ("dog", HERE, 0.3)) == []
    (track,) = at(tracker, 0.4, ("dog", HERE, 0.9))
    assert at(tracker, 0.8, ("dog", NEAR, 0.3)) == [track]


def test_a_thing_gone_for_longer_than_two_seconds_comes_back_as_another() -> None:
    tracker = Tracker()
    (first,) = at(tracker, 0, ("cat", HERE, 0.9))
    (second,) = at(tracker, 2.5, ("cat", HERE, 0.9))
    assert first.tracker_id != second.tracker_id


def test_two_cats_keep_their_tracks_whatever_the_order_of_detections() -> None:
    tracker = Tracker()
    here, away = at(tracker, 0, ("cat", HERE, 0.9), ("cat", AWAY, 0.9))
    again = at(tracker, 0.4, ("cat", AWAY, 0.9), ("cat", NEAR, 0.9))
    assert {track.tracker_id: track.box[0] < 0.5 for track in again} == {here.tracker_id: True, away.tracker_id: False}


def test_furniture_is_not_followed() -> None:
    assert group_of("chair") is None
    assert at(Tracker(), 0, ("chair", HERE, 0.9), ("bowl", AWAY, 0.9)) == []


def walking(second: float, begins: float = 0.0) -> Box:
    """Return the box of something that crosses the picture in four seconds."""
    left = begins + 0.25 * second
    return (left, 0.4, left + 0.12, 0.9)


def test_a_thing_that_walks_is_found_again_where_it_was_going() -> None:
    tracker = Tracker()
    (first,) = at(tracker, 0, ("dog", walking(0), 0.9))
    for second in (0.2, 0.4, 0.6):
        at(tracker, second, ("dog", walking(second), 0.9))
    assert at(tracker, 1.4, ("dog", walking(1.4), 0.9)) == [first]


def test_a_thing_that_stops_is_found_again_where_it_was() -> None:
    tracker = Tracker()
    (first,) = at(tracker, 0, ("dog", walking(0), 0.9))
    for second in (0.2, 0.4, 0.6):
        at(tracker, second, ("dog", walking(second), 0.9))
    assert at(tracker, 1.4, ("dog", walking(0.6), 0.9)) == [first]


def test_what_is_hardly_seen_takes_no_track_from_what_is_seen_well() -> None:
    tracker = Tracker()
    (first,) = at(tracker, 0, ("dog", HERE, 0.9))
    joined = at(tracker, 0.4, ("dog", HERE, 0.3), ("dog", NEAR, 0.8))
    assert joined == [first]
    assert first.detection.confidence > 0.7
