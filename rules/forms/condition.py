"""Conditions: patterns in temporal relation, a closed union told apart by `op`."""

from __future__ import annotations

import re
from datetime import date as Date
from datetime import datetime
from typing import Annotated, Literal, Self

from dateutil.rrule import rrulestr
from pydantic import (
    AfterValidator,
    Field,
    StrictBool,
    model_validator,
)

from rules.forms.guard import Guard, HomeGuard, StateGuard, guard_leaves
from rules.forms.pattern import (
    Days,
    Model,
    Pattern,
    Patterns,
    Whole,
    of_known_year,
)
from rules.units import Clock, Duration, EndClock, Offset, PositiveDuration

Per = Literal["source", "subject"]


class Occurs(Model):
    """Fires at a match, once an episode has lasted, or some time after a match."""

    op: Literal["occurs"]
    of: Patterns
    lasting: PositiveDuration | None = None
    after: PositiveDuration | None = None
    cooldown: PositiveDuration | None = None
    per: Per | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.lasting and self.after:
            raise ValueError("expected at most one of 'lasting', 'after'")
        return self


class Window(Model):
    """A daily window on the wall clock; `until` at or before `from` is on the next day."""

    start: Clock = Field(alias="from")
    until: EndClock
    days: Days | None = None


class Absent(Model):
    """Fires when nothing matched: in a daily window, or for a duration."""

    op: Literal["absent"]
    of: Patterns
    window: Window | None = None
    duration: PositiveDuration | None = None
    per: Per | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.window is None) == (self.duration is None):
            raise ValueError("expected exactly one of 'window', 'duration'")
        return self


class Sequence(Model):
    """Fires when `then` follows `first` within a duration; with `missing`, when it does not."""

    op: Literal["sequence"]
    first: Patterns
    then: Patterns
    within: PositiveDuration
    missing: StrictBool = False
    per: Per | None = None


def _only_states(guard: Guard) -> Guard:
    for leaf in guard_leaves(guard):
        if not isinstance(leaf, StateGuard | HomeGuard):
            raise ValueError(
                "'holds' takes 'state' and 'home' guards joined by 'all', 'any', 'not'; put times in 'while'"
            )
    return guard


class Holds(Model):
    """Fires once a guard over states has held for a duration."""

    op: Literal["holds"]
    state: Annotated[Guard, AfterValidator(_only_states)]
    lasting: Duration = "0s"
    per: Per | None = None


class Count(Model):
    """Fires at the match that makes `at_least` matches within a duration."""

    op: Literal["count"]
    of: Patterns
    at_least: Annotated[Whole, Field(ge=1)]
    within: PositiveDuration
    per: Per | None = None


class At(Model):
    """Fires at a local time, or at sunrise or sunset with an offset, on the days, date or RFC 5545 rule given."""

    op: Literal["at"]
    time: Clock | None = None
    sun: Literal["sunrise", "sunset"] | None = None
    offset: Offset | None = None
    days: Days | None = None
    date: Annotated[Date, AfterValidator(of_known_year)] | None = None
    rrule: str | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.time and self.sun:
            raise ValueError("expected at most one of 'time', 'sun'")
        if self.offset and not self.sun:
            raise ValueError("'offset' goes with 'sun'")
        if sum(x is not None for x in (self.days, self.date, self.rrule)) > 1:
            raise ValueError("expected at most one of 'days', 'date', 'rrule'")
        if self.rrule is not None:
            _check_rrule(self.rrule)
        if not (self.time or self.sun or self.rrule):
            raise ValueError("expected 'time', 'sun' or an 'rrule'")
        return self


_ODD_RRULE = re.compile(r"FREQ=SECONDLY|INTERVAL=[-+]?0*(?!\d)|INTERVAL=-\d+|BYEASTER=[^;]*", re.IGNORECASE)


def _check_rrule(text: str) -> None:
    expected = "expected an RFC 5545 rule such as 'FREQ=MONTHLY;BYDAY=1MO'"
    # An interval of nothing never ends, BYEASTER is no part of RFC 5545, and nobody wants to be told each second.
    if odd := _ODD_RRULE.search(text):
        raise ValueError(f"{expected}, found {odd.group()!r}")
    try:
        rrulestr(text, dtstart=datetime(2026, 1, 1), ignoretz=True)
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError) as error:
        raise ValueError(f"{expected}: {error}") from error


class AnyOf(Model):
    """Fires when any of its conditions does."""

    op: Literal["any"]
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]


Condition = Annotated[Occurs | Absent | Sequence | Holds | Count | At | AnyOf, Field(discriminator="op")]


def leaf_conditions(condition: Condition) -> list[Occurs | Absent | Sequence | Holds | Count | At]:
    """Return the conditions below `any`, or the condition itself, in order."""
    if isinstance(condition, AnyOf):
        return [leaf for inner in condition.conditions for leaf in leaf_conditions(inner)]
    return [condition]


def condition_patterns(condition: Condition) -> list[Pattern]:
    """Return every pattern of a condition, in order."""
    match condition:
        case Occurs() | Absent() | Count():
            return list(condition.of)
        case Sequence():
            return [*condition.first, *condition.then]
        case AnyOf():
            return [pattern for inner in condition.conditions for pattern in condition_patterns(inner)]
        case Holds() | At():
            return []
