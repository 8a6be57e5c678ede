"""Laws of replay: what the rules would have done, whatever the log looks like."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from rules.engine import Engine
from rules.firing import Firing
from rules.home import Home
from rules.record import Record
from rules.rule import Rule
from rules.units import instant, rfc3339
from streams.ordering import in_order, order
from streams.replay import Replay
from tests.streams.logs import at, fed_by_noon, home, record, ring, tick

MAPLE = home()


def bell(id: str, time: datetime, home: str = "maple") -> Record:
    return record(id, time, "event", source="doorbell.front", home=home, data={"name": "pressed"})


def told(firings: Sequence[Firing]) -> list[tuple[str, str, str]]:
    return [(f.rule, rfc3339(f.time), f.verdict) for f in firings]


def replay(
    rules: Sequence[Rule], log: Sequence[Record], since: datetime | None = None, until: datetime | None = None
) -> list[Firing]:
    return list(Replay([MAPLE], rules, since, until).run([list(log)]))


def test_a_replay_decides_every_deadline_up_to_the_last_record_included() -> None:
    log = [bell("a", at("00:00")), bell("b", at("12:00"))]
    assert ("daisy-fed", "2026-03-09T17:00:00Z", "fired") in told(replay([fed_by_noon()], log))
    assert told(replay([fed_by_noon()], log, until=at("11:59:59"))) == []


def test_a_replay_decides_only_windows_that_start_at_or_after_its_beginning() -> None:
    log = [bell("a", at("00:01")), bell("b", at("13:00", 10))]
    assert told(replay([fed_by_noon()], log)) == [("daisy-fed", "2026-03-10T17:00:00Z", "fired")]
    assert len(replay([fed_by_noon()], log, since=at("00:00"))) == 2


def test_a_replay_begins_with_the_least_time_of_the_first_records_that_may_come_in_any_order() -> None:
    log = [bell("b", at("00:00:01")), bell("a", at("00:00:00")), bell("c", at("12:00")), bell("d", at("00:00", 8))]
    assert [f.rule for f in replay([ring(), fed_by_noon()], log)] == ["ring", "ring", "daisy-fed", "ring"]


def test_a_rule_is_in_force_for_a_record_at_the_instant_it_is_put() -> None:
    assert told(replay([ring()], [bell("a", at("08:00"))])) == [("ring", "2026-03-09T13:00:00Z", "fired")]


def test_records_before_the_beginning_and_after_the_end_are_as_if_they_were_not() -> None:
    log = [bell("a", at("08:00")), bell("b", at("09:00")), bell("c", at("10:00")), tick(at("11:00"))]
    firings = replay([ring()], log, since=at("08:30"), until=at("09:30"))
    assert [f.evidence for f in firings] == [("b",)]


def test_an_end_after_the_last_record_lets_time_pass() -> None:
    log = [bell("a", at("00:00"))]
    assert len(replay([fed_by_noon()], log, until=at("12:00", 11))) == 3


def test_an_empty_log_fires_nothing() -> None:
    assert replay([ring()], []) == []
    assert len(list(Replay([MAPLE], [fed_by_noon()], since=at("00:00"), until=at("13:00")).run([]))) == 1


def test_firings_come_in_order_of_time_home_and_rule_though_a_correction_comes_late() -> None:
    late = record("late", at("11:58"))
    log = [bell("a", at("00:00")), bell("b", at("12:30")), bell("c", at("12:40")), late, bell("d", at("12:50"))]
    firings = replay([ring(), fed_by_noon()], log)
    assert firings == sorted(firings, key=order)
    assert {"fired", "corrected"} <= {f.verdict for f in firings if f.rule == "daisy-fed"}


@pytest.mark.parametrize("run", [1, 7, 1000])
def test_ordering_in_bounded_memory_loses_nothing(run: int) -> None:
    generator = random.Random(5)
    firings = [
        Firing(
            id=f"{number}", occurrence="o", rule=f"r{number % 3}", home=f"h{number % 5}", time=generator.randrange(50),
            verdict="fired", evidence=("a", "b"), coverage={"cam": {"online": True}},
        )
        for number in range(300)
    ]  # fmt: skip
    batches = [firings[i : i + 20] for i in range(0, 300, 20)]
    assert list(in_order(batches, run)) == sorted(firings, key=order)


@pytest.mark.parametrize("seed", range(5))
def test_moving_ticks_to_homes_changes_no_firing(seed: int) -> None:
    generator = random.Random(seed)
    homes = [home(name) for name in ("maple", "oak", "elm")]
    rules = [rule for h in homes for rule in (ring(h.home), fed_by_noon(h.home))]
    log = _noisy_log(generator, homes)
    assert _fold(homes, rules, log, cut=1) == _fold(homes, rules, log, cut=40)


def _noisy_log(generator: random.Random, homes: Sequence[Home]) -> list[Record]:
    log, now = [], at("06:00")
    for number in range(200):
        now += timedelta(seconds=generator.choice([0, 1, 60, 1800]))
        time = now - timedelta(seconds=generator.choice([0, 0, 1, 3, 4000]))
        of = generator.choice(homes).home
        log.append(
            generator.choice(
                [bell(f"b{number}", time, of), record(f"d{number}", time, home=of), tick(time, f"t{number}")]
            )
        )
    return log


def _fold(homes: Sequence[Home], rules: Sequence[Rule], log: Sequence[Record], cut: int) -> list[Firing]:
    engine, firings = Engine(homes, since=instant(at("00:00"))), []
    puts = [
        Record(id=f"put {rule.id}", type="rule.put", time=at("00:00"), home=rule.home, data={"rule": rule.as_json()})
        for rule in rules
    ]
    firings += engine.receive(puts)
    for start in range(0, len(log), cut):
        batch = log[start : start + cut]
        firings += engine.receive(batch)
    return sorted([*firings, *engine.finish(instant(at("00:00", 12)))], key=order)
