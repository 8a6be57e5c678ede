"""Scheduled: "unless I'm in a meeting", "during the school holidays", as guards on the calendars that the home lists.

A calendar is meant by its name or an alias, one or several of it ("a meeting" is of the calendar called meetings). Whose it is
is not known, so only who speaks may be in it: "unless Maya is in a meeting" is left to be asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from proactive.language.local.predicate import Json
from rules.home import Calendar, Home

_SELF = r"(?:i'?m|i am|we'?re|we are)"
_IN = r"(?:in|on|at|having)"
_THE = r"(?:(?:a|an|the|my|our|any|some)\s+)?"
_WHEN = r"(?:while|when(?:ever)?|if|as long as)"
_DURING = r"(?:during|throughout|in|on|within)"
# What may stand before the name, and whether it keeps the rule out of what is scheduled.
_BEFORE: tuple[tuple[str, bool], ...] = (
    (rf"(?:unless|except {_WHEN}|but not {_WHEN}|not {_WHEN})\s+{_SELF}\s+{_IN}\s+{_THE}", True),
    (rf"(?:only\s+)?{_WHEN}\s+{_SELF}\s+not\s+{_IN}\s+{_THE}", True),
    (rf"(?:unless|except)\s+{_DURING}\s+{_THE}", True),
    (rf"(?:but\s+)?not\s+{_DURING}\s+{_THE}", True),
    (rf"(?:only\s+)?outside(?:\s+of)?\s+{_THE}", True),
    (rf"(?:but\s+)?(?:only\s+)?{_WHEN}\s+{_SELF}\s+{_IN}\s+{_THE}", False),
    (rf"(?:but\s+)?(?:only\s+)?{_DURING}\s+{_THE}", False),
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A text without what was said of calendars, and the guards that say it."""

    text: str
    guards: tuple[Json, ...]


def without_schedules(text: str, home: Home) -> Cut:
    """Return a text without the phrases that name a calendar of the home, and the guards that they are."""
    guards: list[Json] = []
    for calendar, name in _names(home):
        for before, kept_out in _BEFORE:
            phrase = re.compile(rf"\s*,?\s*\b{before}{name}\b(?:\s+(?:time|calendar))?", re.IGNORECASE)
            text, count = phrase.subn("", text, count=1)
            if count:
                on: Json = {"state": calendar, "is": "on"}
                guards.append({"not": on} if kept_out else on)
    return Cut(re.sub(r"^[\s,;:.]+", "", text), tuple(guards))


def _names(home: Home) -> Iterator[tuple[str, str]]:
    """Yield each calendar with a pattern of a name that only it has, the longest first, in the singular and the plural."""
    named = [(name, each.id) for each in home.calendars for name in _called(each)]
    counted = [name for name, _ in named]
    for name, id in sorted(set(named), key=lambda pair: (-len(pair[0]), pair)):
        if counted.count(name) == 1:
            yield id, rf"{re.escape(name)}(?:s|es)?"


def _called(calendar: Calendar) -> set[str]:
    names = (re.sub(r"^(?:the|my|our)\s+|\s+calendar$", "", name.lower().strip()) for name in (calendar.name, *calendar.aliases))  # fmt: skip
    return {re.sub(r"(?<=[^s])s$", "", name) for name in names if len(name) > 2}
