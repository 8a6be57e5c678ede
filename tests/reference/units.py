"""Texts to values, for the reference only: durations, clocks, instants."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

Json = dict[str, Any]
DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


@lru_cache(maxsize=100_000)
def instant(text: str) -> datetime:
    """Return an RFC 3339 text as an aware datetime in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def rfc3339(time: datetime) -> str:
    """Return an aware datetime as RFC 3339 in UTC."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def length(text: str) -> timedelta:
    """Return a duration such as `1h30m`, signed where it starts with `-` or `+`."""
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"(\d+)([dhms])", text))
    return timedelta(seconds=-seconds if text.startswith("-") else seconds)


def clock(text: str) -> timedelta:
    """Return a time of day (`24:00` included) as the time since midnight on the wall clock."""
    hours, minutes, seconds = ([int(part) for part in text.split(":")] + [0])[:3]
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
