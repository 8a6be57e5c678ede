"""Shots: pictures as they come in from a camera, and the loss of what they come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from vision.frame import Image

Clock = Callable[[], datetime]
PATIENCE = timedelta(seconds=5)  # for a camera to answer, and between two pictures
CHECK = "Check the address, the camera's password, and that it is switched on."


class SourceLost(RuntimeError):
    """Say that a camera which gave pictures, or should, gives none now. Never holds a password."""


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A picture of `time`; `fresh` when it shows what is now. `decode` gives None for a broken one. It came in `age` later."""

    time: datetime
    fresh: bool
    decode: Callable[[], Image | None]
    age: timedelta = timedelta(0)

    @property
    def arrived(self) -> datetime:
        return self.time + self.age


class Pace:
    """Says which pictures to take of a stream, so that there are `rate` a second at most."""

    def __init__(self, rate: float) -> None:
        self._period, self._due = 1 / rate, 0.0

    def __call__(self, arrived: float) -> bool:
        """Return whether the picture that arrived at that many seconds is due.

        A tenth early is on time: else a camera of just that rate would lose every second picture to its own jitter.
        """
        if arrived < self._due - 0.1 * self._period:
            return False
        self._due = max(self._due, arrived - self._period) + self._period
        return True
