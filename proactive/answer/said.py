"""Times of an answer in words, by the home's clock: "at 7:42 am", "yesterday at noon", "from 10:40 am to 11:20 am"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from proactive.answer.blindness import Blind
from rules.calendar import local, zone_of
from rules.home import Camera, Home
from rules.units import MINUTE, SECOND
from rules.words.blindness import blind, is_plainly_off
from rules.words.names import called
from rules.words.times import joined, on_weekday, time_of

MOST_BLIND = 3  # stretches that are told one by one


@dataclass(frozen=True, slots=True)
class Telling:
    """Who tells what: the home, and the instant at which it is told."""

    home: Home
    now: int

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of the home's clock."""
        return zone_of(self.home)

    def clock(self, time: int) -> str:
        """Return the time of day, to the minute: `7:42 am`."""
        return time_of(time - time % MINUTE, self.zone)

    def day(self, time: int) -> str:
        """Return the local date: empty for today, `yesterday`, `on Monday`, `on Monday, 9 March 2026`."""
        ahead = local(self.zone, self.now)[0] - local(self.zone, time)[0]
        there = date.fromordinal(local(self.zone, time)[0])
        if ahead <= 1:
            return "yesterday" if ahead == 1 else ""
        return f"on {on_weekday(there).split(',')[0]}" if ahead < 7 else f"on {on_weekday(there)}"

    def at(self, time: int) -> str:
        """Return an instant: `at 7:42 am`, `yesterday at 7:42 am`."""
        return f"{self.day(time)} at {self.clock(time)}".strip()

    def since(self, time: int) -> str:
        """Return an instant as it stands after "since": `7:42 am`, `yesterday at noon`, `Monday at noon`."""
        return _dated(self.day(time), self.clock(time))

    def span(self, since: int, until: int) -> str:
        """Return a stretch: `from 10:40 am to 11:20 am`; with seconds below two minutes, `for a moment` below one second."""
        if until - since < SECOND and until != self.now:
            return f"for a moment {self.at(since)}"
        exact = until - since < 2 * MINUTE
        left, right = (time_of(t, self.zone) if exact else self.clock(t) for t in (since, until))
        first, second = self.day(since), self.day(until)
        if until == self.now:
            return f"from {_dated(first, left)} until now"
        if first == second:
            return f"{first} from {left} to {right}".strip()
        return f"from {_dated(first, left)} to {_dated(second or 'today', right)}"

    def blind(self, stretches: Iterable[Blind]) -> str:
        """Return what could not be seen as clauses: `the kitchen camera was off from 10:40 am to 11:20 am`."""
        clauses: list[str] = []
        for stretch in _grouped(stretches, self.home):
            clauses.append(self._clause(*stretch))
        clauses = list(dict.fromkeys(clauses))  # two moments within a minute read the same
        if len(clauses) > MOST_BLIND:
            more = len(clauses) - MOST_BLIND
            clauses = [*clauses[:MOST_BLIND], f"{more} more such stretch{'es' if more > 1 else ''}"]
        return joined(clauses)

    def _clause(self, sources: tuple[str, ...], stretch: Blind) -> str:
        who = joined(called(source, self.home) for source in sources)
        match stretch.why:
            case "offline":
                return f"{self._offline(sources, stretch)} {self.span(stretch.since, stretch.until)}"
            case "silent":
                return f"I have never heard from {who}"
            case "before" if stretch.until >= self.now:
                return "nothing was recorded then"
            case "before":
                return f"my records begin only {self.at(stretch.until)}"
            case "ended":
                return f"nobody was watching {self.span(stretch.since, stretch.until)}"

    def _offline(self, sources: tuple[str, ...], stretch: Blind) -> str:
        """Return what could not be seen: `the kitchen camera was off`, `the food bowls were covered`."""
        if len(sources) == 1 and not is_plainly_off(sources[0], stretch.zone, stretch.reason, self.home):
            return blind(sources[0], stretch.zone, stretch.reason, self.home)
        who = joined(called(source, self.home) for source in sources)
        cameras = all(isinstance(self.home.by_id.get(source), Camera) for source in sources)
        return f"{who} {'were' if len(sources) > 1 else 'was'} {'off' if cameras else 'offline'}"


def _dated(day: str, clock: str) -> str:
    """Return a time of day with its date where that is not today: `Monday at noon`."""
    return f"{day.removeprefix('on ')} at {clock}" if day else clock


def _grouped(stretches: Iterable[Blind], home: Home) -> list[tuple[tuple[str, ...], Blind]]:
    """Return stretches in which several sources were plainly off as one, in order."""
    found: dict[tuple[int, int, str, str], list[Blind]] = {}
    for stretch in stretches:
        off = is_plainly_off(stretch.source, stretch.zone, stretch.reason, home)
        key = (
            stretch.since,
            stretch.until,
            stretch.why,
            "" if off else f"{stretch.source} {stretch.zone} {stretch.reason}",
        )
        found.setdefault(key, []).append(stretch)
    return [(tuple(s.source for s in some), some[0]) for some in found.values()]
