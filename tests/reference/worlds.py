"""Random worlds: homes, rules that come, change and go, and a log as it arrives, out of order, doubled and late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from tests.reference.guards import leaves
from tests.reference.made_records import clock_times, records, times
from tests.reference.made_rules import PEOPLE, conduct, rule, some
from tests.reference.patterns import REPORTS, any_matches
from tests.reference.units import Json, instant, length, rfc3339
from tests.reference.wall import instant_of

# Zones with days on which their clocks change, or the date line moves, and one quiet day of each.
ZONES: tuple[tuple[str, tuple[float, float], tuple[date, ...]], ...] = (
    ("America/New_York", (40.7, -74.0), (date(2026, 3, 8), date(2026, 11, 1), date(2026, 6, 10))),
    ("America/Chicago", (41.9, -87.6), (date(2026, 3, 8), date(2026, 11, 1))),
    ("Europe/Madrid", (40.4, -3.7), (date(2026, 3, 29), date(2026, 10, 25))),
    ("Europe/Dublin", (53.3, -6.3), (date(2026, 3, 29), date(2026, 10, 25))),
    ("Australia/Lord_Howe", (-31.6, 159.1), (date(2026, 4, 5), date(2026, 10, 4))),
    ("Australia/Sydney", (-33.9, 151.2), (date(2026, 4, 5), date(2026, 10, 4))),
    ("Pacific/Apia", (-13.8, -171.8), (date(2011, 12, 30), date(2020, 9, 27), date(2021, 4, 4))),
    ("Pacific/Chatham", (-43.9, -176.5), (date(2026, 4, 5), date(2026, 9, 27))),
    ("Africa/Casablanca", (33.6, -7.6), (date(2026, 2, 15), date(2026, 3, 22))),
    ("America/St_Johns", (47.6, -52.7), (date(2026, 3, 8), date(2010, 11, 7))),
    ("America/Sao_Paulo", (-23.5, -46.6), (date(2017, 10, 15), date(2018, 2, 18))),
    ("Asia/Kolkata", (22.6, 88.4), (date(2026, 8, 1),)),
    ("Asia/Beirut", (33.9, 35.5), (date(2026, 3, 29), date(2026, 10, 25))),
    ("America/Havana", (23.1, -82.4), (date(2026, 3, 8), date(2026, 11, 1))),
    ("UTC", (51.5, 0.0), (date(2026, 2, 28),)),
)
LATENESS = ("0s", "2s", "2s", "10s", "1m")
DELAYS = ("3s", "11s", "2m", "20m", "3h", "14h", "26h")


@dataclass(frozen=True)
class World:
    """A home (or two), and a log in arrival order that starts with the puts of the first rules."""

    homes: list[Json]
    log: list[Json]
    since: datetime
    until: datetime

    def but(self, log: list[Json]) -> World:
        """Return the world with another log."""
        return replace(self, log=log)


def home(random: Random, name: str, near: date | None = None) -> tuple[Json, date]:
    """Return a home and a date near which something happens to its clocks (or another date)."""
    zone, (latitude, longitude), days = random.choice(ZONES)
    found: Json = {"home": name, "time_zone": zone, "location": {"latitude": latitude, "longitude": longitude}}
    found["people"] = [{"id": person} for person in PEOPLE]
    found["devices"] = [
        {"id": "meter", "attributes": {"level": "number"}},
        {"id": "multi", "attributes": {"state": "number", "battery": "number"}},
    ]
    return found | {"lateness": random.choice(LATENESS)}, near or random.choice(days)


def world(seed: int, rules: int = 6, size: int = 60) -> World:
    """Return the world of a seed: about `rules` rules and `size` records over one to three days."""
    random = Random(seed)
    if some(random, 0.9):
        return _one(random, home(random, "maple"), rules, size)
    house, day = home(random, "maple")
    one = _one(random, (house, day), rules // 2, size // 2)
    return _both(one, _one(random, home(random, "oak", day), rules // 2, size // 2))


def _both(one: World, other: World) -> World:
    """Return a world of two homes in one log; its ticks name no home, so they are for both."""
    arrivals: list[tuple[datetime, Json]] = []
    for world in (one, other):
        now = world.since
        for record in world.log:
            now = max(now, instant(record["time"]))
            arrivals.append((now, record))
    log = [record for _, record in sorted(arrivals, key=lambda entry: entry[0])]
    return World([*one.homes, *other.homes], log, min(one.since, other.since), max(one.until, other.until))


def _one(random: Random, where: tuple[Json, date], rules: int, size: int) -> World:
    house, day = where
    name = house["home"]
    begin = instant_of(house, day - timedelta(days=random.choice([0, 0, 1])), timedelta())
    if some(random, 0.3):
        begin += timedelta(hours=random.choice([-1, 2, 7]), seconds=random.choice([0, 1]))
    end = begin + timedelta(hours=random.choice([26, 50, 74]))
    happened = list(records(random, house, times(random, house, begin, end, size)))
    first = [_put(rule(random, f"r{number}", name, day), begin, f"!{number}") for number in range(rules)]
    changes = list(_changes(random, house, [put["data"]["rule"] for put in first], begin, end))
    for put in [*first, *changes]:
        _may_expire(random, put, house, begin, end)
    rest = _arrivals(random, house, [*happened, *changes, *_ticks(random, begin, end)])
    log = [*first, *_with_history(house, rest, begin, random)]
    return World([house], log, begin, end + timedelta(hours=random.choice([0, 1, 30])))


def _put(made: Json, time: datetime, name: str) -> Json:
    return {"id": name, "type": "rule.put", "time": rfc3339(time), "home": made["home"], "data": {"rule": made}}


def _may_expire(random: Random, put: Json, house: Json, begin: datetime, end: datetime) -> None:
    if put["type"] == "rule.put" and some(random, 0.07):
        put["data"]["rule"]["expires"] = rfc3339(random.choice(clock_times(house, begin, end) or [end]))


def _changes(random: Random, house: Json, rules: list[Json], begin: datetime, end: datetime) -> Iterator[Json]:
    """Yield puts and drops in the middle of the log: edits, pauses, resumes, new rules."""
    known = {made["id"]: made for made in rules}
    for number, time in enumerate(times(random, house, begin, end, random.choice([0, 1, 3, 6]))):
        name = f"{random.choice('jy')}{number:03d}"
        made = random.choice(
            [*known.values(), *known.values(), rule(random, f"n{number}", house["home"], begin.date())]
        )
        if some(random, 0.15) and made["id"] in known:
            gone = {"id": name, "type": "rule.drop", "time": rfc3339(time), "home": house["home"]}
            yield gone | {"data": {"rule": made["id"]}}
            continue
        changed = _changed(random, made, begin.date())
        known[made["id"]] = changed
        yield _put(changed, time, name)


def _changed(random: Random, made: Json, near: date) -> Json:
    kind = random.randrange(5)
    core = {"id": made["id"], "home": made["home"], "when": made["when"]}
    if kind == 0:
        return {**made, "enabled": not made.get("enabled", True)}
    if kind == 1:
        return rule(random, made["id"], made["home"], near)
    return (
        {**core, **conduct(random)} if kind == 2 else {**made, "version": made.get("version", 1) + 1, "enabled": True}
    )


def _ticks(random: Random, begin: datetime, end: datetime) -> list[Json]:
    span = (end - begin) // timedelta(seconds=1)
    at = [begin + timedelta(seconds=random.randrange(span)) for _ in range(random.choice([0, 2, 10]))]
    return [{"id": f"t{number:03d}", "type": "tick", "time": rfc3339(time)} for number, time in enumerate(at)]


def _arrivals(random: Random, house: Json, log: list[Json]) -> list[Json]:
    """Return the records in order of arrival: shuffled within the lateness, some late, some twice."""
    lateness, careless = length(house["lateness"]), random.choice([0.0, 0.0, 0.05, 0.2])
    arrivals: list[tuple[datetime, float, Json]] = []
    for record in log:
        delay = lateness * random.choice([0, 0, 1, random.random()])
        if some(random, careless):
            delay = length(random.choice(DELAYS))
        when = instant(record["time"]) + delay
        arrivals.append((when, random.random(), record))
        if some(random, 0.08):
            arrivals.append((when + length(random.choice(["0s", "2s", "1m", "6h"])), random.random(), record))
    return [record for _, _, record in sorted(arrivals, key=lambda entry: entry[:2])]


def _with_history(house: Json, log: list[Json], begin: datetime, random: Random) -> list[Json]:
    """Return the log with the history that each put carries: the earlier records that its rule may ask for."""
    found: list[Json] = []
    bare = some(random, 0.1)
    for position, record in enumerate(log):
        if record["type"] == "rule.put" and not (bare and "seen" not in str(record)):
            history = _history(house, log, position, begin)
            record = record | {"data": record["data"] | ({"history": history} if history else {})}
        found.append(record)
    return found


def _history(house: Json, log: list[Json], position: int, begin: datetime) -> list[Json]:
    """Return the earlier records that a put's `absent` windows and `seen` guards match, each once, in order."""
    put = log[position]
    asked = asked_for(put["data"]["rule"])
    soon = length(house["lateness"])
    earlier = [r for r in log[:position] if r["type"] in REPORTS]
    earlier += [r for r in log[position:] if r["type"] in REPORTS and instant(put["time"]) - soon <= instant(r["time"])]
    known = {r["id"]: r for r in earlier if (instant(r["time"]), r["id"]) < (instant(put["time"]), put["id"])}
    return sorted(
        (r for r in known.values() if any_matches(house, asked, r)), key=lambda r: (instant(r["time"]), r["id"])
    )


def asked_for(made: Json) -> list[Json]:
    """Return the patterns of a rule's `absent` windows and `seen` guards."""
    guards = [leaf for guard in made.get("while") or () for leaf in leaves(guard) if "seen" in leaf]
    found = [pattern for leaf in guards for pattern in leaf["seen"]["of"]]
    conditions = [made["when"]]
    for when in conditions:
        conditions += when.get("conditions", ())
        found += when["of"] if when.get("window") else []
    return found
