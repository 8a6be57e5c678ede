"""Units as people write them: durations (`1h30m`), times of day (`07:30`), days (`mon`), and instants.

Inside the engine an instant is whole microseconds since 1970-01-01T00:00Z and a duration is whole microseconds:
exact, small, ordered and ready for JSON. At every border they are RFC 3339 and the texts below.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_UNITS = {"d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}
_DURATION = re.compile(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?")
LONGEST = 36_525 * DAY  # of all durations: a hundred years
FIRST_YEAR, LAST_YEAR = 1900, 2199  # of all times: with the longest duration on either side, dates still exist
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@lru_cache(maxsize=4096)
def microseconds(duration: str) -> int:
    """Return the length of a duration text such as `90s`, `10m`, `2d` or `1h30m`. Raise ValueError for another.

    So is one that is longer than a hundred years.
    """
    found = _DURATION.fullmatch(duration)
    if not found or not duration:
        raise ValueError(f"expected a duration such as '90s', '10m', '6h', '2d' or '1h30m', found {duration!r}")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND
    if length > LONGEST:
        raise ValueError(f"expected at most {duration_text(LONGEST)}, found {duration!r}")
    return length


def has_known_year(day: date) -> bool:
    """Tell whether a date or time lies in the years 1900 to 2199, in which everything here can be computed."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def duration_text(length: int) -> str:
    """Return the shortest duration text of `length` microseconds, rounded down to seconds: `1h30m`."""
    rest, parts = max(length, 0), []
    for unit, size in _UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


@lru_cache(maxsize=4096)
def seconds_of_day(clock: str) -> int:
    """Return the seconds from midnight of `HH:MM` or `HH:MM:SS`; `24:00` is 86400. Raise ValueError for another."""
    if clock == "24:00":
        return 86_400
    found = _CLOCK.fullmatch(clock)
    if not found:
        raise ValueError(f"expected a time of day such as '07:30', found {clock!r}")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


@lru_cache(maxsize=1024)
def offset_microseconds(offset: str) -> int:
    """Return a signed duration: `30m`, `+30m` or `-1h`."""
    sign = -1 if offset.startswith("-") else 1
    return sign * microseconds(offset.lstrip("+-"))


def instant(time: datetime) -> int:
    """Return an aware datetime as microseconds since the epoch."""
    return (time - EPOCH) // MICROSECOND


def moment(time: int) -> datetime:
    """Return microseconds since the epoch as an aware datetime in UTC."""
    return EPOCH + timedelta(microseconds=time)


def rfc3339(time: int) -> str:
    """Return microseconds since the epoch as `2026-03-09T17:00:00Z`, with a fraction only where there is one."""
    whole, fraction = divmod(time, SECOND)
    text = (EPOCH + timedelta(seconds=whole)).isoformat()[:19]
    if not fraction:
        return text + "Z"
    return f"{text}.{fraction // 1000:03d}Z" if fraction % 1000 == 0 else f"{text}.{fraction:06d}Z"


def _duration(text: str) -> str:
    microseconds(text)
    return text


def _positive(text: str) -> str:
    if microseconds(text) == 0:
        raise ValueError("expected a duration longer than nothing")
    return text


def _clock(text: str) -> str:
    if seconds_of_day(text) == 86_400:
        raise ValueError("expected a time of day before '24:00'")
    return text


def _end_clock(text: str) -> str:
    seconds_of_day(text)
    return text


def _offset(text: str) -> str:
    offset_microseconds(text)
    return text


Duration = Annotated[str, AfterValidator(_duration)]
PositiveDuration = Annotated[str, AfterValidator(_positive)]
Clock = Annotated[str, AfterValidator(_clock)]
EndClock = Annotated[str, AfterValidator(_end_clock)]
Offset = Annotated[str, AfterValidator(_offset)]
