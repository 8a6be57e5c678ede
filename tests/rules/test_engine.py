"""The engine as whoever calls it sees it: arrivals, deadlines, problems, snapshots, and cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.engine import Engine
from rules.firing import Firing
from rules.home import Home, parse_home
from rules.problem import InputError
from rules.record import Record, from_json
from rules.units import SECOND, instant

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOME: Home = parse_home({"home": "maple", "time_zone": "UTC", "cameras": [{"id": "cam.kitchen"}]})
EATING = {"type": "detection", "source": "cam.kitchen", "where": {"activity": "eating"}}


def fed(id: str = "fed", **more: Any) -> dict[str, Any]:
    window = {"from": "00:00", "until": "12:00"}
    return {"id": id, "home": "maple", "when": {"op": "absent", "of": [EATING], "window": window}, **more}


def ring(id: str = "ring") -> dict[str, Any]:
    return {"id": id, "home": "maple", "when": {"op": "occurs", "of": [{"type": "event", "source": "bell"}]}}


def record(id: str, before_noon: timedelta, type: str = "event", source: str | None = "bell", **data: Any) -> Record:
    time = (NOON - before_noon).isoformat()
    return from_json({"id": id, "type": type, "home": "maple", "source": source, "time": time, "data": data})


def tick(after_noon: timedelta) -> Record:
    return record(f"tick {after_noon}", -after_noon, "tick", None)


def put(rule: dict[str, Any], before_noon: timedelta) -> Record:
    return record(f"put {rule.get('id')}", before_noon, "rule.put", None, rule=rule)


MORNING = timedelta(hours=12)
HOUR = timedelta(hours=1)


def test_a_deadline_waits_for_the_lateness_and_for_no_event() -> None:
    engine = Engine([HOME])
    engine.receive([put(fed(), MORNING), tick(-HOUR)])
    assert engine.next_deadline() == instant(NOON) + 2 * SECOND
    assert engine.receive([tick(timedelta(seconds=1.999999))]) == []
    (firing,) = engine.receive([tick(timedelta(seconds=2))])
    assert (firing.verdict, firing.time) == ("fired", instant(NOON))


def test_a_lone_doorbell_is_heard_one_lateness_later() -> None:
    engine = Engine([HOME])
    engine.receive([put(ring(), MORNING), tick(-HOUR), record("bell", timedelta(0))])
    due = engine.next_deadline()
    assert due is not None
    assert due - instant(NOON) - 2 * SECOND in (0, 1)
    assert [firing.rule for firing in engine.receive([tick(timedelta(seconds=2, microseconds=1))])] == ["ring"]


def test_a_tick_without_home_is_for_every_home() -> None:
    homes = [HOME, HOME.model_copy(update={"home": "oak"})]
    engine = Engine(homes, since=instant(NOON - MORNING))
    for home in homes:
        engine.put(fed() | {"home": home.home}, instant(NOON - MORNING))
    everywhere = from_json({"id": "t", "type": "tick", "time": (NOON + HOUR).isoformat()})
    assert {firing.home for firing in engine.receive([everywhere])} == {"maple", "oak"}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"id": "x", "home": "maple"}, "missing"),
        (fed() | {"home": "oak"}, "other_home"),
        (fed() | {"when": {"op": "never"}}, "invalid"),
        (fed() | {"enabled": "maybe"}, "invalid"),
        ("daisy", "not_a_rule"),
    ],
)
def test_a_broken_rule_is_reported_and_stops_nothing(rule: Any, code: str) -> None:
    engine = Engine([HOME])
    broken = record("broken", MORNING, "rule.put", None, rule=rule)
    firings = engine.receive([put(ring(), MORNING), broken, record("bell", HOUR), tick(HOUR)])
    assert [firing.rule for firing in firings] == ["ring"]
    assert [problem.code for problem in engine.take_problems()] == [code]
    assert engine.take_problems() == []


def test_a_rule_put_at_the_beginning_must_be_one() -> None:
    with pytest.raises(InputError, match="oak"):
        Engine([HOME]).put(fed() | {"home": "oak"}, 0)


def test_a_record_of_another_home_is_reported() -> None:
    engine = Engine([HOME])
    engine.receive([Record(id="a", type="event", time=NOON, home="oak", source="bell")])
    assert [problem.code for problem in engine.take_problems()] == ["unknown_home"]


def test_an_edit_of_the_message_keeps_what_is_pending() -> None:
    engine = Engine([HOME])
    engine.receive([put(fed(), MORNING), record("meal", 4 * HOUR, "detection", "cam.kitchen", activity="eating")])
    louder = record("edit", 2 * HOUR, "rule.put", None, rule=fed(notify={"message": "!", "urgency": "critical"}))
    assert engine.receive([louder, tick(HOUR)]) == []


def test_the_same_noon_does_not_fire_twice_after_an_edit() -> None:
    def occurrences(engine: Engine, *records: Record) -> list[str]:
        return [firing.occurrence for firing in engine.receive(records)]

    engine = Engine([HOME])
    before = occurrences(engine, put(fed(), MORNING), tick(timedelta(minutes=1)))
    later = fed()
    later["when"] = later["when"] | {"window": {"from": "00:00", "until": "13:00"}}
    after = occurrences(engine, record("edit", -timedelta(minutes=2), "rule.put", None, rule=later), tick(2 * HOUR))
    assert before == after


@pytest.mark.parametrize("order", [1, -1])
def test_of_any_a_sure_verdict_is_not_hidden_by_one_that_could_not_be_seen(order: int) -> None:
    def fed_by(camera: str) -> dict[str, Any]:
        of = [EATING | {"source": camera}]
        return {"op": "absent", "of": of, "window": {"from": "00:00", "until": "12:00"}}

    rule = fed() | {"when": {"op": "any", "conditions": [fed_by("cam.kitchen"), fed_by("cam.yard")][::order]}}
    engine = Engine([HOME])
    off = record("off", HOUR, "health", "cam.kitchen", status="offline")
    firings = engine.receive([put(rule, MORNING), off, tick(HOUR)])
    assert sorted(firing.verdict for firing in firings) == ["fired", "unknown"]


def test_thousands_of_rules_on_one_source_leave_a_record_to_those_it_can_match() -> None:
    engine = Engine([HOME], since=instant(NOON - MORNING))
    for number in range(2_000):
        pattern = {"type": "detection", "source": "cam.kitchen", "where": {"label": f"thing {number}"}}
        rule = {"id": f"r{number}", "home": "maple", "when": {"op": "occurs", "of": [pattern]}}
        engine.put(rule, instant(NOON - MORNING))
    seen = record("seen", HOUR, "detection", "cam.kitchen", label="thing 7")
    assert [firing.rule for firing in engine.receive([seen, tick(HOUR)])] == ["r7"]
    members = engine.houses["maple"].by_source["cam.kitchen"]
    assert not isinstance(members, tuple)
    assert len(members.of(seen)) == 1


def _story() -> list[Record]:
    meal = record("meal", 4 * HOUR, "detection", "cam.kitchen", activity="eating", episode="e", phase="start")
    return [
        put(fed(), MORNING),
        put(ring(), MORNING),
        record("off", 8 * HOUR, "health", "cam.kitchen", status="offline"),
        record("on", 7 * HOUR, "health", "cam.kitchen", status="online"),
        meal,
        record("bell", HOUR),
    ]


SNAPSHOT = Path(__file__).parent / "snapshots" / "format-1.bin"


def _go_on(engine: Engine) -> list[Firing]:
    return engine.receive([tick(HOUR)]) + engine.finish(instant(NOON + timedelta(days=1)))


def test_a_snapshot_of_an_earlier_release_goes_on_where_it_was() -> None:
    engine = Engine([HOME])
    engine.receive(_story())
    assert _go_on(Engine.restore(SNAPSHOT.read_bytes(), [HOME])) == _go_on(engine)


def test_a_snapshot_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format 1, found 2"):
        Engine.restore(b"\x81\xa6format\x02", [HOME])
