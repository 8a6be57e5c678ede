"""The engine and the reference over one world, and the worlds that must give the same firings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

from rules.engine import Engine
from rules.firing import Firing
from rules.home import parse_home
from rules.record import from_json
from rules.units import instant as microseconds_of
from rules.units import rfc3339 as text_of
from tests.reference.oracle import firings
from tests.reference.units import Json, instant, length, rfc3339
from tests.reference.worlds import World

# home, rule, time, verdict, evidence
Line = tuple[str, str, str, str, tuple[str, ...]]


def expected(world: World) -> Counter[Line]:
    """Return what the reference says."""
    found = firings(world.homes, world.log, world.since, world.until)
    return Counter((f["home"], f["rule"], _text(f), f["verdict"], tuple(f["evidence"])) for f in found)


def _text(firing: Json) -> str:
    return text_of(microseconds_of(firing["time"]))


def run(world: World, cut: Callable[[int], bool] = lambda _: False, batch: int = 1_000_000) -> list[Firing]:
    """Return what the engine fires; it is saved and restored before each record for which `cut` is true."""
    homes = [parse_home(home) for home in world.homes]
    engine = Engine(homes, microseconds_of(world.since))
    records, found, waiting = [from_json(record) for record in world.log], [], []  # type: ignore[var-annotated]
    for position, record in enumerate(records):
        if cut(position):
            found += engine.receive(waiting)
            waiting = []
            engine = Engine.restore(engine.snapshot(), homes)
        waiting.append(record)
        if len(waiting) >= batch:
            found += engine.receive(waiting)
            waiting = []
    return found + engine.receive(waiting) + engine.finish(microseconds_of(world.until))


def lines(found: list[Firing]) -> Counter[Line]:
    """Return firings as comparable lines."""
    return Counter((f.home, f.rule, text_of(f.time), f.verdict, tuple(f.evidence)) for f in found)


def got(world: World) -> Counter[Line]:
    """Return what the engine says."""
    return lines(run(world))


def doubled(world: World, random: Random) -> World:
    """Return the world with every record twice, the second at once or a while later."""
    log: list[Json] = []
    for record in world.log:
        log.append(record)
        if random.random() < 0.5:
            log.append(record)
        else:
            log[random.randrange(len(log)) :] += []
    return world.but(log + world.log[-5:])


def ticked(world: World, random: Random) -> World:
    """Return the world with more ticks, none of which makes a record late that was not."""
    log: list[Json] = []
    greatest = world.since
    for number, record in enumerate(world.log):
        greatest = max(greatest, instant(record["time"]))
        log.append(record)
        if random.random() < 0.5:
            time = world.since + (greatest - world.since) * random.choice([1, 1, random.random()])
            log.append({"id": f"extra{number}", "type": "tick", "time": rfc3339(time)})
    return world.but(log)


def shuffled(world: World, random: Random) -> World:
    """Return the records sorted by time and then moved at random within the lateness of the (one) home."""
    lateness = length(world.homes[0]["lateness"])
    once = {record["id"]: record for record in reversed(world.log)}.values()
    moved = [(instant(r["time"]) + lateness * random.random(), random.random(), r) for r in once]
    return world.but([record for _, _, record in sorted(moved, key=lambda entry: entry[:2])])


def without(world: World, rule: str) -> World:
    """Return the world in which a rule never was."""
    return world.but([record for record in world.log if rule_of(record) != rule])


def rule_of(record: Json) -> str | None:
    """Return the rule that a put or drop is about."""
    if record["type"] == "rule.put":
        return str(record["data"]["rule"]["id"])
    return str(record["data"]["rule"]) if record["type"] == "rule.drop" else None


def later(world: World, wait: timedelta) -> World:
    """Return the world decided until a later time."""
    return World(world.homes, world.log, world.since, world.until + wait)
