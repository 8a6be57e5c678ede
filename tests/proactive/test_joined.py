from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from proactive.joined import Joined
from rules.home import Home
from rules.record import Record
from tests.vision.test_joining import BOTH, home


@dataclass
class Disk:
    """Keeps records, and refuses as many deliveries as it is told to."""

    refuse: int = 0
    kept: list[Record] = field(default_factory=list)

    def __call__(self, records: Sequence[Record]) -> int:
        if self.refuse:
            self.refuse -= 1
            raise OSError("the disk is full")
        self.kept += records
        return len(records)


def listed(home: Home) -> Callable[[], Mapping[str, Home]]:
    homes = {home.home: home}
    return lambda: homes


def test_one_happening_before_two_cameras_is_kept_as_one_episode_whoever_tells_it() -> None:
    disk = Disk()
    deliver = Joined(listed(home("cam.hall")), disk)
    for record in BOTH:
        deliver([record])
    assert {record.data["episode"] for record in disk.kept} == {"kitchen-own"}
    assert [record.data["phase"] for record in disk.kept] == ["start", "update", "update", "update", "update", "end"]


def test_what_was_refused_and_comes_again_is_joined_as_if_for_the_first_time() -> None:
    disk, smooth = Disk(), Disk()
    deliver, undisturbed = Joined(listed(home("cam.hall")), disk), Joined(listed(home("cam.hall")), smooth)
    for record in BOTH:
        disk.refuse = 2
        for _ in range(2):
            with pytest.raises(OSError, match="full"):
                deliver([record])
        assert deliver([record]) == 1
        undisturbed([record])
    assert disk.kept == smooth.kept


def test_the_records_of_other_homes_are_left_as_they_are() -> None:
    disk = Disk()
    Joined(listed(home()), disk)(BOTH)
    assert tuple(disk.kept) == BOTH


def test_cameras_that_are_said_to_overlap_later_are_joined_from_then_on_and_a_change_of_something_else_parts_nothing() -> (
    None
):
    disk, homes = Disk(), {"maple": home()}
    deliver = Joined(lambda: homes, disk)
    deliver([BOTH[0]])
    homes = {"maple": home("cam.hall")}
    for number, record in enumerate(BOTH):
        deliver([record])
        homes = {"maple": home("cam.hall").model_copy(update={"name": f"call {number}"})}
    assert {record.data["episode"] for record in disk.kept} == {"kitchen-own"}
