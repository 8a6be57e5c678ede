"""Replay: a log and some rules in, firings out; what these rules would have done.

The rules are put at `since`, nothing before it is known, and the stream ends at `until`: every deadline due by then is
decided. Memory holds the engine's state and one batch, whatever the length of the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

import msgspec

from rules.engine import Engine
from rules.firing import Firing
from rules.home import Home
from rules.problem import Problem
from rules.record import Record
from rules.rule import Rule
from rules.units import instant, microseconds
from streams.batches import regrouped
from streams.ordering import in_order

BATCH = 32_768  # records at a time; four times that for many homes
OF_A_HOME = 16  # records of a home at a time that are worth waiting for: its state is fetched from memory once for all
_NEVER = datetime.min.replace(tzinfo=UTC)
_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a replay is: records read, firings made, and the greatest time of a record so far."""

    records: int
    firings: int
    time: datetime


@dataclass(frozen=True, slots=True)
class Replay:
    """What is replayed: rules as such or as JSON lines; `since` None is the first record's time, `until` None the greatest.

    `report` is told what the engine could not use.
    """

    homes: Sequence[Home]
    rules: Sequence[Rule | bytes]
    since: datetime | None = None
    until: datetime | None = None
    report: Callable[[Problem], None] = lambda _: None

    def run(self, log: Iterable[list[Record]]) -> Iterator[Firing]:
        """Yield the firings of a log, given in batches in arrival order, in order of `(time, home, rule)`."""
        return in_order(firings for _, firings in self.steps(log))

    def steps(self, log: Iterable[list[Record]]) -> Iterator[tuple[Progress, list[Firing]]]:
        """Yield the firings of the log as they come, with how far it is; they are not in order yet."""
        batches = regrouped(log, self._batch())
        since, batches = (self.since, batches) if self.since is not None else _beginning(batches, self._disorder())
        if since is None:
            return
        engine = Engine(self.homes, since=instant(since))
        for rule in self.rules:
            engine.put(rule.as_json() if isinstance(rule, Rule) else msgspec.json.decode(rule), instant(since))
        progress = Progress(0, 0, since)
        yield progress, []
        for batch in batches:
            used = _within(batch, since, self.until)
            firings = engine.receive(used)
            self._tell(engine)
            progress = _further(progress, used, firings)
            yield progress, firings
        yield progress, engine.finish(instant(self.until or progress.time))
        self._tell(engine)

    def _tell(self, engine: Engine) -> None:
        for problem in engine.take_problems():
            self.report(problem)

    def _batch(self) -> int:
        return min(max(BATCH, OF_A_HOME * len(self.homes)), 4 * BATCH)

    def _disorder(self) -> timedelta:
        """Return how far out of order records may come in any of the homes."""
        return timedelta(microseconds=max((microseconds(home.lateness) for home in self.homes), default=0))


def _beginning(batches: Iterator[list[Record]], disorder: timedelta) -> tuple[datetime | None, Iterator[list[Record]]]:
    """Return the time of the first record (the least of those that may come before it), and all batches again."""
    first = next(batches, None)
    if first is None:
        return None, batches
    least = first[0].time
    for record in first:
        if record.time > least + disorder:
            break
        least = min(least, record.time)
    return least, chain([first], batches)


def _within(batch: list[Record], since: datetime, until: datetime | None) -> list[Record]:
    until = until or _FOREVER
    times = [record.time for record in batch]
    if min(times) >= since and max(times) <= until:
        return batch
    return [record for record in batch if since <= record.time <= until]


def _further(progress: Progress, batch: list[Record], firings: list[Firing]) -> Progress:
    time = max(progress.time, max((record.time for record in batch), default=_NEVER))
    return Progress(progress.records + len(batch), progress.firings + len(firings), time)
