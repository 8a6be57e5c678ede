"""Joined: what is told of one happening before two cameras becomes one episode before it is kept, whoever tells it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from copy import deepcopy

from rules.home import Home
from rules.record import Record
from streams.source import Deliver
from vision.joining import Joining


class Joined:
    """A `Deliver` for sources in any threads: joins the records of homes whose cameras overlap, and delivers them on.

    What was joined counts once it was taken: records that are refused, and come again, are joined as if for the first time.
    """

    def __init__(self, homes: Iterable[Home], deliver: Deliver) -> None:
        self._joinings = {home.home: Joining(home) for home in homes if any(camera.overlaps for camera in home.cameras)}
        self._deliver, self._turn = deliver, threading.Lock()

    def __call__(self, records: Sequence[Record]) -> object:
        """Deliver the records. Raise what the one behind raises."""
        if not any(record.home in self._joinings for record in records):
            return self._deliver(records)
        with self._turn:
            joinings = deepcopy(self._joinings)
            kept = self._deliver([_joined(record, joinings.get(record.home or "")) for record in records])
            self._joinings = joinings
        return kept


def _joined(record: Record, joining: Joining | None) -> Record:
    return joining.receive(record) if joining else record
