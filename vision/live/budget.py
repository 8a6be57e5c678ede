"""Budgets: what watching takes of one core, and how often each of its cameras is looked at for it. No clock, no I/O.

A core that is asked for more than it has would tell of everything late. So what a picture takes is measured as it is used, and where all
cameras together would take more than a core, each of them alike gets its turn less often. A picture that could not be told of in time is left
for the next one, which shows more of now and costs the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

FULL = 0.85  # of a core: the rest is for connections, and for what comes irregularly
IN_TIME = timedelta(seconds=0.4)  # from a picture to what is told of it
# What has just come in is looked at even where it will be late: nothing that comes later would be told of sooner.
GRACE = timedelta(seconds=0.05)
_LATELY = 0.1  # weight of one picture among those of lately


@dataclass(frozen=True, slots=True)
class Took:
    """What a picture took: seconds of a core, and how long that was by the clock, where other work may have come between."""

    core: float
    clock: timedelta


@dataclass(slots=True)
class Cost:
    """What the pictures of one camera take, in seconds of a core: `mean` of one of lately, and `look` of one that the detector looked at."""

    mean: float = 0.0
    look: float = 0.0
    _last: deque[timedelta] = field(default_factory=lambda: deque(maxlen=10))

    def receive(self, took: Took, *, looked: bool) -> None:
        """Learn what one more picture took."""
        self.mean += _LATELY * (took.core - self.mean)
        if looked:
            self.look += (_LATELY if self._last else 1.0) * (took.core - self.look)
            self._last.append(took.clock)

    @property
    def worst(self) -> timedelta:
        """Return what a picture may take by the clock: as long as nine of the last ten looks at most."""
        known = sorted(self._last)
        return known[-2] if len(known) > 1 else timedelta(seconds=self.look)

    def patience(self, age: timedelta) -> timedelta:
        """Return for how long a picture may wait that was so old when it came in."""
        return max(GRACE, IN_TIME - age - self.worst)


def pace(costs: Iterable[Cost], period: timedelta) -> timedelta:
    """Return the time between two turns of each camera of a core: `period`, or more where the core would not have the time."""
    return max(period, timedelta(seconds=sum(cost.mean for cost in costs) / FULL))
