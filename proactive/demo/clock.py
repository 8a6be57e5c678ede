"""A clock that is moved by hand: a morning takes as long as what happens in it."""

from __future__ import annotations

from datetime import datetime

from rules.units import MICROSECOND, instant
from streams.embedded import Embedded


class FastClock:
    """Tells the time that it was set to."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def __call__(self) -> datetime:
        return self.time

    @property
    def now(self) -> int:
        """Return the time as microseconds since the epoch."""
        return instant(self.time)

    def run(self, runtime: Embedded, until: datetime) -> None:
        """Move on to a time, waking the runtime at each deadline on the way, as an alarm would."""
        while (due := runtime.next_deadline()) is not None and due < until:
            self._wake(runtime, max(due, self.time + MICROSECOND))
        self._wake(runtime, max(until, self.time))

    def _wake(self, runtime: Embedded, time: datetime) -> None:
        self.time = time
        runtime.wake()
