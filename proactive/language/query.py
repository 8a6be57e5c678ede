"""A query: a question about now or the past as a value, which the log, the firings and the notifications answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from rules.rule import Pattern
from rules.units import rfc3339

Wanted = Literal["whether", "when", "first", "last", "count", "list", "who", "where", "long", "state", "why"]
Bound = Literal["", "away", "left", "back"]


@dataclass(frozen=True, slots=True)
class Period:
    """When: `since <= time < until`, microseconds since 1970-01-01T00:00Z, None where open; equal ones are one instant.

    With `bound` the log says when: the last time that all of `people` were `away`, or since they `left` or came `back`.
    `called` is how a person says it ("today", "since noon"); `now` is about how things stand, and has no bounds; `given` says
    that the words named it.
    """

    since: int | None = None
    until: int | None = None
    called: str = ""
    bound: Bound = ""
    people: tuple[str, ...] = ()
    now: bool = False
    given: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted to be known, of what, and when.

    `of` are patterns, any of which counts; without any, everything that was reported. `stands` asks how things were or are,
    and not what happened; `every` asks that of all of them. `lasting` is how long it has to have been so, in microseconds.
    `extreme` asks of a reading whether it was too `high` or too `low`, which only a rule can say. `told` are the people of
    whom it is asked what they were told. `rule` is the rule that `why` is about, where its id was said. `about` says the
    matter in the person's words ("the front door open").
    """

    wanted: Wanted
    of: tuple[Pattern, ...] = ()
    period: Period = field(default_factory=Period)
    stands: bool = False
    every: bool = False
    lasting: int = 0
    extreme: Literal["", "high", "low"] = ""
    told: tuple[str, ...] = ()
    rule: str = ""
    about: str = ""

    @property
    def sources(self) -> tuple[str, ...] | None:
        """Return the sources that the patterns name, or None where one of them names none."""
        named = [pattern.source for pattern in self.of]
        if not named or any(sources is None for sources in named):
            return None
        return tuple(dict.fromkeys(source for sources in named for source in sources or ()))

    def as_json(self) -> dict[str, Any]:
        """Return the query's JSON object; what is as by default is left out, but for `wanted` and `of`."""
        period = self.period
        shown: dict[str, Any] = {
            "wanted": self.wanted,
            "of": [pattern.model_dump(mode="json", exclude_defaults=True, by_alias=True) for pattern in self.of],
            "since": None if period.since is None else rfc3339(period.since),
            "until": None if period.until is None else rfc3339(period.until),
            "called": period.called,
            "now": period.now,
            "while": {"bound": period.bound, "people": list(period.people)} if period.bound else None,
            "stands": self.stands,
            "every": self.every,
            "lasting_s": self.lasting // 1_000_000,
            "extreme": self.extreme,
            "told": list(self.told),
            "rule": self.rule,
            "about": self.about,
        }
        return {name: value for name, value in shown.items() if value or name in ("wanted", "of")}
