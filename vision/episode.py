"""Episodes: sightings of one continuous happening, joined over gaps, with its start, updates and end.

A phase carries the time at which it happened, not the time at which it was known: that an animal stayed for five seconds is
known five seconds after it came, and that it left is known once it has been gone for the bridged two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from vision.activity import Timing

SIGHTINGS = 2  # a single frame is a detector's slip


@dataclass(frozen=True, slots=True)
class Phase:
    """One report about an episode: what happened at `time`, when it had gone on for `lasted` since `start`."""

    name: Literal["start", "update", "end"]
    start: datetime
    time: datetime

    @property
    def lasted(self) -> timedelta:
        return self.time - self.start


class Episode:
    """Turns sightings into phases, one happening after another."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._first: datetime | None = None
        self._last: datetime | None = None
        self._sightings = 0
        self._told: datetime | None = None

    @property
    def start(self) -> datetime | None:
        """Return when the happening under way began, told or not."""
        return self._first

    def receive(self, now: datetime, seen: bool) -> list[Phase]:
        """Return the phases known at `now`, which must not go back: whether the happening is seen in this frame."""
        ended = self.close() if self._last and now - self._last > self._timing.bridge else []
        return ended + (self._go_on(now) if seen else [])

    def close(self) -> list[Phase]:
        """Return the end of what was told, at the last sighting, and be ready for the next happening."""
        ended = [Phase("end", self._first, self._last)] if self._told and self._first and self._last else []
        self._first = self._last = self._told = None
        self._sightings = 0
        return ended

    def _go_on(self, now: datetime) -> list[Phase]:
        first = self._first = self._first or now
        self._last = now
        self._sightings += 1
        if self._told:
            return self._tell(now, [Phase("update", first, now)]) if now - self._told >= self._timing.every else []
        if self._sightings < SIGHTINGS or now - first < self._timing.dwell:
            return []
        return self._tell(now, [Phase("start", first, first), Phase("update", first, now)])

    def _tell(self, now: datetime, phases: list[Phase]) -> list[Phase]:
        self._told = now
        return phases
