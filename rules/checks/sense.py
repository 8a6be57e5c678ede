"""Sense: rules that contradict themselves, so that they would be saved, shown, and never fire."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from rules.calendar import resolve
from rules.checks.places import LeafCondition, conditions, guards, patterns
from rules.checks.week import all_hold, may_fire
from rules.home import Home
from rules.problem import Problem
from rules.rule import AllGuard, At, Comparison, Guard, Holds, HomeGuard, Number, Rule, Scalar, StateGuard
from rules.units import instant, rfc3339, seconds_of_day

_BEGIN = datetime(2026, 1, 1)
_YEARS = 40  # longer than the 28 years after which weekdays and dates repeat, and than the gap around 2100
_COARSE = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")


def check_sense(rule: Rule, home: Home) -> Iterator[Problem]:
    """Yield a problem for each part that can never come true."""
    yield from _times(rule)
    yield from _expired(rule, home)
    yield from _states(rule)
    for where, condition in conditions(rule):
        if isinstance(condition, At) and condition.rrule is not None:
            yield from _recurrence(f"{where}.rrule", condition.rrule)
    for where, pattern in patterns(rule):
        for key, test in pattern.where.items():
            if isinstance(test, Comparison) and _empty_range(test):
                yield _never(f"{where}.where.{key}", "no number is in that range.", "Check the two limits.")


def _never(where: str, message: str, hint: str) -> Problem:
    return Problem("never_fires", where, f"would never fire: {message}", hint)


# --- times ------------------------------------------------------------------------------------------------------


def _times(rule: Rule) -> Iterator[Problem]:
    allowed = all_hold(rule.guards).true
    if not allowed:
        yield _never("while", "its times exclude each other.", "Join them with 'any', or remove one.")
        return
    for where, condition in conditions(rule):
        if not may_fire(condition) & allowed:
            hint = "Change the time, or the 'between' or 'days' in 'while'."
            yield _never(where, f"'while' does not hold {_moment(condition)}.", hint)


def _moment(condition: LeafCondition) -> str:
    if isinstance(condition, At):
        return f"at {condition.time or condition.sun} on those days"
    return "when the window ends, which is when it is decided"


def _expired(rule: Rule, home: Home) -> Iterator[Problem]:
    for where, condition in conditions(rule):
        first = _first(condition, ZoneInfo(home.time_zone))
        if rule.expires is not None and first is not None and first >= instant(rule.expires):
            message = f"it expires at {rfc3339(instant(rule.expires))}, before it could."
            yield _never(where, message, "Move 'expires' or the date.")


def _first(condition: LeafCondition, zone: ZoneInfo) -> int | None:
    """Return a time before which the condition surely does not fire, where it names a date."""
    if not isinstance(condition, At) or condition.date is None or condition.offset is not None:
        return None
    return resolve(zone, condition.date.toordinal(), seconds_of_day(condition.time or "00:00"))


def _recurrence(where: str, text: str) -> Iterator[Problem]:
    frequency = re.search(r"FREQ=(\w+)", text.upper())
    parsed = rrulestr(text, dtstart=_BEGIN, ignoretz=True)
    if not isinstance(parsed, rrule) or frequency is None or frequency.group(1) not in _COARSE:
        return
    starts = re.search(r"DTSTART[^:]*:(\d{4})", text.upper())
    end = datetime(min((int(starts.group(1)) if starts else _BEGIN.year) + _YEARS, 9999), 1, 1)
    if next(iter(_until(parsed, text, end)), None) is None:
        yield _never(where, "the recurrence gives no date.", "Check its BY... parts, COUNT and UNTIL.")


def _until(parsed: rrule, text: str, end: datetime) -> Iterable[datetime]:
    """Return the dates up to `end`: a recurrence without any would be searched to the year 9999."""
    if "UNTIL=" in text.upper() or "COUNT=0" in text.upper():
        return parsed
    return parsed.replace(count=None, until=end)


# --- states -----------------------------------------------------------------------------------------------------


def _states(rule: Rule) -> Iterator[Problem]:
    for where, guard in guards(rule):
        if isinstance(guard, StateGuard) and _impossible(guard):
            yield _never(where, "no value fits all of it.", "Check 'is', 'is_not', 'above' and 'below'.")
    needed = list(chain.from_iterable(_conjuncts(guard) for guard in rule.guards))
    yield from _clash("while", needed)
    for where, condition in conditions(rule):
        if isinstance(condition, Holds) and condition.per is None:
            yield from _clash(f"{where}.state", list(_conjuncts(condition.state)))


def _conjuncts(guard: Guard) -> Iterator[Guard]:
    """Yield the guards that must all hold for this one to hold."""
    if isinstance(guard, AllGuard):
        for inner in guard.all:
            yield from _conjuncts(inner)
    else:
        yield guard


def _clash(where: str, needed: list[Guard]) -> Iterator[Problem]:
    values: dict[tuple[str, str | None], set[Scalar]] = {}
    for guard in needed:
        if isinstance(guard, StateGuard) and guard.equals:
            key = (guard.state, guard.attribute)
            values[key] = values.get(key, set(guard.equals)) & set(guard.equals)
    for (source, _), left in values.items():
        if not left:
            yield _never(where, f"{source!r} cannot have two values at once.", "Join the two with 'any'.")
    homes = {guard.home for guard in needed if isinstance(guard, HomeGuard)}
    if "nobody" in homes and len(homes) > 1:
        yield _never(where, "somebody cannot be home while nobody is.", "Remove one of the two.")


def _impossible(guard: StateGuard) -> bool:
    if guard.above is not None and guard.below is not None and guard.above >= guard.below:
        return True
    fitting = [value for value in guard.equals if _fits(value, guard)]
    return bool(guard.equals) and not fitting


def _fits(value: Scalar, guard: StateGuard) -> bool:
    if value in guard.is_not:
        return False
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if guard.above is None and guard.below is None:
        return True
    return number and _within(value, guard.above, guard.below)  # type: ignore[arg-type]


def _within(value: Number, above: Number | None, below: Number | None) -> bool:
    return (above is None or value > above) and (below is None or value < below)


def _empty_range(test: Comparison) -> bool:
    """Say whether no number fits: lower and upper limits that leave nothing between them."""
    lower = max((x for x in (test.ge, test.gt) if x is not None), default=None)
    upper = min((x for x in (test.le, test.lt) if x is not None), default=None)
    if lower is None or upper is None:
        return False
    open_end = test.gt == lower or test.lt == upper
    return lower > upper or (lower == upper and open_end)
