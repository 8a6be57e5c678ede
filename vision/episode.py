"""Episodes: sightings of one continuous happening, joined over gaps, with its start, updates and end.

A phase carries the time at which it happened, not the time at which it was known: that an animal stayed for five seconds is
known five seconds after it came, and that it left is known once it has been gone for the bridged two. Who is made out at last was there
since it was first followed. A start may wait a little longer for its subject to be made out, since whoever waits for Daisy to come does not hear of somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from vision.activity import Timing

SIGHTINGS = 2  # a single frame is a detector's slip
PATIENCE = timedelta(seconds=2)  # for which a start waits until its subject is made out


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

    def receive(
        self, now: datetime, seen: bool, *, made_out: bool = True, news: bool = False, since: datetime | None = None
    ) -> list[Phase]:
        """Return the phases known at `now`, which must not go back: whether the happening is seen in this frame.

        Until its subject is `made_out` a start waits, for at most `PATIENCE`; `news` about it are told at once. What begins with
        this frame was going on `since` then, where that is known only now.
        """
        ended = self.close() if self._last and now - self._last > self._timing.bridge else []
        if seen and self._first is None:
            self._first = since
        return ended + (self._go_on(now, made_out, news) if seen else [])

    def close(self) -> list[Phase]:
        """Return the end at the last sighting, with a start that still waited, and be ready for the next happening."""
        first, last, told = self._first, self._last, self._told
        if not (first and last and (told or self._counts(last - first))):
            ended = []
        else:
            start = [] if told else [Phase("start", first, first)]
            ended = [*start, Phase("end", first, last)]
        self._first = self._last = self._told = None
        self._sightings = 0
        return ended

    def _go_on(self, now: datetime, made_out: bool, news: bool) -> list[Phase]:
        first = self._first = self._first or now
        self._last = now
        self._sightings += 1
        if self._told:
            due = news or now - self._told >= self._timing.every
            return self._tell(now, [Phase("update", first, now)]) if due else []
        if not self._counts(now - first) or (not made_out and now - first < PATIENCE):
            return []
        return self._tell(now, [Phase("start", first, first), Phase("update", first, now)])

    def _counts(self, lasted: timedelta) -> bool:
        return self._sightings >= SIGHTINGS and lasted >= self._timing.dwell

    def _tell(self, now: datetime, phases: list[Phase]) -> list[Phase]:
        self._told = now
        return phases
