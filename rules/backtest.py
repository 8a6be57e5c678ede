"""What a rule would have done over the last days of a log.

    tried = backtest(rule, home, records, days=14)
    tried.days[0].fired              # the instants at which it would have fired on the first date
    backtest_text(tried, rule, home) # a line for each date, then what that comes to

The rule is put at the beginning of the records, whatever the log says of it, so that it can be tried before it is
saved; only the last dates are shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.calendar import local, weekday, window_on, zone_of
from rules.firing import Firing, Verdict
from rules.home import Home
from rules.record import Record
from rules.rerun import Rerun, batches, days_of
from rules.rule import Absent, Rule, leaf_conditions
from rules.trace import Trace
from rules.units import WEEKDAYS, rfc3339, seconds_of_day
from rules.words.calendars import backtest_text, brief_text

__all__ = ["Backtest", "Day", "backtest", "backtest_text", "brief_text"]

OFTEN = 10  # firings a day from which on a person stops reading them
_VERDICTS: tuple[Verdict, ...] = ("fired", "unknown", "corrected", "resolved")
_STOPS = ("guard", "cooldown", "blind", "expired")


@dataclass(frozen=True, slots=True)
class Day:
    """What a rule would have done on one local date.

    `firings` are what it would have told, `quiet` how often it would have decided that all was well, `stopped` how
    often it would have fired but for a guard, a cooldown, blindness that it ignores, or its end. `known` is false
    where a window of the date began before the records did. `due` is a deadline of the date after the records.
    """

    day: date
    firings: tuple[Firing, ...] = ()
    quiet: int = 0
    stopped: Mapping[str, int] = field(default_factory=dict)
    known: bool = True
    due: int | None = None

    def times(self, verdict: Verdict) -> tuple[int, ...]:
        """Return the instants of the firings of one verdict."""
        return tuple(firing.time for firing in self.firings if firing.verdict == verdict)

    @property
    def fired(self) -> tuple[int, ...]:
        """Return the instants at which it would have fired."""
        return self.times("fired")

    @property
    def unknown(self) -> tuple[Firing, ...]:
        """Return the decisions that it could not make, each with its blind stretches."""
        return tuple(firing for firing in self.firings if firing.verdict == "unknown")

    def as_json(self) -> dict[str, Any]:
        """Return a JSON object."""
        return {
            "day": self.day.isoformat(),
            "known": self.known,
            "fired": [rfc3339(time) for time in self.fired],
            "unknown": [{"time": rfc3339(firing.time), "coverage": firing.coverage} for firing in self.unknown],
            "corrected": [rfc3339(time) for time in self.times("corrected")],
            "resolved": [rfc3339(time) for time in self.times("resolved")],
            "quiet": self.quiet,
            "stopped": dict(self.stopped),
            "due": _text(self.due),
        }


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a rule would have done on its last local dates, the first of them first; none where there are no records.

    `asked` is how many dates were wanted; `began` and `until` are the first and the last instant of the records.
    """

    home: str
    rule: str
    asked: int
    days: tuple[Day, ...] = ()
    began: int | None = None
    until: int | None = None

    def total(self, verdict: Verdict) -> int:
        """Return how many firings of a verdict there are on all days."""
        return sum(len(day.times(verdict)) for day in self.days)

    @property
    def busiest(self) -> Day | None:
        """Return the day with the most `fired`, or None without any."""
        return max((day for day in self.days if day.fired), key=lambda day: len(day.fired), default=None)

    @property
    def too_often(self) -> bool:
        """Tell whether it fires so often on a day that nobody would read it."""
        return self.busiest is not None and len(self.busiest.fired) >= OFTEN

    def as_json(self) -> dict[str, Any]:
        """Return a JSON object: the days, and what they come to."""
        return {
            "home": self.home,
            "rule": self.rule,
            "began": _text(self.began),
            "until": _text(self.until),
            "days": [day.as_json() for day in self.days],
            "totals": {verdict: self.total(verdict) for verdict in _VERDICTS},
            "too_often": self.too_often,
        }


def _text(time: int | None) -> str | None:
    return None if time is None else rfc3339(time)


def backtest(rule: Rule, home: Home, records: Iterable[Record], days: int = 14) -> Backtest:
    """Return what a rule would have done on the last `days` local dates of a home's log, given in order of arrival.

    The dates end with that of the last record. A rule that is paused is tried as if it were not.
    """
    began, given = batches(records, home)
    if began is None:
        return Backtest(rule.home, rule.id, days)
    tally = _Tally(rule, home, began)
    for batch in given:
        tally.rerun.receive(batch)
    tally.rerun.finish()
    until, zone = tally.rerun.until, zone_of(home)
    last = local(zone, until)[0]
    first = max(local(zone, began)[0], last - days + 1)
    return Backtest(rule.home, rule.id, days, tuple(tally.days(first, last)), began, until)


class _Tally:
    """Sorts what a rerun tells by local date."""

    def __init__(self, rule: Rule, home: Home, began: int) -> None:
        self.rule, self.home, self.began = rule, home, began
        self.counts: dict[int, Counter[str]] = defaultdict(Counter)
        working = rule.model_copy(update={"enabled": True})
        self.rerun = Rerun(working, home, began, self._count, put=True)

    def _count(self, trace: Trace) -> None:
        if trace.what == "quiet" or trace.what in _STOPS:
            self.counts[self._day_of(trace.time)][trace.what] += 1

    def _day_of(self, time: int) -> int:
        """Return the local date under which a decision is shown: that on which its window began."""
        return min(days_of(self.rule, self.home, time))

    def days(self, first: int, last: int) -> Iterator[Day]:
        """Yield the days of some local dates."""
        told: dict[int, list[Firing]] = defaultdict(list)
        for firing in sorted(self.rerun.firings, key=lambda firing: (firing.time, firing.id)):
            told[self._day_of(firing.time)].append(firing)
        due = {self._day_of(time): time for time in reversed(self.rerun.due())}
        for day in range(first, last + 1):
            stopped = dict(self.counts[day])
            quiet = stopped.pop("quiet", 0)
            known = bool(told[day] or quiet or stopped) or not self._began_before(day)
            yield Day(date.fromordinal(day), tuple(told[day]), quiet, stopped, known, due.get(day))

    def _began_before(self, day: int) -> bool:
        """Tell whether a window of a date began before the records."""
        for window in (leaf.window for leaf in leaf_conditions(self.rule.when) if isinstance(leaf, Absent)):
            if window is not None and (window.days is None or WEEKDAYS[weekday(day)] in window.days):
                bounds = seconds_of_day(window.start), seconds_of_day(window.until)
                if window_on(zone_of(self.home), day, *bounds)[0] < self.began:
                    return True
        return False
