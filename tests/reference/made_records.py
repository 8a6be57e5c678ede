"""Random records at random, round and critical times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from tests.reference.made_rules import CAMERAS, CLOCKS, DOORS, PEOPLE, PETS, some
from tests.reference.units import Json, clock, length, rfc3339
from tests.reference.wall import dates, instant_of

ZONES = ("bowl", "bowl", "rug")
SOURCES = (*CAMERAS, *DOORS, *PEOPLE, "bell", "meter", "multi")
_NUDGES = tuple(timedelta(microseconds=us) for us in (0, 0, 0, 1, -1, 1_000_000, -1_000_000, 500_000, 2_000_000))
_STEPS = ("1s", "2s", "10s", "1m", "10m", "1h", "1h30m", "6h", "12h")


def clock_times(home: Json, begin: datetime, end: datetime) -> list[datetime]:
    """Return the instants of the clocks that rules speak of, on each date between two instants."""
    found = {instant_of(home, day, clock(text)) for day in dates(home, begin, end) for text in CLOCKS}
    return sorted(time for time in found if begin <= time <= end)


def times(random: Random, home: Json, begin: datetime, end: datetime, number: int) -> list[datetime]:
    """Return times between two instants, many of them on a boundary or a round step after another."""
    clocks, found = clock_times(home, begin, end), [begin]
    while len(found) <= number:
        kind = random.randrange(4)
        if kind == 0 and clocks:
            time = random.choice(clocks) + random.choice(_NUDGES)
        elif kind == 1:
            time = begin + timedelta(seconds=random.randrange(int((end - begin).total_seconds()) + 1))
        else:
            step = length(random.choice(_STEPS))
            time = random.choice(found[-6:]) + step + random.choice(_NUDGES)
        if begin <= time <= end:
            found.append(time)
        elif kind > 1 and some(random, 0.3):
            found.append(begin + (end - begin) * random.random() // timedelta(seconds=1) * timedelta(seconds=1))
    return sorted(found[1:])


def report(random: Random) -> Json:
    """Return what a source reports: type, source, subject and data."""
    kind = random.randrange(20)
    if kind < 7:
        return _detection(random)
    if kind < 12:
        value = random.choice(["open", "closed", "open", "closed", "ajar"])
        return {"type": "state", "source": random.choice(DOORS), "data": {"value": value}}
    if kind < 14:
        return _happening(
            {"type": "event", "source": "bell", "data": {"name": random.choice(["pressed", "held"])}}, random
        )
    if kind < 16:
        return {"type": "state", "source": random.choice(PEOPLE), "data": {"value": random.choice(["home", "away"])}}
    if kind < 18:
        source, attribute = random.choice(
            [("meter", "level"), ("meter", None), ("meter", "state"), ("multi", None), ("multi", "battery")]
        )
        data: Json = {"value": random.choice([2, 4.5, 5, 6, 9, "n/a"])} | (
            {"attribute": attribute} if attribute else {}
        )
        return {"type": "state", "source": source, "data": data}
    status = random.choice(["offline", "offline", "online", "online", "online", "degraded"])
    return {"type": "health"} | _about(random, {"status": status})


def _detection(random: Random) -> Json:
    data = {"activity": random.choice(["eating", "eating", "asleep"]), "confidence": random.choice([0.3, 0.5, 0.9])}
    data |= {"zone": random.choice(ZONES)} if some(random, 0.7) else {}
    found: Json = {"type": "detection", "source": random.choice(CAMERAS), "data": data}
    subject = random.choice([*PETS, PETS[0], "unknown", None])
    return _happening(found | ({"subject": subject} if subject else {}), random)


def _about(random: Random, data: Json) -> Json:
    """Return what a health record is about: a source, or a zone of one."""
    if some(random, 0.5):
        return {"source": random.choice(SOURCES), "data": data}
    zone = random.choice([*ZONES, *ZONES, *ZONES, None, 3])
    return {"source": random.choice([*CAMERAS, *CAMERAS, *CAMERAS, "bell"]), "data": data | {"zone": zone}}


def _happening(found: Json, random: Random) -> Json:
    if some(random, 0.5):
        found["data"]["episode"] = random.choice(["e1", "e2", "e3"])
        found["data"]["phase"] = random.choice(["start", "update", "update", "end"])
    return found


def records(random: Random, home: Json, moments: list[datetime]) -> Iterator[Json]:
    """Yield one record for each time, sometimes a whole clump; ids are in no relation to the order."""
    for number, time in enumerate(moments):
        name = f"{random.choice('kxaz')}{number:03d}"
        yield report(random) | {"id": name, "time": rfc3339(time), "home": home["home"]}
