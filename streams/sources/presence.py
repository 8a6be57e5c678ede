"""Presence: who is home, from trackers that flicker: a phone's location, a router, a key.

Somebody is home while one of their trackers says so, and away once none does for a while: a phone sleeps, a router forgets,
and a walk to the mailbox is no leaving. The leaving is told once it has lasted, with the time at which it began, so a rule
fires once and late, not twice. Coming home is told at once. A key or a code says that somebody is there and never that they
left: it counts for a while, unless a tracker that can tell knows better. Pure: the caller says what the time is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rules.record import Record
from rules.units import EPOCH, instant
from streams.sources.reach import Reach

AWAY_AFTER = timedelta(minutes=5)
KEY_COUNTS = timedelta(minutes=30)


@dataclass(slots=True)
class _Tracker:
    """The last word of one tracker; `home` is None where it does not know. `until`: it counts no longer than that."""

    home: bool | None
    since: datetime
    told: datetime
    until: datetime | None = None


@dataclass(slots=True)
class _Person:
    trackers: dict[str, _Tracker] = field(default_factory=dict)
    said: str | None = None  # the state that went out
    left_at: datetime | None = None  # when nobody saw them home any more


@dataclass
class Presence:
    """The whereabouts of the people of one home, as `state` records.

    `away_after` is for how long a leaving must last; what a tracker said longer ago than `stale_after` does not count,
    where that is given.
    """

    home: str
    system: str
    reach: Reach
    away_after: timedelta = AWAY_AFTER
    stale_after: timedelta | None = None
    _people: dict[str, _Person] = field(default_factory=dict)

    def seen(self, person: str, tracker: str, home: bool, time: datetime, *, key: bool = False) -> Iterator[Record]:
        """Yield what a tracker's word changes; `key` is one that only ever says that somebody is there."""
        known = self._people.setdefault(person, _Person())
        last = known.trackers.get(tracker)
        since = last.since if last is not None and last.home == home else time
        known.trackers[tracker] = _Tracker(home, since, time, time + KEY_COUNTS if key else None)
        yield from self.reach.add(person, "connection", now=time)
        yield from self._judged(person, known, time)

    def lost(self, person: str, tracker: str, why: str, time: datetime) -> Iterator[Record]:
        """Yield what it changes that a tracker does not know any more."""
        known = self._people.setdefault(person, _Person())
        known.trackers[tracker] = _Tracker(None, time, time)
        yield from self.reach.add(person, "connection", now=time)
        yield from self._judged(person, known, time, why)

    def wake(self, now: datetime) -> list[Record]:
        """Return the leavings that have lasted by now, and whom nobody knows about any more."""
        return [record for person, known in self._people.items() for record in self._judged(person, known, now)]

    def forget(self) -> None:
        """Know nothing any more: after a connection was lost, the first word is no leaving."""
        self._people.clear()

    def _judged(self, person: str, known: _Person, now: datetime, why: str = "unknown") -> Iterator[Record]:
        counting = [each for each in known.trackers.values() if each.home is not None and not self._is_old(each, now)]
        if not counting:
            known.said = known.left_at = None
            yield from self.reach.down(person, why, now)
            return
        yield from self.reach.up(person, now)
        if any(each.home for each in counting):
            known.left_at = None
            yield from self._say(person, known, "home", max(each.since for each in counting if each.home))
            return
        known.left_at = known.left_at or max(*(each.since for each in counting), *_ended(known, now))
        if known.said in (None, "away") or now - known.left_at >= self.away_after:
            yield from self._say(person, known, "away", known.left_at)

    def _is_old(self, tracker: _Tracker, now: datetime) -> bool:
        old = self.stale_after is not None and now - tracker.told > self.stale_after
        return old or (tracker.until is not None and now > tracker.until)

    def _say(self, person: str, known: _Person, state: str, time: datetime) -> Iterator[Record]:
        if known.said == state:
            return
        known.said = state
        id = f"{self.system}-{person}-{state}-{instant(time)}"
        yield Record(id=id, type="state", time=time, home=self.home, source=person, data={"value": state})


def _ended(known: _Person, now: datetime) -> Iterator[datetime]:
    """Yield when each key ceased to count, and at least the beginning of time."""
    yield EPOCH
    yield from (each.until for each in known.trackers.values() if each.until is not None and each.until < now)
