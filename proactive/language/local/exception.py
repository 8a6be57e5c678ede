"""Exceptions: "but not on weekends", "unless it is between seven and nine", as guards that keep a rule out of those times."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from proactive.language.local.clause import Times
from proactive.language.local.condition import Made
from proactive.language.local.detour import DetourError, cannot
from proactive.language.local.predicate import Json
from proactive.language.local.statement import Statement
from proactive.language.local.when import settle
from proactive.language.request import Request
from rules.units import WEEKDAYS


def take_exceptions(statements: list[Statement], request: Request) -> list[Json]:
    """Take the clauses that leave times out from the statements, and return the guards that keep a rule out of them.

    "But not on weekends", "except on Sundays", "unless it is Saturday", "except between seven and nine".
    """
    guards: list[Json] = []
    for one, other in pairwise(statements):
        if one.predicate is None and _leaves_out(one) and other.link in ("if", "unless", "while"):
            raise _odd_exception()  # "except on Sundays when June is home"
    for statement in [s for s in statements if _leaves_out(s)]:
        if statement.predicate is not None and statement.link == "unless":
            continue
        if statement.predicate is not None and statement.negated:
            statements[statements.index(statement)] = replace(statement, link="but")
            continue
        if statement.predicate is not None or (statement.negated and statement.link == "unless"):
            raise _odd_exception()
        statements.remove(statement)
        guards += _left_out(statement.times, request)
    return guards


def _leaves_out(statement: Statement) -> bool:
    if statement.predicate is not None:
        return statement.link in ("except", "unless")
    return (
        statement.link in ("except", "unless") or statement.negated or (statement.link == "but" and not statement.only)
    )


def _left_out(times: Times, request: Request) -> list[Json]:
    when = settle(replace(times), request.home, "", request.now)
    plain = not (times.lengths or times.dates or times.suns or times.once or when.points() or when.since)
    if not plain or bool(times.days) == (when.window is not None) or when.open_ended:
        raise _odd_exception()
    if when.window is not None:
        return [{"not": {"between": list(when.window)}}]
    left_out = {day for days in times.days for day in days.days}
    return [{"days": [day for day in WEEKDAYS if day not in left_out]}]


def _odd_exception() -> DetourError:
    return cannot("except", "I did not understand the exception in this.", "Say when it should be, not when not.")


def kept_out(guards: list[Json], made: Made) -> list[Json]:
    """Return the guards of what was left out; days of a window or a moment are days of its own."""
    condition = made.when
    kept = []
    for one in guards:
        holder = (
            condition.get("window") if condition["op"] == "absent" else condition if condition["op"] == "at" else None
        )
        if "days" in one and holder is not None and "days" not in holder and "date" not in holder:
            holder["days"] = one["days"]
        elif holder is not None:
            raise _odd_exception()
        else:
            kept.append(one)
    return kept
