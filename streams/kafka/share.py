"""A worker's share: the shards of the partitions it has now, and what it does with what it is handed.

Who hands records on, in which order and how often does not matter: each partition goes by its shard's cursor. A jump is read from
the topic before going on. Whatever fails on the way, the shard is dropped and the next record begins again from the
rows. State is kept every few seconds, a few homes at a time between batches: a home's row costs ten times the fold of a
record and has thirty times its bytes, so rows with every batch would be most of a worker's work. What came after the
last rows is folded again by whoever goes on, and its firings have the same ids. Firings and dead letters are with the
broker before a row that says they were made.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from time import monotonic
from typing import Protocol

from rules.home import Home
from rules.problem import InputError, Problem
from rules.record import Record
from rules.units import SECOND, instant
from streams.embedded import Clock, system_clock
from streams.kafka.binding import to_message
from streams.kafka.broker import BrokerError
from streams.kafka.continuity import Continuity, OtherLogError, fingerprint
from streams.kafka.listening import Listening
from streams.kafka.outlet import Outlet, Parcel
from streams.kafka.parcels import dead_letter, failure_letter, firing_parcel, rule_parcel
from streams.kafka.pulse import Pulse
from streams.kafka.shard import NOWHERE, Entry, FindHome, Folded, Row, Shard, tick
from streams.kafka.stretch import Said, Stretches
from streams.kafka.taking import take
from streams.kafka.topics import Names
from streams.kafka.vigil import View
from streams.troubles import Troubles

ROWS = 25  # homes whose state is kept at a time
KEEP_SECONDS = 15.0  # between two times that a shard's state is kept
CROWDED = 20_000  # messages that may wait for the broker before folding waits too
FindNews = Callable[[], Iterable[Home]]
CHANGES = frozenset({"rule.put", "rule.drop"})
_LOOK = 1.0  # seconds between two looks at whether homes list something else
_BETWEEN, _AT_MOST = 0.03, 1.0  # seconds between two looks at the clock: a tick for each record would double the log
_log = logging.getLogger(__name__)


class Rows(Protocol):
    """Where rows of state are kept, by key; what is kept comes to whoever has the partition next."""

    def find(self, key: str) -> bytes | None:
        """Return a row that is here, or None."""

    async def keep(self, partition: int, rows: Sequence[Row]) -> None:
        """Return when the rows are with the broker; raise when they cannot be."""


class Share:
    """The shards of one worker. `receive` is called by one task at a time; `run` does the rest beside it.

    `steady` is a clock that nobody sets, in seconds: what `clock` says is believed as far as the two run together.

    `find_news` is asked now and then, in a thread, for the homes that are listed otherwise than `find_home` said.

    `counts` has what was `folded`, `filled` (read from the topic, since nobody handed it on), `repeated`, `dead` and
    `fired`, and homes that `failed`.
    """

    def __init__(
        self,
        names: Names,
        find_home: FindHome,
        rows: Rows,
        outlet: Outlet,
        stretches: Stretches,
        *,
        clock: Clock = system_clock,
        steady: Callable[[], float] = monotonic,
        keep_seconds: float = KEEP_SECONDS,
        listening: Listening | None = None,
        find_news: FindNews = tuple,
    ) -> None:
        self.partitions: frozenset[int] = frozenset()
        self.shards: dict[int, Shard] = {}
        self.counts: Counter[str] = Counter()
        self.due: int | None = None  # the earliest deadline that is pending in any partition, past or to come
        self._names, self._find_home, self._rows = names, find_home, rows
        self._find_news = find_news
        self._outlet, self._stretches, self._continuity = outlet, stretches, Continuity(stretches)
        self._clock, self._steady, self._keep_seconds = clock, steady, keep_seconds
        self._pulse, self._listening = Pulse(), listening
        self._troubles = Troubles(_log.error)
        self._handed: dict[int, int] = {}
        self._kept_at: dict[int, float] = {}
        self._keeping = asyncio.Lock()
        self._changed = asyncio.Event()

    @property
    def unsent(self) -> int:
        """Return how many messages the broker has not taken yet."""
        return self._outlet.waiting

    def own(self, partitions: Iterable[int]) -> None:
        """Take these partitions, and leave all others to whoever has them now."""
        self.partitions = frozenset(partitions)
        for partition in self.shards.keys() - self.partitions:
            del self.shards[partition]
        self._continuity.keep(self.partitions)
        self._pulse.keep(self.partitions)
        if self._listening is not None:
            self._listening.own(self.partitions)
        self._changed.set()

    async def run(self) -> None:
        """Send, tick and keep state until cancelled."""
        listening = [] if self._listening is None else [self._listening.run()]
        await asyncio.gather(self._outlet.run(), self._tick_on(), self._keep_on(), self._follow(), *listening)

    # --- what comes in ------------------------------------------------------------------------------------------

    async def receive(self, partition: int, said: Sequence[Said]) -> None:
        """Fold what was handed on of a partition, in any order, any number of times, with what is missing before it."""
        if partition not in self.partitions:
            return
        try:
            shard = self.shards.get(partition) or self._begin(partition)
            for stretch in in_stretches(said):
                await self._receive(shard, stretch)
        except Exception:  # noqa: BLE001  whatever it was, the rows and the topic are still right
            _log.exception("Partition %d is begun again from its rows.", partition)
            self.shards.pop(partition, None)
        if self._outlet.waiting > CROWDED:
            await self._outlet.flush()

    def doubt(self) -> None:
        """Take it that what is handed on from now on may be of another log: a connection to a broker is a new one."""
        self._continuity.doubt()

    async def _receive(self, shard: Shard, said: Sequence[Said]) -> None:
        first = said[0].offset
        if self._continuity.take_doubt(shard.partition) or first <= self._handed.get(shard.partition, NOWHERE):
            await self._check_log(shard)
        self._handed[shard.partition] = said[-1].offset
        if first > shard.cursor + 1:
            await self._fill(shard, first)
        self._require(shard)
        self._fold(shard, said)
        self._continuity.folded(shard.partition, shard.place)

    def _require(self, shard: Shard) -> None:
        """Raise BrokerError when a partition is not this shard's any more: it may have gone while somebody was asked."""
        if self.shards.get(shard.partition) is not shard:
            raise BrokerError(f"partition {shard.partition} has gone to another worker")

    async def _fill(self, shard: Shard, until: int) -> None:
        async for part in self._stretches.read(shard.partition, shard.cursor + 1, until):
            self._require(shard)
            self.counts["filled"] += len(part)
            self._fold(shard, part)
            await asyncio.sleep(0)

    def _fold(self, shard: Shard, said: Sequence[Said]) -> None:
        new = [each for each in said if each.offset > shard.cursor]
        self.counts["repeated"] += len(said) - len(new)
        if not new:
            return
        folded = shard.receive(self._entries(shard.partition, new), fingerprint(new[-1]))
        self._tell(shard.partition, new, folded)
        self.counts["folded"] += len(new)
        self._changed.set()

    def _entries(self, partition: int, said: Sequence[Said]) -> list[Entry]:
        entries: list[Entry] = []
        for each in said:
            record: Record | None = None
            try:
                record = take(each)
            except InputError as error:
                self._put_aside(partition, each, error.problems[0])
            else:
                self._keep_rule(partition, record)
            entries.append((each.offset, record))
        return entries

    def _keep_rule(self, partition: int, record: Record) -> None:
        """Keep the last put of each rule on its own topic."""
        if record.type in CHANGES and self._find_home(record.home or "") is not None:
            self._outlet.put(rule_parcel(self._names, partition, record))

    def _tell(self, partition: int, said: Sequence[Said], folded: Folded) -> None:
        self._outlet.put(*[firing_parcel(self._names, partition, firing) for firing in folded.firings])
        self.counts["fired"] += len(folded.firings)
        for failure in self._troubles.hear(folded.problems):
            self.counts["failed"] += 1
            self._outlet.put(failure_letter(self._names, failure))
        for home, error in folded.failed:
            self.counts["failed"] += 1
            _log.error("Home %s is folded no more: the engine failed. Other homes go on.", home, exc_info=error)
        at = {each.offset: each for each in said} if folded.strays else {}
        for offset, record in folded.strays:
            message = f"expected a home that is known here, found {record.home!r}."
            self._put_aside(partition, at[offset], Problem("unknown_home", "home", message))

    def _put_aside(self, partition: int, said: Said, problem: Problem) -> None:
        self.counts["dead"] += 1
        self._outlet.put(dead_letter(self._names, partition, said, problem))

    # --- where it goes on ---------------------------------------------------------------------------------------

    def _begin(self, partition: int) -> Shard:
        shard = Shard.restore(partition, self._find_home, self._rows.find)
        self.shards[partition] = shard
        self._continuity.begin(partition, shard.place)
        self._kept_at[partition] = monotonic()
        self._handed.pop(partition, None)
        self._append(partition, shard.take_unseen())
        return shard

    async def _check_log(self, shard: Shard) -> None:
        """See whether the topic is still the one that the shard has folded: a broker may come back empty."""
        try:
            lost = await self._continuity.look(shard.partition, shard.place)
        except OtherLogError as error:
            _log.error("%s What is there now is folded from its beginning; what is known of the homes stays.", error)
            shard.forget_log()
            self._continuity.begin(shard.partition, shard.place)
            lost = 0
        if lost:
            _log.error("Partition %d: %d records were deleted before they were folded.", shard.partition, lost)
            self.counts["lost"] += lost

    # --- state --------------------------------------------------------------------------------------------------

    async def keep(self, shard: Shard) -> None:
        """Keep a shard's state, after everything that it says was done is done, and all that was folded is still there."""
        async with self._keeping:
            place = shard.place
            shard.begin_rows()
            try:
                await self._continuity.look(shard.partition, place)
                while rows := shard.take_rows(ROWS):
                    await self._keep_rows(shard, rows)
                if (last := shard.end_rows()) is not None:
                    await self._keep_rows(shard, [last])
            except BaseException as error:
                shard.give_up_rows()
                if isinstance(error, OtherLogError):
                    self._continuity.doubt()
                raise
        self._kept_at[shard.partition] = monotonic()

    async def _keep_rows(self, shard: Shard, rows: Sequence[Row]) -> None:
        """Keep rows once all that was said up to now has arrived: a row says that it was, and nobody would say it again."""
        await self._outlet.flush()
        await self._rows.keep(shard.partition, rows)

    async def keep_all(self, seconds: float) -> None:
        """Keep what has changed, as far as that is done in time: what is not will be folded again."""
        try:
            async with asyncio.timeout(seconds):
                for shard in list(self.shards.values()):
                    if shard.unsaved:
                        await self._try_to_keep(shard)
        except TimeoutError:
            _log.warning("Not all state could be kept within %g s; the rest is folded again.", seconds)

    async def _keep_on(self) -> None:
        while True:
            await asyncio.sleep(min(1.0, self._keep_seconds / 4))
            for shard in list(self.shards.values()):
                if shard.unsaved and monotonic() >= self._kept_at[shard.partition] + self._keep_seconds:
                    await self._try_to_keep(shard)

    async def _try_to_keep(self, shard: Shard) -> None:
        try:
            await self.keep(shard)
        except Exception as error:  # noqa: BLE001  the next round keeps it all
            _log.warning("The state of partition %d could not be kept (%r).", shard.partition, error)

    # --- what homes list ----------------------------------------------------------------------------------------

    async def _follow(self) -> None:
        before = instant(self._clock())
        while True:
            now = instant(self._clock())
            try:
                for home in await asyncio.to_thread(self._find_news):
                    await self.adopt(home, before)
                before = now
            except Exception as error:  # noqa: BLE001  whatever keeps the homes, what is known of them goes on
                _log.warning("What the homes list cannot be looked at (%r); trying again.", error)
            await asyncio.sleep(_LOOK)

    async def adopt(self, home: Home, before: int) -> None:
        """Go on with a home as it is listed now. `before` is an instant at which it was listed as it was.

        Its state is kept at once: whoever goes on from there has decided what came before it as it was listed then.
        """
        for shard in list(self.shards.values()):
            if shard.adopt(home, before):
                self._append(shard.partition, shard.take_unseen())
                self._changed.set()
                await self._try_to_keep(shard)

    # --- time ---------------------------------------------------------------------------------------------------

    async def _tick_on(self) -> None:
        while True:
            self._changed.clear()
            now = self._pulse.believe(instant(self._clock()), int(self._steady() * SECOND))
            soonest = self._tick(now) if now is not None else None
            await asyncio.sleep(_BETWEEN)
            wait = _AT_MOST if soonest is None or now is None else min(_AT_MOST, (soonest - now) / SECOND - _BETWEEN)
            with suppress(TimeoutError):
                async with asyncio.timeout(max(wait, 0.0)):
                    await self._changed.wait()

    def _tick(self, now: int) -> int | None:
        """Tell the partitions that should hear it what time it is; return the next deadline of any."""
        pending = []
        for partition in self.partitions:
            view = View() if self._listening is None else self._listening.look(partition, now)
            if view is None:
                continue
            shard = self.shards.get(partition)
            deadline = None if shard is None else shard.next_deadline()
            # What is said of edges that died goes first: then the deadline that this tick reaches knows of it.
            self._append(partition, [*view.records, *self._ticks(partition, shard, deadline, now, view.held)])
            if deadline is not None:
                pending.append(deadline)
        self.due = min(pending, default=None)
        return min((deadline for deadline in pending if deadline > now), default=None)

    def _ticks(
        self, partition: int, shard: Shard | None, deadline: int | None, now: int, held: dict[str, int]
    ) -> Iterator[Record]:
        """Yield the ticks that are due: one for all homes, or while some of them must wait, one for each of the others."""
        if not held:
            if self._pulse.is_due(partition, deadline, now):
                self._pulse.ticked(partition, now)
                yield tick(now)
        elif shard is not None:
            for home, due in shard.due(now):
                time = min(now, held.get(home, now))
                if self._pulse.is_due_of(home, due, time):
                    self._pulse.ticked_of(home, time)
                    yield tick(time, home)

    def _append(self, partition: int, records: Iterable[Record]) -> None:
        for record in records:
            message = to_message(record)
            self._outlet.put(Parcel(self._names.records, message.key, message.value, partition, message.headers))


def in_stretches(said: Sequence[Said]) -> list[list[Said]]:
    """Return what was handed on cut where an offset is not the one after the last."""
    if not said or said[-1].offset - said[0].offset == len(said) - 1:
        return [list(said)] if said else []
    found: list[list[Said]] = []
    for each in said:
        if found and each.offset == found[-1][-1].offset + 1:
            found[-1].append(each)
        else:
            found.append([each])
    return found
