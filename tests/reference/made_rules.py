"""Random rules over a small alphabet, so that matches, ties and exact boundaries are frequent."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from tests.reference.units import Json

CAMERAS = ("cam.a", "cam.b")
DOORS = ("door.a", "door.b")
PEOPLE = ("person.a", "person.b")
PETS = ("pet.a", "pet.b")
# The home lists `level` alone for the meter, so `level`, `state` and none are the same there.
ATTRIBUTES = {"meter": (None, "level", "state"), "multi": (None, "state", "battery")}
CLOCKS = ("00:00", "01:30", "02:00", "02:15", "02:30", "03:00", "06:00", "12:00", "12:00:01", "18:00", "22:00", "23:59")
SHORT = ("1s", "2s", "10s", "1m", "10m", "1h")
LONG = ("10m", "1h", "1h30m", "6h", "12h", "1d")
DAY_SETS = (["mon", "wed", "fri"], ["sat", "sun"], ["sun"], ["mon", "tue", "wed", "thu", "fri"])
RRULES = (
    "FREQ=DAILY;INTERVAL=2",
    "FREQ=WEEKLY;BYDAY=SU,MO,WE",
    "FREQ=DAILY;COUNT=2",
    "FREQ=DAILY;BYHOUR=2,12;BYMINUTE=30;BYSECOND=0",
    "FREQ=MONTHLY;BYDAY=2SU",
)


def some(random: Random, share: float) -> bool:
    """Return True in a share of the cases."""
    return random.random() < share


def pattern(random: Random, *, sourced: bool = False, subjects: bool = False) -> Json:
    """Return a pattern; `sourced` names its source, `subjects` its subject."""
    kind = random.choice(["detection", "detection", "door", "event", "number"])
    if subjects or kind == "detection":
        return _detection(random, sourced=sourced, subjects=subjects)
    if kind == "door":
        value = random.choice(["open", "open", ["open", "ajar"], {"ne": "closed"}])
        found: Json = {"source": random.choice([*DOORS, list(DOORS)]), "where": {"value": value}}
        return found | ({"type": "state"} if some(random, 0.5) else {})
    if kind == "event":
        return {"source": "bell", "where": {"name": random.choice(["pressed", ["pressed", "held"]])}}
    return _number(random)


def _detection(random: Random, *, sourced: bool, subjects: bool) -> Json:
    found: Json = {}
    if some(random, 0.7):
        found["type"] = "detection"
    if sourced or some(random, 0.6):
        found["source"] = random.choice([*CAMERAS, list(CAMERAS)])
    if subjects or some(random, 0.4):
        found["subject"] = random.choice([*PETS, list(PETS), list(PETS)])
    wheres: list[Json] = [{"activity": "eating"}, {"activity": ["eating", "asleep"]}, {"confidence": {"ge": 0.5}}, {}]
    where: Json = random.choice(wheres)
    if some(random, 0.5):
        where = where | {"zone": random.choice(["bowl", "bowl", "rug", ["bowl", "rug"], ["rug", None], {"ne": "bowl"}])}
    if where or len(found) < 2:
        found["where"] = where
    return found


def _number(random: Random) -> Json:
    test = random.choice([{"gt": 5}, {"lt": 5}, {"ge": 5, "lt": 8}, {"ne": 5}])
    source = random.choice(["meter", "multi"])
    attribute = random.choice(ATTRIBUTES[source])
    where: Json = {"value": test} | ({"attribute": attribute} if attribute else {})
    return {"source": source, "where": where}


def patterns(random: Random, *, sourced: bool = False, subjects: bool = False) -> list[Json]:
    """Return one or two patterns."""
    number = random.choice([1, 1, 1, 2])
    return [pattern(random, sourced=sourced, subjects=subjects) for _ in range(number)]


def state_guard(random: Random) -> Json:
    """Return a `state` or `home` guard."""
    kind = random.randrange(6)
    if kind < 2:
        tests: list[Json] = [{"is": "open"}, {"is_not": "open"}, {"is": ["open", "ajar"]}]
        return {"state": random.choice(DOORS)} | random.choice(tests)
    if kind == 2:
        return {"home": random.choice(["nobody", "anyone", *PEOPLE])}
    if kind == 3:
        return {"state": random.choice(PEOPLE), "is": "home"}
    number: Json = random.choice([{"above": 4}, {"below": 6}, {"above": 3, "below": 7}, {"is": 5}])
    source = random.choice(["meter", "multi"])
    attribute = random.choice(ATTRIBUTES[source])
    return {"state": source} | number | ({"attribute": attribute} if attribute else {})


def tree(random: Random, depth: int, *, states_only: bool = False) -> Json:
    """Return a guard, nested at most `depth` deep."""
    kind = random.randrange(10)
    if depth and kind == 0:
        return {"not": tree(random, depth - 1, states_only=states_only)}
    if depth and kind in (1, 2):
        inner = [tree(random, depth - 1, states_only=states_only) for _ in range(random.choice([1, 2, 2, 3]))]
        return {random.choice(["any", "all"]): inner}
    return state_guard(random) if states_only or kind < 6 else _time_guard(random)


def _time_guard(random: Random) -> Json:
    kind = random.randrange(6)
    if kind < 2:
        lately = {"since": random.choice(CLOCKS)} if some(random, 0.5) else {"within": random.choice(LONG)}
        return {"seen": {"of": patterns(random)} | lately}
    if kind < 4:
        return {"between": [random.choice(CLOCKS), random.choice([*CLOCKS, "24:00"])]}
    return {"days": random.choice(DAY_SETS)} if kind == 4 else {"sun": random.choice(["up", "down"])}


def _occurs(random: Random) -> Json:
    found: Json = {"op": "occurs", "of": patterns(random)}
    kind = random.randrange(4)
    if kind < 2:
        found[("lasting", "after")[kind]] = random.choice([*SHORT, "6h"])
    if some(random, 0.4):
        found["cooldown"] = random.choice(LONG)
    return found | _per(random, 0.3)


def _per(random: Random, share: float) -> Json:
    return {"per": random.choice(["source", "subject"])} if some(random, share) else {}


def _absent(random: Random) -> Json:
    per = _per(random, 0.35)
    found: Json = {"op": "absent", "of": patterns(random, sourced=True, subjects=per.get("per") == "subject")} | per
    if some(random, 0.4):
        return found | {"duration": random.choice([*LONG, "10s"])}
    window: Json = {"from": random.choice(CLOCKS), "until": random.choice([*CLOCKS, "24:00"])}
    return found | {"window": window | ({"days": random.choice(DAY_SETS)} if some(random, 0.2) else {})}


def _sequence(random: Random) -> Json:
    found: Json = {"op": "sequence", "first": patterns(random), "within": random.choice([*SHORT, "6h"])}
    found["then"] = found["first"] if some(random, 0.15) else patterns(random, sourced=True)
    return found | ({"missing": True} if some(random, 0.5) else {}) | _per(random, 0.2)


def _holds(random: Random) -> Json:
    found: Json = {"op": "holds", "state": tree(random, 2, states_only=True)}
    if some(random, 0.9):
        found["lasting"] = random.choice(SHORT + LONG)
    return found | ({"per": "source"} if some(random, 0.25) else {})


def _count(random: Random) -> Json:
    number, within = random.choice([1, 2, 2, 3]), random.choice([*SHORT, *LONG])
    return {"op": "count", "of": patterns(random), "at_least": number, "within": within} | _per(random, 0.25)


def _at(random: Random) -> Json:
    found: Json = {"op": "at"}
    if some(random, 0.3):
        found["sun"] = random.choice(["sunrise", "sunset"])
        if some(random, 0.7):
            found["offset"] = random.choice(["30m", "-30m", "+1h", "-6h"])
    else:
        found["time"] = random.choice(CLOCKS)
    kind = random.randrange(4)
    if kind == 0:
        found["days"] = random.choice(DAY_SETS)
    if kind == 1:
        found["rrule"] = random.choice(RRULES)
        if some(random, 0.3):
            found = {"op": "at", "rrule": found["rrule"]}
    return found


_LEAVES = (_occurs, _occurs, _absent, _absent, _absent, _sequence, _sequence, _holds, _holds, _count, _at)


def dated(random: Random, when: Json, near: date) -> Json:
    """Return the condition with dates about `near` in its `at`s: a date of its own, or where a recurrence begins."""
    if when["op"] == "any":
        return when | {"conditions": [dated(random, inner, near) for inner in when["conditions"]]}
    if when["op"] != "at" or "days" in when or some(random, 0.5):
        return when
    day = near + timedelta(days=random.choice([-9, -1, 0, 0, 1]))
    if "rrule" not in when:
        return when | {"date": day.isoformat()}
    clock = random.choice(CLOCKS).replace(":", "").ljust(6, "0")
    return when | {"rrule": f"DTSTART:{day:%Y%m%d}T{clock}\nRRULE:{when['rrule']}"}


def condition(random: Random, *, nested: bool = True) -> Json:
    """Return a condition of any kind."""
    if nested and some(random, 0.12):
        return {
            "op": "any",
            "conditions": [condition(random, nested=some(random, 0.2)) for _ in range(random.choice([2, 3]))],
        }
    return random.choice(_LEAVES)(random)


def rule(random: Random, name: str, home: str, near: date) -> Json:
    """Return a rule, with everything but `expires`, which needs an instant; dates in it are about `near`."""
    found: Json = {"id": name, "home": home, "when": dated(random, condition(random), near)}
    return found | conduct(random)


def conduct(random: Random) -> Json:
    """Return what may change of a rule without changing its `when`."""
    found: Json = {}
    if some(random, 0.5):
        found["while"] = [tree(random, 2) for _ in range(random.choice([1, 1, 2]))]
    if some(random, 0.4):
        found["unknown"] = random.choice(["tell", "ignore", "fire"])
    if some(random, 0.25):
        found["blind_tolerance"] = random.choice(["0s", "10s", "10m", "6h"])
    if some(random, 0.08):
        found["once"] = True
    return found
