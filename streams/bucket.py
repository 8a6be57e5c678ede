"""Token buckets: how much of something may come, by key, in the long run and at once.

Each key has a bucket of `burst` that fills at `rate` a second. Memory is bounded: of more keys than `most`, those that were
not heard of for longest are forgotten, which only lets them begin anew with a full bucket.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from time import monotonic

MOST = 10_000


class Buckets:
    """Buckets by key. Any thread may ask. `clock` gives seconds; where it goes back, nothing fills until it has caught up."""

    def __init__(self, rate: float, burst: float, *, clock: Callable[[], float] = monotonic, most: int = MOST) -> None:
        self.rate, self.burst = rate, burst
        self._clock, self._most = clock, most
        self._levels: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()  # what is in it, and as of when
        self._lock = threading.Lock()

    def take(self, key: Hashable, count: float = 1.0, now: float | None = None) -> float:
        """Take from a key's bucket and return 0.0; where there is not enough, the seconds until there will be.

        More than the bucket holds is taken from a full one, which then owes the rest: it waits longer next time.
        `now` is the time where it is not the clock's.
        """
        with self._lock:
            now = self._clock() if now is None else now
            level, as_of = self._levels.pop(key, (self.burst, now))
            now = max(now, as_of)
            level = min(self.burst, level + (now - as_of) * self.rate)
            wanted = min(count, self.burst)
            enough = level >= wanted
            self._levels[key] = (level - count if enough else level, now)
            if len(self._levels) > self._most:
                self._levels.popitem(last=False)
            return 0.0 if enough else (wanted - level) / self.rate

    def give_back(self, key: Hashable, count: float = 1.0) -> None:
        """Put back what was taken and not used."""
        with self._lock:
            if key in self._levels:
                level, as_of = self._levels[key]
                self._levels[key] = (min(self.burst, level + count), as_of)
