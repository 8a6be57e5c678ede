"""Reports: what a source can say. A pattern or guard that waits for anything else would wait for ever.

Devices say what the home file lists: attributes with their values, and events. Cameras say what they see in their
zones. A device of which the home file says nothing may say anything, and nothing is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rules.checks.places import each, guards, patterns
from rules.home import AttributeKind, Camera, Device, Home, Person, Pet
from rules.problem import Problem, nearest
from rules.rule import Comparison, Pattern, Rule, StateGuard, ValueTest

PRESENCE = ("home", "away")
DETECTION_KEYS = ("label", "activity", "zone", "with", "confidence", "basis", "episode", "phase", "lasted")
STATE_KEYS = ("value", "attribute", "unit")
PHASES = ("start", "update", "end")
_WORDS = ("label", "activity", "zone", "with", "basis", "episode", "phase")
_NUMBERS = ("confidence", "lasted")
_SHOWN = 10

Values = AttributeKind | tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a rule expects of one value: a few that it may equal, and whether it is compared as a number."""

    values: tuple[Any, ...] = ()
    as_number: bool = False


def expected(test: ValueTest) -> Expected:
    """Return what one entry of `where` expects of the value."""
    if isinstance(test, Comparison):
        others = (test.ne,) if "ne" in test.model_fields_set else ()
        return Expected(others, any(x is not None for x in (test.ge, test.gt, test.le, test.lt)))
    return Expected(test if isinstance(test, tuple) else (test,))


def guarded(guard: StateGuard) -> Expected:
    """Return what a state guard expects of the value."""
    values = (*guard.equals, *guard.is_not)
    return Expected(values, guard.above is not None or guard.below is not None)


def check_reports(rule: Rule, home: Home) -> Iterator[Problem]:
    """Yield a problem for each type, zone, attribute, value, unit or event that the named source does not report."""
    for where, pattern in patterns(rule):
        yield from _pattern(where, pattern, home)
    for where, guard in guards(rule):
        if isinstance(guard, StateGuard):
            yield from _guard(where, guard, home)


# --- patterns ---------------------------------------------------------------------------------------------------


def _pattern(where: str, pattern: Pattern, home: Home) -> Iterator[Problem]:
    for place, source in each(f"{where}.source", pattern.source):
        entry = home.by_id.get(source)
        if entry is not None and not isinstance(entry, Pet):
            yield from _types(place, pattern, source, reported(entry))
    entries = [home.by_id.get(source) for source in pattern.source or ()]
    yield from _detection(where, pattern, home, [entry for entry in entries if isinstance(entry, Camera)])
    for entry in entries:
        if isinstance(entry, Device) and _may(pattern, "state"):
            yield from _state(where, pattern, entry)
        if isinstance(entry, Device) and _may(pattern, "event"):
            yield from _event(where, pattern, entry)
        if isinstance(entry, Person) and "value" in pattern.where:
            test = expected(pattern.where["value"])
            yield from _values(f"{where}.where.value", entry.id, "state", PRESENCE, test)


def reported(entry: object) -> tuple[str, ...]:
    """Return the types of records that an entry of the home may report."""
    match entry:
        case Camera():
            return ("detection", "event")
        case Person():
            return ("state",)
        case Device(attributes=attributes, events=events) if attributes or events:
            return (*(("state",) if attributes else ()), *(("event",) if events else ()))
        case _:
            return ("detection", "state", "event")


def _types(place: str, pattern: Pattern, source: str, given: tuple[str, ...]) -> Iterator[Problem]:
    wanted = pattern.type or given
    if not set(wanted) & set(given):
        message = f"expected a source of {' or '.join(wanted)} records; {source!r} reports {' and '.join(given)}."
        yield Problem("wrong_type", place, message, "Change 'type', or name another source.")


def _may(pattern: Pattern, kind: str) -> bool:
    """Say whether the pattern is about this type of record: by its `type`, else by the keys that it looks at."""
    if pattern.type is not None:
        return pattern.type == (kind,)
    return ("value" if kind == "state" else "name") in pattern.where


def _detection(where: str, pattern: Pattern, home: Home, cameras: list[Camera]) -> Iterator[Problem]:
    seen = [*cameras] if pattern.source is not None else [*home.cameras]
    if "zone" in pattern.where and seen:
        zones = sorted({zone for camera in seen for zone in camera.zones})
        owner = " or ".join(camera.id for camera in cameras) or "any camera"
        yield from _zones(f"{where}.where.zone", pattern.where["zone"], owner, zones)
    if pattern.type != ("detection",):
        return
    for key, test in pattern.where.items():
        yield from _detection_key(f"{where}.where.{key}", key, expected(test))


def _zones(where: str, test: ValueTest, owner: str, zones: list[str]) -> Iterator[Problem]:
    for zone in expected(test).values:
        if zone not in zones:
            message = f"expected a zone of {owner} ({_shown(zones)}), found {zone!r}."
            yield Problem("unknown_zone", where, message, nearest(str(zone), zones) or "Draw it first.")


def _detection_key(where: str, key: str, test: Expected) -> Iterator[Problem]:
    if key not in DETECTION_KEYS:
        message = f"is not a key that detections carry ({', '.join(DETECTION_KEYS)})."
        yield Problem("unusual_key", where, message, nearest(key, DETECTION_KEYS))
    elif key in _WORDS and test.as_number:
        yield _not_a_number(where, key)
    elif key in _NUMBERS and not all(map(_is_number, test.values)):
        yield Problem("unknown_value", where, f"expected a number, found {test.values[0]!r}.")
    elif key == "phase":
        yield from _one_of(where, "a phase", PHASES, test.values)


def _state(where: str, pattern: Pattern, device: Device) -> Iterator[Problem]:
    named = pattern.where.get("attribute")
    attribute = named if isinstance(named, str) else None
    if named is not None and attribute is None:
        return
    yield from _attribute(f"{where}.where.attribute", device, attribute)
    values = values_of(device, attribute)
    if values is not None and "value" in pattern.where:
        test = expected(pattern.where["value"])
        yield from _values(f"{where}.where.value", device.id, attribute or "state", values, test)
    if "unit" in pattern.where and device.unit is not None:
        yield from _unit(f"{where}.where.unit", device, expected(pattern.where["unit"]))
    if pattern.type == ("state",):
        yield from _unusual(where, pattern, STATE_KEYS)


def _unusual(where: str, pattern: Pattern, known: tuple[str, ...]) -> Iterator[Problem]:
    for key in pattern.where:
        if key not in known:
            message = f"is not a key that {' or '.join(pattern.type or ())} records carry ({', '.join(known)})."
            yield Problem("unusual_key", f"{where}.where.{key}", message, nearest(key, known))


def _unit(where: str, device: Device, test: Expected) -> Iterator[Problem]:
    if device.unit not in test.values:
        message = f"expected {device.unit!r}, in which {device.id!r} reports; found {test.values!r}."
        yield Problem("wrong_unit", where, message, "Convert the numbers and leave 'unit' out.")


def _event(where: str, pattern: Pattern, device: Device) -> Iterator[Problem]:
    if "name" not in pattern.where or not device.events:
        return
    for name in expected(pattern.where["name"]).values:
        if name not in device.events:
            message = f"expected an event of {device.id} ({', '.join(device.events)}), found {name!r}."
            yield Problem("unknown_event", f"{where}.where.name", message, nearest(str(name), device.events))


# --- states -----------------------------------------------------------------------------------------------------


def _guard(where: str, guard: StateGuard, home: Home) -> Iterator[Problem]:
    match home.by_id.get(guard.state):
        case Camera() as camera:
            message = f"expected a source of state records; {camera.id!r} is a camera."
            yield Problem("wrong_type", f"{where}.state", message, "Use 'seen' for what a camera saw lately.")
        case Person() as person:
            yield from _values(_value_place(where, guard), person.id, "state", PRESENCE, guarded(guard))
        case Device() as device:
            yield from _device_guard(where, guard, device)
        case _:
            return


def _device_guard(where: str, guard: StateGuard, device: Device) -> Iterator[Problem]:
    if "state" not in reported(device):
        message = f"expected a source of state records; {device.id!r} reports only events."
        yield Problem("wrong_type", f"{where}.state", message, "Use 'seen' for an event that came lately.")
        return
    yield from _attribute(f"{where}.attribute", device, guard.attribute)
    values = values_of(device, guard.attribute)
    if values is not None:
        name = guard.attribute or "state"
        yield from _values(_value_place(where, guard), device.id, name, values, guarded(guard))


def _value_place(where: str, guard: StateGuard) -> str:
    given = [("is", guard.equals), ("is_not", guard.is_not), ("above", guard.above), ("below", guard.below)]
    return f"{where}.{next((name for name, value in given if value not in (None, ())), 'is')}"


def values_of(device: Device, attribute: str | None) -> Values | None:
    """Return the values of an attribute; without one, or as `state`, it is `state` or the only one. None: unknown."""
    listed = device.attributes
    if attribute in (None, "state") and "state" not in listed and len(listed) == 1:
        return next(iter(listed.values()))
    return listed.get(attribute or "state")


def _attribute(where: str, device: Device, attribute: str | None) -> Iterator[Problem]:
    if not device.attributes or values_of(device, attribute) is not None:
        return
    names = _shown(device.attributes)
    if attribute is None:
        message = f"is required: {device.id!r} has several attributes ({names}) and none is called 'state'."
        yield Problem("attribute_needed", where, message, "Name the one that is meant.")
    else:
        message = f"expected an attribute of {device.id!r} ({names}), found {attribute!r}."
        yield Problem("unknown_attribute", where, message, nearest(attribute, device.attributes))


def _values(where: str, source: str, attribute: str, values: Values, test: Expected) -> Iterator[Problem]:
    if test.as_number and not (values == "number" or (isinstance(values, tuple) and all(map(_is_number, values)))):
        yield _not_a_number(where, f"{source} {attribute}")
    match values:
        case "number":
            yield from _all(where, "a number", _is_number, test.values)
        case "boolean":
            yield from _all(where, "true or false", lambda value: isinstance(value, bool), test.values)
        case "text":
            yield from _all(where, "a text", lambda value: isinstance(value, str), test.values)
        case _:
            yield from _one_of(where, f"a value of {source} {attribute}", values, test.values)


def _all(where: str, what: str, fits: Any, values: Iterable[Any]) -> Iterator[Problem]:
    for value in values:
        if not fits(value):
            yield Problem("unknown_value", where, f"expected {what}, found {value!r}.")


def _one_of(where: str, what: str, known: Iterable[Any], values: Iterable[Any]) -> Iterator[Problem]:
    listed = list(known)
    for value in values:
        if isinstance(value, bool) or value not in listed:
            words = ["on", "off"] if isinstance(value, bool) else listed
            hint = nearest("on" if value is True else "off" if value is False else str(value), map(str, words))
            yield Problem("unknown_value", where, f"expected {what} ({_shown(listed)}), found {value!r}.", hint)


def _not_a_number(where: str, what: str) -> Problem:
    message = f"compares {what} as a number, which it is not."
    return Problem("not_a_number", where, message, "Compare with 'is' or a list of values.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(names: Iterable[object]) -> str:
    listed = [str(name) for name in names]
    return ", ".join([*listed[:_SHOWN], *(["..."] if len(listed) > _SHOWN else [])]) or "none"
