"""Walk a rule and say where everything stands in its JSON: `when.of[0]`, `while[1].not.seen.of[0]`.

Every check reads the rule through these walks, so that a new condition or guard is added in one place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from rules.rule import (
    Absent,
    AllGuard,
    AnyGuard,
    AnyOf,
    At,
    BetweenGuard,
    Condition,
    Count,
    DaysGuard,
    Guard,
    Holds,
    HomeGuard,
    NotGuard,
    Occurs,
    Pattern,
    Rule,
    SeenGuard,
    Sequence,
    StateGuard,
    SunGuard,
)

LeafCondition = Occurs | Absent | Sequence | Holds | Count | At
LeafGuard = StateGuard | HomeGuard | SeenGuard | BetweenGuard | DaysGuard | SunGuard


def conditions(rule: Rule) -> Iterator[tuple[str, LeafCondition]]:
    """Yield each condition that is not an `any`, with its path."""
    yield from _conditions("when", rule.when)


def _conditions(where: str, condition: Condition) -> Iterator[tuple[str, LeafCondition]]:
    if isinstance(condition, AnyOf):
        for index, inner in enumerate(condition.conditions):
            yield from _conditions(f"{where}.conditions[{index}]", inner)
    else:
        yield where, condition


def slots(where: str, condition: LeafCondition) -> Iterator[tuple[str, tuple[Pattern, ...]]]:
    """Yield the lists of patterns of one condition, `of` or `first` and `then`, with their paths."""
    match condition:
        case Occurs() | Absent() | Count():
            yield f"{where}.of", condition.of
        case Sequence():
            yield f"{where}.first", condition.first
            yield f"{where}.then", condition.then
        case Holds() | At():
            return
        case _:
            assert_never(condition)


def guards(rule: Rule) -> Iterator[tuple[str, LeafGuard]]:
    """Yield the leaves of `while` and of every `holds`, with their paths."""
    for index, guard in enumerate(rule.guards):
        yield from leaves(f"while[{index}]", guard)
    for where, condition in conditions(rule):
        if isinstance(condition, Holds):
            yield from leaves(f"{where}.state", condition.state)


def leaves(where: str, guard: Guard) -> Iterator[tuple[str, LeafGuard]]:
    """Yield the leaves of one guard with their paths."""
    match guard:
        case NotGuard():
            yield from leaves(f"{where}.not", guard.negated)
        case AnyGuard():
            for index, inner in enumerate(guard.any):
                yield from leaves(f"{where}.any[{index}]", inner)
        case AllGuard():
            for index, inner in enumerate(guard.all):
                yield from leaves(f"{where}.all[{index}]", inner)
        case _:
            yield where, guard


def patterns(rule: Rule) -> Iterator[tuple[str, Pattern]]:
    """Yield every pattern of the conditions and of `seen` guards, with its path."""
    for where, condition in conditions(rule):
        for place, of in slots(where, condition):
            yield from _indexed(place, of)
    for where, guard in guards(rule):
        if isinstance(guard, SeenGuard):
            yield from _indexed(f"{where}.seen.of", guard.seen.of)


def _indexed(where: str, of: tuple[Pattern, ...]) -> Iterator[tuple[str, Pattern]]:
    for index, pattern in enumerate(of):
        yield f"{where}[{index}]", pattern


def each(where: str, names: tuple[str, ...] | None) -> Iterator[tuple[str, str]]:
    """Yield the names of a field that is one name or a list of them, as they stand in the JSON."""
    if names is not None:
        single = len(names) == 1
        for index, name in enumerate(names):
            yield where if single else f"{where}[{index}]", name
