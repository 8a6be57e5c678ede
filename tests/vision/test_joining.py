from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.home import Home, parse_home
from rules.problem import InputError
from rules.record import Record
from vision.joining import Joining

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def home(*overlaps: str) -> Home:
    cameras = [{"id": "cam.kitchen", "overlaps": list(overlaps)}, {"id": "cam.hall"}, {"id": "cam.yard"}]
    return parse_home({"home": "maple", "cameras": cameras})


def tell(source: str, second: float, phase: str, subject: str | None = "pet.daisy", **data: Any) -> Record:
    """Return a record of the only episode of a camera, begun at noon and `began` seconds."""
    moves = {"start": "entered", "update": "at", "end": "left"}
    began = data.pop("began", 0)
    given = {"activity": moves[phase], "episode": f"{source}-own", "phase": phase, "lasted": second - began, **data}
    time = NOON + timedelta(seconds=second)
    name = f"{source}-{data.get('episode', '')}-{second}-{phase}"
    return Record(
        id=name, type="detection", time=time, source=f"cam.{source}", subject=subject, home="maple", data=given
    )


BOTH = (
    tell("kitchen", 0, "start"),
    tell("kitchen", 1, "update"),
    tell("hall", 4, "start", began=4),
    tell("hall", 5, "update", began=4),
    tell("kitchen", 6, "end"),
    tell("hall", 9, "end", began=4),
)


def joined(*records: Record, overlaps: tuple[str, ...] = ("cam.hall",)) -> list[Record]:
    joining = Joining(home(*overlaps))
    return [joining.receive(record) for record in records]


def test_what_two_cameras_see_of_one_place_is_one_episode() -> None:
    records = joined(*BOTH)
    assert {record.data["episode"] for record in records} == {"kitchen-own"}
    assert [record.data["phase"] for record in records] == ["start", "update", "update", "update", "update", "end"]
    assert [record.data["activity"] for record in records] == ["entered", "at", "at", "at", "at", "left"]
    assert [record.data["lasted"] for record in records] == [0, 1, 4, 5, 6, 9]
    assert [record.id for record in records] == [record.id for record in BOTH]


def test_either_camera_may_say_that_they_overlap_and_without_that_nothing_is_joined() -> None:
    assert [record.data["episode"] for record in joined(BOTH[2], BOTH[0])] == ["hall-own", "hall-own"]
    assert joined(*BOTH, overlaps=()) == list(BOTH)
    assert joined(*BOTH, overlaps=("cam.yard",)) == list(BOTH)


def test_only_a_subject_with_a_name_is_known_to_be_the_same() -> None:
    for one, other in (("pet.daisy", "pet.max"), ("unknown", "unknown"), (None, None)):
        records = [tell("kitchen", 0, "start", one), tell("hall", 4, "start", other)]
        assert joined(*records) == records


def test_what_began_after_the_other_had_ended_is_another_episode() -> None:
    records = joined(BOTH[0], BOTH[4], tell("hall", 7, "start", began=7), tell("hall", 9, "end", began=7))
    assert [record.data["episode"] for record in records] == ["kitchen-own"] * 2 + ["hall-own"] * 2


def test_a_meal_is_one_whatever_each_camera_calls_the_bowl_and_is_no_visit() -> None:
    meals = (
        tell("kitchen", 0, "start", activity="eating", zone="food_bowl"),
        tell("hall", 2, "start", activity="eating", zone="far_bowl"),
        tell("hall", 3, "start", episode="visit"),
    )
    assert [record.data["episode"] for record in joined(*meals)] == ["kitchen-own", "kitchen-own", "visit"]


def test_visits_to_two_zones_are_two() -> None:
    visits = (tell("kitchen", 0, "start", zone="rug"), tell("hall", 2, "start", zone="door"))
    assert joined(*visits) == list(visits)


def test_a_camera_that_sees_no_more_holds_no_episode_open() -> None:
    lost = Record(
        id="h",
        type="health",
        time=NOON + timedelta(seconds=7),
        source="cam.kitchen",
        home="maple",
        data={"status": "offline"},
    )
    records = joined(*BOTH[:4], lost, BOTH[5])
    assert records[-1].data["phase"] == "end"
    assert records[-1].data["episode"] == "kitchen-own"


def test_an_episode_that_nobody_told_of_for_long_is_not_gone_on_with() -> None:
    late = tell("hall", 3600, "start", began=3600)
    assert joined(BOTH[0], late)[-1] == late


def test_a_record_of_an_episode_that_says_no_phase_is_an_update() -> None:
    plain = tell("hall", 5, "update")
    del plain.data["phase"]
    assert joined(BOTH[0], BOTH[2], plain)[-1].data["phase"] == "update"


def test_a_name_that_comes_late_changes_nothing_that_was_told() -> None:
    records = (BOTH[0], tell("hall", 4, "start", None), tell("hall", 5, "update"), tell("hall", 9, "end"))
    assert joined(*records) == list(records)


@given(st.permutations(range(6)))
def test_in_whatever_order_two_cameras_tell_one_happening_ends_once_and_last(order: list[int]) -> None:
    """Each camera's own records stay in order."""
    kitchen, hall = iter((0, 1, 4)), iter((2, 3, 5))
    told = joined(*(BOTH[next(kitchen if at in {0, 1, 4} else hall)] for at in order))
    for name in {record.data["episode"] for record in told}:
        own = [record for record in told if record.data["episode"] == name]
        assert [record.data["phase"] for record in own].count("end") == 1
        assert own[-1].data["phase"] == "end" and own[0].data["phase"] == "start"
        assert own[-1].time == max(record.time for record in own)


def test_a_camera_that_overlaps_with_what_is_no_camera_is_refused() -> None:
    with pytest.raises(InputError, match=r"cam\.hal"):
        home("cam.hal")
