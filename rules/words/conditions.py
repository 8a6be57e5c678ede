"""Conditions as the first half of a sentence: `if Daisy has not been seen eating between midnight and noon`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from rules.home import Home
from rules.rule import Absent, AnyOf, At, Condition, Count, Holds, Occurs, Pattern, Sequence, Window, leaf_conditions
from rules.words.clauses import clause
from rules.words.guards import state_holding
from rules.words.recurrence import recurring
from rules.words.times import clock, duration, joined, on_date, on_days

LeafCondition = Occurs | Absent | Sequence | Holds | Count | At


def lead(condition: Condition, home: Home) -> str:
    """Return the clause that says when a rule decides, in lower case and without a full stop."""
    match condition:
        case Occurs():
            return _occurs(condition, home)
        case Absent():
            return f"if {missing(condition.of, home)} {_span(condition)}"
        case Sequence():
            return _sequence(condition, home)
        case Holds():
            return _holds(condition, home)
        case Count():
            times = "once" if condition.at_least == 1 else f"{condition.at_least} times"
            return f"when it comes {times} within {duration(condition.within)} that {happens(condition.of, home)}"
        case At():
            return at(condition)
        case AnyOf():
            numbered = (f"({n}) {lead(one, home)}" for n, one in enumerate(condition.conditions, start=1))
            return f"when any of these comes true: {'; '.join(numbered)}"
        case _:
            assert_never(condition)


def happens(of: Iterable[Pattern], home: Home) -> str:
    """Return `Daisy is seen eating or the front door opens`."""
    return joined((clause(pattern, home).happens for pattern in of), "or")


def happened(of: Iterable[Pattern], home: Home, edge: bool = True) -> str:
    """Return `Daisy was seen eating or the front door opened`."""
    return joined((clause(pattern, home, edge).happened for pattern in of), "or")


def missing(of: Iterable[Pattern], home: Home, edge: bool = False, auxiliary: str = "has not") -> str:
    """Return `Daisy has not been seen eating and the kitchen feeder has not reported "dispensed"`."""
    return joined(clause(pattern, home, edge).has(auxiliary) for pattern in of)


def _occurs(occurs: Occurs, home: Home) -> str:
    what = happens(occurs.of, home)
    if occurs.after:
        return f"{duration(occurs.after)} after {what}"
    return f"when {what}" + (f", for at least {duration(occurs.lasting)}" if occurs.lasting else "")


def _span(absent: Absent) -> str:
    if absent.window is not None:
        return between(absent.window)
    return f"for {duration(absent.duration or '0s')}"


def between(window: Window) -> str:
    """Return `between midnight and noon, every day`; a window past midnight names the day on which it starts."""
    over = " of the next day" if window.until <= window.start else ""
    days = on_days(window.days)
    start = " (the day it starts)" if over and window.days is not None else ""
    return f"between {clock(window.start)} and {clock(window.until)}{over}, {days}{start}"


def _sequence(sequence: Sequence, home: Home) -> str:
    first, within = happens(sequence.first, home), duration(sequence.within)
    if sequence.missing:
        return f"if {first} and within {within} of that {missing(sequence.then, home, edge=True)}"
    return f"when {first} and less than {within} later {happens(sequence.then, home)}"


def _holds(holds: Holds, home: Home) -> str:
    state = state_holding(holds.state, home)
    if duration(holds.lasting) == "0 seconds":
        return f"as soon as {state}"
    return f"when {state} for {duration(holds.lasting)}"


def at(condition: At) -> str:
    """Return `at 10 pm on weekdays`, `30 minutes before sunset every day` or `at noon on 24 December 2026`."""
    time = _time(condition)
    if condition.date is not None:
        return f"{time} on {on_date(condition.date)}"
    if condition.rrule is not None:
        return f"{time} {recurring(condition.rrule)}".strip()
    return f"{time} {on_days(condition.days)}"


def _time(condition: At) -> str:
    if condition.time is not None:
        return f"at {clock(condition.time)}"
    if condition.sun is None:
        return ""
    offset = condition.offset or "0s"
    span = duration(offset.lstrip("+-"))
    if span == "0 seconds":
        return f"at {condition.sun}"
    return f"{span} {'before' if offset.startswith('-') else 'after'} {condition.sun}"


def apart(condition: Condition) -> str:
    """Return the sentence about `per`, or an empty text."""
    kinds = {leaf.per for leaf in leaf_conditions(condition) if not isinstance(leaf, At)}
    said = [words for kind, words in _PER.items() if kind in kinds]
    return " ".join(said)


_PER = {
    "source": "Each camera or device counts by itself.",
    "subject": "Each person or pet counts by itself.",
}


def rests(condition: Condition) -> list[Absent | Sequence | Holds]:
    """Return the conditions that decide from what was not seen or from a state over time, so that they may be blind."""
    return [
        leaf
        for leaf in leaf_conditions(condition)
        if isinstance(leaf, Absent | Holds) or (isinstance(leaf, Sequence) and leaf.missing)
    ]
