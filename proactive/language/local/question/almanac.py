"""Days, parts of them, weeks and the sun, as stretches of a home's past. "Last night" is from six in the evening to the
end of the quiet hours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from proactive.language.local.detour import cannot
from rules.calendar import local, resolve, sun_time, weekday, zone_of
from rules.home import Home
from rules.units import seconds_of_day

MIDNIGHT = 0
NOON = 43_200
EVENING = 61_200
DUSK = 64_800  # six in the evening: when "last night" begins
_QUIET_END = "06:00"
_NIGHT = ("22:00", _QUIET_END)


@dataclass(slots=True)
class Anchor:
    """The stretch that a day, a part of one or a longer span names, as instants, and the local date it is about."""

    since: int
    until: int
    day: int


@dataclass(frozen=True, slots=True)
class Almanac:
    """Reads the times of one question, asked at an instant in a home by somebody."""

    home: Home
    now: int
    speaker: str | None

    @property
    def today(self) -> int:
        """Return the local date, as its ordinal."""
        return local(zone_of(self.home), self.now)[0]

    def at(self, day: int, clock: int) -> int:
        """Return the instant of a local date and time of day."""
        return resolve(zone_of(self.home), day, clock)

    def days(self, first: int, last: int) -> Anchor:
        """Return whole days, `last` excluded."""
        return Anchor(self.at(first, MIDNIGHT), self.at(last, MIDNIGHT), first)

    def quiet(self) -> tuple[int, int]:
        """Return the begin and the end of the quiet hours, as seconds of the day."""
        begin, end = (self.home.quiet_hours or "-".join(_NIGHT)).split("-")
        return seconds_of_day(begin), seconds_of_day(end)


_SUN = {
    "sunset": "sunset",
    "sundown": "sunset",
    "dusk": "sunset",
    "dark": "sunset",
    "sunrise": "sunrise",
    "dawn": "sunrise",
}


def last_sun(word: str, reader: Almanac) -> int | None:
    """Return the last sunrise or sunset that a word names, or None."""
    which = _SUN.get(word)
    if which is None or reader.home.location is None:
        return None
    times = (sun_time(reader.home.location, zone_of(reader.home), reader.today - back, which) for back in (0, 1))
    return next((time for time in times if time is not None and time <= reader.now), None)


def latest_date(month: int, day: int, reader: Almanac) -> int:
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
PARTS_OF_DAY: dict[str, Part] = {
    "morning": "morning",
    "afternoon": "afternoon",
    "evening": "evening",
    "night": "night",
}


def part_of(day: int, part: Part, reader: Almanac) -> Anchor:
    """Return a part of a local date; its night ends with the quiet hours of the next."""
    _, quiet_end = reader.quiet()
    match part:
        case "morning":
            return Anchor(reader.at(day, MIDNIGHT), reader.at(day, NOON), day)
        case "afternoon":
            return Anchor(reader.at(day, NOON), reader.at(day, DUSK), day)
        case "evening":
            return Anchor(reader.at(day, EVENING), reader.at(day + 1, MIDNIGHT), day)
        case "night":
            return Anchor(reader.at(day, DUSK), reader.at(day + 1, quiet_end), day)


def last_quiet_hours(reader: Almanac) -> Anchor:
    """Return the last night of the quiet hours that has begun."""
    begin, end = reader.quiet()
    day = reader.today if reader.at(reader.today, begin) <= reader.now else reader.today - 1
    return Anchor(reader.at(day, begin), reader.at(day + (end <= begin), end), day)


def named_anchor(text: str, reader: Almanac) -> Anchor | None:
    """Return the day, part of a day, week, month or year that words name, or None."""
    text = re.sub(r"^(?:during |in |over )?(?:the )?", "", text)
    return _named_days(text, reader) or _named_part(text.split(), reader) or _named_weeks(text, reader)


def _named_days(text: str, reader: Almanac) -> Anchor | None:
    ahead = {"today": 0, "this day": 0, "yesterday": 1, "day before yesterday": 2}.get(text)
    return None if ahead is None else reader.days(reader.today - ahead, reader.today - ahead + 1)


def _named_part(words: Sequence[str], reader: Almanac) -> Anchor | None:
    early = reader.now < reader.at(reader.today, reader.quiet()[1])  # at two in the morning, "tonight" began yesterday
    match words:
        case ["tonight"]:
            return part_of(reader.today - early, "night", reader)
        case ["overnight"] | ["at", "night"]:
            return last_quiet_hours(reader)
        case ["night"] if early:
            return last_quiet_hours(reader)
        case [("this" | "yesterday" | "last") as which, word] if word in PARTS_OF_DAY:
            part = PARTS_OF_DAY[word]
            return (
                part_of(reader.today - (which != "this"), part, reader)
                if part != "night" or which != "this"
                else part_of(reader.today - early, part, reader)
            )
        case _:
            return None


def _named_weeks(text: str, reader: Almanac) -> Anchor | None:
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
