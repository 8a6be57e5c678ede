"""What nobody could see of a zone is no reason to say no of it, and none to doubt anything else."""

from __future__ import annotations

from pathlib import Path

from proactive.answer.archive import Recorded
from proactive.answer.blindness import Blind, blind
from proactive.answer.kept import Kept
from proactive.answer.said import Telling
from rules.coverage import spot_of
from rules.record import Record
from rules.units import instant
from streams.log import Log
from tests.rules.days import HOME, record

BOWLS = spot_of("cam.kitchen", "food_bowls")


def health(local: str, status: str, **data: str) -> Record:
    return record(local, "health", "cam.kitchen", status=status, **data)


RECORDS = [
    health("9 06:00", "online"),
    health("9 08:00", "offline", zone="food_bowls", reason="covered"),
    health("9 09:00", "offline", reason="frozen"),
    health("9 09:30", "online"),
    health("9 10:00", "online", zone="food_bowls"),
    record("9 12:00", "tick"),
]
SINCE, UNTIL = instant(RECORDS[0].time), instant(RECORDS[-1].time)


def told(stretches: list[Blind]) -> str:
    return Telling(HOME, UNTIL + 1).blind(stretches)


def test_of_a_zone_its_own_blindness_and_that_of_its_camera_are_told_with_their_reasons() -> None:
    found = blind(Recorded(RECORDS, HOME.home), ["cam.kitchen"], SINCE, UNTIL, [BOWLS])
    assert [(each.zone, each.reason) for each in found] == [("food_bowls", "covered"), ("", "frozen")]
    assert told(found) == (
        "the food bowls were covered from 8 am to 10 am"
        " and the kitchen camera showed one and the same picture from 9 am to 9:30 am"
    )
    assert found[0].as_json().items() >= {"zone": "food_bowls", "reason": "covered"}.items()


def test_what_is_not_asked_of_a_zone_does_not_rest_on_it() -> None:
    (only,) = blind(Recorded(RECORDS, HOME.home), ["cam.kitchen"], SINCE, UNTIL)
    assert (only.zone, only.reason) == ("", "frozen")


def test_a_log_finds_the_last_health_of_a_zone_and_of_its_source_apart(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        log.append(RECORDS[:4])
        kept, recorded = Kept(log, HOME.home), Recorded(RECORDS[:4], HOME.home)
        for spot, expected in (("cam.kitchen", RECORDS[3]), (BOWLS, RECORDS[1]), (BOWLS + "x", None)):
            assert kept.health_before(spot, UNTIL) == recorded.health_before(spot, UNTIL) == expected


def test_a_zone_that_is_blind_when_the_program_ends_leaves_its_camera_online(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        log.append(RECORDS[:2])
        assert [source.online for source in log.sources()] == [True]
