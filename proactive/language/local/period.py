"""Periods of the past: "today", "last night", "since noon", "between 2 and 4 pm yesterday", "while I was away".

A rule's times recur; a question's times are stretches that are over, or end now. A bare hour is the one that lies in the
day that is meant, by day before by night. "Last night" is from six in the evening to the end of the quiet hours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from proactive.language.local.catalogue import catalogue_of, without_articles
from proactive.language.local.clock import Clock, Date, Days, Length, span, time_at
from proactive.language.local.detour import ask_which, cannot
from proactive.language.local.token import Token, stems
from proactive.language.query import Bound, Period
from rules.calendar import local, resolve, sun_time, weekday, zone_of
from rules.home import Home
from rules.units import DAY, WEEKDAYS, microseconds, seconds_of_day

MIDNIGHT, NOON, EVENING = 0, 43_200, 61_200
DUSK = 64_800  # six in the evening: when "last night" begins
WAKING = range(7 * 3600, 22 * 3600)
_QUIET_END = "06:00"
_NIGHT = ("22:00", _QUIET_END)
Side = Literal["since", "from", "after", "before", "at"]
_SIDES: dict[str, Side] = {
    "since": "since", "from": "from", "after": "after", "past": "after", "between": "from", "before": "before",
    "until": "before", "till": "before", "by": "before", "to": "before", "and": "before", "at": "at", "around": "at",
}  # fmt: skip
_NOW = ("right now", "at the moment", "currently", "just now", "at present", "now", "still")
_EVER = ("ever", "at all", "at any time", "so far")
_LATELY = ("recently", "lately")


@dataclass(slots=True)
class _Anchor:
    """The stretch that a day, a part of one or a longer span names, as instants, and the local date it is about."""

    since: int
    until: int
    day: int


@dataclass(slots=True)
class _Found:
    """What was found of a period while the words are gone through."""

    anchor: _Anchor | None = None
    clocks: list[tuple[Side, Clock]] = field(default_factory=list)
    instants: list[tuple[Side, int]] = field(default_factory=list)
    side: Side | None = None  # of the anchor: "since yesterday"
    now: bool = False
    ever: bool = False
    said: list[str] = field(default_factory=list)

    def any(self) -> bool:
        """Say whether the words name a time."""
        return bool(self.anchor or self.clocks or self.instants or self.now or self.ever)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the times of one question, asked at an instant in a home by somebody."""

    home: Home
    now: int
    speaker: str | None

    @property
    def today(self) -> int:
        return local(zone_of(self.home), self.now)[0]

    def at(self, day: int, clock: int) -> int:
        """Return the instant of a local date and time of day."""
        return resolve(zone_of(self.home), day, clock)

    def days(self, first: int, last: int) -> _Anchor:
        """Return whole days, `last` excluded."""
        return _Anchor(self.at(first, MIDNIGHT), self.at(last, MIDNIGHT), first)

    def quiet(self) -> tuple[int, int]:
        """Return the begin and the end of the quiet hours, as seconds of the day."""
        begin, end = (self.home.quiet_hours or "-".join(_NIGHT)).split("-")
        return seconds_of_day(begin), seconds_of_day(end)


def take_period(tokens: Sequence[Token], home: Home, now: int, speaker: str | None) -> tuple[Period, list[Token]]:
    """Return the period that a question names and the tokens that are left. Raise DetourError for one that cannot be."""
    reader = _Reader(home, now, speaker)
    bound, rest = _bound(tokens, reader)
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


# --- absences ---------------------------------------------------------------------------------------------------

_GONE = r"(?:away|out|gone|not (?:at )?home|at work|at school|on (?:a )?(?:holiday|vacation|trip)|travelling|traveling|not here|abroad|off)"
_ASLEEP = r"(?:asleep|sleeping|in bed)"
_ABSENCE = re.compile(
    rf"\b(?:while|when|whilst|during the time) (?P<who>[\w' ]+?) (?:was|were|am|are|is|has been|have been) (?P<how>{_GONE}|{_ASLEEP})\b"
    r"|\b(?:while|when) (?P<empty>nobody|no one) (?:was|were|is) (?:at )?(?:home|here|in)\b"
    r"|\bsince (?P<left>[\w' ]+?) (?:left|went (?:out|away)|have left|has left|had left)\b(?: home| the house)?"
    r"|\bsince (?P<back>[\w' ]+?) (?:came|got|come|arrived|have been|has been|was|were|am|are|is) (?:at )?(?:home|back)\b"
    r"|\b(?:during|in|over|on) (?:my|our|the) (?P<trip>absence|holidays?|vacation|trip)\b"
)


def _bound(tokens: Sequence[Token], reader: _Reader) -> tuple[Period | None, list[Token]]:
    text = " ".join(token.text for token in tokens)
    found = _ABSENCE.search(text)
    if found is None:
        return None, list(tokens)
    first = text[: found.start()].count(" ")
    rest = [*tokens[:first], *tokens[first + found[0].count(" ") + 1 :]]
    if found["how"] and re.fullmatch(_ASLEEP, found["how"]):
        return _last_night(reader, found[0]), rest
    who = found["who"] or found["left"] or found["back"]
    people = _people(who, reader) if who else tuple(person.id for person in reader.home.people)
    if found["trip"] and " my " in f" {found[0]} ":
        people = _people("i", reader)
    bound: Bound = "left" if found["left"] else "back" if found["back"] else "away"
    return Period(called=_absence_text(found, reader, people), bound=bound, people=people, given=True), rest


def _last_night(reader: _Reader, said: str) -> Period:
    anchor = _night(reader)
    return Period(anchor.since, min(anchor.until, reader.now), _turned(said), given=True)


def _people(who: str, reader: _Reader) -> tuple[str, ...]:
    home = reader.home
    if who in ("we", "we all", "everyone", "everybody", "all of us"):
        return tuple(person.id for person in home.people)
    if who == "i":
        if reader.speaker is None:
            raise ask_which("subject", "Who are you:", [person.id for person in home.people], home)
        return (reader.speaker,)
    refs = catalogue_of(home).phrases.get(without_articles(stems(who)), [])
    people = tuple(dict.fromkeys(ref.id for ref in refs if ref.kind == "person"))
    if not people:
        raise cannot("unknown_person", f"I do not know who {who!r} is here, so I cannot tell when that was.")
    return people


def _absence_text(found: re.Match[str], reader: _Reader, people: tuple[str, ...]) -> str:
    return _spelled(_turned(found[0]) if reader.speaker in people or len(people) != 1 else found[0], reader.home)


def _spelled(text: str, home: Home) -> str:
    """Return words with the capitals of names, weekdays and months."""
    names = {part.lower(): part for person in home.people for part in person.name.split()}
    return " ".join(names.get(word, word.capitalize() if word in _CAPITALS else word) for word in text.split())


_CAPITALS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december""".split()
)
_TURNS = {"i": "you", "am": "are", "we": "you", "my": "your", "our": "your", "was": "were"}


def _turned(text: str) -> str:
    """Return a person's words as they are said back: "while I was away" is "while you were away"."""
    words = text.split()
    first = bool({"i", "we"} & set(words))
    return " ".join(_TURNS.get(word, word) if first or word in ("my", "our") else word for word in words)


# --- days and stretches -----------------------------------------------------------------------------------------


def _step(tokens: Sequence[Token], at: int, reader: _Reader, found: _Found) -> int:
    """Read the time that begins at a token into `found`; return where it ends, the token itself where none does."""
    for read in (_plain, _bounded, _stretch, _ago, _day):
        end = read(tokens, at, reader, found)
        if end > at:
            return end
    return at


def _texts(tokens: Sequence[Token], at: int, size: int) -> str:
    return " ".join(token.text for token in tokens[at : at + size])


def _plain(tokens: Sequence[Token], at: int, reader: _Reader, found: _Found) -> int:
    """Read "now", "ever", "recently"."""
    for phrases, name in ((_NOW, "now"), (_EVER, "ever"), (_LATELY, "lately")):
        for phrase in phrases:
            size = phrase.count(" ") + 1
            if _texts(tokens, at, size) == phrase:
                if name == "lately":
                    found.anchor = _Anchor(reader.now - DAY, reader.now, reader.today)
                elif phrase != "so far":
                    found.now, found.ever = found.now or name == "now", found.ever or name == "ever"
                return at + size
    return at


def _bounded(tokens: Sequence[Token], at: int, reader: _Reader, found: _Found) -> int:
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
    if (sun := _sun(tokens[start].text, reader)) is not None:
        found.instants.append((side, sun))
        return start + 1
    if side == "at" or tokens[at].text in ("by", "to", "and", "between"):
        return at
    end = _day(tokens, start, reader, found)
    if end > start and side != "from":  # "the events from last night" are those of it
        found.side = side
    return end if end > start else at


_SUN = {
    "sunset": "sunset",
    "sundown": "sunset",
    "dusk": "sunset",
    "dark": "sunset",
    "sunrise": "sunrise",
    "dawn": "sunrise",
}


def _sun(word: str, reader: _Reader) -> int | None:
    which = _SUN.get(word)
    if which is None or reader.home.location is None:
        return None
    times = (sun_time(reader.home.location, zone_of(reader.home), reader.today - back, which) for back in (0, 1))
    return next((time for time in times if time is not None and time <= reader.now), None)


def _stretch(tokens: Sequence[Token], at: int, reader: _Reader, found: _Found) -> int:
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
        found.anchor = _Anchor(
            reader.now - (30 if tokens[start + 1].text == "month" else 365) * DAY, reader.now, reader.today
        )
        return start + 2
    if time is None or not isinstance(time[0], Length):
        return at
    if time[0].duration is None:
        raise cannot("how_long", "I do not know how long that is.", "Say for example 'in the last two hours'.")
    found.anchor = _Anchor(reader.now - microseconds(time[0].duration), reader.now, reader.today)
    return time[1]


def _ago(tokens: Sequence[Token], at: int, reader: _Reader, found: _Found) -> int:
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


def _day(tokens: Sequence[Token], at: int, reader: _Reader, found: _Found) -> int:
    """Read a day, a part of a day, a week or a month."""
    for size in (5, 4, 3, 2, 1):
        if at + size <= len(tokens) and (anchor := _named(_texts(tokens, at, size), reader)) is not None:
            found.anchor = anchor
            return at + size
    end = at + (tokens[at].text in ("on", "last", "this", "past", "during"))
    if end + (_texts(tokens, end, 1) == "the") < len(tokens):
        end += _texts(tokens, end, 1) == "the"
        return _weekday_or_date(tokens, at, end, reader, found)
    return at


def _weekday_or_date(tokens: Sequence[Token], at: int, start: int, reader: _Reader, found: _Found) -> int:
    time = time_at(tokens, start)
    if time is None or tokens[start].text in ("on", "every", "each"):
        return at
    value, end = time
    if isinstance(value, Days) and len(value.days) == 1:
        back = (weekday(reader.today) - WEEKDAYS.index(value.days[0])) % 7
        back = back or (7 if _texts(tokens, at, 1) in ("last", "past") else 0)
        day = reader.today - back
    elif isinstance(value, Date) and value.month and value.day:
        day = _latest(value.month, value.day, reader)
    else:
        return at
    part = _PARTS_OF_DAY.get(_texts(tokens, end, 1))
    found.anchor = _part_of(day, part, reader) if part else reader.days(day, day + 1)
    return end + (part is not None)


def _latest(month: int, day: int, reader: _Reader) -> int:
    """Return the last such date that is not in the future."""
    year = date.fromordinal(reader.today).year
    for each in (year, year - 1, year - 2, year - 3, year - 4):
        try:
            found = date(each, month, day).toordinal()
        except ValueError:
            continue
        if found <= reader.today:
            return found
    raise cannot("no_such_date", "There is no such date.")


Part = Literal["morning", "afternoon", "evening", "night"]
_PARTS_OF_DAY: dict[str, Part] = {
    "morning": "morning",
    "afternoon": "afternoon",
    "evening": "evening",
    "night": "night",
}


def _part_of(day: int, part: Part, reader: _Reader) -> _Anchor:
    _, quiet_end = reader.quiet()
    match part:
        case "morning":
            return _Anchor(reader.at(day, MIDNIGHT), reader.at(day, NOON), day)
        case "afternoon":
            return _Anchor(reader.at(day, NOON), reader.at(day, DUSK), day)
        case "evening":
            return _Anchor(reader.at(day, EVENING), reader.at(day + 1, MIDNIGHT), day)
        case "night":
            return _Anchor(reader.at(day, DUSK), reader.at(day + 1, quiet_end), day)


def _night(reader: _Reader) -> _Anchor:
    """Return the last night of the quiet hours that has begun."""
    begin, end = reader.quiet()
    day = reader.today if reader.at(reader.today, begin) <= reader.now else reader.today - 1
    return _Anchor(reader.at(day, begin), reader.at(day + (end <= begin), end), day)


def _named(text: str, reader: _Reader) -> _Anchor | None:
    """Return the day, part of a day, week, month or year that words name, or None."""
    text = re.sub(r"^(?:during |in |over )?(?:the )?", "", text)
    return _named_days(text, reader) or _named_part(text.split(), reader) or _named_weeks(text, reader)


def _named_days(text: str, reader: _Reader) -> _Anchor | None:
    ahead = {"today": 0, "this day": 0, "yesterday": 1, "day before yesterday": 2}.get(text)
    return None if ahead is None else reader.days(reader.today - ahead, reader.today - ahead + 1)


def _named_part(words: Sequence[str], reader: _Reader) -> _Anchor | None:
    early = reader.now < reader.at(reader.today, reader.quiet()[1])  # at two in the morning, "tonight" began yesterday
    match words:
        case ["tonight"]:
            return _part_of(reader.today - early, "night", reader)
        case ["overnight"] | ["at", "night"]:
            return _night(reader)
        case ["night"] if early:
            return _night(reader)
        case [("this" | "yesterday" | "last") as which, word] if word in _PARTS_OF_DAY:
            part = _PARTS_OF_DAY[word]
            return (
                _part_of(reader.today - (which != "this"), part, reader)
                if part != "night" or which != "this"
                else _part_of(reader.today - early, part, reader)
            )
        case _:
            return None


def _named_weeks(text: str, reader: _Reader) -> _Anchor | None:
    today = reader.today
    monday = today - weekday(today)
    saturday = monday + 5 - 7 * (weekday(today) < 5)
    spans = {
        "this week": (monday, monday + 7),
        "last week": (monday - 7, monday),
        "this weekend": (saturday, saturday + 2),
        "weekend": (saturday, saturday + 2),
        "last weekend": (monday - 2, monday),
    }
    spans |= {
        f"{which} {unit}": _calendar(today, unit, which == "last")
        for which in ("this", "last")
        for unit in ("month", "year")
    }
    return reader.days(*spans[text]) if text in spans else None


def _calendar(today: int, unit: str, before: bool) -> tuple[int, int]:
    """Return the first date of this or the last month or year, and the first after it."""
    now = date.fromordinal(today)
    first = now.replace(day=1) if unit == "month" else now.replace(month=1, day=1)
    if before:
        last = date.fromordinal(first.toordinal() - 1)
        begin = last.replace(day=1) if unit == "month" else last.replace(month=1, day=1)
        return begin.toordinal(), first.toordinal()
    return first.toordinal(), today + 1


# --- putting it together ----------------------------------------------------------------------------------------


def _settled(found: _Found, reader: _Reader) -> Period:
    """Return the period of what was found; the words' own order is how it is said back."""
    if not found.any():
        return Period()
    called = _spelled(" ".join(found.said), reader.home)
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


def _bounds(found: _Found, reader: _Reader) -> tuple[int | None, int | None]:
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


def _instant(clock: Clock, side: Side, found: _Found, reader: _Reader) -> int:
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


def _upper(found: _Found, side: Side, reader: _Reader) -> int:
    """Return what a time has to be before: the end of its own range where there is one, else now."""
    ends = [clock for other, clock in found.clocks if other == "before"]
    if side == "before" or not ends:
        return reader.now + (side == "at")
    seconds = [seconds_of_day(text) for text in ends[0].times]
    return max(t for each in seconds for back in (0, 1) if (t := reader.at(reader.today - back, each)) <= reader.now)


def _recent(times: Sequence[int], upper: int) -> list[int]:
    return [time for time in times if upper - time < DAY] or list(times)


def _by_day(times: Sequence[int], reader: _Reader, *, first: bool = False) -> int:
    """Return the last (or first) of some instants that is in waking hours, else of all of them."""
    zone = zone_of(reader.home)
    waking = [time for time in times if local(zone, time)[1] in WAKING]
    return (min if first else max)(waking or times)
