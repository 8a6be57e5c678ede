"""What decides in some rules: their patterns, guards, clocks, lengths and numbers, so that a log can be made about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rules.rule import (
    Absent,
    At,
    BetweenGuard,
    Comparison,
    Condition,
    Count,
    Guard,
    Occurs,
    Pattern,
    Rule,
    SeenGuard,
    Sequence,
    StateGuard,
    condition_patterns,
    guard_leaves,
    leaf_conditions,
)
from rules.rule import Holds as HoldsCondition
from rules.units import DAY, microseconds, seconds_of_day

Leaf = Occurs | Absent | Sequence | HoldsCondition | Count | At


@dataclass(frozen=True)
class Interest:
    """The rules in question, and what a log about them has to come close to.

    `clocks` are seconds from midnight, `lengths` microseconds; `numbers` are the thresholds by source.
    """

    rules: tuple[Rule, ...]
    patterns: tuple[Pattern, ...]
    guards: tuple[Guard, ...]
    clocks: tuple[int, ...]
    lengths: tuple[int, ...]
    numbers: dict[str, tuple[float, ...]]
    dates: tuple[date, ...]

    @property
    def days(self) -> int:
        """Return how many days a log needs: two weekends, or three times the longest span."""
        return max(10, 3 * max(self.lengths, default=0) // DAY + 4)


def interest(rules: Iterable[Rule]) -> Interest:
    """Return what decides in the rules."""
    known = tuple(rules)
    conditions = [leaf for rule in known for leaf in leaf_conditions(rule.when)]
    guards = tuple(guard for rule in known for guard in (*rule.guards, *_held(rule.when)))
    leaves = [leaf for guard in guards for leaf in guard_leaves(guard)]
    patterns = [pattern for rule in known for pattern in condition_patterns(rule.when)]
    patterns += [pattern for leaf in leaves if isinstance(leaf, SeenGuard) for pattern in leaf.seen.of]
    return Interest(
        known,
        tuple(patterns),
        guards,
        tuple(sorted({*_clocks(conditions, leaves)})),
        tuple(sorted({*_lengths(conditions, leaves)})),
        _numbers(patterns, leaves),
        tuple(leaf.date for leaf in conditions if isinstance(leaf, At) and leaf.date),
    )


def _held(condition: Condition) -> list[Guard]:
    return [leaf.state for leaf in leaf_conditions(condition) if isinstance(leaf, HoldsCondition)]


def _clocks(conditions: Iterable[Leaf], guards: Iterable[Guard]) -> Iterator[int]:
    for leaf in conditions:
        if isinstance(leaf, Absent) and leaf.window:
            yield from map(seconds_of_day, (leaf.window.start, leaf.window.until))
        if isinstance(leaf, At) and leaf.time:
            yield seconds_of_day(leaf.time)
    for guard in guards:
        if isinstance(guard, BetweenGuard):
            yield from map(seconds_of_day, guard.between)
        if isinstance(guard, SeenGuard) and guard.seen.since:
            yield seconds_of_day(guard.seen.since)


def _lengths(conditions: Iterable[Leaf], guards: Iterable[Guard]) -> Iterator[int]:
    for leaf in conditions:
        found = [getattr(leaf, name, None) for name in ("lasting", "after", "cooldown", "duration", "within")]
        yield from (microseconds(length) for length in found if length)
    yield from (
        microseconds(guard.seen.within) for guard in guards if isinstance(guard, SeenGuard) and guard.seen.within
    )


def _numbers(patterns: Iterable[Pattern], guards: Iterable[Guard]) -> dict[str, tuple[float, ...]]:
    found: dict[str, set[float]] = {}
    for pattern in patterns:
        test = pattern.where.get("value")
        values = _bounds(test) if isinstance(test, Comparison) else test if isinstance(test, tuple) else (test,)
        for source in pattern.source or ():
            found.setdefault(source, set()).update(_only_numbers(values))
    for guard in guards:
        if isinstance(guard, StateGuard):
            values = (guard.above, guard.below, *guard.equals, *guard.is_not)
            found.setdefault(guard.state, set()).update(_only_numbers(values))
    return {source: tuple(sorted(values)) for source, values in found.items() if values}


def _bounds(test: Comparison) -> tuple[object, ...]:
    return (test.ge, test.gt, test.le, test.lt, test.ne)


def _only_numbers(values: Iterable[object]) -> list[float]:
    return [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
