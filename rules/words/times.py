"""Times as people say them: `noon`, `7:30 am`, `on weekdays`, `1 hour and 30 minutes`, `Monday, 9 March 2026`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rules.units import DAY, HOUR, MINUTE, SECOND, WEEKDAYS, Weekday, microseconds, moment, seconds_of_day

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NAMES = dict(zip(WEEKDAYS, _DAYS, strict=True))
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_UNITS = (("day", DAY), ("hour", HOUR), ("minute", MINUTE), ("second", SECOND))
_NOON = 43_200
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def joined(words: Iterable[str], last: str = "and") -> str:
    """Return `a`, `a and b` or `a, b and c`."""
    *rest, final = list(words) or [""]
    return f"{', '.join(rest)} {last} {final}" if rest else final


def clock(text: str) -> str:
    """Return a time of day such as `07:30` as `7:30 am`, and `00:00`, `12:00` and `24:00` by their names."""
    return _clock(seconds_of_day(text))


def _clock(seconds: int) -> str:
    if seconds % 86_400 == 0:
        return "midnight"
    if seconds == _NOON:
        return "noon"
    hour, rest = divmod(seconds, 3600)
    minute, second = divmod(rest, 60)
    small = f":{minute:02d}:{second:02d}" if second else f":{minute:02d}" if minute else ""
    return f"{(hour - 1) % 12 + 1}{small} {'am' if seconds < _NOON else 'pm'}"


def duration(text: str) -> str:
    """Return a duration such as `1h30m` as `1 hour and 30 minutes`."""
    return length(microseconds(text))


def length(span: int) -> str:
    """Return a duration in microseconds in words, rounded down to seconds."""
    parts: list[str] = []
    for name, size in _UNITS:
        count, span = divmod(span, size)
        if count:
            parts.append(f"{count} {name}{'s' if count > 1 else ''}")
    return joined(parts) if parts else "0 seconds"


def often(number: int) -> str:
    """Return `once`, `twice` or `1,204 times`."""
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def on_days(days: Sequence[Weekday] | None) -> str:
    """Return `every day`, `on weekdays`, `at weekends` or `on Mondays and Fridays`."""
    chosen = [day for day in WEEKDAYS if days is None or day in days]
    if len(chosen) == len(WEEKDAYS):
        return "every day"
    if tuple(chosen) == WEEKDAYS[:5]:
        return "on weekdays"
    if tuple(chosen) == WEEKDAYS[5:]:
        return "at weekends"
    return "on " + joined(f"{_NAMES[day]}s" for day in chosen)


def a_day(days: Sequence[Weekday]) -> str:
    """Return `a weekday`, `a Saturday or Sunday` or `any day`."""
    chosen = [day for day in WEEKDAYS if day in days]
    if len(chosen) == len(WEEKDAYS):
        return "any day"
    if tuple(chosen) == WEEKDAYS[:5]:
        return "a weekday"
    return "a " + joined((_NAMES[day] for day in chosen), "or")


def on_date(day: date) -> str:
    """Return a date as `9 March 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def on_short_date(day: date) -> str:
    """Return a date as it stands in a table: `Mon 9 Mar`."""
    return f"{_DAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]}"


def month(number: int) -> str:
    """Return the name of month 1 to 12."""
    return _MONTHS[number - 1]


def day_name(day: Weekday) -> str:
    """Return the name of a weekday: `Monday`."""
    return _NAMES[day]


def ordinal(number: int) -> str:
    """Return `first` to `fifth`, then `6th`; negative numbers count from the end: `last`, `second to last`."""
    if number < 0:
        return "last" if number == -1 else f"{ordinal(-number)} to last"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return _ORDINALS.get(number, f"{number}{ending}")


def at_moment(time: int, zone: ZoneInfo) -> str:
    """Return an instant as the home's clock shows it: `noon on Monday, 9 March 2026`."""
    there = moment(time).astimezone(zone)
    return f"{clock_of(there)} on {_NAMES[WEEKDAYS[there.weekday()]]}, {on_date(there.date())}"


def time_of(time: int, zone: ZoneInfo) -> str:
    """Return an instant as the home's clock shows it, without its date: `8:12 am`."""
    return clock_of(moment(time).astimezone(zone))


def on_weekday(day: date) -> str:
    """Return a date as `Monday, 9 March 2026`."""
    return f"{_DAYS[day.weekday()]}, {on_date(day)}"


def clock_of(there: datetime) -> str:
    """Return the time of day of a local datetime, to the minute unless it has seconds."""
    return _clock(there.hour * 3600 + there.minute * 60 + there.second)


def stretch(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Return `from 10:40 am to noon`, with dates where the two are on different days."""
    left, right = start.astimezone(zone), end.astimezone(zone)
    if left.date() == right.date() or (clock_of(right) == "midnight" and (right - left).days < 1):
        return f"from {clock_of(left)} to {clock_of(right)}"
    return f"from {clock_of(left)} on {on_date(left.date())} to {clock_of(right)} on {on_date(right.date())}"
