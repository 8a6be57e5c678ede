"""Matchers: patterns compiled for the hot path.

A matcher answers one question, "does this record match?", with the tests that the index has not already answered.
Values compare as in JSON: `true` is not `1`, `1` is `1.0`, and a key that the record lacks matches nothing.
Matchers are shared: homes that name things alike hold the same objects.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from rules.coverage import Spot, spot_of
from rules.record import Record
from rules.rule import Comparison, Pattern, Scalar

_MISSING: Final = object()
_NUMBERS: Final = (int, float)


def same(left: Any, right: Any) -> bool:
    """Tell whether two scalars are equal as JSON values."""
    if left.__class__ is bool or right.__class__ is bool:
        return left is right
    return bool(left == right)


def is_number(value: Any) -> bool:
    """Tell whether a value is a JSON number; a boolean is not."""
    return value.__class__ in _NUMBERS


class AnyOf:
    """Accepts any of some scalars."""

    __slots__ = ("values",)

    def __init__(self, values: tuple[Scalar, ...]) -> None:
        self.values = values

    def accepts(self, value: Any) -> bool:
        """Tell whether the value is one of them."""
        return any(same(value, wanted) for wanted in self.values)


class Compared:
    """Accepts what fits every operator given."""

    __slots__ = ("ge", "gt", "le", "lt", "other")

    def __init__(self, test: Comparison) -> None:
        self.ge, self.gt, self.le, self.lt = test.ge, test.gt, test.le, test.lt
        self.other = test.ne if "ne" in test.model_fields_set else _MISSING

    def accepts(self, value: Any) -> bool:
        """Tell whether the value fits; `ge gt le lt` need a number."""
        if self.other is not _MISSING and same(value, self.other):
            return False
        if self.ge is self.gt is self.le is self.lt is None:
            return True
        return is_number(value) and self._in_range(value)

    def _in_range(self, value: float) -> bool:
        return (
            (self.ge is None or value >= self.ge)
            and (self.gt is None or value > self.gt)
            and (self.le is None or value <= self.le)
            and (self.lt is None or value < self.lt)
        )


Names = tuple[str, ...] | None  # the attributes that a state reports, all the same one; None for other records
MAIN = ("state",)


class Matcher:
    """A compiled pattern: `types`, `sources` and `subjects` any of (None: any), `where` pairs of key and test."""

    __slots__ = ("attribute", "labels", "sources", "subjects", "types", "where", "zones")

    def __init__(
        self,
        types: tuple[str, ...] | None,
        sources: tuple[str, ...] | None,
        subjects: tuple[str, ...] | None,
        where: tuple[tuple[str, Any], ...],
        attribute: Any,
        labels: tuple[str, ...] | None,
        zones: tuple[str, ...],
    ) -> None:
        self.types, self.sources, self.subjects, self.where = types, sources, subjects, where
        self.attribute = attribute  # the test of `attribute`, or None
        self.labels, self.zones = labels, zones

    def matches(self, record: Record, names: Names) -> bool:
        """Tell whether a record matches; `names` are the attributes that a state reports."""
        types, sources, subjects = self.types, self.sources, self.subjects
        if types is not None and record.type not in types:
            return False
        if sources is not None and record.source not in sources:
            return False
        if subjects is not None and record.subject not in subjects:
            return False
        data = record.data
        for name, test in self.where:
            value = data.get(name, _MISSING)
            if test.__class__ is str:
                if value != test:
                    return False
            elif value is _MISSING or not test.accepts(value):
                return False
        if self.attribute is None and (names is None or names is MAIN):
            return True
        return self._is_about(names, data)

    def _is_about(self, names: Names, data: dict[str, Any]) -> bool:
        """Tell whether the attribute is the one meant: `state` where the pattern names none."""
        test = self.attribute
        if names is None:
            return test is None or ("attribute" in data and _accepts(test, data["attribute"]))
        return "state" in names if test is None else any(_accepts(test, name) for name in names)

    def spots_at(self, source: str) -> tuple[Spot, ...]:
        """Return where a match would be seen by a source: in the zones that `where` names, else anywhere."""
        return tuple(spot_of(source, zone) for zone in self.zones) or (source,)


def spots_of(of: Iterable[Matcher]) -> tuple[Spot, ...]:
    """Return where the sources that patterns name would see a match of them."""
    return tuple(dict.fromkeys(spot for m in of for source in m.sources or () for spot in m.spots_at(source)))


def _accepts(test: Any, value: Any) -> bool:
    return value == test if isinstance(test, str) else bool(test.accepts(value))


def compile_pattern(pattern: Pattern) -> Matcher:
    """Return the matcher of a pattern."""
    tests = {name: _pair(name, test) for name, test in pattern.where.items()}
    # A record reports `state` where it names no attribute, and so does a pattern.
    _, attribute = tests.pop("attribute", ("", None))
    attribute = None if attribute == "state" else attribute
    texts = _texts(pattern, "label"), _texts(pattern, "zone") or ()
    return _matcher(pattern.type, pattern.source, pattern.subject, tuple(tests.values()), attribute, *texts)


@lru_cache(maxsize=16_384)
def _matcher(*parts: Any) -> Matcher:
    return Matcher(*parts)


def _pair(name: str, test: Any) -> tuple[str, Any]:
    if isinstance(test, Comparison):
        # `ne: null` and no `ne` at all are equal as values, so which keys were given is part of the key.
        return _compared(name, test, frozenset(test.model_fields_set), test.ne.__class__.__name__)
    values = test if isinstance(test, tuple) else (test,)
    return _any_of(name, values, tuple(value.__class__.__name__ for value in values))


@lru_cache(maxsize=16_384)
def _compared(name: str, test: Comparison, _given: frozenset[str], _ne: str) -> tuple[str, Any]:
    return name, Compared(test)


@lru_cache(maxsize=16_384)
def _any_of(name: str, values: tuple[Scalar, ...], _types: tuple[str, ...]) -> tuple[str, Any]:
    if len(values) == 1 and isinstance(values[0], str):
        return name, values[0]
    return name, AnyOf(values)


def _texts(pattern: Pattern, name: str) -> tuple[str, ...] | None:
    """Return the texts of `data` that a pattern can match where it says so by equality, else None."""
    test = pattern.where.get(name)
    values = test if isinstance(test, tuple) else (test,)
    texts = tuple(value for value in values if isinstance(value, str))
    return texts if len(texts) == len(values) else None
