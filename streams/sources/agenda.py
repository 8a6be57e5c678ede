"""Agendas: one calendar of a home as states: whether something is on, and what. Pure: the caller says what the time is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rules.home import Calendar, Home
from rules.record import Record
from rules.units import instant
from streams.sources.ics import Entry, entries

if TYPE_CHECKING:
    from icalendar import Calendar as Body

SYSTEM = "calendar"
AHEAD = timedelta(hours=26)  # that are looked up at once
Shown = tuple[str, str]  # on or off, and the summaries


class Agenda:
    """What is on in a calendar. `read` gives it a new body; `wake` returns what has changed by then."""

    def __init__(self, home: Home, calendar: Calendar) -> None:
        self.home, self.calendar, self.id = home.home, calendar, calendar.id
        self._zone = ZoneInfo(home.time_zone)
        self._body: Body | None = None
        self._entries: list[Entry] = []
        self._known_until: datetime | None = None
        self._told_at: datetime | None = None
        self._told: Shown | None = None

    def read(self, body: Body, now: datetime) -> None:
        """Go by a body from now on."""
        self._body = body
        self._look_up(now)

    def forget(self) -> None:
        """Know nothing any more: the next state is how it is found, and no change."""
        self._told = self._told_at = None

    def wake(self, now: datetime) -> list[Record]:
        """Return the states of every change since the last time, each at its own time; at first, how it is."""
        if self._body is None:
            return []
        if self._known_until is None or now + timedelta(hours=1) > self._known_until:
            self._look_up(self._told_at or now)
        since, self._told_at = self._told_at, now
        times = [] if since is None else sorted(time for time in self._changes() if since < time <= now)
        found = [record for time in times for record in self._tell(self._at(time), time)]
        return found + list(self._tell(self._at(now), now))  # the body may have changed under what was told

    def next_change(self, now: datetime) -> datetime | None:
        """Return when something begins or ends next, as far as it was looked up."""
        return min((time for time in self._changes() if time > now), default=None)

    def _look_up(self, since: datetime) -> None:
        assert self._body is not None
        self._known_until = since + AHEAD
        self._entries = entries(self._body, self._zone, since, self._known_until, self.calendar.only)

    def _changes(self) -> set[datetime]:
        return {time for each in self._entries for time in (each.start, each.end)}

    def _at(self, time: datetime) -> Shown:
        on = [each for each in self._entries if each.start <= time < each.end]
        return ("on" if on else "off"), ", ".join(dict.fromkeys(each.summary for each in on if each.summary))

    def _tell(self, shown: Shown, time: datetime) -> Iterator[Record]:
        before, self._told = self._told, shown
        for index, attribute in enumerate(("state", "summary")):
            if before is None or before[index] != shown[index]:
                data = {"value": shown[index], **({"attribute": attribute} if index else {})}
                id = f"{SYSTEM}-{self.id}-{attribute}-{instant(time)}"
                yield Record(id=id, type="state", time=time, home=self.home, source=self.id, data=data)
