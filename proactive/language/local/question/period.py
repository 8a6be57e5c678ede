"""Periods of the past: "today", "last night", "since noon", "between 2 and 4 pm yesterday", "while I was away".

A rule's times recur; a question's times are stretches that are over, or end now. A bare hour is the one that lies in the
day that is meant, by day before by night. "Last night" is from six in the evening to the end of the quiet hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from proactive.language.local.clock import Clock, Date, Days, Length, span, time_at
from proactive.language.local.detour import cannot
from proactive.language.local.question.absence import spelled_out, take_absence
from proactive.language.local.question.almanac import (
    MIDNIGHT,
    PARTS_OF_DAY,
    Almanac,
    Anchor,
    last_sun,
    latest_date,
    named_anchor,
    part_of,
)
from proactive.language.local.token import Token
from proactive.language.query import Period
from rules.calendar import local, weekday, zone_of
from rules.home import Home
from rules.units import DAY, WEEKDAYS, microseconds, seconds_of_day

WAKING = range(7 * 3600, 22 * 3600)
Side = Literal["since", "from", "after", "before", "at"]
_SIDES: dict[str, Side] = {
    "since": "since", "from": "from", "after": "after", "past": "after", "between": "from", "before": "before",
    "until": "before", "till": "before", "by": "before", "to": "before", "and": "before", "at": "at", "around": "at",
}  # fmt: skip
_NOW = ("right now", "at the moment", "currently", "just now", "at present", "now", "still")
_EVER = ("ever", "at all", "at any time", "so far")
_LATELY = ("recently", "lately")


@dataclass(slots=True)
class _Found:
    """What was found of a period while the words are gone through."""

    anchor: Anchor | None = None
    clocks: list[tuple[Side, Clock]] = field(default_factory=list)
    instants: list[tuple[Side, int]] = field(default_factory=list)
    side: Side | None = None  # of the anchor: "since yesterday"
    now: bool = False
    ever: bool = False
    said: list[str] = field(default_factory=list)

    def any(self) -> bool:
        """Say whether the words name a time."""
        return bool(self.anchor or self.clocks or self.instants or self.now or self.ever)


def take_period(tokens: Sequence[Token], home: Home, now: int, speaker: str | None) -> tuple[Period, list[Token]]:
    """Return the period that a question names and the tokens that are left. Raise DetourError for one that cannot be."""
    reader = Almanac(home, now, speaker)
    bound, rest = take_absence(tokens, reader)
    found, left = _Found(), []
    at = 0
    while at < len(rest):
        end = _step(rest, at, reader, found)
        if end == at:
            left.append(rest[at])
            end += 1
        else:
            found.said.append(" ".join(token.text for token in rest[at:end]))
        at = end
    if bound is not None:
        return bound, left
    return _settled(found, reader), left


def _step(tokens: Sequence[Token], at: int, reader: Almanac, found: _Found) -> int:
    """Read the time that begins at a token into `found`; return where it ends, the token itself where none does."""
    for read in (_plain, _bounded, _stretch, _ago, _day):
        end = read(tokens, at, reader, found)
        if end > at:
            return end
    return at


def _texts(tokens: Sequence[Token], at: int, size: int) -> str:
    return " ".join(token.text for token in tokens[at : at + size])


def _plain(tokens: Sequence[Token], at: int, reader: Almanac, found: _Found) -> int:
    """Read "now", "ever", "recently"."""
    for phrases, name in ((_NOW, "now"), (_EVER, "ever"), (_LATELY, "lately")):
        for phrase in phrases:
            size = phrase.count(" ") + 1
            if _texts(tokens, at, size) == phrase:
                if name == "lately":
                    found.anchor = Anchor(reader.now - DAY, reader.now, reader.today)
                elif phrase != "so far":
                    found.now, found.ever = found.now or name == "now", found.ever or name == "ever"
                return at + size
    return at


def _bounded(tokens: Sequence[Token], at: int, reader: Almanac, found: _Found) -> int:
    """Read a preposition with its clock, sun or day: "since noon", "after sunset", "since yesterday", "at 3 pm"."""
    side = _SIDES.get(tokens[at].text)
    if side is None or (tokens[at].text in ("and", "to") and not found.clocks):
        return at
    start = at + 1
    if start >= len(tokens):
        return at
    time = time_at(tokens, start)
    if time is not None and isinstance(time[0], Clock):
        clock = time[0]
        if side == "before" and found.clocks and found.clocks[-1][0] == "from":
            first, clock = span(found.clocks[-1][1], clock)  # "between 2 and 4 pm"
            found.clocks[-1] = ("from", first)
        found.clocks.append((side, clock))
        return time[1]
    if (sun := last_sun(tokens[start].text, reader)) is not None:
        found.instants.append((side, sun))
        return start + 1
    if side == "at" or tokens[at].text in ("by", "to", "and", "between"):
        return at
    end = _day(tokens, start, reader, found)
    if end > start and side != "from":  # "the events from last night" are those of it
        found.side = side
    return end if end > start else at


def _stretch(tokens: Sequence[Token], at: int, reader: Almanac, found: _Found) -> int:
    """Read "in the last two hours", "over the past week", "the last hour"."""
    start = at + (tokens[at].text in ("in", "within", "during", "over", "for", "throughout"))
    led = start > at
    if _texts(tokens, start, 1) == "the":
        start, led = start + 1, True
    if _texts(tokens, start, 1) not in ("last", "past") or start + 1 >= len(tokens):
        return at
    if not led and tokens[start + 1].text in ("week", "month", "year", "night"):
        return at  # "last week" is the calendar's
    time = time_at(tokens, start + 1)
    if _texts(tokens, start + 1, 1) in ("month", "year"):
        found.anchor = Anchor(
            reader.now - (30 if tokens[start + 1].text == "month" else 365) * DAY, reader.now, reader.today
        )
        return start + 2
    if time is None or not isinstance(time[0], Length):
        return at
    if time[0].duration is None:
        raise cannot("how_long", "I do not know how long that is.", "Say for example 'in the last two hours'.")
    found.anchor = Anchor(reader.now - microseconds(time[0].duration), reader.now, reader.today)
    return time[1]


def _ago(tokens: Sequence[Token], at: int, reader: Almanac, found: _Found) -> int:
    """Read "two hours ago"."""
    time = time_at(tokens, at)
    if (
        time is None
        or not isinstance(time[0], Length)
        or time[0].duration is None
        or _texts(tokens, time[1], 1) != "ago"
    ):
        return at
    found.instants.append(("at", reader.now - microseconds(time[0].duration)))
    return time[1] + 1


def _day(tokens: Sequence[Token], at: int, reader: Almanac, found: _Found) -> int:
    """Read a day, a part of a day, a week or a month."""
    for size in (5, 4, 3, 2, 1):
        if at + size <= len(tokens) and (anchor := named_anchor(_texts(tokens, at, size), reader)) is not None:
            found.anchor = anchor
            return at + size
    end = at + (tokens[at].text in ("on", "last", "this", "past", "during"))
    if end + (_texts(tokens, end, 1) == "the") < len(tokens):
        end += _texts(tokens, end, 1) == "the"
        return _weekday_or_date(tokens, at, end, reader, found)
    return at


def _weekday_or_date(tokens: Sequence[Token], at: int, start: int, reader: Almanac, found: _Found) -> int:
    time = time_at(tokens, start)
    if time is None or tokens[start].text in ("on", "every", "each"):
        return at
    value, end = time
    if isinstance(value, Days) and len(value.days) == 1:
        back = (weekday(reader.today) - WEEKDAYS.index(value.days[0])) % 7
        back = back or (7 if _texts(tokens, at, 1) in ("last", "past") else 0)
        day = reader.today - back
    elif isinstance(value, Date) and value.month and value.day:
        day = latest_date(value.month, value.day, reader)
    else:
        return at
    part = PARTS_OF_DAY.get(_texts(tokens, end, 1))
    found.anchor = part_of(day, part, reader) if part else reader.days(day, day + 1)
    return end + (part is not None)


def _settled(found: _Found, reader: Almanac) -> Period:
    """Return the period of what was found; the words' own order is how it is said back."""
    if not found.any():
        return Period()
    called = spelled_out(" ".join(found.said), reader.home)
    if found.ever and not (found.anchor or found.clocks or found.instants):
        return Period(None, reader.now, called, given=True)
    if found.now and not (found.anchor or found.clocks or found.instants):
        return Period(called=called, now=True, given=True)
    since, until = _bounds(found, reader)
    if since is not None and since > reader.now:
        raise cannot("future", f"{_capital(called)} is not over: I can only tell what has been.")
    until = min(reader.now, until) if until is not None else reader.now
    if since is not None and since > until:
        raise cannot("empty_period", f"I do not understand when {called!r} is.", "Say the earlier time first.")
    return Period(since, until, called, given=True)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _bounds(found: _Found, reader: Almanac) -> tuple[int | None, int | None]:
    anchor = found.anchor
    since: int | None = anchor.since if anchor else None
    until: int | None = anchor.until if anchor else None
    if anchor is not None and found.side is not None:
        since, until = {
            "since": (anchor.since, reader.now), "from": (anchor.since, reader.now), "after": (anchor.until, reader.now), "before": (None, anchor.since),
            "at": (anchor.since, anchor.until),
        }[found.side]  # fmt: skip
    sides = [*found.instants, *((side, _instant(clock, side, found, reader)) for side, clock in found.clocks)]
    for side, time in sides:
        if side == "at":
            since = until = time
        elif side == "before":
            until = time
            since = (
                since
                if since is not None and since <= time
                else reader.at(local(zone_of(reader.home), time)[0], MIDNIGHT)
            )
        else:
            since = time
            until = until if until is not None and until > time and side != "since" else reader.now
    return since, until


def _instant(clock: Clock, side: Side, found: _Found, reader: Almanac) -> int:
    """Return the instant of a clock: inside the day that was named, else the last one that is past."""
    seconds = [seconds_of_day(text) for text in clock.times]
    if found.anchor is not None:
        inside = [
            time
            for each in seconds
            for day in (found.anchor.day, found.anchor.day + 1)
            if found.anchor.since <= (time := reader.at(day, each)) <= min(found.anchor.until, reader.now)
        ]
        return _by_day(inside or [reader.at(found.anchor.day, each) for each in seconds], reader, first=side != "at")
    started = any(other != "before" for other, _ in found.clocks)
    if side == "before" and not started:
        return _by_day([reader.at(reader.today, each) for each in seconds], reader)
    upper = _upper(found, side, reader)
    past = [time for each in seconds for back in (0, 1) if (time := reader.at(reader.today - back, each)) < upper]
    return max(past) if side in ("since", "after", "from") else _by_day(_recent(past, upper), reader)


def _upper(found: _Found, side: Side, reader: Almanac) -> int:
    """Return what a time has to be before: the end of its own range where there is one, else now."""
    ends = [clock for other, clock in found.clocks if other == "before"]
    if side == "before" or not ends:
        return reader.now + (side == "at")
    seconds = [seconds_of_day(text) for text in ends[0].times]
    return max(t for each in seconds for back in (0, 1) if (t := reader.at(reader.today - back, each)) <= reader.now)


def _recent(times: Sequence[int], upper: int) -> list[int]:
    return [time for time in times if upper - time < DAY] or list(times)


def _by_day(times: Sequence[int], reader: Almanac, *, first: bool = False) -> int:
    """Return the last (or first) of some instants that is in waking hours, else of all of them."""
    zone = zone_of(reader.home)
    waking = [time for time in times if local(zone, time)[1] in WAKING]
    return (min if first else max)(waking or times)
