"""Freshness: how long ago a picture that has just come in was of now. No clock, no I/O.

What a busy or suspended machine has not read waits in the buffers of sockets and cameras, and then comes in all at once, seconds
old and looking new. Two things betray it. Where a stream carries timestamps, its delay against the clock grows. Where it
carries none, a pause is followed by pictures faster than the camera takes them.
"""

from __future__ import annotations

from collections import deque
from math import inf
from statistics import median

OLD = 1.0  # seconds behind, from which a picture is not of now
_STILL = 2.0  # seconds after which stamps that stand still are none, and none will come
_SETTLED = 0.5  # seconds for which pictures have to come at their pace before they are believed
_NEARLY = 0.75  # of the pace at which they were taken, where that is known
_DRIFT = 0.002  # seconds a second by which a camera's clock may run away from ours without its pictures being old


class Freshness:
    """Judges the pictures of one connection, in the order in which they come; `stamped` where they should have timestamps."""

    def __init__(self, *, stamped: bool = False) -> None:
        self._stampless = 0.0 if stamped else inf  # seconds for which a first timestamp has been waited for
        self._last: float | None = None
        self._periods: deque[float] = deque(maxlen=25)
        self._calm = inf  # seconds for which pictures have come at their usual pace since a pause
        # Of the first pictures, until they are believed: how far apart they were taken, and came.
        self._lately: deque[tuple[float, float]] = deque()
        self._settled = False
        self._least = inf  # the delay that is none: clocks differ, so only its growth means something
        self._stamp: float | None = None
        self._still = 0.0  # seconds for which the stamps have not moved

    def receive(self, arrived: float, stamp: float | None = None) -> float:
        """Return how many seconds behind a picture is, endless where it is not of now.

        It arrived at that many seconds, with the stream's own timestamp if it has any; from `OLD` on it is not to be used. A picture
        without one, among others that have some, may be of any time: FFmpeg does not know it for some of those that waited in a buffer.
        """
        period = None if self._last is None else arrived - self._last
        behind = 0.0 if self._keeps_up(period) else inf
        if stamp is not None:
            behind += self._lag(arrived, stamp, period or 0.0)
        elif self._stamp is not None or self._waits(period or 0.0):
            behind = inf
        self._last = arrived
        return behind

    def _waits(self, passed: float) -> bool:
        """Return whether a timestamp is still to be expected of a stream that has shown none."""
        self._stampless += passed
        return self._stampless < _STILL

    def _keeps_up(self, period: float | None) -> bool:
        """Return whether pictures come as the camera takes them: neither the one that ends a pause nor those that pile up behind."""
        if period is None or len(self._periods) < 3:
            if period:
                self._periods.append(period)
            return True
        usual = median(self._periods)
        if period > max(OLD, 3 * usual):
            self._calm = 0.0
        elif self._calm < _SETTLED:
            self._calm = self._calm + period if period >= usual / 2 else 0.0
        else:
            self._periods.append(period)
        return self._calm >= _SETTLED

    def _lag(self, arrived: float, stamp: float, passed: float) -> float:
        """Return how many seconds behind a stamped picture is; endless while what was buffered at the beginning still comes."""
        delay, before = arrived - stamp, self._stamp
        self._stamp = stamp
        if before is None:
            self._least = delay
            return inf  # the first picture may have waited since somebody asked for it
        self._still = self._still + passed if stamp == before else 0.0
        if self._still > _STILL:
            return 0.0
        if stamp < before:  # a stream that begins anew
            self._settled, self._least = False, inf
            self._lately.clear()
        self._least = min(delay, self._least + _DRIFT * passed)
        self._settled = self._settled or self._settles(stamp - before, passed)
        return delay - self._least if self._settled else inf

    def _settles(self, taken: float, passed: float) -> bool:
        """Return whether what was buffered at the beginning is through: on a busy machine that too comes slowly, but not for long.

        Nor does it begin with a pause, behind which comes what waited meanwhile.
        """
        self._lately.append((max(taken, 0.0), passed))
        while sum(each for each, _ in self._lately) - self._lately[0][0] >= _SETTLED:
            self._lately.popleft()
        film, clock = sum(each for each, _ in self._lately), sum(each for _, each in self._lately)
        return film >= _SETTLED and _NEARLY * film <= clock <= film + OLD / 2
