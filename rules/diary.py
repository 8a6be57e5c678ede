"""A diary: what a rerun of one rule tells of one day, and what is needed from before to understand it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from rules.calendar import resolve, zone_of
from rules.firing import Firing
from rules.guard import guard_spots, named
from rules.home import Home
from rules.problem import InputError
from rules.record import REPORTS, Record, history
from rules.rerun import Rerun, days_of
from rules.rule import Holds, Rule, condition_patterns, leaf_conditions, parse_rule
from rules.trace import Trace
from rules.units import DAY, instant, microseconds

Step = Firing | Trace
Place = tuple[int, str | None]  # position below `any`, `per` key


class Diary:
    """Keeps the steps of a day, the records that they name, and the last step before it of each condition and key."""

    def __init__(self, rule: Rule, home: Home, day: date, began: int, *, put: bool) -> None:
        self.rule, self.home, self.day = rule, home, day
        self.start, self.end = bounds(home, day)
        self.supposed = put
        self.rerun = Rerun(rule, home, began, self._trace, put=put)
        self.versions: list[tuple[int, Rule]] = [(began, rule)] if put else []
        self.status: list[Trace] = []  # every put and drop
        self.traces: list[Trace] = []
        self.before: dict[Place, Trace] = {}
        self.heard = Counter(dict.fromkeys(_sources(rule, home), 0))
        self.records: dict[str, Record] = {}
        self._last: dict[Place, tuple[Trace, Record | None]] = {}  # the last match of each
        self._recent: dict[str, Record] = {}
        self._told = 0  # firings looked at
        self._lateness = microseconds(home.lateness)

    def receive(self, batch: Sequence[Record]) -> None:
        """Take records in the order of their arrival."""
        for record in batch:
            self._recent[record.id] = record
            if (
                record.source is not None
                and record.source in self.heard
                and self.start <= instant(record.time) < self.end
            ):
                self.heard[record.source] += record.type in REPORTS
        known = len(self.rerun.changes)
        self._recent |= {record.id: record for change in batch for record in _history(change)}
        self.rerun.receive(batch)
        self._keep_versions(self.rerun.changes[known:])
        self._keep_evidence()
        behind = self.rerun.until - self._lateness
        self._recent = {id: record for id, record in self._recent.items() if instant(record.time) >= behind}

    def finish(self) -> None:
        """Decide what is due by the last record."""
        self.rerun.finish()
        self._keep_evidence()

    def steps(self) -> Iterator[Step]:
        """Yield what was decided on the day and what was told about it, in order of time."""
        told = [firing for firing in self.rerun.firings if self._is_of_day(firing.time)]
        steps: list[Step] = [*self.traces, *told]
        yield from sorted(steps, key=lambda step: step.time)

    def _trace(self, trace: Trace) -> None:
        if trace.what in ("put", "dropped"):
            self.status.append(trace)
        elif trace.what == "matched":
            self._keep_match(trace)
        elif trace.what == "quiet" and not trace.evidence:
            trace = self._with_evidence(trace)
        if self._is_of_day(trace.time):
            self.traces.append(trace)
            self._keep(trace.evidence)
        elif trace.time < self.start:
            self.before[trace.position, trace.key] = trace

    def _keep_match(self, trace: Trace) -> None:
        last = self._last.get((trace.position, trace.key))
        if last is None or last[0].time <= trace.time:
            self._last[trace.position, trace.key] = trace, self._recent.get(trace.evidence[0])

    def _with_evidence(self, trace: Trace) -> Trace:
        """Return the trace of a quiet window with the match that made it quiet."""
        for match, record in self._last.values():
            if match.time == trace.detail["last"]:
                if record is not None:
                    self.records[record.id] = record
                return msgspec.structs.replace(trace, evidence=match.evidence)
        return trace

    def _is_of_day(self, time: int) -> bool:
        if not self.start <= time < self.end + DAY + 1:
            return False
        return self.day.toordinal() in days_of(self.rule, self.home, time)

    def _keep_evidence(self) -> None:
        for firing in self.rerun.firings[self._told :]:
            if self._is_of_day(firing.time):
                self._keep(firing.evidence)
        self._told = len(self.rerun.firings)

    def _keep(self, ids: tuple[str, ...]) -> None:
        self.records |= {id: self._recent[id] for id in ids if id in self._recent}

    def _keep_versions(self, changes: Sequence[Record]) -> None:
        for change in changes:
            if change.type == "rule.put":
                try:
                    self.versions.append((instant(change.time), parse_rule(change.data["rule"])))
                except InputError:
                    continue  # the engine refused it too: the version before it stands
        self.versions.sort(key=lambda version: version[0])


def bounds(home: Home, day: date) -> tuple[int, int]:
    """Return the first instant of a local date and that of the next."""
    zone, ordinal = zone_of(home), day.toordinal()
    return resolve(zone, ordinal, 0), resolve(zone, ordinal + 1, 0)


def _sources(rule: Rule, home: Home) -> list[str]:
    """Return the sources that the conditions of a rule name."""
    found = [source for pattern in condition_patterns(rule.when) for source in pattern.source or ()]
    for leaf in leaf_conditions(rule.when):
        if isinstance(leaf, Holds):
            people = tuple(person.id for person in home.people)
            found += named(tuple(guard_spots(leaf.state)), people)
    return list(dict.fromkeys(found))


def _history(change: Record) -> list[Record]:
    """Return the earlier records that a put brings; none where the engine cannot read them either."""
    if change.type != "rule.put":
        return []
    try:
        return history(change.data.get("history", ()))
    except InputError:
        return []
