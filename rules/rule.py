"""The rule: what to watch for, when it may fire, and who is told. A closed, declarative language.

These are the public JSON forms (`docs/formats.md`, "Rules"), validated with pydantic; `engine` compiles them into
small matchers and never reads them again. Their parts are in `forms`; this module has all of the language's names.
Where a JSON key is a Python keyword the field has another name and the key as its alias: `while` is `guards`, `from` is
`start`, `not` is `negated`, `is` is `equals`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StrictBool, ValidationError

from rules.forms.condition import (
    Absent,
    AnyOf,
    At,
    Condition,
    Count,
    Holds,
    Occurs,
    Sequence,
    Window,
    condition_patterns,
    leaf_conditions,
)
from rules.forms.guard import (
    AllGuard,
    AnyGuard,
    BetweenGuard,
    DaysGuard,
    Guard,
    HomeGuard,
    NotGuard,
    Seen,
    SeenGuard,
    StateGuard,
    SunGuard,
    guard_leaves,
)
from rules.forms.pattern import (
    Comparison,
    Model,
    Number,
    Pattern,
    Scalar,
    ValueTest,
    Whole,
    as_list,
    as_text,
    of_known_year,
)
from rules.problem import InputError, problems_of
from rules.units import Duration, PositiveDuration

__all__ = [
    "Absent",
    "Action",
    "AllGuard",
    "AnyGuard",
    "AnyOf",
    "At",
    "BetweenGuard",
    "Comparison",
    "Condition",
    "Count",
    "DaysGuard",
    "Decides",
    "Escalate",
    "Guard",
    "Holds",
    "HomeGuard",
    "NotGuard",
    "Notify",
    "Number",
    "Occurs",
    "Pattern",
    "Remind",
    "Rule",
    "Scalar",
    "Seen",
    "SeenGuard",
    "Sequence",
    "StateGuard",
    "SunGuard",
    "Urgency",
    "ValueTest",
    "Window",
    "condition_patterns",
    "guard_leaves",
    "leaf_conditions",
    "parse_rule",
]


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

    to: Annotated[tuple[str, ...], BeforeValidator(as_list)] = ()
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
    expires: Annotated[AwareDatetime, BeforeValidator(as_text), AfterValidator(of_known_year)] | None = None
    once: StrictBool = False

    def as_json(self) -> dict[str, Any]:
        """Return the rule's JSON object, as it would be written by hand: no defaults, no nulls."""
        written = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {key: written[key] for key in _ORDER if key in written}


_ORDER = (
    *("id", "home", "owner", "said", "when", "while", "unknown", "blind_tolerance"),
    *("notify", "do", "version", "enabled", "expires", "once"),
)


def parse_rule(value: Any, where: str = "") -> Rule:
    """Return the rule of a plain object, such as decoded JSON. Raise InputError with every problem found."""
    try:
        return Rule.model_validate(value)
    except ValidationError as error:
        raise InputError(problems_of(error, where, value)) from error
