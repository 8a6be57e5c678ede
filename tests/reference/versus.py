"""The engine and the reference over one world, and the worlds that must give the same firings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from datetime import timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple

from rules.engine import Engine
from rules.firing import Firing
from rules.home import parse_home
from rules.record import Record, from_json
from rules.units import HOUR
from rules.units import instant as microseconds_of
from rules.units import rfc3339 as text_of
from tests.reference.oracle import firings
from tests.reference.units import Json, instant, length, rfc3339
from tests.reference.worlds import World


class Line(NamedTuple):
    """One firing to compare. `of` is the time of what it belongs to: of the told, where it corrects or resolves that."""

    home: str
    rule: str
    time: str
    verdict: str
    evidence: tuple[str, ...]
    pattern: int | None
    of: str


Row = tuple[str, str, int, str, tuple[str, ...], int | None, Hashable]


def expected(world: World) -> Counter[Line]:
    """Return what the reference says."""
    found = firings(world.homes, world.log, world.since, world.until)
    return _counted([(*_row(f), (f["home"], f["rule"], f["about"])) for f in found])


def _row(f: Json) -> tuple[str, str, int, str, tuple[str, ...], int | None]:
    return f["home"], f["rule"], microseconds_of(f["time"]), f["verdict"], tuple(f["evidence"]), f["pattern"]


def lines(found: list[Firing]) -> Counter[Line]:
    """Return firings as comparable lines."""
    return _counted([(f.home, f.rule, f.time, f.verdict, f.evidence, f.pattern, f.occurrence) for f in found])


def _counted(rows: list[Row]) -> Counter[Line]:
    """Return firings, each with what tells occurrences apart, as lines that say the time of their occurrence instead."""
    told = {occurrence: time for *_, time, verdict, _, _, occurrence in rows if verdict in ("fired", "unknown")}
    return Counter(
        Line(home, rule, text_of(time), verdict, evidence, pattern, text_of(told.get(occurrence, time)))
        for home, rule, time, verdict, evidence, pattern, occurrence in rows
    )


def run(world: World, cut: Callable[[int], bool] = lambda _: False, batch: int = 1_000_000) -> list[Firing]:
    """Return what the engine fires; it is saved and restored before each record for which `cut` is true."""
    homes = [parse_home(home) for home in world.homes]
    engine = Engine(homes, microseconds_of(world.since))
    found: list[Firing] = []
    waiting: list[Record] = []
    for position, record in enumerate(map(from_json, world.log)):
        if cut(position):
            found += engine.receive(waiting)
            waiting = []
            engine = Engine.restore(engine.snapshot(), homes)
        waiting.append(record)
        if len(waiting) >= batch:
            found += engine.receive(waiting)
            waiting = []
    return found + engine.receive(waiting) + engine.finish(microseconds_of(world.until))


def got(world: World) -> Counter[Line]:
    """Return what the engine says."""
    return lines(run(world))


def doubled(world: World, random: Random) -> World:
    """Return the world with every record twice, the second at once or some records later, within a day."""
    arrivals = [(float(n), record) for n, record in enumerate(world.log)]
    greatest = list(accumulate((instant(record["time"]) for record in world.log), max))
    for n, record in enumerate(world.log):
        later = random.choice([0, random.randrange(1, 9)])
        while later and (n + later >= len(greatest) or greatest[n + later] - greatest[n] > timedelta(hours=20)):
            later -= 1
        arrivals.append((n + later + 0.5, record))
    return world.but([record for _, record in sorted(arrivals, key=lambda entry: entry[0])])


def ticked(world: World, random: Random) -> World:
    """Return the world with more ticks, none of which makes a record late that was not."""
    log: list[Json] = []
    greatest = {home["home"]: world.since for home in world.homes}
    for number, record in enumerate(world.log):
        log.append(record)
        for home in [record["home"]] if record.get("home") else greatest:
            greatest[home] = max(greatest[home], instant(record["time"]))
            if random.random() < 0.5:
                time = world.since + (greatest[home] - world.since) * random.choice([1, 1, random.random()])
                log.append({"id": f"extra{number}", "type": "tick", "time": rfc3339(time), "home": home})
    return world.but(log)


def shuffled(world: World, random: Random) -> World:
    """Return the records in the order of their time, but each moved at random within the lateness of its home."""
    lateness = {home["home"]: length(home["lateness"]) for home in world.homes}
    least = min(lateness.values())
    once = {(r.get("home"), r["id"]): r for r in reversed(world.log)}.values()
    moved = [
        (instant(r["time"]) + lateness.get(r.get("home"), least) * random.random(), random.random(), r) for r in once
    ]
    return world.but([record for _, _, record in sorted(moved, key=lambda entry: entry[:2])])


def without(world: World, rule: str) -> World:
    """Return the world in which a rule never was."""
    return world.but([record for record in world.log if rule_of(record) != rule])


def rule_of(record: Json) -> str | None:
    """Return the rule that a put or drop is about."""
    if record["type"] == "rule.put":
        return str(record["data"]["rule"]["id"])
    return str(record["data"]["rule"]) if record["type"] == "rule.drop" else None


def driven(world: World) -> list[Firing]:
    """Return what the engine fires by `until` when it gets, after the log, a tick at each deadline that it names."""
    engine = Engine([parse_home(home) for home in world.homes], microseconds_of(world.since))
    found = engine.receive([from_json(record) for record in world.log])
    last, end = None, microseconds_of(world.until)
    while (due := engine.next_deadline()) is not None and due <= end + HOUR:
        assert last is None or due > last, "a tick at the next deadline decides it"
        last = due
        found += engine.receive([from_json({"id": f"tick{due}", "type": "tick", "time": text_of(due)})])
    return [firing for firing in found if firing.time <= end]
