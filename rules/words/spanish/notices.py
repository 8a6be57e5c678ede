"""Notices in Spanish: the short sentence that a person gets when a rule fires, rendered from the rule."""

from __future__ import annotations

from collections.abc import Collection

from rules.home import Home
from rules.rule import (
    Absent,
    AnyOf,
    At,
    Condition,
    Count,
    DaysGuard,
    Guard,
    Holds,
    Occurs,
    Pattern,
    Rule,
    Sequence,
    SunGuard,
)
from rules.rule import BetweenGuard as Between
from rules.words.spanish.clauses import clause
from rules.words.spanish.conditions import missing, moment, often
from rules.words.spanish.guards import all_holding
from rules.words.spanish.times import clock, duration, joined

_ONLY_TIMES = (Between, DaysGuard, SunGuard)


def notice(rule: Rule, home: Home) -> str:
    """Return `No se ha visto a Daisy comer antes del mediodía`, without its full stop."""
    guards = [guard for guard in rule.guards if not isinstance(guard, _ONLY_TIMES)]
    said = joined(filter(None, (_said(rule.when, guards, home), all_holding(guards, home))))
    return (said[:1].upper() + said[1:]).replace("{", "{{").replace("}", "}}") or "Es la hora"


def _said(condition: Condition, guards: Collection[Guard], home: Home) -> str:
    match condition:
        case Occurs():
            done = _done(condition.of, home)
            return (
                f"hace {duration(condition.after)}: {done}" if condition.after else done + _lasting(condition.lasting)
            )
        case Absent():
            return f"{missing(condition.of, home, brief=True)} {_by(condition)}"
        case Sequence(missing=True):
            return f"{_done(condition.first, home)} y {duration(condition.within)} después {missing(condition.then, home, edge=True, brief=True)}"
        case Sequence():
            return f"{_done(condition.first, home)} y menos de {duration(condition.within)} después {_done(condition.then, home)}"
        case Holds():
            return all_holding((condition.state,), home) + _lasting(condition.lasting)
        case Count():
            return f"{_done(condition.of, home)} {often(condition.at_least)} en {duration(condition.within)}"
        case At():
            return "" if guards else moment(condition)
        case AnyOf():
            said = dict.fromkeys(filter(None, (_said(one, guards, home) for one in condition.conditions)))
            return "" if guards and any(isinstance(one, At) for one in condition.conditions) else joined(said, "o")


def _done(of: tuple[Pattern, ...], home: Home) -> str:
    return joined((clause(pattern, home, brief=True).has() for pattern in of), "o")


def _by(absent: Absent) -> str:
    if absent.window is None:
        return f"durante {duration(absent.duration or '0s')}"
    until = clock(absent.window.until)
    if absent.window.start in ("00:00", "24:00"):
        return f"antes de {until}".replace("de mediodía", "del mediodía")
    return f"entre {clock(absent.window.start)} y {until}"


def _lasting(lasting: str | None) -> str:
    return "" if lasting is None or duration(lasting) == "0 segundos" else f" desde hace {duration(lasting)}"
