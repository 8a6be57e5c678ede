"""A query: a question about now or the past as a value, which the log and the firings answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rules.rule import Pattern

Wanted = Literal["whether", "when", "first", "count", "list", "state", "why"]


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted to be known, of which happenings, and when.

    `of` are patterns, any of which counts; `states` are sources whose state now is asked; `since` and `until` are instants in
    microseconds since 1970-01-01T00:00Z, None where open; `rule` is the rule that `why` asks about; `about` says the question's
    matter in words ("the back door opened").
    """

    wanted: Wanted
    of: tuple[Pattern, ...] = ()
    states: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    rule: str = ""
    about: str = ""
