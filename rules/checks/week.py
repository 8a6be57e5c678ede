"""The minutes of a week in which guards may hold, so that a rule that never can fire is found before it is saved.

A set of minutes is an integer of 10,080 bits, Monday 00:00 the lowest: union, intersection and complement are one
operation each. For every guard two sets are kept, where it may be true and where it may be false; what depends on
the home's state may be either at any time. So a set that comes out empty is a proof, and one that does not is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple, assert_never

from rules.checks.places import LeafCondition
from rules.rule import (
    Absent,
    AllGuard,
    AnyGuard,
    At,
    BetweenGuard,
    Count,
    DaysGuard,
    Guard,
    Holds,
    HomeGuard,
    NotGuard,
    Occurs,
    SeenGuard,
    Sequence,
    StateGuard,
    SunGuard,
)
from rules.units import WEEKDAYS, Weekday, seconds_of_day

DAY_MINUTES = 1440
ALWAYS = (1 << 7 * DAY_MINUTES) - 1


class May(NamedTuple):
    """The minutes in which something may be true, and those in which it may be false."""

    true: int
    false: int


EITHER = May(ALWAYS, ALWAYS)


def may_hold(guard: Guard) -> May:
    """Return when a guard may be true and when it may be false."""
    match guard:
        case BetweenGuard():
            return _between(*(seconds_of_day(clock) for clock in guard.between))
        case DaysGuard():
            days = on_days(guard.days)
            return May(days, ALWAYS & ~days)
        case NotGuard():
            inner = may_hold(guard.negated)
            return May(inner.false, inner.true)
        case AnyGuard():
            found = [may_hold(inner) for inner in guard.any]
            return May(_union(inner.true for inner in found), _common(inner.false for inner in found))
        case AllGuard():
            return all_hold(guard.all)
        case StateGuard() | HomeGuard() | SeenGuard() | SunGuard():
            return EITHER
        case _:
            assert_never(guard)


def all_hold(guards: Iterable[Guard]) -> May:
    """Return when all guards may be true together, and when one of them may be false."""
    found = [may_hold(guard) for guard in guards]
    return May(_common(inner.true for inner in found), _union(inner.false for inner in found))


def may_fire(condition: LeafCondition) -> int:
    """Return the minutes of the week in which a condition may fire."""
    match condition:
        case At():
            return _at(condition)
        case Absent(window=window) if window is not None:
            until, start = seconds_of_day(window.until), seconds_of_day(window.start)
            late = until // 60 + (DAY_MINUTES if until <= start else 0)
            return on_days(window.days or WEEKDAYS, late, late + 1)
        case Occurs() | Absent() | Sequence() | Holds() | Count():
            return ALWAYS
        case _:
            assert_never(condition)


def on_days(days: Iterable[Weekday], start: int = 0, end: int = DAY_MINUTES) -> int:
    """Return the minutes from `start` to before `end` of each day, counted from its midnight and maybe past it."""
    minutes = 0
    for day in days:
        minutes |= ((1 << end - start) - 1) << WEEKDAYS.index(day) * DAY_MINUTES + start
    return (minutes | minutes >> 7 * DAY_MINUTES) & ALWAYS


def _at(at: At) -> int:
    days = at.days or ((WEEKDAYS[at.date.weekday()],) if at.date else WEEKDAYS)
    if at.rrule is not None and at.time is None:
        return ALWAYS
    if at.time is None:
        return ALWAYS if at.offset else on_days(days)
    minute = seconds_of_day(at.time) // 60
    return on_days(days, minute, minute + 1)


def _between(start: int, end: int) -> May:
    """Return the minutes of a daily stretch; a minute that it covers in part may be either."""
    if end == start:
        return EITHER
    if end < start:
        outside = _between(end, start)
        return May(outside.false, outside.true)
    touched = on_days(WEEKDAYS, start // 60, -(-end // 60))
    first, last = -(-start // 60), end // 60
    covered = on_days(WEEKDAYS, first, last) if last > first else 0
    return May(touched, ALWAYS & ~covered)


def _union(sets: Iterable[int]) -> int:
    return reduce(int.__or__, sets, 0)


def _common(sets: Iterable[int]) -> int:
    return reduce(int.__and__, sets, ALWAYS)
