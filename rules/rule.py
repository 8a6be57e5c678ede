"""The rule: what to watch for, when it may fire, and who is told. A closed, declarative language.

These are the public JSON forms (`docs/formats.md`, "Rules"), validated with pydantic; `engine` compiles them into
small matchers and never reads them again. Where a JSON key is a Python keyword the field has another name and the
key as its alias: `while` is `guards`, `from` is `start`, `not` is `negated`, `is` is `equals`.
"""

from __future__ import annotations

import re
from datetime import date as Date
from datetime import datetime
from typing import Annotated, Any, Literal, Self, TypeVar

from dateutil.rrule import rrulestr
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    Tag,
    ValidationError,
    model_serializer,
    model_validator,
)

from rules.problem import InputError, problems_of
from rules.units import (
    FIRST_YEAR,
    LAST_YEAR,
    Clock,
    Duration,
    EndClock,
    Offset,
    PositiveDuration,
    Weekday,
    has_known_year,
)


def _storable(value: Any) -> Any:
    """Refuse a whole number that other JSON readers and the packed form do not hold."""
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        raise ValueError("expected a whole number of at most 64 bits")
    return value


Whole = Annotated[StrictInt, BeforeValidator(_storable)]
Scalar = Annotated[StrictBool | StrictInt | StrictFloat | StrictStr | None, BeforeValidator(_storable)]
Number = Annotated[StrictInt | StrictFloat, BeforeValidator(_storable)]


class Model(BaseModel):
    """A frozen value of the rule language; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


_Day = TypeVar("_Day", bound=Date)


def _of_known_year(day: _Day) -> _Day:
    if not has_known_year(day):
        raise ValueError(f"expected a date in the years {FIRST_YEAR} to {LAST_YEAR}, found {day.isoformat()!r}")
    return day


def _as_text(value: Any) -> Any:
    if value is None or isinstance(value, str | datetime):
        return value
    raise ValueError(f"expected RFC 3339 such as '2026-03-09T00:00:00-05:00', found {value!r}")


def _as_list(value: Any) -> Any:
    return value if value is None or isinstance(value, list | tuple) else [value]


def _as_some(value: Any) -> Any:
    """Make a tuple of a scalar; here null is a value like others."""
    return value if isinstance(value, list | tuple) else [value]


def _not_empty(value: Any) -> Any:
    if value is not None and not value:
        raise ValueError("expected at least one entry")
    return value


def _as_scalar(value: tuple[Any, ...] | None) -> Any:
    return value[0] if value is not None and len(value) == 1 else value


# A scalar or a list of them in JSON; always a tuple inside.
_one_or_many = (BeforeValidator(_as_list), AfterValidator(_not_empty), PlainSerializer(_as_scalar))
Names = Annotated[tuple[str, ...] | None, *_one_or_many]
Scalars = Annotated[tuple[Scalar, ...], BeforeValidator(_as_some), PlainSerializer(_as_scalar)]
Days = Annotated[tuple[Weekday, ...], AfterValidator(_not_empty)]


class Comparison(Model):
    """Operators on one value of `data`; every one given must hold. `ge gt le lt` need numbers."""

    ge: Number | None = None
    gt: Number | None = None
    le: Number | None = None
    lt: Number | None = None
    ne: Scalar = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("expected at least one of 'ge', 'gt', 'le', 'lt', 'ne'")
        for name in self.model_fields_set - {"ne"}:
            if getattr(self, name) is None:
                raise ValueError(f"{name!r} needs a number, found null")
        return self

    @model_serializer
    def _given(self) -> dict[str, Any]:
        """Keep `ne: null`, which is a test, though null is what an operator is when it is not given."""
        return {name: getattr(self, name) for name in ("ge", "gt", "le", "lt", "ne") if name in self.model_fields_set}


def _test_tag(value: Any) -> str:
    if isinstance(value, dict | Comparison):
        return "comparison"
    return "list" if isinstance(value, list | tuple) else "scalar"


ValueTest = Annotated[
    Annotated[Scalar, Tag("scalar")]
    | Annotated[tuple[Scalar, ...], Tag("list")]
    | Annotated[Comparison, Tag("comparison")],
    Discriminator(_test_tag),
]

RecordType = Literal["detection", "state", "event"]
Types = Annotated[tuple[RecordType, ...] | None, *_one_or_many]


class Pattern(Model):
    """A predicate over one detection, state or event: it matches when every key given holds."""

    type: Types = None
    source: Names = None
    subject: Names = None
    where: dict[str, ValueTest] = Field(default_factory=dict)


Patterns = Annotated[tuple[Pattern, ...], Field(min_length=1)]

# --- guards -----------------------------------------------------------------------------------------------------


class StateGuard(Model):
    """Holds when the last report of `state` (a source) fits; a list of values means any of them."""

    state: str
    attribute: str | None = None
    equals: Scalars = Field(default=(), alias="is")  # empty: not given
    is_not: Scalars = ()
    above: Number | None = None
    below: Number | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not (self.equals or self.is_not) and self.above is None and self.below is None:
            raise ValueError("expected at least one of 'is', 'is_not', 'above', 'below'")
        return self


class HomeGuard(Model):
    """Holds when `nobody`, `anyone` or the named person is home."""

    home: str


class Seen(Model):
    """An event that matched lately: since a time of day, or within a duration."""

    of: Patterns
    since: Clock | None = None
    within: PositiveDuration | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.since is None) == (self.within is None):
            raise ValueError("expected exactly one of 'since', 'within'")
        return self


class SeenGuard(Model):
    """Holds when something matched lately; the event being judged does not count."""

    seen: Seen


class BetweenGuard(Model):
    """Holds from the first wall-clock time (included) to the second (excluded), past midnight where it is smaller."""

    between: tuple[Clock, EndClock]


class DaysGuard(Model):
    """Holds on these local weekdays."""

    days: Days


class SunGuard(Model):
    """Holds while the sun is above or below the horizon at the home's location."""

    sun: Literal["up", "down"]


class NotGuard(Model):
    """Holds when the guard inside does not; what is unknown stays unknown."""

    negated: Guard = Field(alias="not")


class AnyGuard(Model):
    """Holds when any of the guards does."""

    any: Annotated[tuple[Guard, ...], Field(min_length=1)]


class AllGuard(Model):
    """Holds when all of the guards do."""

    all: Annotated[tuple[Guard, ...], Field(min_length=1)]


_GUARD_KEYS = ("state", "home", "seen", "between", "days", "sun", "not", "any", "all")
_STATE_KEYS = ("state", "home", "not", "any", "all")


def _guard_tag(value: Any) -> str | None:
    if isinstance(value, dict):
        found = [key for key in _GUARD_KEYS if key in value]
        return found[0] if found else None
    return _TAG_OF.get(type(value))


Guard = Annotated[
    Annotated[StateGuard, Tag("state")]
    | Annotated[HomeGuard, Tag("home")]
    | Annotated[SeenGuard, Tag("seen")]
    | Annotated[BetweenGuard, Tag("between")]
    | Annotated[DaysGuard, Tag("days")]
    | Annotated[SunGuard, Tag("sun")]
    | Annotated[NotGuard, Tag("not")]
    | Annotated[AnyGuard, Tag("any")]
    | Annotated[AllGuard, Tag("all")],
    Discriminator(
        _guard_tag,
        custom_error_type="unknown_guard",
        custom_error_message="expected a guard: one of 'state', 'home', 'seen', 'between', 'days', 'sun', 'not', 'any', 'all'",
    ),
]

_TAG_OF: dict[type, str] = {
    StateGuard: "state",
    HomeGuard: "home",
    SeenGuard: "seen",
    BetweenGuard: "between",
    DaysGuard: "days",
    SunGuard: "sun",
    NotGuard: "not",
    AnyGuard: "any",
    AllGuard: "all",
}


def _only_states(guard: Guard) -> Guard:
    for leaf in guard_leaves(guard):
        if not isinstance(leaf, StateGuard | HomeGuard):
            raise ValueError(
                "'holds' takes 'state' and 'home' guards joined by 'all', 'any', 'not'; put times in 'while'"
            )
    return guard


def guard_leaves(guard: Guard) -> list[StateGuard | HomeGuard | SeenGuard | BetweenGuard | DaysGuard | SunGuard]:
    """Return the guards at the ends of a tree of `not`, `any` and `all`, in order."""
    match guard:
        case NotGuard():
            return guard_leaves(guard.negated)
        case AnyGuard():
            return [leaf for inner in guard.any for leaf in guard_leaves(inner)]
        case AllGuard():
            return [leaf for inner in guard.all for leaf in guard_leaves(inner)]
        case _:
            return [guard]


# --- conditions -------------------------------------------------------------------------------------------------

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
    date: Annotated[Date, AfterValidator(_of_known_year)] | None = None
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


# --- the rule ---------------------------------------------------------------------------------------------------


class Remind(Model):
    """Repeat a notification until it is acknowledged or resolved."""

    every: PositiveDuration
    times: Annotated[Whole, Field(ge=1)] = 3


class Escalate(Model):
    """Tell others when nobody reacted in time."""

    after: PositiveDuration
    to: tuple[str, ...]


Urgency = Literal["low", "normal", "high", "critical"]


class Notify(Model):
    """Who is told what, and how urgently. `message` may use fields such as `{subject}`, `{time}`, `{place}`."""

    to: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ()
    message: str = ""
    urgency: Urgency = "normal"
    snapshot: StrictBool = False
    remind: Remind | None = None
    escalate: Escalate | None = None


class Action(Model):
    """A command to a device."""

    device: str
    command: str
    value: Scalar = None


class Decides(Model):
    """The part of a rule that decides whether it fires; the engine reads nothing else of it but its terms."""

    when: Condition
    guards: tuple[Guard, ...] = Field(default=(), alias="while")
    unknown: Literal["tell", "ignore", "fire"] = "tell"
    blind_tolerance: Duration | None = None


class Rule(Decides):
    """A standing rule of one home."""

    id: Annotated[str, Field(min_length=1)]
    home: Annotated[str, Field(min_length=1)]
    owner: str | None = None
    said: str | None = None
    notify: Notify | None = None
    do: tuple[Action, ...] = ()
    version: Annotated[Whole, Field(ge=1)] = 1
    enabled: StrictBool = True
    expires: Annotated[AwareDatetime, BeforeValidator(_as_text), AfterValidator(_of_known_year)] | None = None
    once: StrictBool = False

    def as_json(self) -> dict[str, Any]:
        """Return the rule's JSON object, as it would be written by hand: no defaults, no nulls."""
        written = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {key: written[key] for key in _ORDER if key in written}


_ORDER = (
    *("id", "home", "owner", "said", "when", "while", "unknown", "blind_tolerance"),
    *("notify", "do", "version", "enabled", "expires", "once"),
)


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


def parse_rule(value: Any, where: str = "") -> Rule:
    """Return the rule of a plain object, such as decoded JSON. Raise InputError with every problem found."""
    try:
        return Rule.model_validate(value)
    except ValidationError as error:
        raise InputError(problems_of(error, where, value)) from error
