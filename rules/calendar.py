"""The wall clock of a home: local dates and times of day to instants and back, and the sun.

A local time that daylight saving skips is the first valid instant after it; a repeated one is its first occurrence.
A local date is its proleptic ordinal (`date.toordinal`), a time of day is seconds from midnight, an instant is
microseconds since the epoch. Sunrise, sunset and elevation are astral's (the NOAA solar equations).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from rules.home import Home, Location
from rules.units import instant, moment

_ONE_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=65_536)
def resolve(zone: ZoneInfo, day: int, clock: int) -> int:
    """Return the instant of a local date and time of day; 86400 is midnight of the next date."""
    naive = datetime.fromordinal(day) + timedelta(seconds=clock)
    first = naive.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == naive:
        return instant(first)
    return instant(_gap_end(zone, naive, first))


def _gap_end(zone: ZoneInfo, naive: datetime, after: datetime) -> datetime:
    """Return the instant at which the local clock jumps past `naive`, by bisection; offsets change on whole seconds."""
    before = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while after - before > _ONE_SECOND:
        middle = before + (after - before) // _ONE_SECOND // 2 * _ONE_SECOND
        if middle.astimezone(zone).replace(tzinfo=None) < naive:
            before = middle
        else:
            after = middle
    return after


def local(zone: ZoneInfo, time: int) -> tuple[int, int]:
    """Return the local date and the time of day (whole seconds) of an instant."""
    there = moment(time).astimezone(zone)
    return there.toordinal(), there.hour * 3600 + there.minute * 60 + there.second


def naive_local(zone: ZoneInfo, time: int) -> datetime:
    """Return the local wall-clock reading of an instant, without its zone."""
    return moment(time).astimezone(zone).replace(tzinfo=None)


def weekday(day: int) -> int:
    """Return 0 for Monday to 6 for Sunday."""
    return (day + 6) % 7


def window_on(zone: ZoneInfo, day: int, start: int, until: int) -> tuple[int, int]:
    """Return the window of a local date as instants; `until` at or before `start` is on the next date."""
    return resolve(zone, day, start), resolve(zone, day + (until <= start), until)


def latest_before(zone: ZoneInfo, time: int, clock: int) -> int:
    """Return the latest instant at or before `time` at which the local clock first showed `clock`."""
    day = local(zone, time)[0] + 1  # where clocks go back over midnight, the next date has begun already
    while (found := resolve(zone, day, clock)) > time:
        day -= 1
    return found


@lru_cache(maxsize=16_384)
def sun_time(place: Location, zone: ZoneInfo, day: int, which: str) -> int | None:
    """Return the instant of `sunrise` or `sunset` of a local date, or None where the sun does not cross the horizon."""
    from astral import Observer
    from astral.sun import sunrise, sunset

    find = sunrise if which == "sunrise" else sunset
    try:
        found = find(Observer(place.latitude, place.longitude), date=date.fromordinal(day), tzinfo=zone)
    except ValueError:
        return None
    return instant(found.astimezone(UTC))


def sun_is_up(place: Location, zone: ZoneInfo, time: int) -> bool:
    """Tell whether the sun is up: from sunrise to sunset of the local date, else by its elevation."""
    day = local(zone, time)[0]
    rise, fall = (sun_time(place, zone, day, "sunrise"), sun_time(place, zone, day, "sunset"))
    if rise is not None and fall is not None:
        return rise <= time < fall
    from astral import Observer
    from astral.sun import elevation

    return float(elevation(Observer(place.latitude, place.longitude), moment(time))) > 0


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """Return the time zone, one object for each name, so that caches can key on it."""
    return ZoneInfo(name)


def zone_of(home: Home) -> ZoneInfo:
    """Return the home's time zone."""
    return zone_named(home.time_zone)


def date_text(day: int) -> str:
    """Return a local date as `2026-03-09`."""
    return date.fromordinal(day).isoformat()
