"""The log of the data folder as an archive: every read goes through an index by home, source and time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from rules.coverage import Spot, source_of, spot_told
from rules.record import Record, decode
from streams.log import Log, Source


class Kept:
    """One home's part of an open log, which may be appended to meanwhile."""

    def __init__(self, log: Log, home: str) -> None:
        self._log, self._home = log, home

    @property
    def began(self) -> int | None:
        """Return the time of the log's first record."""
        return self._log.beginning()

    @cached_property
    def ended(self) -> int | None:
        """Return the time of the last tick or record."""
        known = [self._log.last_tick(), self._log.ending(), *(source.time for source in self._known)]
        return max((time for time in known if time is not None), default=None)

    def sources(self) -> Sequence[str]:
        """Return the sources that reported anything."""
        return [source.source for source in self._known]

    def reports(self, sources: Iterable[str] | None, since: int, until: int) -> Iterator[Record]:
        """Yield reports in order of (time, id)."""
        # All of them are named, since the index begins with the source.
        yield from self._log.reports(self._home, self.sources() if sources is None else sources, since, until)

    def states_back(self, source: str, before: int) -> Iterator[Record]:
        """Yield states, the newest first."""
        return self._log.back(self._home, source, "state", before)

    def health_before(self, spot: Spot, before: int) -> Record | None:
        """Return the last health record."""
        past = self._log.back(self._home, source_of(spot), "health", before)
        return next((record for record in past if spot_told(record) == spot), None)

    def everything(self) -> Iterable[Record]:
        """Yield every record of the log."""
        return map(decode, self._log.lines())

    @cached_property
    def _known(self) -> list[Source]:
        return [source for source in self._log.sources() if source.home == self._home]
