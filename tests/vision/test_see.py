from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from rules.problem import InputError
from tests.vision.kitchens import ON_RUG, START, Ticking, after, kitchen, meals, of, seen, steady, there
from tests.vision.live.test_zone_sight import boxed
from tests.vision.live.test_zone_sight import home as yard_home
from tests.vision.live.yards import frame, noisy, yard, zone_health
from vision.camera import find_camera
from vision.detectors.scripted import Scripted
from vision.frame import Frame
from vision.see import Progress, see


def health(frames: Ticking) -> list[tuple[float, str]]:
    records = seen(there(0, 1), frames=frames)
    return [(after(r), r.data["status"]) for r in records if r.type == "health" and "zone" not in r.data]


def test_a_camera_is_online_from_its_first_frame_and_offline_after_its_last() -> None:
    assert health(steady(20)) == [(0, "online"), (20, "offline")]


def test_a_stretch_without_frames_is_blind() -> None:
    assert health(Ticking((0, 1, 2, 30, 31))) == [(0, "online"), (2.4, "offline"), (30, "online"), (31.4, "offline")]


def test_a_source_without_frames_gives_no_records() -> None:
    assert seen(there(0, 10), frames=Ticking(())) == []


def test_a_meal_is_not_bridged_over_a_blind_stretch() -> None:
    early, late = [n * 0.4 for n in range(20)], [30 + n * 0.4 for n in range(20)]
    assert len(meals(seen(there(0, 60), frames=Ticking((*early, *late))))) == 2


def test_after_a_blind_stretch_nobody_is_said_to_have_entered() -> None:
    early, late = [n * 0.4 for n in range(20)], [30 + n * 0.4 for n in range(20)]
    records = seen(there(30, 60, ON_RUG), frames=Ticking((*early, *late)))
    assert of(records, "entered") == []
    assert of(records, "at", "rug")


def test_a_stream_without_end_tells_a_meal_as_soon_as_it_is_known() -> None:
    frames = replace(steady(60), length=None)
    records = seen(there(6, 26), frames=frames)
    assert [r.id for r in records] != [r.id for r in sorted(records, key=lambda r: (r.time, r.id))]
    in_order = {r.id for r in seen(there(6, 26))}
    assert {r.id for r in records} == in_order


def test_progress_reaches_all_of_a_source_with_an_end() -> None:
    told: list[Progress] = []
    home = kitchen()
    frames = replace(steady(20), length=timedelta(seconds=20))
    list(see(frames, Scripted(), home, home.cameras[0], progress=told.append))
    assert [p.frames for p in told] == list(range(1, 51))
    assert told[-1].time == START + timedelta(seconds=19.6)
    assert told[-1].done == pytest.approx(0.98)


def test_a_time_is_the_same_instant_in_every_zone_of_writing() -> None:
    assert all(r.time.tzinfo is UTC for r in seen(there(6, 26)))
    assert datetime(2026, 3, 9, 11, tzinfo=UTC) == START


def test_a_camera_that_the_home_lacks_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"found 'cam\.kichen'. Did you mean 'cam\.kitchen'"):
        find_camera([kitchen()], "cam.kichen")


def test_a_camera_of_two_homes_is_told() -> None:
    with pytest.raises(InputError, match="expected one home"):
        find_camera([kitchen(), kitchen()], "cam.kitchen")


@dataclass(frozen=True)
class Boxed:
    """A minute of the yard, in which a box of cardboard is before the bowl from 20 s to 40 s."""

    length: timedelta | None = timedelta(seconds=60)

    def __iter__(self) -> Iterator[Frame]:
        for number in range(150):
            shown = boxed(yard()) if 50 <= number < 100 else yard()
            yield frame(noisy(shown, number), number / 2.5)


def test_a_zone_that_is_covered_in_a_recording_is_told_as_of_a_live_camera() -> None:
    home = yard_home()
    records = list(see(Boxed(), Scripted(), home, home.cameras[0]))
    (_, begun), (since, covered), (back, again) = zone_health(records)
    assert (begun, covered, again) == ("online", "covered", "online")
    assert 20 <= since <= 22 and 40 <= back <= 45
    assert [reason for _, reason in zone_health(records, "gate")] == ["online"]
