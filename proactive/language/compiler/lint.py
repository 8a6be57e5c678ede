"""Lints: what passes `check` and still cannot be meant: a rule that always holds, or looks after its own hours."""

from __future__ import annotations

from collections.abc import Iterator

from rules.home import Device, Home
from rules.problem import Problem
from rules.rule import Absent, At, BetweenGuard, Holds, Occurs, Pattern, Rule, StateGuard, guard_leaves, leaf_conditions
from rules.units import seconds_of_day


def lint(rule: Rule, home: Home) -> list[Problem]:
    """Return what nobody can mean by a rule: what is always so, and a moment outside the hours it is kept to."""
    return [*_always(rule, home), *_outside(rule)]


def _always(rule: Rule, home: Home) -> Iterator[Problem]:
    for condition in leaf_conditions(rule.when):
        match condition:
            case Holds():
                leaves = guard_leaves(condition.state)
                if any(isinstance(leaf, StateGuard) and _whatever(leaf, home) for leaf in leaves):
                    yield _problem("always", "is so whatever the device reports.")
            case Occurs() if any(_anything(pattern) for pattern in condition.of):
                yield _problem("always", "is everything that any camera or device reports.")
            case _:
                continue


def _whatever(guard: StateGuard, home: Home) -> bool:
    device = home.by_id.get(guard.state)
    listed = device.attributes.get(guard.attribute or "state", ()) if isinstance(device, Device) else ()
    return isinstance(listed, tuple) and bool(listed) and set(listed) <= set(guard.equals)


def _anything(pattern: Pattern) -> bool:
    return not pattern.where and not pattern.subject and (pattern.type or ("state",)) != ("event",)


def _outside(rule: Rule) -> Iterator[Problem]:
    kept = [guard.between for guard in rule.guards if isinstance(guard, BetweenGuard)]
    for condition in leaf_conditions(rule.when):
        moment = _moment(condition)
        if moment and any(not _within(moment, start, end) for start, end in kept):
            yield _problem("outside", f"is decided at {moment}, outside the hours it is kept to.")


def _moment(condition: object) -> str | None:
    match condition:
        case At():
            return condition.time
        case Absent() if condition.window is not None:
            return condition.window.until
        case _:
            return None


def _within(moment: str, start: str, end: str) -> bool:
    """Say whether a time of day lies in hours that may pass midnight, both ends included."""
    at, first, last = (seconds_of_day(time) if time != "24:00" else 86_400 for time in (moment, start, end))
    return first <= at <= last if first < last else at >= first or at <= last


def _problem(code: str, message: str) -> Problem:
    return Problem(code, "when", message, "Look at the kind and at what it is about again.")
