"""Recurrences: the usual RFC 5545 rules in words, and any other as it is written."""

from __future__ import annotations

import re

from rules.units import WEEKDAYS
from rules.words.times import day_name, joined, month, ordinal

_UNITS = {
    "YEARLY": "year",
    "MONTHLY": "month",
    "WEEKLY": "week",
    "DAILY": "day",
    "HOURLY": "hour",
    "MINUTELY": "minute",
}
_CODES = {day[:2].upper(): day for day in WEEKDAYS}
_SAID = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"}
_DAY = re.compile(r"([+-]?\d+)?(MO|TU|WE|TH|FR|SA|SU)")


def recurring(text: str) -> str:
    """Return `on the first Monday of every month`; a rule with rarer parts as `by the calendar rule "..."`."""
    parts = dict(part.partition("=")[::2] for part in text.upper().removeprefix("RRULE:").split(";"))
    try:
        return _usual(parts) if parts.keys() <= _SAID else _other(text)
    except (KeyError, ValueError, AttributeError, IndexError):
        return _other(text)


def _other(text: str) -> str:
    return f'by the calendar rule "{" ".join(text.split())}"'


def _usual(parts: dict[str, str]) -> str:
    unit, every = _UNITS[parts["FREQ"]], int(parts.get("INTERVAL", "1"))
    rhythm = f"every {unit}" if every == 1 else f"every {every} {unit}s"
    if "BYMONTH" in parts:
        months = joined(month(int(number)) for number in parts["BYMONTH"].split(","))
        rhythm = f"every {months}" if every == 1 and unit in ("year", "month") else f"{rhythm} in {months}"
    days = [_day(code) for code in parts["BYDAY"].split(",")] if "BYDAY" in parts else []
    days += [f"{ordinal(int(number))} day" for number in parts.get("BYMONTHDAY", "").split(",") if number]
    numbered = any(not day.endswith("s") for day in days)
    on = f"on {'the ' if numbered else ''}{joined(days)}{' of ' if numbered else ' '}" if days else ""
    return f"{on}{rhythm}"


def _day(code: str) -> str:
    found = _DAY.fullmatch(code)
    assert found is not None
    count, day = found.groups()
    name = day_name(_CODES[day])
    return f"{ordinal(int(count))} {name}" if count else f"{name}s"
