"""Mutants: gold rules with one thing changed, by which is shown how sharp a replay is.

`python -m benchmarks.nl.mutants` prints how many are told apart from the rule they come from, by what was changed.
"""

from __future__ import annotations

import copy
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import click

from benchmarks.nl.gold import Item, load
from benchmarks.nl.replay import alike, as_rule
from rules.check import check, is_advice
from rules.home import Home
from rules.problem import InputError
from rules.rule import Rule
from rules.units import DAY, HOUR, MINUTE, SECOND, duration_text, microseconds, seconds_of_day

Json = dict[str, Any]
_LENGTHS = ("lasting", "after", "duration", "within")
# Advice that says that a part of the rule changes nothing.
_NO_DIFFERENCE = frozenset({"needless_per", "useless_cooldown"})
_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def mutants(home: Home, rule: Json) -> Iterator[tuple[str, Json]]:
    """Yield what was changed and the changed rule, for everything in a rule that can be changed by itself."""
    for change in (_clocks, _lengths, _days, _guards, _values, _subjects, _sources, _places, _numbers, _shape):
        yield from change(home, rule)


def _objects(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Json]]:
    """Yield every object inside a JSON value, with the way to it."""
    if isinstance(value, dict):
        yield path, value
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from _objects(part, (*path, key))


def _with(rule: Json, path: tuple[Any, ...], edit: Callable[[Json], object]) -> Json:
    changed = copy.deepcopy(rule)
    place = changed
    for key in path:
        place = place[key]
    edit(place)
    return changed


def _set(rule: Json, path: tuple[Any, ...], key: str, value: Any) -> Json:
    return _with(rule, path, lambda place: place.__setitem__(key, value))


def _drop(rule: Json, path: tuple[Any, ...], key: str) -> Json:
    return _with(rule, path, lambda place: place.pop(key))


def _replaced(rule: Json, path: tuple[Any, ...], new: Json) -> Json:
    return _with(rule, path[:-1], lambda place: place.__setitem__(path[-1], new))


def _clocks(_: Home, rule: Json) -> Iterator[tuple[str, Json]]:
    for path, place in _objects(rule):
        for key in ("from", "until", "time", "since"):
            if isinstance(place.get(key), str):
                for minutes in (30, -60):
                    yield "clock", _set(rule, path, key, _shifted(place[key], minutes))
        if "between" in place:
            begin, end = place["between"]
            yield "clock", _set(rule, path, "between", [_shifted(begin, 60), end])
            yield "clock", _set(rule, path, "between", [begin, _shifted(end, -60)])


def _shifted(clock: str, minutes: int) -> str:
    at = (seconds_of_day(clock) // 60 + minutes) % 1440
    return f"{at // 60:02d}:{at % 60:02d}"


def _lengths(_: Home, rule: Json) -> Iterator[tuple[str, Json]]:
    for path, place in _objects(rule):
        for key in _LENGTHS:
            if isinstance(place.get(key), str) and microseconds(place[key]):
                length = microseconds(place[key])
                yield "length", _set(rule, path, key, duration_text(2 * length))
                yield "length", _set(rule, path, key, duration_text(max(SECOND, length // 2 // SECOND * SECOND)))
                step = SECOND if length < 10 * MINUTE else MINUTE if length < DAY else HOUR
                yield "length, a little", _set(rule, path, key, duration_text(length + 5 * step))


def _days(_: Home, rule: Json) -> Iterator[tuple[str, Json]]:
    for path, place in _objects(rule):
        if "days" in place:
            yield "days", _set(rule, path, "days", [day for day in _DAYS if day not in place["days"]] or _DAYS[:1])
            if len(place["days"]) > 1:
                yield "days", _set(rule, path, "days", place["days"][1:])
        if place.get("op") == "absent" and "window" in place and "days" not in place["window"]:
            yield "days", _set(rule, (*path, "window"), "days", _DAYS[:5])


def _guards(_: Home, rule: Json) -> Iterator[tuple[str, Json]]:
    for number, guard in enumerate(rule.get("while", ())):
        yield "guard", {**rule, "while": [g for n, g in enumerate(rule["while"]) if n != number]}
        turned = guard.get("not", {"not": guard})
        yield "guard", {**rule, "while": [turned if n == number else g for n, g in enumerate(rule["while"])]}
    yield "guard", {**rule, "while": [*rule.get("while", ()), {"days": ["tue", "sat"]}]}


def _values(home: Home, rule: Json) -> Iterator[tuple[str, Json]]:
    known = {device.id: device for device in home.devices}
    for path, place in _objects(rule):
        key, source = ("is", place["state"]) if "is" in place else ("value", _source_above(rule, path))
        device = known.get(source) if isinstance(source, str) else None
        if key not in place or device is None or isinstance(place[key], dict | list):
            continue
        kind = device.attributes.get(place.get("attribute", "state"), "text")
        others = [True, False] if kind == "boolean" else list(kind) if isinstance(kind, tuple) else []
        yield from (("value", _set(rule, path, key, other)) for other in others if other != place[key])


def _source_above(rule: Json, path: tuple[Any, ...]) -> Any:
    place: Any = rule
    for key in path[:-1]:
        place = place[key]
    return place.get("source") if isinstance(place, dict) else None


def _subjects(home: Home, rule: Json) -> Iterator[tuple[str, Json]]:
    for path, place in _objects(rule):
        if "subject" in place:
            named = place["subject"] if isinstance(place["subject"], list) else [place["subject"]]
            others = [pet.id for pet in home.pets if pet.id not in named]
            yield from (("subject", _set(rule, path, "subject", other)) for other in others[:1])
            yield "subject", _drop(rule, path, "subject")
            if len(named) > 1:
                yield "subject", _set(rule, path, "subject", named[0])


def _sources(home: Home, rule: Json) -> Iterator[tuple[str, Json]]:
    types = {device.id: device.type for device in home.devices}
    types |= {camera.id: "camera" for camera in home.cameras} | {person.id: "person" for person in home.people}
    for path, place in _objects(rule):
        for key in ("source", "state", "home"):
            value = place.get(key)
            if isinstance(value, str) and value in types:
                same = [other for other, kind in types.items() if kind == types[value] and other != value]
                yield from (("source", _set(rule, path, key, other)) for other in same[:2])
            elif isinstance(value, list):
                yield "source", _set(rule, path, key, value[0])


def _places(home: Home, rule: Json) -> Iterator[tuple[str, Json]]:
    zones = {camera.id: list(camera.zones) for camera in home.cameras}
    for path, place in _objects(rule):
        where = place.get("where", {})
        if "zone" in where and isinstance(place.get("source"), str):
            others = [zone for zone in zones.get(place["source"], ()) if zone != where["zone"]]
            yield from (("zone", _set(rule, (*path, "where"), "zone", zone)) for zone in others[:1])
        if where.get("activity") == "eating":
            yield "activity", _drop(rule, (*path, "where"), "activity")


def _numbers(_: Home, rule: Json) -> Iterator[tuple[str, Json]]:
    for path, place in _objects(rule):
        for key, other in (("above", "below"), ("below", "above")):
            if key in place:
                turned = {k: v for k, v in place.items() if k != key} | {other: place[key]}
                yield "comparison", _replaced(rule, path, turned)
                yield "threshold", _set(rule, path, key, place[key] + 1)
                yield "threshold", _set(rule, path, key, place[key] * 10)
        if "at_least" in place:
            yield "number", _set(rule, path, "at_least", place["at_least"] + 1)
            yield "number", _set(rule, path, "at_least", max(1, place["at_least"] - 1))


def _shape(_: Home, rule: Json) -> Iterator[tuple[str, Json]]:
    for path, place in _objects(rule):
        if place.get("op") == "sequence":
            yield "missing", _set(rule, path, "missing", not place.get("missing", False))
            yield "order", _with(rule, path, lambda at: at.update({"first": at["then"], "then": at["first"]}))
            yield "only the first", _set(rule, path[:-1], path[-1], {"op": "occurs", "of": place["first"]})
        if place.get("op") == "absent":
            yield "not absent", _set(rule, path[:-1], path[-1], {"op": "occurs", "of": place["of"]})
        if place.get("op") == "count":
            yield "once", _set(rule, path[:-1], path[-1], {"op": "occurs", "of": place["of"]})
        if place.get("op") == "holds":
            yield "at once", _set(rule, path, "lasting", "0s")
        if "per" in place:
            yield "per", _drop(rule, path, "per")
        elif place.get("op") in ("absent", "count") and isinstance(place["of"][0].get("subject"), list):
            yield "per", _set(rule, path, "per", "subject")
        for key, other in (("any", "all"), ("all", "any")):
            if isinstance(place.get(key), list) and len(place[key]) > 1:
                turned = {other: place[key]}
                yield "any or all", _replaced(rule, path, turned)
        if place.get("op") == "any":
            yield "one of several", _set(rule, path, "conditions", place["conditions"][1:])


def sound(home: Home, rule: Json) -> list[tuple[str, Rule]]:
    """Return the mutants of a rule that pass `check` and differ from it in what is written."""
    found = []
    for name, changed in mutants(home, rule):
        try:
            made = as_rule(home, changed, "mutant")
        except InputError:
            continue
        if changed != rule and not [p for p in check(made, home) if p.code in _NO_DIFFERENCE or not is_advice(p)]:
            found.append((name, made))
    return found


def shown(items: list[Item]) -> Iterator[Item]:
    """Yield the items, and show on stderr how far it is."""
    with click.progressbar(items, file=sys.stderr) as bar:
        yield from bar


def main() -> None:
    """Print which mutants of the gold rules are told apart from them."""
    total, missed = Counter[str](), Counter[str]()
    items = [item for name in ("open", "unseen") for item in load(name)]
    for item in shown(items):
        for number, rule in enumerate(item.rules[:1]):
            gold = as_rule(item.home, rule, "gold")
            for place, (name, mutant) in enumerate(sound(item.home, rule)):
                total[name] += 1
                if alike(item.home, [mutant], [gold], f"{item.id}/{number}/{place}"):
                    missed[name] += 1
                    print(f"{item.id} {name}: {mutant.as_json()}")
    for name in sorted(total):
        print(f"{name:20} {total[name] - missed[name]:5} of {total[name]:5} told apart")
    print(f"{'all':20} {1 - missed.total() / total.total():.3f}")


if __name__ == "__main__":
    main()
