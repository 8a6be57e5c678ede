"""Calendar files (RFC 5545): what is on, and when, with recurrence, exceptions, and daylight saving.

What has a date and no time lasts the whole day of the home; a time without a zone is the home's. Summaries are data: they are
compared and told, and nothing in them is ever followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Calendar, Component, vRecur

MOST_TEXT = 200  # characters of a summary
_ENDLESS = frozenset({"SECONDLY", "MINUTELY"})  # what nobody means, and what would never end
_YEARS = range(1900, 2201)  # beyond them dates cannot be reckoned with in every zone
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)  # what the libraries raise


class CalendarError(ValueError):
    """Say that a calendar cannot be read, without a word of it."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """Something that is on from `start` until before `end`."""

    start: datetime
    end: datetime
    summary: str


def parse(body: bytes) -> Calendar:
    """Return the calendar of a file, without the entries that nobody can read. Raise CalendarError for what is none."""
    from icalendar import Calendar

    try:
        found = Calendar.from_ical(body)
    except (ValueError, IndexError, KeyError, TypeError) as error:
        raise CalendarError("it is no calendar: expected a file that begins with BEGIN:VCALENDAR") from error
    if not isinstance(found, Calendar):
        raise CalendarError("it is no calendar: expected a file that begins with BEGIN:VCALENDAR")
    found.subcomponents = [each for each in found.subcomponents if _is_usable(each)]
    return found


def entries(calendar: Calendar, zone: ZoneInfo, since: datetime, until: datetime, only: Sequence[str] = ()) -> list[Entry]:  # fmt: skip
    """Return what is on at any time between two instants, in order; `only` what has one of these words in its summary.

    Raise CalendarError where it cannot be reckoned.
    """
    import recurring_ical_events

    try:
        query = recurring_ical_events.of(calendar, skip_bad_series=True)
        found = [_entry(e, zone) for e in query.between(since.astimezone(zone), until.astimezone(zone)) if _counts(e)]
    except _BROKEN as error:
        raise CalendarError("an entry of it cannot be read") from error
    wanted = [word.casefold() for word in only]
    kept = {each for each in found if each.start < each.end and _has(each, wanted)}
    return sorted(each for each in kept if each.end > since and each.start < until)


def _has(entry: Entry, wanted: Iterable[str]) -> bool:
    words = list(wanted)
    return not words or any(word in entry.summary.casefold() for word in words)


def _counts(event: Component) -> bool:
    """Return whether an entry keeps anybody: what was cancelled does not, nor what is marked as free; whole days do either way."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    return str(event.get("TRANSP", "")).upper() != "TRANSPARENT" or not isinstance(_moment(event), datetime)


def _moment(event: Component) -> date | datetime:
    """Return when an entry begins."""
    start: date | datetime = event.decoded("DTSTART")
    return start


def _entry(event: Component, zone: ZoneInfo) -> Entry:
    start = _moment(event)
    end: date | datetime = event.decoded("DTEND") if "DTEND" in event else start + _length(event, start)
    text = " ".join(str(event.get("SUMMARY", "")).split())
    return Entry(_instant(start, zone), _instant(end, zone), text[:MOST_TEXT])


def _length(event: Component, start: date | datetime) -> timedelta:
    length = event.decoded("DURATION") if "DURATION" in event else None
    whole = timedelta(0) if isinstance(start, datetime) else timedelta(days=1)
    return length if isinstance(length, timedelta) else whole


def _instant(moment: date | datetime, zone: ZoneInfo) -> datetime:
    local = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    return (local if local.tzinfo is not None else local.replace(tzinfo=zone)).astimezone(UTC)


def _is_usable(component: Component) -> bool:
    """Return whether something can be read and comes to an end: an entry that does not would take the others with it."""
    if component.name != "VEVENT":
        return True
    given = component.get("RRULE", [])
    try:
        entry = _entry(component, ZoneInfo("UTC"))
        rules = given if isinstance(given, list) else [given]
        return entry.start.year in _YEARS and entry.end.year in _YEARS and all(map(_is_reckonable, rules))
    except _BROKEN:
        return False


def _is_reckonable(rule: vRecur) -> bool:
    often = {str(each).upper() for each in rule.get("FREQ", [])}
    return bool(often) and not often & _ENDLESS and all(int(step) > 0 for step in rule.get("INTERVAL", []))
