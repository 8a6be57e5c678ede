"""An edge: what sources tell, kept on disk, put on the topic in order, and vouched for by heartbeats.

`deliver` returns when the records are on this machine's disk; from there they go to the broker, in the order they were told
and so in order for each home, for as long as that takes. A record is forgotten when every replica has it. Killed at any
point, an edge sends some of them twice, with the same ids, and loses none.

Each second it looks at the clock and remembers that it watched. A stretch in which it did not, since it was not running or the machine
slept, is said to be blind of every source that was online, before anything that comes after it. A clock that is set ahead
looks the same. When it is set back to the time that it left, the sources are seen again from then on.

A heartbeat is sent when everything before it is in the log, so it says more than that somebody lives: what was told until then
is there.

Of a source that is new to it an edge first says how long nobody watched it (`handover`).

How much may wait is bounded. When the buffer is full, since the broker is away for long, `deliver` raises, and sources tell it
again later. A source that floods is shed before it comes here, so that it does not fill the buffer for the others.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from rules.record import REPORTS, Record, encode
from rules.units import DAY, HOUR, SECOND, instant
from streams.embedded import AHEAD, Clock, system_clock
from streams.health import blind
from streams.kafka.broker import BrokerError
from streams.kafka.buffer import Buffer, BufferFull, Fed, Waiting
from streams.kafka.handover import last_heartbeats, unwatched
from streams.kafka.heartbeat import EVERY, LATENESS, Heartbeat, to_message
from streams.kafka.producer import Producer, Refused, Sent, never
from streams.kafka.topics import Names

BATCH = 1_000  # records sent at a time
NOTED = 5 * SECOND  # between two times that the disk is told that somebody watches
ASLEEP = 10 * SECOND  # without a look at the clock, after which nobody has watched: the machine slept, or was stopped
FORGOTTEN = 7 * DAY  # after which a source that told nothing is not this edge's any more
_LATENESS = int(LATENESS * SECOND)
_AGAIN = 1.0  # seconds before what failed is tried again
_LAST = 3.0  # seconds to send what is left when it ends
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """How an edge is doing: what waits, since when, what was sent and set aside, how much of that is not kept, and what keeps it."""

    waiting: int
    bytes: int
    oldest: int | None
    sent: int
    aside: Mapping[str, int]
    shed: int
    trouble: str


class Edge:
    """Takes records of any source, in any thread, and puts them on the topic.

    `name` is the same each time that this edge runs, and no other edge of the same homes has it. `feeds` are sources that it
    feeds from the start, as home and source; others are added when they tell something.
    """

    def __init__(
        self,
        name: str,
        buffer: Buffer,
        producer: Producer,
        names: Names,
        *,
        feeds: Iterable[tuple[str, str]] = (),
        clock: Clock = system_clock,
        every: float = EVERY,
    ) -> None:
        self.name, self._buffer, self._producer, self._names = name, buffer, producer, names
        self._feeds = frozenset(feeds)
        self._clock, self._every = clock, int(every * SECOND)
        self._told, self._stop = threading.Event(), threading.Event()
        self._sent = 0
        self._since = self._watched = self._noted = 0
        self._left: int | None = None  # what time it was when the clock last leapt ahead
        self._beaten: int | None = None
        self._trouble = ""
        self._warned: dict[tuple[str | None, str], int] = {}

    # --- what sources tell --------------------------------------------------------------------------------------

    def deliver(self, records: Sequence[Record]) -> None:
        """Keep records; on return they are on the disk. Raise BufferFull when they are not: tell them again then.

        What cannot count is set aside: a time more than a minute ahead of the clock, or no report of a home's source.
        """
        now = instant(self._clock())
        good = [record for record in records if not _objection(record, now)]
        if len(good) < len(records):
            self._put_aside(records, now)
        if good:
            self._buffer.append(good, now)
            self._told.set()

    def _put_aside(self, records: Sequence[Record], now: int) -> None:
        """Keep aside what cannot count; say so of each source once an hour, however much it is."""
        bad: dict[str, list[Record]] = {}
        for record in records:
            if why := _objection(record, now):
                bad.setdefault(why, []).append(record)
        for why, of in bad.items():
            self._buffer.set_aside(map(encode, of), why, now)
            for record in of:
                self._warn_of(record, why, now)
        if (shed := self._buffer.shed()) and self._is_news(None, "shed", now):
            _log.error("Too much was set aside: of %d records only the count is kept. See `proactive doctor`.", shed)

    def _is_news(self, source: str | None, why: str, now: int) -> bool:
        """Tell whether something was not said in the last hour, and take it as said."""
        if now < self._warned.get((source, why), now - HOUR) + HOUR:
            return False
        self._warned[source, why] = now
        return True

    def _warn_of(self, record: Record, why: str, now: int) -> None:
        if self._is_news(record.source, why, now):
            when = record.time.isoformat()
            _log.warning(
                "A record of %s is set aside: %s (%s). More of the kind are only counted.", record.source, why, when
            )

    def report(self) -> Report:
        """Return how it is doing."""
        buffer = self._buffer
        return Report(
            buffer.count, buffer.size, buffer.oldest(), self._sent, buffer.aside(), buffer.shed(), self._trouble
        )

    # --- who watches --------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to watch: say of each source that was online that nobody has watched it since the last time."""
        now = instant(self._clock())
        self._buffer.feed(self._feeds, now, older=now - FORGOTTEN)
        watched = self._buffer.watched()
        if (
            watched is not None and watched > now
        ):  # the clock was set back meanwhile: nobody knows how long nobody watched
            self._buffer.set_back(now)
            watched = now - 1
        self._begin(now if watched is None else watched, now)

    def watch(self) -> None:
        """Look at the clock, each second: what lies between two looks that are far apart was watched by nobody."""
        now = instant(self._clock())
        if now - self._watched > ASLEEP:
            _log.warning(
                "Nobody has watched for %d s: this machine slept, or its clock was set.",
                (now - self._watched) // SECOND,
            )
            self._left = self._watched
            self._begin(self._watched - _LATENESS, now)
        elif self._left is not None and self._left <= now < self._watched - ASLEEP:
            self._return(self._left, now)
        elif now > self._watched:
            self._watched = now
        if now >= self._noted + NOTED:
            self._note(now)

    def _begin(self, watched: int, now: int) -> None:
        """Watch from now on; sources that were online were watched until `watched`."""
        now = max(now, watched)
        unseen = [record for fed in self._buffer.fed() if fed.online for record in _blind(fed, watched, now)]
        if watched < now:
            self._buffer.append(unseen, now)
        self._since = self._watched = now
        self._note(now)
        self._told.set()

    def _return(self, left: int, now: int) -> None:
        """Go on where the clock was before it leapt ahead: what was said of the time after it was never true."""
        _log.warning("The clock was set back by %d s, to where it was.", (self._watched - now) // SECOND)
        self._left = None
        self._buffer.set_back(now)
        self._begin(left - _LATENESS, now)

    def _note(self, now: int) -> None:
        self._buffer.watch(now - _LATENESS)
        self._noted = now

    # --- what the broker gets -----------------------------------------------------------------------------------

    def run(self) -> None:
        """Watch, and send what is told with heartbeats, until `stop`; then send what is left, if the broker takes it soon."""
        watching = threading.Thread(target=self._watch_on, name="watch", daemon=True)
        watching.start()
        while not self._stop.is_set():
            self._told.clear()
            if not self._try_to_send(self._stop.is_set):
                self._stop.wait(_AGAIN)
            elif not self._buffer.count:
                self._told.wait(self._every / SECOND / 2)
        watching.join()
        self._try_to_send(after(_LAST))
        self._producer.close()

    def stop(self) -> None:
        """End `run`, which leaves what the broker has not taken on the disk for the next time."""
        self._stop.set()
        self._told.set()

    def step(self, enough: Callable[[], bool] = never) -> None:
        """Send everything that waits, and a heartbeat if one is due. Raise BrokerError when the broker does not take it."""
        self._hand_over(enough)
        self._beat(enough)
        while self._send(enough):
            self._beat(enough)

    def _watch_on(self) -> None:
        while not self._stop.wait(self._every / SECOND):
            try:
                self.watch()
            except BufferFull as error:
                _log.error("%s", error)

    def _try_to_send(self, enough: Callable[[], bool]) -> bool:
        try:
            self.step(enough)
        except (BrokerError, BufferFull) as error:
            if not self._trouble and not self._stop.is_set():
                kept = " (What is told meanwhile is kept here.)" if isinstance(error, BrokerError) else ""
                _log.warning("%s%s", error, kept)
            self._trouble = str(error)
            return False
        if self._trouble:
            _log.warning("It goes on; Kafka has what was told meanwhile.")
            self._trouble = ""
        return True

    def _send(self, enough: Callable[[], bool]) -> bool:
        """Send the head of the buffer; return whether there was any."""
        batch = self._buffer.head(BATCH)
        if batch:
            self._hand_over(enough)
            sent = self._send_sound(batch, enough)
            self._buffer.drop(sent)
            self._sent += len(sent)
        return bool(batch)

    def _send_sound(self, batch: list[Waiting], enough: Callable[[], bool]) -> list[Waiting]:
        """Send what the broker takes; set aside the one at the head that it never will. Return what to forget."""
        try:
            self._producer.send([self._message(waiting) for waiting in batch], enough)
        except Refused as refused:
            if refused.index:
                return self._send_sound(batch[: refused.index], enough)
            _log.error("%s It is set aside, and the rest goes on.", refused)
            self._buffer.set_aside([batch[0].line], "refused", instant(self._clock()))
            return batch[:1]
        return batch

    def _message(self, waiting: Waiting) -> Sent:
        return Sent(self._names.records, waiting.line, waiting.home.encode())

    def _hand_over(self, enough: Callable[[], bool]) -> None:
        """Say of sources that are new here how long nobody watched them, before anything else that they tell is sent."""
        new = self._buffer.begun()
        if not new:
            return
        partitions = {self._partition(fed.home) for fed in new}
        unseen = unwatched(new, last_heartbeats(self._producer.brokers, self._names, partitions))
        sent = [(encode(record), (record.home or "").encode()) for record in unseen]
        self._producer.send([Sent(self._names.records, line, key) for line, key in sent], enough)
        self._buffer.hand_over(new)

    # --- heartbeats ---------------------------------------------------------------------------------------------

    def _beat(self, enough: Callable[[], bool]) -> None:
        """Send a heartbeat for each home, if they are due."""
        now = instant(self._clock())
        if self._beaten is not None and self._beaten <= now < self._beaten + self._every:
            return
        oldest = self._buffer.oldest()
        until = (now if oldest is None else min(oldest, now)) - _LATENESS
        beats = [self._heartbeat(home, until, fed) for home, fed in self._homes().items()]
        self._producer.send([to_message(self._names, beat, self._partition(beat.home)) for beat in beats], enough)
        self._beaten = now

    def _homes(self) -> dict[str, list[Fed]]:
        homes: dict[str, list[Fed]] = {}
        for fed in (fed for fed in self._buffer.fed() if fed.begun is None):
            homes.setdefault(fed.home, []).append(fed)
        return homes

    def _heartbeat(self, home: str, until: int, fed: Sequence[Fed]) -> Heartbeat:
        online = {each.source: each.time for each in fed if each.online}
        return Heartbeat(
            home=home,
            edge=self.name,
            until=until,
            since=self._since,
            sources=online,
            waiting=self._buffer.count,
            bytes=int(self._buffer.size),
            aside=sum(self._buffer.aside().values()),
            shed=self._buffer.shed(),
        )

    def _partition(self, home: str) -> int:
        return self._producer.partition_of(self._names.heartbeats, home)


def after(seconds: float) -> Callable[[], bool]:
    """Return what tells whether so many seconds have passed since now."""
    end = monotonic() + seconds
    return lambda: monotonic() > end


def _objection(record: Record, now: int) -> str:
    """Return why a record cannot count, or an empty text."""
    if record.home is None or record.type not in REPORTS:
        return "not_a_report"
    return "ahead_of_clock" if instant(record.time) > now + AHEAD else ""


def _blind(fed: Fed, since: int, until: int) -> list[Record]:
    """Return the two reports that make a stretch blind for a source; its last record was seen."""
    seen = fed.time + 1
    return blind(fed.home, fed.source, max(since, seen), max(until, seen))
