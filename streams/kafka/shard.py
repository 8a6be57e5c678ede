"""A shard: the fold of one partition, with the state that lets another process go on where it is.

It knows nothing of Kafka: offsets and records go in, firings come out, and now and then rows that a table keeps. So a
worker, a replay of the topic and a test fold a partition by the same code. What makes it right whatever redelivers,
skips or dies is the cursor: a record at or below it changes nothing, and whoever feeds the shard fills what lies
between it and the next record. A row of a home carries the offset it was made at, the shard's row the offset from which
to fold again and the offset of every home's row: a row that is older than that, lost by a broker or written over by
a worker that did not know that it was one no more, is noticed, and the fold begins where that row ends.

A home's log begins with its first record: nobody watched it before. What a home lists is not in the log: it is folded as it is
listed now, and `adopt` says when that changed. What it lists newly, a camera or a device, was seen by nobody until then, which
is said in the log (`take_unseen`).

A tick for every home is told to a home only when
it would decide something there, or before the home's next record; with a thousand homes that is a thousandth of the work.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

import msgspec

from rules.engine import Engine
from rules.firing import Firing
from rules.home import Home
from rules.problem import Problem
from rules.record import Record
from rules.units import instant, moment
from streams.health import blind
from streams.kafka.state import HomeRow, Place, ShardRow, home_key, read_home, read_shard, shard_key

NOWHERE = -1  # the cursor of a shard that has folded nothing

FindHome = Callable[[str], Home | None]
FindRow = Callable[[str], bytes | None]
Entry = tuple[int, Record | None]  # an offset, and its record; None where what stands there is no record
Row = tuple[str, bytes]

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Folded:
    """What came of some entries: firings, problems, records of homes that nobody knows, and homes that failed."""

    firings: list[Firing] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    strays: list[tuple[int, Record]] = field(default_factory=list)
    failed: list[tuple[str, Exception]] = field(default_factory=list)


class Shard:
    """The homes of one partition. `find_home` is asked once for each home that has a record."""

    def __init__(self, partition: int, find_home: FindHome) -> None:
        self.partition = partition
        self.cursor = NOWHERE
        self.fingerprint = ""  # of what stands at the cursor, where whoever feeds the shard says it
        self.ticked: int | None = None
        self.engines: dict[str, Engine] = {}
        self.failed: dict[str, int] = {}  # homes that are folded no more, and the offset their row ends at
        self._find_home = find_home
        self._kept: dict[str, int] = {}  # the offset that each home's row was made at
        self._told: dict[str, int | None] = {}  # the tick that each home knows
        self._due: dict[str, int | None] = {}
        self._heap: list[tuple[int, str]] = []
        self._dirty: set[str] = set()
        self._saving: tuple[ShardRow, list[str]] | None = None
        self._listed: dict[str, tuple[str, ...]] = {}  # cameras and devices, by home
        self._unseen: list[Record] = []
        self._unsaid = Folded()  # what came up between two calls, such as while it was restored
        self._folded = 0

    # --- the fold -----------------------------------------------------------------------------------------------

    def receive(self, entries: Iterable[Entry], fingerprint: str = "") -> Folded:
        """Fold what lies beyond the cursor; the offsets rise, and the first is the one after the cursor if there is one.

        `fingerprint` is that of the last entry.
        """
        folded, self._unsaid = self._unsaid, Folded()
        groups: dict[str, list[Record]] = {}
        for offset, record in entries:
            if offset <= self.cursor:
                continue
            self.cursor, self.fingerprint = offset, fingerprint
            self._folded += 1
            if record is None:
                continue
            home = record.home
            if home is None:
                self._take_groups(groups, folded)
                self._tick(instant(record.time), folded)
            elif offset > self._kept.get(home, NOWHERE):
                if home in self.engines or self._open(home, record):
                    groups.setdefault(home, []).append(record)
                else:
                    folded.strays.append((offset, record))
        self._take_groups(groups, folded)
        return folded

    def _open(self, home: str, first: Record) -> bool:
        """Begin the log of a home with its first record; say whether somebody knows the home."""
        known = self._find_home(home)
        if known is not None:
            self.engines[home] = Engine([known], since=instant(first.time))
            self._told[home], self._listed[home] = None, listed_by(known)
        return known is not None

    def _take_groups(self, groups: dict[str, list[Record]], folded: Folded) -> None:
        for home, records in groups.items():
            if self._told[home] != self.ticked and self.ticked is not None:
                records = [tick(self.ticked), *records]
            self._take(home, records, folded)
        groups.clear()

    def _tick(self, time: int, folded: Folded) -> None:
        """Take the passing of time: tell those homes whose deadline it reaches."""
        if self.ticked is not None and time <= self.ticked:
            return
        self.ticked = time
        while self._heap and self._heap[0][0] <= time:
            due, home = heappop(self._heap)
            if self._due.get(home) == due:
                self._take(home, [tick(time)], folded)

    def _take(self, home: str, records: Sequence[Record], folded: Folded) -> None:
        engine = self.engines[home]
        self._dirty.add(home)
        if home in self.failed:
            return
        try:
            folded.firings += engine.receive(records)
            due = engine.next_deadline()
        except Exception as error:  # noqa: BLE001  whatever one home does to the engine, the others go on
            self._fail(home, error, folded)
            return
        folded.problems += engine.take_problems()
        self._told[home] = self.ticked
        self._set_due(home, due)

    def _set_due(self, home: str, due: int | None) -> None:
        if due == self._due.get(home):
            return
        self._due[home] = due
        if due is not None:
            heappush(self._heap, (due, home))
        if len(self._heap) > 64 + 4 * len(self._due):  # most of it is out of date
            self._heap = sorted((due, home) for home, due in self._due.items() if due is not None)

    def _fail(self, home: str, error: Exception, folded: Folded) -> None:
        """Fold a home no more: its state may be broken. A process that starts goes back to where its row ends."""
        self.failed[home] = self._kept.get(home, NOWHERE)
        self._set_due(home, None)
        folded.failed.append((home, error))

    # --- what homes list ----------------------------------------------------------------------------------------

    def adopt(self, home: Home, before: int) -> bool:
        """Go on with a home as it is listed now, and say whether it is one of these; what is pending of it stays.

        `before` is an instant at which it was listed as it was: a report of what is new has a later time.
        """
        engine = self.engines.get(home.home)
        if engine is None or home.home in self.failed:
            return False
        try:
            adopted = Engine.restore(engine.snapshot(), [home])
            due = adopted.next_deadline()
        except Exception as error:  # noqa: BLE001  one home that cannot go on costs no other its own edit
            self._fail(home.home, error, self._unsaid)
            return False
        self.engines[home.home] = adopted
        self._meet(home, self._listed[home.home], before)
        self._set_due(home.home, due)
        self._dirty.add(home.home)
        return True

    def _meet(self, home: Home, listed: tuple[str, ...] | None, before: int) -> None:
        """Remember what a home lists, and what of it is new since it listed `listed`, and was never heard of."""
        now = self._listed[home.home] = listed_by(home)
        house = self.engines[home.home].houses[home.home]
        heard = {key if isinstance(key, str) else key[0] for key in house.states} | house.coverages.keys()
        if house.began is not None and listed is not None:
            new = [source for source in now if source not in heard and source not in listed]
            self._unseen += [record for source in new for record in blind(home.home, source, house.began, before)]

    def take_unseen(self) -> list[Record]:
        """Return what is to be said in the log of what homes list newly: it was seen by nobody before."""
        unseen, self._unseen = self._unseen, []
        return unseen

    def next_deadline(self) -> int | None:
        """Return the earliest instant at which a tick would make a home decide something, or None."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now: int) -> list[tuple[str, int]]:
        """Return the homes that a tick at `now` would make decide something, each with the instant at which it would first."""
        return [(home, due) for home, due in self._due.items() if due is not None and due <= now]

    # --- the rows -----------------------------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """Return the place up to which the partition is folded."""
        return Place(self.cursor, self.fingerprint)

    @property
    def unsaved(self) -> int:
        """Return how many records were folded since rows were last begun: what a restart folds again at least."""
        return self._folded

    def begin_rows(self) -> None:
        """Begin to give out the rows of what has changed. They are taken a few at a time, while the fold goes on."""
        if self._saving is None:
            row = ShardRow(offset=self.cursor, fingerprint=self.fingerprint, ticked=self.ticked)
            self._saving = (row, sorted(self._dirty - self.failed.keys()))
            self._folded = 0

    def take_rows(self, limit: int) -> list[Row]:
        """Return up to `limit` rows of homes as they are now.

        The firings made up to now must be where they go before a row is, since the row says that they were made.
        """
        if self._saving is None:
            return []
        waiting = [home for home in self._saving[1] if home not in self.failed]
        self._saving[1][:] = waiting[limit:]
        return [row for home in waiting[:limit] if (row := self._row(home)) is not None]

    def _row(self, home: str) -> Row | None:
        self._dirty.discard(home)
        try:
            engine = self.engines[home].snapshot()
        except Exception as error:  # noqa: BLE001  the state of one home that cannot be kept costs no other its own
            self._fail(home, error, self._unsaid)
            return None
        self._kept[home] = self.cursor
        return home_key(home), msgspec.msgpack.encode(HomeRow(self.cursor, self.ticked, engine, self._listed[home]))

    def end_rows(self) -> Row | None:
        """Return the row that says that all are taken, or None while some are not. It goes last, when the others are kept."""
        if self._saving is None or self._saving[1]:
            return None
        row = msgspec.structs.replace(self._saving[0], homes=dict(self._kept), failed=dict(self.failed))
        self._saving = None
        return shard_key(self.partition), msgspec.msgpack.encode(row)

    def give_up_rows(self) -> None:
        """Forget rows that were begun, such as when they could not be kept; the next ones have everything again."""
        self._saving = None
        self._dirty = set(self.engines)

    @classmethod
    def restore(cls, partition: int, find_home: FindHome, row: FindRow) -> Shard:
        """Return the shard that rows describe, found by their keys: its cursor says where to fold on.

        What cannot be read is as if it were not there: the fold then begins earlier.
        """
        shard = cls(partition, find_home)
        kept = read_shard(row(shard_key(partition)))
        if kept is None:
            return shard
        shard.cursor, shard.fingerprint, shard.ticked = kept.offset, kept.fingerprint, kept.ticked
        back = [shard._load(home, offset, row) for home, offset in kept.homes.items()]
        shard._go_back(min([*back, *kept.failed.values()], default=kept.offset))
        return shard

    def _load(self, home: str, offset: int, find_row: FindRow) -> int:
        """Load a home whose row was made at `offset`; return where to fold on from for its sake."""
        known, row = self._find_home(home), read_home(find_row(home_key(home)))
        if known is None:
            return self.cursor
        engine = None if row is None else _engine(row.engine, known)
        if row is None or engine is None:
            _log.error("The state of home %s cannot be read: it is folded again from the topic's beginning.", home)
            return NOWHERE
        if row.ticked is not None:  # a home hears of ticks late, and this one is from before its row's offset
            self._unsaid.firings += engine.receive([tick(row.ticked)])
        self.engines[home], self._kept[home], self._told[home] = engine, row.offset, None
        self._meet(known, row.listed, engine.houses[home].greatest)
        self._set_due(home, engine.next_deadline())
        return self.cursor if row.offset >= offset else row.offset

    def _go_back(self, offset: int) -> None:
        if offset < self.cursor:
            self.cursor, self.fingerprint, self.ticked = offset, "", None  # the ticks come again in their places

    def forget_log(self) -> None:
        """Begin anew with another log, such as that of a broker which came back empty. What is known of the homes stays."""
        self.cursor, self.fingerprint = NOWHERE, ""
        self._kept = dict.fromkeys(self._kept, NOWHERE)
        self.give_up_rows()


def tick(time: int, home: str | None = None) -> Record:
    """Return the record that says what time it is, to every home or to one."""
    return Record(id=f"tick-{time}", type="tick", time=moment(time), home=home)


def listed_by(home: Home) -> tuple[str, ...]:
    """Return what a home lists that is seen or heard: its cameras and devices."""
    return tuple(entry.id for entry in (*home.cameras, *home.devices))


def _engine(body: bytes, home: Home) -> Engine | None:
    try:
        return Engine.restore(body, [home])
    except (ValueError, KeyError, TypeError, msgspec.MsgspecError):
        return None
