"""Joined: what is told of one happening before two cameras becomes one episode before it is kept, whoever tells it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy

from rules.home import Home
from rules.record import Record
from streams.source import Deliver
from vision.joining import Joining, overlaps_of


class Joined:
    """A `Deliver` for sources in any threads: joins the records of homes whose cameras overlap, and delivers them on.

    `homes` is asked each time: cameras that are said to overlap later are joined from then on, and what goes on stays.
    What was joined counts once it was taken: records that are refused, and come again, are joined as if for the first time.
    """

    def __init__(self, homes: Callable[[], Mapping[str, Home]], deliver: Deliver) -> None:
        self._homes, self._deliver, self._turn = homes, deliver, threading.Lock()
        self._listed: Mapping[str, Home] | None = None
        self._joinings: dict[str, Joining] = {}

    def __call__(self, records: Sequence[Record]) -> object:
        """Deliver the records. Raise what the one behind raises."""
        self._follow(self._homes())
        if not any(record.home in self._joinings for record in records):
            return self._deliver(records)
        with self._turn:
            joinings = deepcopy(self._joinings)
            kept = self._deliver([_joined(record, joinings.get(record.home or "")) for record in records])
            self._joinings = joinings
        return kept

    def _follow(self, homes: Mapping[str, Home]) -> None:
        """Join what these homes say overlaps. They are another mapping when they list something else."""
        if homes is self._listed:
            return
        with self._turn:
            self._joinings = {id: self._joining(home) for id, home in homes.items() if overlaps_of(home)}
            self._listed = homes

    def _joining(self, home: Home) -> Joining:
        known = self._joinings.get(home.home)
        return known if known is not None and known.overlaps == overlaps_of(home) else Joining(home)


def _joined(record: Record, joining: Joining | None) -> Record:
    return joining.receive(record) if joining else record
