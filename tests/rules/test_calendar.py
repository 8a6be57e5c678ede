"""The wall clock: local times to instants, in every zone, over the changes to and from daylight saving."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import latest_before, local, resolve, sun_is_up, sun_time, weekday, window_on, zone_named
from rules.home import Location
from rules.units import HOUR, instant, moment

ZONES = sorted(available_timezones())
NEW_YORK = zone_named("America/New_York")


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("zone", "on", "clock", "expected"),
    [
        ("America/New_York", "2026-03-08", 2 * 3600 + 1800, "2026-03-08T07:00:00Z"),  # skipped: the jump itself
        ("America/New_York", "2026-11-01", 1 * 3600 + 1800, "2026-11-01T05:30:00Z"),  # repeated: the first
        ("Australia/Lord_Howe", "2026-10-04", 2 * 3600 + 900, "2026-10-03T15:30:00Z"),  # half an hour is skipped
        ("Pacific/Apia", "2011-12-30", 12 * 3600, "2011-12-30T10:00:00Z"),  # a whole day is skipped
        ("America/Sao_Paulo", "2017-10-15", 0, "2017-10-15T03:00:00Z"),  # midnight is skipped
        ("Asia/Kolkata", "2026-06-01", 86_400, "2026-06-01T18:30:00Z"),  # 24:00 is midnight of the next date
    ],
)
def test_a_local_time_is_its_first_valid_instant(zone: str, on: str, clock: int, expected: str) -> None:
    assert resolve(zone_named(zone), day(on), clock) == at(expected)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ZONES), st.dates(date(1990, 1, 1), date(2037, 12, 31)), st.integers(0, 86_399))
def test_no_earlier_instant_shows_that_time_or_a_later_one(zone: str, on: date, clock: int) -> None:
    there, wanted = zone_named(zone), datetime.combine(on, datetime.min.time()) + timedelta(seconds=clock)
    found = resolve(there, on.toordinal(), clock)
    shown = moment(found).astimezone(there).replace(tzinfo=None)
    assert shown >= wanted
    before = moment(found - 1_000_000).astimezone(there).replace(tzinfo=None)
    assert before < wanted


def test_a_window_is_as_long_as_the_wall_clock_makes_it() -> None:
    start, until = window_on(NEW_YORK, day("2026-03-08"), 0, 12 * 3600)
    assert until - start == 11 * HOUR
    start, until = window_on(NEW_YORK, day("2026-11-01"), 0, 12 * 3600)
    assert until - start == 13 * HOUR


def test_a_window_whose_end_is_not_after_its_start_ends_on_the_next_date() -> None:
    assert window_on(zone_named("UTC"), day("2026-03-09"), 22 * 3600, 6 * 3600) == (
        at("2026-03-09T22:00:00Z"),
        at("2026-03-10T06:00:00Z"),
    )


def test_the_latest_six_oclock_is_today_or_yesterday() -> None:
    utc = zone_named("UTC")
    assert latest_before(utc, at("2026-03-09T18:00:00Z"), 18 * 3600) == at("2026-03-09T18:00:00Z")
    assert latest_before(utc, at("2026-03-09T17:59:59Z"), 18 * 3600) == at("2026-03-08T18:00:00Z")


def test_midnight_has_been_where_clocks_went_back_over_it() -> None:
    st_johns = zone_named("America/St_Johns")  # in 2010 one minute past midnight became one past eleven
    assert latest_before(st_johns, at("2010-11-07T03:28:59Z"), 0) == at("2010-11-07T02:30:00Z")


def test_local_dates_and_weekdays_are_those_of_the_zone() -> None:
    assert local(NEW_YORK, at("2026-03-09T03:30:00Z")) == (day("2026-03-08"), 23 * 3600 + 1800)
    assert weekday(day("2026-03-08")) == datetime(2026, 3, 8, tzinfo=UTC).weekday()


def test_the_sun_is_up_between_its_times_and_by_its_height_where_it_has_none() -> None:
    chicago, zone = Location(latitude=41.88, longitude=-87.63), zone_named("America/Chicago")
    rise = sun_time(chicago, zone, day("2026-03-09"), "sunrise")
    assert rise is not None
    assert not sun_is_up(chicago, zone, rise - 1)
    assert sun_is_up(chicago, zone, rise)
    tromso, north = Location(latitude=69.65, longitude=18.96), zone_named("Europe/Oslo")
    assert sun_time(tromso, north, day("2026-06-21"), "sunset") is None
    assert sun_is_up(tromso, north, at("2026-06-21T22:00:00Z"))
    assert not sun_is_up(tromso, north, at("2026-12-21T11:00:00Z"))
