"""Random valid rules of a home, every kind of condition, guard and field among them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from rules.home import Camera, Device, Home
from rules.rule import Rule, parse_rule
from rules.units import WEEKDAYS

DURATIONS = st.sampled_from(["30s", "10m", "1h30m", "6h", "2d"])
CLOCKS = st.sampled_from(["00:00", "07:30", "12:00", "18:00:30", "23:59"])
DAYS = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True)
SCALARS = st.one_of(st.sampled_from(["open", "eating", "on", "dog"]), st.integers(-9, 9), st.booleans(), st.none())
RECURRENCES = ["FREQ=MONTHLY;BYDAY=1MO", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=YEARLY;COUNT=3", "FREQ=HOURLY"]


def _keys(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


def _some(items: list[str]) -> st.SearchStrategy[Any]:
    one = st.sampled_from(items)
    return one | st.lists(one, min_size=1, max_size=3, unique=True)


def _tests() -> st.SearchStrategy[Any]:
    number = st.integers(-9, 9)
    compare = _keys({}, {"ge": number, "gt": number, "le": number, "lt": number, "ne": SCALARS}).filter(bool)
    return SCALARS | st.lists(SCALARS, min_size=1, max_size=3) | compare


def patterns_of(home: Home) -> st.SearchStrategy[dict[str, Any]]:
    """Return patterns as JSON: some that fit a source of the home, some that fit nothing."""
    sources = [entry.id for entry in (*home.cameras, *home.devices, *home.people, *home.calendars)]
    subjects = [entry.id for entry in (*home.people, *home.pets)] + ["unknown"]
    keys = st.sampled_from(["label", "activity", "zone", "value", "attribute", "name", "confidence", "phase", "odd"])
    loose = _keys(
        {},
        {
            "type": _some(["detection", "state", "event"]),
            "source": _some(sources),
            "subject": _some(subjects),
            "where": st.dictionaries(keys, _tests(), max_size=3),
        },
    )
    return st.one_of(loose, *(st.just(pattern) for pattern in _fitting(home)))


def _fitting(home: Home) -> list[dict[str, Any]]:
    entries: list[Camera | Device] = [*home.cameras, *home.devices]
    return [pattern for entry in entries for pattern in fitting(entry)]


def fitting(entry: Camera | Device) -> list[dict[str, Any]]:
    """Return the plain patterns of what a camera or device reports."""
    if isinstance(entry, Camera):
        return [
            {"type": "detection", "source": entry.id, "where": {"activity": "at", "zone": zone}} for zone in entry.zones
        ]
    states = [
        {"type": "state", "source": entry.id, "where": {"value": values[0]}}
        for values in entry.attributes.values()
        if isinstance(values, tuple)
    ]
    return states + [{"type": "event", "source": entry.id, "where": {"name": name}} for name in entry.events]


def _states_of(home: Home) -> st.SearchStrategy[dict[str, Any]]:
    sources = st.sampled_from([entry.id for entry in (*home.devices, *home.people)])
    number = st.integers(-9, 9)
    tests: dict[str, Any] = {"is": SCALARS.filter(lambda x: x is not None), "is_not": st.just(["open", "on"])}
    compared = _keys({"state": sources}, tests | {"above": number, "below": number, "attribute": st.just("mode")})
    people = st.sampled_from(["nobody", "anyone", *(person.id for person in home.people)])
    return compared.filter(lambda x: len(x.keys() - {"state", "attribute"}) > 0) | _keys({"home": people}, {})


def _joined(leaves: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    def join(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        many = st.lists(inner, min_size=1, max_size=3)
        return st.builds(lambda key, value: {key: value}, st.sampled_from(["any", "all"]), many) | inner.map(
            lambda guard: {"not": guard}
        )

    return st.recursive(leaves, join, max_leaves=4)


def guards_of(home: Home) -> st.SearchStrategy[dict[str, Any]]:
    """Return guards as JSON, of every kind."""
    of = st.lists(patterns_of(home), min_size=1, max_size=2)
    seen = _keys({"of": of}, {}).flatmap(
        lambda base: st.one_of(CLOCKS.map(lambda t: base | {"since": t}), DURATIONS.map(lambda d: base | {"within": d}))
    )
    times = st.tuples(CLOCKS, st.one_of(CLOCKS, st.just("24:00"))).map(lambda pair: {"between": list(pair)})
    sun = st.sampled_from([{"sun": "up"}, {"sun": "down"}])
    leaves = [_states_of(home), seen.map(lambda s: {"seen": s}), times, DAYS.map(lambda d: {"days": d}), sun]
    return _joined(st.one_of(*leaves))


def conditions_of(home: Home) -> st.SearchStrategy[dict[str, Any]]:
    """Return conditions as JSON, of every kind, some of them below `any`."""
    of = st.lists(patterns_of(home), min_size=1, max_size=3)
    per = {"per": st.sampled_from(["source", "subject"])}
    window = _keys({"from": CLOCKS, "until": CLOCKS | st.just("24:00")}, {"days": DAYS})
    wait = st.sampled_from(["lasting", "after", "none"])
    kinds = [
        st.builds(
            lambda base, name, length: base if name == "none" else base | {name: length},
            _keys({"op": st.just("occurs"), "of": of}, {"cooldown": DURATIONS} | per),
            wait,
            DURATIONS,
        ),
        _keys({"op": st.just("absent"), "of": of, "window": window}, per),
        _keys({"op": st.just("absent"), "of": of, "duration": DURATIONS}, per),
        _keys(
            {"op": st.just("sequence"), "first": of, "then": of, "within": DURATIONS}, {"missing": st.booleans()} | per
        ),
        _keys(
            {"op": st.just("holds"), "state": _joined(_states_of(home))}, {"lasting": DURATIONS | st.just("0s")} | per
        ),
        _keys({"op": st.just("count"), "of": of, "at_least": st.integers(1, 4), "within": DURATIONS}, per),
        _moments(),
    ]
    leaf = st.one_of(*kinds)
    several = st.lists(leaf, min_size=1, max_size=3).map(lambda found: {"op": "any", "conditions": found})
    return leaf | several


def _moments() -> st.SearchStrategy[dict[str, Any]]:
    dates: list[st.SearchStrategy[dict[str, Any]]] = [
        st.just({}),
        DAYS.map(lambda d: {"days": d}),
        st.just({"date": "2026-12-24"}),
        st.sampled_from(RECURRENCES).map(lambda r: {"rrule": r}),
    ]
    sun = _keys({"sun": st.sampled_from(["sunrise", "sunset"])}, {"offset": st.sampled_from(["-30m", "1h"])})
    clock = CLOCKS.map(lambda t: {"time": t})
    return st.builds(lambda when, date: {"op": "at"} | when | date, sun | clock, st.one_of(*dates))


def rules_of(home: Home) -> st.SearchStrategy[Rule]:
    """Return valid rules of a home: they parse, and may well not pass `check`."""
    people = st.lists(st.sampled_from([person.id for person in home.people]), max_size=2, unique=True)
    notify = _keys(
        {"to": people},
        {
            "message": st.sampled_from(["Look", "{subject} at {time}", "{nothing}", "{"]),
            "urgency": st.sampled_from(["low", "normal", "high", "critical"]),
            "snapshot": st.booleans(),
            "remind": st.just({"every": "10m", "times": 2}),
            "escalate": st.just({"after": "1h", "to": ["person.maya"]}),
        },
    )
    devices = st.sampled_from([device.id for device in home.devices])
    action = _keys(
        {"device": devices, "command": st.sampled_from(["turn_on", "lock", "set_level"])}, {"value": SCALARS}
    )
    return _keys(
        {"id": st.just("r"), "home": st.just(home.home), "when": conditions_of(home)},
        {
            "owner": st.sampled_from([person.id for person in home.people]),
            "while": st.lists(guards_of(home), max_size=2),
            "unknown": st.sampled_from(["tell", "ignore", "fire"]),
            "blind_tolerance": DURATIONS,
            "notify": notify,
            "do": st.lists(action, max_size=2),
            "enabled": st.booleans(),
            "once": st.booleans(),
            "expires": st.just("2027-01-01T00:00:00Z"),
        },
    ).map(parse_rule)
