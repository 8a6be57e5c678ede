"""Faults stay where they are: one rule at one record or deadline fails, and everything else goes on as if it had not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rules.engine import Engine
from rules.failure import Failure
from rules.firing import Firing
from rules.home import Home, parse_home
from rules.record import Record
from tests.rules.test_engine import HOME, MORNING, put, record, tick

OTHER: Home = parse_home({"home": "elm", "time_zone": "UTC"})


class Faulty:
    """A test of a pattern that has a fault: it cannot take the value `poison`."""

    def accepts(self, value: object) -> bool:
        if value == "poison":
            raise ZeroDivisionError("division by zero")
        return value == "pressed"


def ring(id: str, **more: Any) -> dict[str, Any]:
    # Patterns that say the same share a matcher, so the one that is to be broken says something of its own.
    pattern = {"type": "event", "source": "bell", "where": {id: "pressed"}}
    return {"id": id, "home": "maple", "when": {"op": "occurs", "of": [pattern]} | more}


def engine(*rules: dict[str, Any]) -> Engine:
    """Return an engine in which the rule `broken` has the fault."""
    made = Engine([HOME, OTHER])
    made.receive([*(put(rule, MORNING) for rule in rules), tick(-timedelta(hours=11))])
    for watch in made.houses["maple"].watches.values():
        for _, _, of in watch.members():
            for matcher in of:
                matcher.where = tuple((name, Faulty() if name == "broken" else test) for name, test in matcher.where)
    return made


def press(id: str, minutes: int, value: str) -> Record:
    return record(id, timedelta(hours=9) - timedelta(minutes=minutes), broken=value, sound=value, name="pressed")


def names(firings: list[Firing]) -> list[tuple[str, tuple[str, ...]]]:
    return [(firing.rule, firing.evidence) for firing in firings]


def failures(made: Engine) -> list[Failure]:
    return [problem for problem in made.take_problems() if isinstance(problem, Failure)]


ANY = {"id": "any", "home": "maple", "when": {"op": "occurs", "of": [{"type": "event", "source": "bell"}]}}


def test_a_rule_that_fails_at_a_record_stops_no_other_rule_and_goes_on_with_the_next() -> None:
    made = engine(ring("broken"), ANY, ring("sound"))
    firings = made.receive([press("bad", 0, "poison"), press("good", 1, "pressed"), tick(-timedelta(hours=8))])
    assert sorted(names(firings)) == [
        ("any", ("bad",)),
        ("any", ("good",)),
        ("broken", ("good",)),
        ("sound", ("good",)),
    ]
    (failure,) = failures(made)
    assert (failure.code, failure.home, failure.rule) == ("rule_failed", "maple", "broken")
    assert failure.record is not None and failure.record.id == "bad"
    assert "ZeroDivisionError: division by zero (in tests.rules.test_failure:" in failure.message


def test_the_same_log_fails_the_same_however_it_is_cut() -> None:
    log = [press("bad", 0, "poison"), press("good", 1, "pressed"), press("worse", 2, "poison")]
    told = []
    for size in (1, 2, 3):
        made = engine(ring("broken"), ANY)
        firings = [f for at in range(0, 3, size) for f in made.receive(log[at : at + size])]
        firings += made.finish(10**18)
        told.append((sorted(map(str, names(firings))), [str(failure) for failure in failures(made)]))
    assert told[0] == told[1] == told[2]
    assert len(told[0][1]) == 2


def test_a_deadline_that_fails_stops_no_other_deadline() -> None:
    rules = [{"id": id, "home": "maple", "when": {"op": "at", "time": "12:00"}} for id in ("broken", "clock")]
    made = engine(*rules)
    (running,) = made.houses["maple"].watches["broken"].running()
    running.plan = None
    assert names(made.receive([tick(timedelta(minutes=1))])) == [("clock", ())]
    (failure,) = failures(made)
    assert failure.record is None
    assert "the deadline of 2026-03-09T12:00:00" in failure.message
    assert made.receive([tick(timedelta(days=1, minutes=1))])[0].time > 0


def test_an_episode_that_cannot_be_decided_leaves_the_others_their_deadlines() -> None:
    rule = {"id": "long", "home": "maple", "when": ANY["when"] | {"lasting": "10m"}}  # type: ignore[operator]
    made = engine(rule)
    made.receive([record(f"e{n}", timedelta(minutes=n), episode=f"e{n}") for n in (30, 25)])
    made.receive([tick(-timedelta(minutes=24))])
    (running,) = made.houses["maple"].watches["long"].running()
    running.pending["e30"][3] = []  # type: ignore[attr-defined]  # no episode is a list
    assert names(made.receive([tick(timedelta(minutes=1))])) == [("long", ("e25",))]
    assert len(failures(made)) == 1


def test_a_record_that_fails_for_all_rules_stops_neither_the_next_nor_another_home() -> None:
    made = engine(ANY)
    broken = record("bad", timedelta(hours=9))
    broken.data = None  # type: ignore[assignment]
    elsewhere = record("else", timedelta(hours=9))
    elsewhere.home = "elm"
    firings = made.receive([broken, elsewhere, press("good", 1, "pressed"), tick(-timedelta(hours=8))])
    assert names(firings) == [("any", ("good",))]
    (failure,) = failures(made)
    assert (failure.code, failure.rule, failure.where) == ("record_failed", None, "maple")
