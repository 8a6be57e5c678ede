"""The pulse: the passing of time as records in the log, so that a deadline is decided though nothing happens.

Whoever folds a partition appends its ticks: one when a deadline of its homes is reached, and one a minute. They stand in the
topic after what was waiting there, so a worker that comes back after an hour first folds the hour, then hears what
time it is. A clock is asked, never trusted: ticks never go back, and a clock that leaps ahead of the machine's running
time must stay there for half a minute before it is believed.
"""

from __future__ import annotations

from rules.units import MINUTE, SECOND

EVERY = MINUTE
LEAP = 5 * MINUTE
PROOF = 30 * SECOND
NEVER = -(1 << 62)


class Pulse:
    """Says when ticks are due. Times are in microseconds: `now` of the clock, `running` of a clock that nobody sets."""

    def __init__(self) -> None:
        self._ticked: dict[int, int] = {}
        self._ticked_of: dict[str, int] = {}
        self._ahead: int | None = None  # what the clock was ahead of the running time when it was believed last
        self._leapt: int | None = None

    def believe(self, now: int, running: int) -> int | None:
        """Return the time that counts: `now`, or None while the clock has leapt ahead and must prove itself."""
        ahead = now - running
        if self._ahead is None or ahead <= self._ahead + LEAP:
            self._ahead, self._leapt = ahead, None
            return now
        if self._leapt is None:
            self._leapt = running
        if running < self._leapt + PROOF:
            return None
        self._ahead, self._leapt = ahead, None
        return now

    def is_due(self, partition: int, deadline: int | None, now: int) -> bool:
        """Tell whether a partition should hear that it is `now`: its first time, at a deadline, each minute."""
        last = self._ticked.get(partition, NEVER)
        return now >= last + EVERY or (deadline is not None and last < deadline <= now)

    def ticked(self, partition: int, now: int) -> None:
        """Keep that a partition was told."""
        self._ticked[partition] = max(now, self._ticked.get(partition, NEVER))

    def is_due_of(self, home: str, deadline: int, now: int) -> bool:
        """Tell whether a home should hear that it is `now`, while others in its partition must wait."""
        return self._ticked_of.get(home, NEVER) < deadline <= now

    def ticked_of(self, home: str, now: int) -> None:
        """Keep that a home was told."""
        self._ticked_of[home] = now

    def keep(self, partitions: frozenset[int]) -> None:
        """Forget all other partitions: another worker tells them."""
        self._ticked = {partition: time for partition, time in self._ticked.items() if partition in partitions}
        self._ticked_of.clear()
