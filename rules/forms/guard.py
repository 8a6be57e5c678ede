"""Guards: predicates over the state of a home at an instant, which `while` and `holds` take."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from rules.forms.pattern import (
    Days,
    Model,
    Number,
    Patterns,
    Scalars,
)
from rules.units import Clock, EndClock, PositiveDuration


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
