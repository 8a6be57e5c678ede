"""A rerun: one rule over a home's records again, with everything that it decided told.

What `why` and `backtest` have in common. The engine that decides live decides here too, so what is told is what
happened. Records come a batch at a time: memory holds what the tracer keeps, not the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from rules.calendar import local, window_on, zone_of
from rules.engine import Engine
from rules.firing import Firing
from rules.home import Home
from rules.record import Record
from rules.rule import Absent, Rule, leaf_conditions
from rules.trace import Tracer
from rules.units import instant, microseconds, moment, seconds_of_day

BATCH = 2_000
CHANGES = ("rule.put", "rule.drop")


class Rerun:
    """Runs one rule over records. With `put` it is put at the beginning, else when and as the records say.

    `until` is the greatest instant so far, `changes` the records so far that put or drop the rule.
    """

    def __init__(self, rule: Rule, home: Home, began: int, tracer: Tracer, *, put: bool) -> None:
        self.began = self.until = began
        self.firings: list[Firing] = []
        self.changes: list[Record] = []
        self._rule, self._put = rule, put
        self._engine = Engine([home], since=began, trace=tracer)
        if put:
            # Records of one instant are folded in the order of their ids; this one comes first.
            data = {"rule": rule.as_json()}
            self._engine.receive([Record(id="\x00", type="rule.put", time=moment(began), home=home.home, data=data)])

    def receive(self, batch: Sequence[Record]) -> None:
        """Take records in the order of their arrival. Of other homes they count for nothing, of other rules as time."""
        own = [self._taken(record) for record in batch if record.home in (None, self._rule.home)]
        self.until = max([self.until, *(instant(record.time) for record in own)])
        self.changes += [record for record in own if record.type in CHANGES]
        self.firings += self._engine.receive(own)

    def _taken(self, record: Record) -> Record:
        """Return a record as the engine is to take it: a change that does not count is the passing of time."""
        if record.type not in CHANGES or (not self._put and changes(record, self._rule)):
            return record
        return Record(id=record.id, type="tick", time=record.time, home=record.home)

    def finish(self) -> None:
        """Decide everything that is due by the last record."""
        self.firings += self._engine.finish(self.until)

    def due(self) -> list[int]:
        """Return the deadlines that are pending."""
        return sorted(due for _, rule, due in self._engine.deadlines() if rule == self._rule.id)


def changes(record: Record, rule: Rule) -> bool:
    """Tell whether a record puts or drops a rule."""
    if record.type not in CHANGES or record.home != rule.home:
        return False
    named = record.data.get("rule")
    return rule.id == (named.get("id") if isinstance(named, dict) else named)


def batches(records: Iterable[Record], home: Home) -> tuple[int | None, Iterator[list[Record]]]:
    """Return the first instant of a home's records (None: there are none), and all records in batches.

    The least of the first few counts, as they may come out of order by the lateness.
    """
    given = (record for record in records if record.home in (None, home.home))
    first = list(islice(given, BATCH))
    if not first:
        return None, iter([])
    latest = instant(first[0].time) + microseconds(home.lateness)
    began = min(time for time in map(instant, (record.time for record in first)) if time <= latest)
    return began, chain([first], iter(lambda: list(islice(given, BATCH)), []))


def days_of(rule: Rule, home: Home, time: int) -> set[int]:
    """Return the local dates (ordinals) to which a decision at an instant belongs.

    That is the date of the instant, and where a window of the rule ends then, the date on which that began: for one
    that ends at midnight only the latter.
    """
    zone = zone_of(home)
    today, clock = local(zone, time)
    began = set()
    for window in (leaf.window for leaf in leaf_conditions(rule.when) if isinstance(leaf, Absent)):
        for day in (today, today - 1) if window is not None else ():
            assert window is not None
            start, end = window_on(zone, day, seconds_of_day(window.start), seconds_of_day(window.until))
            if end == time:
                began.add(local(zone, start)[0])  # not `day`: a zone may skip a whole date
    return began if began and clock == 0 else began | {today}
