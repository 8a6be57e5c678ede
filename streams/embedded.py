"""The embedded runtime: the log, the engine and a clock in one process.

Records are appended to the log, and what the log has is folded, in the log's order, by whoever comes first: nobody who
appends waits for a fold that is under way. Everything is done in slices, so that a noon with thousands of firings
holds the log for milliseconds at a time. A start is: the last snapshot, the records after it, the stretch when nobody
was watching (as `health` records, so that the log alone decides), then a tick. Deadlines that passed meanwhile are
decided by it, each at its own time.

The clock is asked, never trusted. Ticks never go back. A tick much later than the last one (the machine slept, or its
clock was set) must still be later half a minute afterwards, before it counts; then what lies between was watched by
nobody, as after a restart.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from rules.engine import Engine
from rules.failure import Failure
from rules.firing import Firing
from rules.home import Home
from rules.problem import InputError
from rules.record import Record
from rules.rule import Rule, parse_rule
from rules.units import SECOND, instant, microseconds, moment
from streams.changes import drop_record, put_record, read_put
from streams.health import blind
from streams.history import history
from streams.log import Deadline, Log
from streams.troubles import Troubles
from streams.turn import Turn

SLICE = 500  # records folded, or firings stored, at a time
AHEAD = 60 * SECOND  # how far ahead of the clock a record may be
PROOF = 30 * SECOND  # how long a leap of the clock must last before it counts
SNAPSHOT_RECORDS = 5_000  # folded since the last snapshot: what a start reads at most
LAPSE = timedelta(minutes=5)
TAKEN, KNOWN = "taken", "known"  # what becomes of records that are not set aside

Clock = Callable[[], datetime]
_log = logging.getLogger(__name__)


def system_clock() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of records: `appended` are new in the log, `repeated` were there, `aside` are kept but not used.

    `fates` says it of each, in the order in which they were given: `taken`, `known`, or why it was set aside.
    """

    appended: int
    repeated: int
    aside: int
    fates: tuple[str, ...] = field(default=(), compare=False)


class Embedded:
    """Runs the engine of some homes on a log. Any thread may call any method.

    `on_firings` is called with firings once they are stored, until it returns without raising: at least once, so it
    must know a firing by its id. `nudge` is called when there is something to fold, `on_stored` when there may be
    something to hand on: by default the caller does both; `Alarm` has threads for them. `lapse` is how long the clock may run without a tick before that
    stretch counts as watched by nobody; None for a clock that is moved by hand.
    """

    def __init__(
        self,
        log: Log,
        homes: Iterable[Home],
        *,
        clock: Clock = system_clock,
        on_firings: Callable[[Sequence[Firing]], None] | None = None,
        lapse: timedelta | None = LAPSE,
    ) -> None:
        self.homes = {home.home: home for home in homes}
        self.nudge: Callable[[], None] = self.settle
        self.on_stored: Callable[[], None] = self.hand_on
        self.on_deadline: Callable[[datetime | None], None] = lambda _: None
        self._log, self._clock, self._on_firings = log, clock, on_firings
        self._lapse = None if lapse is None else lapse // timedelta(microseconds=1)
        self._appending = threading.RLock()
        self._folding, self._handing = Turn(self._fold), Turn(self._hand_on)
        self.troubles = Troubles(_log.error)
        self.fired: Counter[str] = Counter()  # firings by verdict, since the start
        self._firings: list[Firing] = []
        self._failures: list[Failure] = []
        self._written: set[Deadline] = set()
        self._erased: set[str] = set()
        self._leap: int | None = None

    @property
    def log(self) -> Log:
        """Return the log that it runs on, to read from."""
        return self._log

    # --- start and stop -----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Go on from where the log ends. Raise LogError when it cannot be read or written."""
        self._last = self._log.last_tick() or 0
        self._changed = self._log.last_change() or 0
        now = max(instant(self._clock()), self._last)
        resumed = self._log.beginning() is not None
        if not resumed:
            self._append([_tick(now)])
        self._began = self._log.beginning() or now
        self._engine, self._folded = self._restored()
        self._saved = self._folded
        self._written = set(self._log.deadlines())
        self.settle()
        if resumed:
            self._append([*self._unwatched(now), _tick(now)])
            self.settle()

    def stop(self) -> None:
        """Fold what there is and keep the engine's state, so that the next start is quick."""
        self.nudge, self.on_stored = self.settle, self.hand_on
        self.wake()
        with self._folding.lock:
            self._write_deadlines()
            self._save()

    def adopt(self, homes: Iterable[Home]) -> bool:
        """Go on with homes as they are listed now, and say whether that is news; what is pending stays.

        A home that is new begins now; a camera or device that is new was seen by nobody until now.
        """
        listed = {home.home: home for home in homes}
        if listed == self.homes:
            return False
        with self._appending, self._folding.lock:
            now = max(instant(self._clock()), self._last)
            unseen = [record for home in listed.values() for record in self._unseen(home, now)]
            self._fold()
            self._engine = Engine.restore(self._engine.snapshot(), listed.values(), since=now)
            self.homes = listed
            self._erased -= listed.keys()
            self._log.store_snapshot(self._folded, self._engine.snapshot())
            self._saved = self._folded
            if unseen:
                self._append(unseen)
        self.nudge()
        return True

    def erase(self, home: str) -> None:
        """Delete all that the log has of a home that is listed here no more, for good. Raise LogError: it can be asked again.

        What is told of it afterwards, by sources that have not heard yet, is kept nowhere.
        """
        assert home not in self.homes, f"{home} is watched over"
        with self._appending, self._folding.lock:
            self._erased.add(home)
            # What has the last number of the log must stay: the next record would get it again, and be taken for folded.
            self._append([_tick(max(instant(self._clock()), self._last + 1))])
            self._fold()
            self._log.erase(home)
            self._log.store_only_snapshot(self._folded, self._engine.snapshot())
            self._saved, self._written = self._folded, set(self._log.deadlines())
            self._log.overwrite_deleted()

    def _unseen(self, home: Home, now: int) -> Iterator[Record]:
        """Yield the health records that make the past blind for what a known home lists newly."""
        before = self.homes.get(home.home)
        if before is None:
            return
        known = {source.source for source in self._log.sources() if source.home == home.home} | set(before.by_id)
        for entry in (*home.cameras, *home.devices):
            if entry.id not in known:
                yield from blind(home.home, entry.id, self._began, now)

    def _restored(self) -> tuple[Engine, int]:
        """Return the engine of the newest snapshot that can be read, and the seq it was made at."""
        for seq, body in self._log.snapshots():
            try:
                return Engine.restore(body, self.homes.values()), seq
            except (ValueError, KeyError, TypeError) as error:
                _log.warning(
                    "The snapshot at record %d cannot be used (%s); reading more of the log instead.", seq, error
                )
        return Engine(self.homes.values(), since=self._began), 0

    # --- what comes in ------------------------------------------------------------------------------------------

    def ingest(self, records: Sequence[Record]) -> Ingested:
        """Append records; on return they are kept. What may not count is set aside: kept, counted, not used.

        That is a record more than 60 s ahead of the clock, before the beginning of the log, of an unknown home, or
        with a rule that is none. Raise LogFull when they cannot be kept: none of them was, so offer them again.
        """
        with self._appending:
            now = instant(self._clock())
            judged = [(record, self._objection(record, now)) for record in records]
            good = [self._complete(record) for record, why in judged if not why]
            bad = [(record, why) for record, why in judged if why and record.home not in self._erased]
            if bad:
                self._log.set_aside(bad, now)
            new = self._append(good) if good else []
        if any(new):
            self.nudge()
        told = iter(new)
        fates = tuple(why or (TAKEN if next(told) else KNOWN) for _, why in judged)
        return Ingested(sum(new), len(new) - sum(new), len(bad), fates)

    def put_rule(self, rule: Rule) -> None:
        """Put a rule, with the earlier records it may rest on. Raise KeyError for a home that is not here."""
        home = self.homes[rule.home]
        with self._appending:
            self._append_change(lambda time: put_record(rule, moment(time), history(self._log, home, rule, time)))
        self.nudge()

    def drop_rule(self, home: str, rule: str) -> None:
        """Drop a rule and what is pending of it."""
        with self._appending:
            self._append_change(lambda time: drop_record(home, rule, moment(time)))
        self.nudge()

    def rules(self) -> dict[tuple[str, str], Rule]:
        """Return the rules that the log has put and not dropped, by home and id."""
        found: dict[tuple[str, str], Rule] = {}
        for record in self._log.rule_changes():
            if record.type == "rule.put":
                rule = parse_rule(record.data["rule"])
                found[rule.home, rule.id] = rule
            else:
                found.pop((record.home or "", str(record.data["rule"])), None)
        return found

    def _append(self, records: Sequence[Record]) -> list[bool]:
        appended = self._log.append(records)
        ticks = [instant(record.time) for record in records if record.type == "tick" and record.home is None]
        self._last = max([self._last, *ticks])
        return appended

    def _append_change(self, change: Callable[[int], Record]) -> None:
        """Append a change of rules at an instant of its own, after that of the change before it."""
        self._changed = max(instant(self._clock()), self._last, self._changed + 1)
        self._append([change(self._changed)])

    def _objection(self, record: Record, now: int) -> str:
        """Return why a record may not count, or an empty text."""
        time = instant(record.time)
        if record.home is not None and record.home not in self.homes:
            return "unknown_home"
        if time > now + AHEAD:
            return "ahead_of_clock"
        if time > self._trusted(now) + AHEAD:
            return "clock_in_doubt"
        if time < self._began:
            return "before_beginning"
        return "not_a_rule" if record.type == "rule.put" and not _is_rule(record) else ""

    def _complete(self, record: Record) -> Record:
        """Return the record; a rule that was put without its history gets it."""
        if record.type != "rule.put" or "history" in record.data or record.home is None:
            return record
        rule, time = parse_rule(record.data["rule"]), instant(record.time)
        put = put_record(rule, record.time, history(self._log, self.homes[record.home], rule, time))
        return Record(id=record.id, type="rule.put", time=record.time, home=record.home, data=put.data)

    # --- time ---------------------------------------------------------------------------------------------------

    def wake(self) -> None:
        """Look at the clock: append a tick if time has passed, and decide what is due."""
        with self._appending:
            now = instant(self._clock())
            if now > self._last and self._trusted(now) == now:
                self._append([*self._after_leap(), _tick(now)])
        self.settle()

    def next_deadline(self) -> datetime | None:
        """Return when `wake` will next have something to do, or None."""
        with self._folding.lock:
            due = self._engine.next_deadline()
        return None if due is None else moment(due)

    def lag(self, now: int) -> tuple[int, int]:
        """Return how many records are kept and not folded yet, and for how many microseconds the oldest of them waits."""
        waiting = self._log.after(self._folded, 1)
        since = min((instant(record.time) for _, record in waiting), default=now)
        return self._log.count_after(self._folded), max(0, now - since)

    def overdue(self, now: int) -> int:
        """Return for how many microseconds the oldest pending deadline has been due; 0 where none is."""
        pending = self._log.deadlines(limit=1)
        lateness = max((microseconds(home.lateness) for home in self.homes.values()), default=0)
        return max(0, now - pending[0][2] - lateness) if pending else 0

    def _trusted(self, now: int) -> int:
        """Return the time up to which the clock is believed: `now`, unless it has just leapt ahead."""
        if self._lapse is None or now - self._last <= self._lapse:
            self._leap = None
            return now
        if self._leap is None or now < self._leap:
            self._leap = now
            _log.warning("The clock is %d s ahead of the last tick; waiting to see.", (now - self._last) // SECOND)
        return now if now >= self._leap + PROOF else self._last + self._lapse

    def _after_leap(self) -> list[Record]:
        """Return what to append before the first tick after a leap that lasted: a stretch nobody watched."""
        if self._leap is None:
            return []
        leap, self._leap = self._leap, None
        return [*self._unwatched(leap), *self._log.take_aside("clock_in_doubt")]

    def _unwatched(self, now: int) -> list[Record]:
        """Return the health records that make the time since the last tick blind for every source that was online.

        A tick at T vouches for what came in until then, and a record may come in one lateness after its time. So a
        source is blind from one lateness before the last tick, or from its own last record if that is later.
        """
        known = {(source.home, source.source): source for source in self._log.sources()}
        records = []
        for home in self.homes.values():
            vouched = self._last - microseconds(home.lateness)
            names = {entry.id for entry in (*home.cameras, *home.devices)}
            names |= {source for of, source in known if of == home.home}
            for name in sorted(names):
                last = known.get((home.home, name))
                if last is None or last.online:
                    since = vouched if last is None else max(vouched, last.time + 1)
                    records += blind(home.home, name, max(since, self._began), now)
        return records

    # --- the fold -----------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Fold everything that was appended, store what fires and hand it on.

        Return at once when another thread is at it, which then folds this too. Raise LogFull when firings cannot be
        stored; they are kept and stored the next time.
        """
        self._folding.take()
        self.on_stored()

    def hand_on(self) -> None:
        """Hand on the firings that are stored and were not yet; return at once when another thread is at it."""
        self._handing.take()

    def _fold(self) -> None:
        self._store()
        while batch := self._log.after(self._folded, SLICE):
            known = [record for _, record in batch if record.home is None or record.home in self.homes]
            self._firings += self._engine.receive(known)
            self._failures += self.troubles.hear(self._engine.take_problems())
            self._folded = batch[-1][0]
            self._store()
            if any(record.type in ("tick", "rule.put", "rule.drop") for record in known):
                self._write_deadlines()
        if self._folded - self._saved >= SNAPSHOT_RECORDS:
            self._save()
        due = self._engine.next_deadline()
        self.on_deadline(None if due is None else moment(due))

    def _store(self) -> None:
        if self._failures:
            self._log.keep_failures(self._failures)
            self._failures = []
        while self._firings:
            part = self._firings[:SLICE]
            last = len(part) == len(self._firings)
            self._log.store_firings(part, self._folded if last else None)
            self.fired.update(firing.verdict for firing in part)
            del self._firings[: len(part)]

    def _hand_on(self) -> None:
        if self._on_firings is None:
            return
        while firings := self._log.to_hand(SLICE):
            try:
                self._on_firings(firings)
            except Exception:  # noqa: BLE001  whatever the receiver does, no firing is lost and the fold goes on
                _log.exception("%d firings could not be handed on; they are kept and tried again.", len(firings))
                return
            self._log.handed(firings)

    def _write_deadlines(self) -> None:
        pending = set(self._engine.deadlines())
        if pending != self._written:
            self._log.change_deadlines(self._written - pending, pending - self._written)
            self._written = pending

    def _save(self) -> None:
        if self._folded > self._saved:
            self._log.store_snapshot(self._folded, self._engine.snapshot())
            self._saved = self._folded


def _tick(time: int) -> Record:
    return Record(id=f"tick-{time}", type="tick", time=moment(time))


def _is_rule(record: Record) -> bool:
    try:
        read_put(record)
    except InputError:
        return False
    return True
