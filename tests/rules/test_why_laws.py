"""Laws of `why`: it never raises, and what it says is what the engine does."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rules.calendar import zone_of
from rules.engine import Engine
from rules.firing import Firing
from rules.home import Home, parse_home
from rules.record import Kind, Record, from_json
from rules.rule import Rule, parse_rule
from rules.trace import Trace
from rules.units import HOUR, MINUTE, SECOND, instant, moment
from rules.why import Why, explain_why, why
from tests.houses import oak
from tests.reference.versus import run
from tests.reference.worlds import World, world
from tests.rules.strategies import rules_of

FUZZ = int(os.environ.get("PROACTIVE_FUZZ", "0"))
OAK = oak()
few = settings(
    max_examples=FUZZ or 40,
    derandomize=not FUZZ,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SEEDS = st.integers(0, 2**40)


def days_of(home: Home, made: World) -> list[date]:
    """Return the local dates of a world, and one before and after it."""
    zone = zone_of(home)
    first = made.since.astimezone(zone).date() - timedelta(days=1)
    last = made.until.astimezone(zone).date() + timedelta(days=1)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def whys(made: World) -> list[tuple[Why, Rule, Home]]:
    """Return why for every day of one rule of the world's first home."""
    home = parse_home(made.homes[0])
    puts = [r["data"]["rule"] for r in made.log if r["type"] == "rule.put" and r["home"] == home.home]
    rule = parse_rule(Random(len(made.log)).choice(puts))
    records = [from_json(record) for record in made.log]
    return [(why(rule, home, day, records), rule, home) for day in days_of(home, made)]


def fired(made: World, home: Home, rule: str, began: int) -> list[Firing]:
    """Return what the engine says of a rule when it takes the whole log."""
    engine = Engine([home], since=began)
    records = [record for record in map(from_json, made.log) if record.home in (None, home.home)]
    found = engine.receive(records) + engine.finish(max(instant(record.time) for record in records))
    return [firing for firing in found if firing.rule == rule]


@few
@given(SEEDS)
def test_the_days_together_tell_exactly_what_the_engine_fires(seed: int) -> None:
    found = whys(world(seed))
    (first, rule, home), *_ = found
    told = {firing.id: firing for each, _, _ in found for firing in each.firings}
    assert first.began is not None
    assert told == {firing.id: firing for firing in fired(world(seed), home, rule.id, first.began)}


@few
@given(SEEDS)
def test_a_day_has_fired_if_the_engine_fired_and_else_has_a_reason_among_its_steps(seed: int) -> None:
    for each, _, _ in whys(world(seed)):
        verdicts = {firing.verdict for firing in each.firings}
        assert (each.outcome == "fired") == ("fired" in verdicts)
        assert (each.outcome == "unknown") == (verdicts & {"fired", "unknown"} == {"unknown"})
        if each.outcome in ("guard", "cooldown", "blind", "expired", "quiet", "ended"):
            assert each.outcome in {trace.what for trace in each.traces}


@few
@given(SEEDS)
def test_every_record_that_a_step_names_is_at_hand(seed: int) -> None:
    for each, _, _ in whys(world(seed)):
        named = {id for step in each.steps for id in step.evidence}
        assert named <= each.records.keys(), each.day


@few
@given(SEEDS)
def test_every_day_of_every_world_can_be_explained(seed: int) -> None:
    for each, rule, home in whys(world(seed)):
        text = explain_why(each, rule, home)
        assert text.splitlines()[0].endswith(".")
        assert "None" not in text.splitlines()[0]
        assert each.as_json()["outcome"] == each.outcome


@few
@given(SEEDS)
def test_tracing_changes_no_firing(seed: int) -> None:
    made = world(seed)
    homes = [parse_home(home) for home in made.homes]
    traces: list[Trace] = []
    engine = Engine(homes, since=instant(made.since), trace=traces.append)
    found = engine.receive([from_json(record) for record in made.log]) + engine.finish(instant(made.until))
    assert Counter(firing.id for firing in found) == Counter(firing.id for firing in run(made))
    assert traces


@few
@given(rules_of(OAK), SEEDS)
def test_a_rule_of_any_kind_over_any_log_can_be_explained(rule: Rule, seed: int) -> None:
    records = list(noise(Random(seed)))
    for day in (date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9)):
        each = why(rule, OAK, day, records)
        assert explain_why(each, rule, OAK).startswith(f"{day:%A}, {day.day} March 2026: ")


KINDS: tuple[Kind, ...] = ("detection", "state", "event", "health")


def noise(random: Random) -> Iterator[Record]:
    """Yield what the things of the home might report, sense or nonsense, around a change of the clocks."""
    sources = [entry.id for entry in OAK.entries()]
    time = instant(datetime(2026, 3, 8, 5, tzinfo=UTC))
    for number in range(120):
        time += random.choice([0, 1, SECOND, MINUTE, HOUR])
        kind: Kind = random.choice(KINDS)
        value = random.choice(["open", "closed", "home", "on", 4, -2.5, True, None])
        data = {"value": value, "name": "pressed", "status": random.choice(["online", "offline"]), "label": "dog"}
        data |= random.choice([{}, {"activity": "at", "zone": "food_bowls"}, {"episode": "e", "phase": "end"}])
        yield Record(
            id=f"n{number}",
            type=kind,
            time=moment(time),
            home=OAK.home,
            source=random.choice(sources),
            subject=random.choice([None, "pet.daisy", "unknown"]),
            data=data,
        )
