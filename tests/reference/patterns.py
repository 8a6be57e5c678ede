"""Patterns over one record: does it match?"""

from __future__ import annotations

from tests.reference.units import Json

REPORTS = ("detection", "state", "event")
_COMPARE = {
    "ge": lambda found, bound: found >= bound,
    "gt": lambda found, bound: found > bound,
    "le": lambda found, bound: found <= bound,
    "lt": lambda found, bound: found < bound,
}


def same(one: object, other: object) -> bool:
    """Return whether two scalars are equal as in JSON: 1 is 1.0, true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other
    return type(one) is type(other) and one == other


def is_number(value: object) -> bool:
    """Return whether a JSON value is a number; true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_list(value: object) -> list[object]:
    """Return a scalar as a list of one."""
    return list(value) if isinstance(value, list | tuple) else [value]


def attribute_of(home: Json, record: Json) -> str:
    """Return the attribute that a state record reports; "state" for the only one that the home lists of its source."""
    return main_name(home, record.get("source"), str(record.get("data", {}).get("attribute", "state")))


def main_name(home: Json, source: str | None, attribute: str) -> str:
    """Return the name under which an attribute of a source is known: all that are one and the same have one name."""
    return "state" if attribute in plain_attributes(home, source) else attribute


def plain_attributes(home: Json, source: str | None) -> set[str]:
    """Return the attributes that are meant where none is named: `state`, and the only one that the home lists."""
    listed = [list(d.get("attributes") or ()) for d in home.get("devices", ()) if d["id"] == source]
    return {"state"} | {names[0] for names in listed if len(names) == 1}


def fits(value: object, wanted: object) -> bool:
    """Return whether a value of `data` passes one test of `where`."""
    if not isinstance(wanted, dict):
        return any(same(value, one) for one in as_list(wanted))
    return all(_compares(value, operator, bound) for operator, bound in wanted.items())


def _compares(value: object, operator: str, bound: object) -> bool:
    if operator == "ne":
        return not same(value, bound)
    return is_number(value) and _COMPARE[operator](value, bound)


def matches(home: Json, pattern: Json, record: Json) -> bool:
    """Return whether every key of the pattern holds for the record."""
    if record["type"] not in (as_list(pattern.get("type")) if pattern.get("type") else REPORTS):
        return False
    for key in ("source", "subject"):
        if pattern.get(key) is not None and record.get(key) not in as_list(pattern[key]):
            return False
    where, data = dict(pattern.get("where") or {}), record.get("data", {})
    if record["type"] == "state" and not _is_about(home, record, where.pop("attribute", "state")):
        return False
    return all(key in data and fits(data[key], wanted) for key, wanted in where.items())


def _is_about(home: Json, record: Json, wanted: object) -> bool:
    """Return whether the attribute that a state record reports, under any of its names, is the wanted one."""
    plain, name = plain_attributes(home, record.get("source")), attribute_of(home, record)
    known_as = plain if name == "state" else {name}
    passes = all if isinstance(wanted, dict) else any
    return passes(fits(one, wanted) for one in known_as)


def which(home: Json, patterns: list[Json], record: Json) -> int | None:
    """Return the number of the first pattern that matches the record, or None."""
    return next((number for number, pattern in enumerate(patterns) if matches(home, pattern, record)), None)


def any_matches(home: Json, patterns: list[Json], record: Json) -> bool:
    """Return whether any of the patterns matches the record."""
    return which(home, patterns, record) is not None


def watched(patterns: list[Json], source: str | None = None) -> set[tuple[str, str | None]]:
    """Return where patterns would be seen to match, each as a source and a zone of it: None is all of the source.

    A `source` given takes the place of those that they name.
    """
    found: set[tuple[str, str | None]] = set()
    for pattern in patterns:
        zones = as_list((pattern.get("where") or {}).get("zone"))
        texts = [str(zone) for zone in zones if isinstance(zone, str)]
        named = [source] if source else names([pattern], "source")
        found |= {(one, zone) for one in named for zone in (texts if zones and len(texts) == len(zones) else [None])}
    return found


def names(patterns: list[Json], key: str) -> set[str]:
    """Return the sources or subjects that patterns name."""
    return {str(name) for p in patterns if p.get(key) is not None for name in as_list(p[key])}
