"""Arrival: from the order in which records come to the order in which they are folded.

A record waits until the watermark (the greatest time seen less the lateness) has passed it; then records are folded in
the order of `(time, id)`, and a deadline due at D is decided before every record with `time >= D`. A record that comes
later than the lateness allows is folded as it arrives, after everything before the watermark. How the arrivals were cut
into batches changes nothing, and neither does a record that comes again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from rules.record import Record
from rules.units import DAY, EPOCH, MICROSECOND

NEVER = -(1 << 62)  # before every instant


class Arrivals(ABC):
    """The arrivals of one home. `began` is the beginning of its log, if it is known; `late` while a late one is folded."""

    __slots__ = ("began", "greatest", "ids", "ids_until", "late", "lateness", "older_ids", "waiting", "watermark")

    def __init__(self, lateness: int, began: int | None) -> None:
        self.lateness = lateness
        self.began = began
        self.greatest = NEVER
        self.watermark = NEVER
        self.late = False
        self.waiting: list[tuple[int, str, Record]] = []
        self.ids_until = NEVER
        self.ids: set[str] = set()
        self.older_ids: set[str] = set()

    @abstractmethod
    def fold(self, time: int, record: Record) -> None:
        """Take one record in its place: first the deadlines due at or before it."""

    @abstractmethod
    def fail(self, error: Exception, rule: str | None, record: Record | None, time: int) -> None:
        """Note what could not be done because of a fault in the fold of a record."""

    @abstractmethod
    def decide_until(self, limit: int) -> None:
        """Decide every deadline due at or before an instant, in order."""

    def receive(self, records: Iterable[Record]) -> None:
        """Take records in the order of their arrival, and fold and decide what the watermark has passed."""
        lateness, waiting, ids, older_ids = self.lateness, self.waiting, self.ids, self.older_ids
        greatest, watermark = self.greatest, self.greatest - self.lateness
        for record in records:
            time, id = (record.time - EPOCH) // MICROSECOND, record.id
            happened = record.type != "tick"
            if happened and (id in ids or id in older_ids):
                continue
            if time > greatest:
                self.greatest = greatest = time
                if time >= self.ids_until:
                    ids, older_ids = self._forget_ids(time)
            elif happened and time < watermark:
                ids.add(id)
                self._receive_late(time, record)
                continue
            watermark = greatest - lateness
            if happened:
                ids.add(id)
                waiting.append((time, id, record))
        self.settle()

    def _forget_ids(self, now: int) -> tuple[set[str], set[str]]:
        """Forget the ids of the day before yesterday: an id is remembered for 24 to 48 h."""
        self.older_ids = self.ids if now < self.ids_until + DAY else set()
        self.ids = set()
        self.ids_until = (now // DAY + 1) * DAY
        return self.ids, self.older_ids

    def _receive_late(self, time: int, record: Record) -> None:
        self.settle()
        self.late = True
        try:
            self.fold(time, record)
        except Exception as error:  # noqa: BLE001  one record never stops the rest
            self.fail(error, None, record, time)
        finally:
            self.late = False

    def tick(self, time: int) -> None:
        """Take the passing of time."""
        if time > self.greatest:
            self.greatest = time
            self.settle()

    def settle(self) -> None:
        """Fold every record below the watermark and decide every deadline at or below it."""
        self.watermark = watermark = self.greatest - self.lateness
        waiting = self.waiting
        if waiting:
            waiting.sort()
            if self.began is None:
                self.began = waiting[0][0]
            done = 0
            fold = self.fold
            for time, _, record in waiting:
                if time >= watermark:
                    break
                done += 1
                try:
                    fold(time, record)
                except Exception as error:  # noqa: BLE001  one record never stops the rest
                    self.fail(error, None, record, time)
            del waiting[:done]
        self.decide_until(watermark)

    def finish(self, until: int) -> None:
        """Fold every record and decide every deadline up to and including an instant: the end of a replay."""
        self.settle()
        for time, _, record in self.waiting:
            if time <= until:
                try:
                    self.fold(time, record)
                except Exception as error:  # noqa: BLE001  one record never stops the rest
                    self.fail(error, None, record, time)
        self.waiting = []
        self.decide_until(until)
