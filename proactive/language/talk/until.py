"""Until: the end of a stretch that is said at the end of a sentence: "until Sunday", "tonight", "for two hours"."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from proactive.language.local.clock import Clock, Date, Days, Length, time_at
from proactive.language.local.token import tokens_of
from proactive.language.local.when import part_window
from proactive.language.talk.words import is_length
from rules.home import Home
from rules.units import WEEKDAYS, microseconds

_TONIGHT = re.compile(r"\s*\b(?:(?:for|until the end of) )?(?:tonight|the night|this evening|overnight)$")
_TODAY = re.compile(r"\s*\b(?:for )?(?:(?:the rest of )?today|the rest of the day)$")
_UNTIL = re.compile(r"\s*\b(?:until|till|through|before) (?P<what>.+)$")
_FOR = re.compile(r"\s*\bfor (?:the next |about |another )?(?P<what>.+)$")


def until_of(text: str, home: Home, now: datetime | None) -> tuple[str, datetime | None]:
    """Return a text in lower case without the end of a stretch, and that end; the whole text and None where none is said.

    A day without a time of day ends the stretch when its quiet hours end: nobody means midnight by "until Sunday".
    """
    if now is None:
        return text, None
    local = now.astimezone(ZoneInfo(home.time_zone))
    if found := _TONIGHT.search(text):
        return text[: found.start()], _next(local, part_window("night", home)[1])
    if found := _TODAY.search(text):
        return text[: found.start()], _next(local, "00:00")
    if (found := _UNTIL.search(text)) and (end := _moment(found["what"], home, local)) is not None:
        return text[: found.start()], end
    if (found := _FOR.search(text)) and (length := _length(found["what"])) is not None:
        return text[: found.start()], local + length
    return text, None


def _morning(day: datetime, home: Home) -> datetime:
    """Return when the quiet hours of a day end."""
    return day.replace(hour=0, minute=0, second=0, microsecond=0) + _since_midnight(part_window("night", home)[1])


def _next(after: datetime, clock: str) -> datetime:
    """Return the next time that a clock shows a time of day."""
    start = after.replace(hour=0, minute=0, second=0, microsecond=0) + _since_midnight(clock)
    return start if start > after else start + timedelta(days=1)


def _since_midnight(clock: str) -> timedelta:
    found = time.fromisoformat(clock)
    return timedelta(hours=found.hour, minutes=found.minute)


def _moment(words: str, home: Home, local: datetime) -> datetime | None:
    """Return the moment that words name: a time of day, a weekday, tomorrow, the fifth of March."""
    tokens = tokens_of(f"until {re.sub(r'^(?:the |next |this |on )+', '', words)}")
    found = time_at(tokens, 1)
    if found is None or found[1] != len(tokens):
        return _morning(local + timedelta(days=1), home) if words in ("the morning", "morning") else None
    slot = found[0]
    if isinstance(slot, Clock):  # "until dinner" names a time of day that nobody told
        return min((_next(local, each) for each in slot.times), default=None)
    if isinstance(slot, Days) and len(slot.days) == 1:
        ahead = (WEEKDAYS.index(slot.days[0]) - local.weekday()) % 7 or 7
        return _morning(local + timedelta(days=ahead), home)
    return _dated(slot, home, local) if isinstance(slot, Date) else None


def _dated(date: Date, home: Home, local: datetime) -> datetime | None:
    if date.ahead is not None:
        return _morning(local + timedelta(days=date.ahead or 1), home)
    return _on_date(date.month, date.day, home, local) if date.month and date.day else None


def _on_date(month: int, day: int, home: Home, local: datetime) -> datetime | None:
    for year in (local.year, local.year + 1):
        try:
            end = _morning(local.replace(year=year, month=month, day=day), home)
        except ValueError:
            continue
        if end > local:
            return end
    return None


def _length(words: str) -> timedelta | None:
    tokens = tokens_of(f"for {words}")
    found = time_at(tokens, 1)
    if found is None or found[1] != len(tokens) or not isinstance(found[0], Length):
        return None
    if not is_length(found[0].duration) or found[0].duration is None:
        return None
    return timedelta(microseconds=microseconds(found[0].duration))
