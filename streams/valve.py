"""The valve: a source that floods is shed before the log, and nobody else feels it.

Each source may tell so many records for each second of *their* time, and some at once. So a device that repeats itself ten
thousand times a second is shed, and a day that comes in one piece, because the source was cut off, is not.

What is shed is counted, and what it leaves behind is right: of a state, of health, and of an episode, the newest report is
owed and told when there is room again, so that no door stays open and no dog at the bowl for ever. Only what happened in between
is lost. Memory is bounded: of more sources than are kept in mind, the quietest begin anew.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from rules.coverage import spot_told
from rules.record import REPORTS, Record
from rules.units import SECOND, instant
from streams.bucket import Buckets

RATE, BURST = 50.0, 1_000.0  # records of a source for each second of their time, and at once
SLICE = 500  # records delivered at a time, so that others get their turn in between
OWED = 256  # newest reports that are owed for a source
SOURCES = 10_000  # that are kept in mind

Source = tuple[str, str]  # home and source


@dataclass(slots=True)
class Shed:
    """What was shed of a source: reports of which a newer one tells enough, and happenings that nobody tells any more."""

    reports: int = 0
    happenings: int = 0
    last: int = 0  # instant of the last one


@dataclass(frozen=True, slots=True)
class Let:
    """What was let through: whether each record was, and what each delivery answered."""

    through: tuple[bool, ...]
    answers: tuple[object, ...] = field(default=())


class Valve:
    """Lets records through to `deliver`, so many of each source. Any thread may call it.

    Call `settle` now and then: it tells what is owed. `take_shed` returns what was shed since it was last asked.
    """

    def __init__(self, deliver: Callable[[Sequence[Record]], object], rate: float = RATE, burst: float = BURST) -> None:
        self._deliver = deliver
        self._buckets = Buckets(rate, burst, most=SOURCES)
        self._owed: OrderedDict[Source, OrderedDict[Hashable, Record]] = OrderedDict()
        self._shed: OrderedDict[Source, Shed] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, records: Sequence[Record]) -> Let:
        """Deliver what may pass. Raise what `deliver` raises: then offer all of it again."""
        through, answers = [], []
        for start in range(0, len(records), SLICE):
            part = records[start : start + SLICE]
            passing = self._judge(part)
            chosen = [record for record, passes in zip(part, passing, strict=True) if passes]
            if chosen:
                answers.append(self._through(chosen))
            through += passing
        return Let(tuple(through), tuple(answers))

    def settle(self) -> None:
        """Tell the newest reports that are owed. Raise what `deliver` raises: they are owed on."""
        with self._lock:
            owed, self._owed = self._owed, OrderedDict()
        records = [record for reports in owed.values() for record in reports.values()]
        try:
            for start in range(0, len(records), SLICE):
                self._deliver(records[start : start + SLICE])
        except BaseException:
            with self._lock:
                self._owe_again(owed)
            raise

    def take_shed(self) -> dict[Source, Shed]:
        """Return what was shed of each source since the last call."""
        with self._lock:
            shed, self._shed = self._shed, OrderedDict()
        return dict(shed)

    # --- who passes ---------------------------------------------------------------------------------------------

    def _judge(self, records: Sequence[Record]) -> list[bool]:
        with self._lock:
            return [self._passes(record) for record in records]

    def _passes(self, record: Record) -> bool:
        """Tell whether a record may pass. It takes the place of an older report that is owed, or is owed itself."""
        if record.type not in REPORTS:
            return True
        source, key = _source(record), _key(record)
        passes = not self._buckets.take(source, now=instant(record.time) / SECOND)
        if passes:
            self._forget(source, key, record)
        else:
            self._count(source, key, record)
        return passes

    def _through(self, records: list[Record]) -> object:
        try:
            return self._deliver(records)
        except BaseException:
            # They come again, and must find the room that they had.
            for record in records:
                self._buckets.give_back(_source(record))
            raise

    def _forget(self, source: Source, key: Hashable, newer: Record) -> None:
        reports = self._owed.get(source, OrderedDict[Hashable, Record]())
        owed = reports.get(key)
        if owed is not None and owed.time <= newer.time:
            del reports[key]
            if not reports:
                del self._owed[source]

    def _count(self, source: Source, key: Hashable, record: Record) -> None:
        shed = self._shed.setdefault(source, Shed())
        self._shed.move_to_end(source)
        shed.last = instant(record.time)
        if key is None:
            shed.happenings += 1
        else:
            shed.reports += 1
            self._owe(source, key, record)
        if len(self._shed) > SOURCES:
            self._shed.popitem(last=False)

    def _owe(self, source: Source, key: Hashable, record: Record) -> None:
        """Owe the newest report of its kind; of more kinds than are kept, the one that was owed for longest is lost."""
        reports = self._owed.setdefault(source, OrderedDict())
        known = reports.get(key)
        if known is None or record.time >= known.time:
            reports[key] = record
        if len(reports) > OWED:
            reports.popitem(last=False)
            self._shed[source].happenings += 1
        if len(self._owed) > SOURCES:
            self._owed.popitem(last=False)

    def _owe_again(self, owed: OrderedDict[Source, OrderedDict[Hashable, Record]]) -> None:
        for source, reports in owed.items():
            newer = self._owed.get(source, OrderedDict())
            self._owed[source] = OrderedDict({**reports, **newer})


def _source(record: Record) -> Source:
    return record.home or "", record.source or ""


def _key(record: Record) -> Hashable:
    """Return what a later record of the same key tells as well; None where each is a happening of its own."""
    if record.type == "state":
        return record.type, record.data.get("attribute")
    if record.type == "health":
        return record.type, spot_told(record)
    episode = record.data.get("episode")
    return None if episode is None else (record.type, episode)
