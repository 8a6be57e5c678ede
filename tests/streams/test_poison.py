"""A fault in one rule stays there, in every runtime: the others go on, and it is said once, counted and kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from proactive.checkup import checkup
from proactive.settings import Settings
from rules.house import House as Rooms
from rules.problem import Problem
from rules.rule import Rule, parse_rule
from streams.replay import Replay
from streams.troubles import Troubles
from tests.streams.logs import at, record, ring, tick
from tests.streams.test_embedded import MAPLE, House


class Faulty:
    """A test of a pattern that has a fault: it cannot take any value."""

    def accepts(self, value: object) -> bool:
        raise ZeroDivisionError("division by zero")


def poisoned(id: str) -> Rule:
    """Return a rule whose pattern is its own, since patterns that say the same share a matcher."""
    where = {"name": ["pressed", id]}
    return parse_rule(
        ring().as_json() | {"id": id, "when": {"op": "occurs", "of": [{"type": "event", "where": where}]}}
    )


def poison(rooms: Rooms, id: str) -> None:
    for _, _, of in rooms.watches[id].members():
        for matcher in of:
            matcher.where = (("name", Faulty()),)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Return a house with a sound rule, and one with a fault."""
    house = House(tmp_path / "log.db", at("00:00"))
    house.runtime.put_rule(ring())
    house.runtime.put_rule(poisoned("faulty"))
    house.at(at("01:00"))
    poison(house.runtime._engine.houses["maple"], "faulty")
    yield house
    house.kill()


def test_a_rule_that_fails_stops_no_other_and_is_said_once_counted_and_kept(
    house: House, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with caplog.at_level(logging.ERROR):
        for hour in (2, 3, 4):
            house.clock.time = at(f"0{hour}:00")
            house.ring(f"bell-{hour}")
            house.at(at(f"0{hour}:01"))
    assert [firing.rule for firing in house.log.firings()] == ["ring"] * 3
    assert len(caplog.messages) == 1
    assert "maple/faulty: failed at record 'bell-2': ZeroDivisionError: division by zero" in caplog.messages[0]
    (failed,) = house.log.failures()
    assert (failed.home, failed.rule, failed.count) == ("maple", "faulty", 3)
    assert house.runtime.troubles.failed == {("maple", "faulty"): 3}
    found = [finding for finding in checkup(Settings(data=tmp_path)) if finding.about == "maple/faulty"]
    assert "bell-2" in found[0].found and "3 times so far" in found[0].found


def test_a_replay_tells_each_fault_once_and_how_often_it_came_up() -> None:
    said: list[str] = []
    troubles = Troubles(said.append)
    bells = [record(f"b{n}", at(f"0{n}:00"), "event", data={"name": "pressed"}) for n in (1, 2)]
    log = [[tick(at("00:00")), *bells, tick(at("09:00"))]]
    replay = Replay([MAPLE], [ring(), poisoned("broken")], report=troubles)
    steps = replay.steps(log)
    next(steps)
    # What a replay runs on is its own: reached through its frame, since no rule that can be written has a fault.
    poison(steps.gi_frame.f_locals["engine"].houses["maple"], "broken")  # type: ignore[attr-defined]
    for _ in steps:
        pass
    troubles.close()
    assert len(said) == 2
    assert said[0].startswith("maple/broken: failed at record 'b1'")
    assert said[1] == "maple/broken failed 2 times."


def test_problems_without_end_are_counted_and_not_all_shown() -> None:
    said: list[str] = []
    troubles = Troubles(said.append)
    troubles.hear(Problem("bad", f"record {n}", "is no rule.") for n in range(1000))
    troubles.close()
    assert len(said) == 101
    assert said[-1] == "Not used: 900 more."
