"""The wall clock of a home: which instant a local time is, and where the sun stands.

A local time is the first instant at which the wall clock reads it; one that is skipped is the first instant at which
the wall clock reads something later. That one sentence gives gaps and overlaps.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import elevation, sunrise, sunset
from dateutil.rrule import rrulestr

from tests.reference.units import DAY, Json, clock, length

_STEP = timedelta(microseconds=1)


def reading(home: Json, at: datetime) -> datetime:
    """Return what the home's wall clock reads at an instant, without zone."""
    return at.astimezone(ZoneInfo(home.get("time_zone", "UTC"))).replace(tzinfo=None)


def instant_of(home: Json, day: date, since_midnight: timedelta) -> datetime:
    """Return the instant of a local time: the first occurrence, or the first valid instant after a gap."""
    return _instant(home.get("time_zone", "UTC"), datetime.combine(day, time()) + since_midnight)


@lru_cache(maxsize=100_000)
def _instant(zone: str, wall: datetime) -> datetime:
    def read(at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    around = [wall.replace(tzinfo=UTC) + timedelta(hours=hours) for hours in range(-30, 31)]
    guesses = sorted({wall.replace(tzinfo=UTC) - (read(at) - at.replace(tzinfo=None)) for at in around})
    found = [guess for guess in guesses if read(guess) == wall]
    return found[0] if found else _after_gap(zone, wall, guesses[0], guesses[-1])


def _after_gap(zone: str, wall: datetime, low: datetime, high: datetime) -> datetime:
    """Return the first instant in (low, high] at which the clock reads more than `wall`, by halving."""
    while high - low > _STEP:
        middle = low + (high - low) // 2
        if middle.astimezone(ZoneInfo(zone)).replace(tzinfo=None) > wall:
            high = middle
        else:
            low = middle
    return high


def dates(home: Json, low: datetime, high: datetime) -> Iterator[date]:
    """Yield the calendar dates from two days before `low` to two days after `high`."""
    day, last = reading(home, low).date() - 2 * DAY, reading(home, high).date() + 2 * DAY
    while day <= last:
        yield day
        day += DAY


def sun_event(home: Json, which: str, day: date) -> datetime | None:
    """Return sunrise or sunset of a local date, or None where there is none."""
    place = home["location"]
    return _sun_event(place["latitude"], place["longitude"], home.get("time_zone", "UTC"), which, day)


@lru_cache(maxsize=10_000)
def _sun_event(latitude: float, longitude: float, zone: str, which: str, day: date) -> datetime | None:
    event = sunrise if which == "sunrise" else sunset
    try:
        return event(Observer(latitude, longitude), day, ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        return None


def sun_is_up(home: Json, at: datetime) -> bool | None:
    """Return whether the sun is up; None for a home whose location is not known."""
    if not home.get("location"):
        return None
    day = reading(home, at).date()
    rise, fall = sun_event(home, "sunrise", day), sun_event(home, "sunset", day)
    if rise is None or fall is None:
        return elevation(Observer(home["location"]["latitude"], home["location"]["longitude"]), at) > 0
    return rise <= at < fall


def recurrences(home: Json, when: Json, put: datetime, until: datetime) -> list[datetime]:
    """Return the wall-clock times (without zone) that the `rrule` of an `at` gives up to two days after `until`."""
    begin = datetime.combine(reading(home, put).date(), time()) + clock(when.get("time") or "00:00")
    last = reading(home, until) + 2 * DAY
    found = []
    for wall in rrulestr(when["rrule"], dtstart=begin):
        if wall > last:
            break
        found.append(wall)
    return found


def moments(home: Json, when: Json, put: datetime, until: datetime) -> list[datetime]:
    """Return the instants that an `at` means, each once, in order, in a range that covers (put, until]."""
    if when.get("rrule"):
        walls = recurrences(home, when, put, until)
        if not (when.get("time") or when.get("sun")):
            return sorted({instant_of(home, w.date(), w - datetime.combine(w.date(), time())) for w in walls})
        days = sorted({wall.date() for wall in walls})
    elif when.get("date"):
        days = [date.fromisoformat(when["date"])]
    else:
        days = list(dates(home, put, until))
    wanted = when.get("days")
    chosen = [day for day in days if not wanted or day.strftime("%a").lower() in wanted]
    return sorted({at for day in chosen if (at := _moment(home, when, day)) is not None})


def _moment(home: Json, when: Json, day: date) -> datetime | None:
    if when.get("time"):
        return instant_of(home, day, clock(when["time"]))
    event = sun_event(home, when["sun"], day) if home.get("location") else None
    return event and event + length(when.get("offset") or "0s")
