"""When: the times of a request settled for one home: windows, guards and clocks, each from words that were said.

What a word leaves open has a stated default: night is the home's quiet hours, and what starts "after ten at night"
ends when the morning does. A bare hour that nothing settles is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from proactive.language.local.answer import choose, clock_for
from proactive.language.local.clause import Timed, Times
from proactive.language.local.clock import NAMED_TIMES, Clock, Date, Length, PartName, Sun, in_part, span
from proactive.language.local.detour import DetourError, cannot
from proactive.language.local.predicate import Json
from proactive.language.outcome import Choice
from rules.home import Home
from rules.units import WEEKDAYS, Weekday, microseconds

DEFAULT_NIGHT = ("22:00", "07:00")
MORNING = "06:00"
_PARTS: dict[PartName, tuple[str, str]] = {
    "morning": (MORNING, "12:00"),
    "afternoon": ("12:00", "18:00"),
    "evening": ("18:00", "22:00"),
    "day": ("07:00", "19:00"),
}
_MEALS: dict[str, PartName] = {"breakfast": "morning", "lunch": "day", "dinner": "evening", "supper": "evening"}
_OPENING = ("between", "from", "after")


@dataclass(frozen=True, slots=True)
class When:
    """The settled times: a window or its one-sided forms, points in time, days, and whether it is for one time."""

    window: tuple[str, str] | None = None
    until: str | None = None
    at: tuple[str, ...] = ()
    part: PartName | None = None
    days: tuple[Weekday, ...] | None = None
    date: str | None = None
    once: bool = False
    expires: str | None = None
    yearly: str | None = None
    suns: tuple[Sun, ...] = ()
    since: str | None = None
    before: bool = False
    open_ended: bool = False

    def guards(self) -> list[Json]:
        """Return the guards that keep a rule to these times."""
        found: list[Json] = []
        if self.window is not None:
            found.append({"between": list(self.window)})
        if self.days is not None and self.days != WEEKDAYS:
            found.append({"days": list(self.days)})
        return found

    def points(self) -> list[Json]:
        """Return the moments that were said, each as an `at` condition."""
        times = [*self.at, *([self.until] if self.until else [])]
        suns = [{"sun": sun.event, **({"offset": sun.offset} if sun.offset else {})} for sun in self.suns]
        return [{"op": "at", **point, **self.daily()} for point in (*({"time": time} for time in times), *suns)]

    def daily(self) -> Json:
        """Return the days of a window or an `at`: empty for every day."""
        if self.date is not None:
            return {"date": self.date}
        if self.yearly is not None:
            return {"rrule": self.yearly}
        return {"days": list(self.days)} if self.days is not None and self.days != WEEKDAYS else {}


def settle(times: Times, home: Home, text: str, now: datetime | None) -> When:
    """Return the times of a request. Raise DetourError to ask about a bare hour or two times that disagree."""
    part = _only_part(times)
    hint = part or next((p for meal, p in _MEALS.items() if meal in text), None)
    since, clocks = _since(times.clocks, hint)
    window, until, at = _clocks(clocks, hint)
    if since is not None and window is None and (end := until or (at[0] if len(at) == 1 else None)):
        window, until, at = (since, end), None, []
    if window is None and not at and until is None and part is not None:
        window = part_window(part, home)
        if any(said.moment for said in times.parts):
            at, window = [window[0]], None
    days = _days(times)
    date = _date(times.dates, [p.today for p in times.parts], home, now)
    expires = _expires(times, home, now)
    return When(
        window,
        until,
        tuple(at),
        part,
        days,
        date,
        times.once or date is not None,
        expires,
        _yearly(times.dates),
        suns=tuple(times.suns),
        since=since,
        before=any(timed.preposition == "before" for timed in clocks),
        open_ended=any(timed.preposition in ("after", "from") for timed in clocks) and len(clocks) == 1,
    )


def _since(clocks: Sequence[Timed], hint: PartName | None) -> tuple[str | None, list[Timed]]:
    """Return the time since when, and the other clocks: "at noon, if he has not eaten since five"."""
    said = [timed for timed in clocks if timed.preposition == "since"]
    rest = [timed for timed in clocks if timed.preposition != "since"]
    if len(said) > 1:
        raise cannot("two_times", "I found two times since when.", "Say it with one.")
    return (settled(said[0], hint) if said else None), rest


def settled(timed: Timed, hint: PartName | None = None) -> str:
    """Return the one time of day of a clock. Raise DetourError to ask about a bare hour."""
    assert isinstance(timed.value, Clock)
    return _one(in_part(timed.value, hint))


def _yearly(dates: Sequence[Date]) -> str | None:
    """Return a month and day as a rule for each year."""
    said = [date for date in dates if date.month is not None and date.day is not None]
    return f"FREQ=YEARLY;BYMONTH={said[0].month};BYMONTHDAY={said[0].day}" if said else None


def _expires(times: Times, home: Home, now: datetime | None) -> str | None:
    """Take "in the next hour" out of the times: the rule is for that long."""
    ahead = [timed for timed in times.lengths if timed.preposition == "next"]
    if not ahead or not isinstance(length := ahead[0].value, Length) or length.duration is None:
        return None
    times.lengths = [timed for timed in times.lengths if timed not in ahead]
    until = _local(home, now) + timedelta(microseconds=microseconds(length.duration))
    return until.replace(microsecond=0).isoformat()


def part_window(part: PartName, home: Home) -> tuple[str, str]:
    """Return the hours of a part of the day in a home; night is its quiet hours."""
    if part == "night":
        start, _, end = (home.quiet_hours or "-".join(DEFAULT_NIGHT)).partition("-")
        return start, end
    return _PARTS[part]


def _only_part(times: Times) -> PartName | None:
    names = list(dict.fromkeys(part.name for part in times.parts))
    if len(names) > 1:
        said = choose("time", f"Do you mean the {names[0]} or the {names[1]}?", [Choice(name, name) for name in names])
        return next(name for name in names if name == said)
    return names[0] if names else None


def _days(times: Times) -> tuple[Weekday, ...] | None:
    if times.days:
        said = {day for days in times.days for day in days.days}
        return tuple(day for day in WEEKDAYS if day in said)
    return WEEKDAYS if any(part.every for part in times.parts) else None


def _clocks(clocks: Sequence[Timed], hint: PartName | None) -> tuple[tuple[str, str] | None, str | None, list[str]]:
    """Return the window, the time by which, and the times at which."""
    window: tuple[str, str] | None = None
    until: str | None = None
    at: list[str] = []
    rest = sorted(clocks, key=lambda timed: timed.at)
    while rest:
        timed = rest.pop(0)
        assert isinstance(timed.value, Clock)
        if timed.preposition in _OPENING and rest and rest[0].preposition in ("until", "by", "before", ""):
            end = rest.pop(0)
            assert isinstance(end.value, Clock)
            start, stop = span(in_part(timed.value, hint), in_part(end.value, hint))
            window = (_one(start), _one(stop))
        elif timed.preposition in ("after", "from"):
            window = (_one(in_part(timed.value, hint)), MORNING)
        elif timed.preposition in ("by", "before", "until"):
            until = _one(in_part(timed.value, hint))
        else:
            at.append(_one(in_part(timed.value, hint)))
    if window is not None and window[0] == window[1]:
        window = (window[0], "12:00") if window[0] != "12:00" else None
    return window, until, at


def _one(clock: Clock) -> str:
    if not clock.times:
        slot, question = f"time.{clock.name.replace(' ', '_')}", f"What time is {clock.name}?"
        return _one(in_part(clock_for(slot, question), NAMED_TIMES.get(clock.name)))
    if len(clock.times) == 1:
        return clock.times[0]
    morning, evening = clock.times
    choices = [Choice(morning, _spoken(morning)), Choice(evening, _spoken(evening))]
    return choose("time", f"Do you mean {choices[0].label} or {choices[1].label}?", choices)


_NAMED = {"00:00": "midnight", "12:00": "noon"}


def _spoken(time: str) -> str:
    if time in _NAMED:
        return _NAMED[time]
    hour, minute = int(time[:2]), time[3:]
    half = "in the morning" if hour < 12 else "in the evening" if hour >= 17 else "in the afternoon"
    return f"{hour % 12 or 12}:{minute} {half}"


def _date(dates: Sequence[Date], today: Iterable[bool], home: Home, now: datetime | None) -> str | None:
    ahead = [date.ahead for date in dates if date.ahead is not None] or [0 for flag in today if flag]
    if not ahead:
        return None
    return (_local(home, now) + timedelta(days=ahead[0])).date().isoformat()


def _local(home: Home, now: datetime | None) -> datetime:
    if now is None:
        raise _no_clock()
    return now.astimezone(ZoneInfo(home.time_zone))


def _no_clock() -> DetourError:
    return cannot(
        "no_clock", "I do not know what day it is here, so I cannot make a rule for one day.", "Name days instead."
    )
