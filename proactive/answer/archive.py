"""The archive: what an answer may rest on, read by home, source and time. One home's, whoever keeps it.

`Recorded` keeps records in memory: those of a file. The log of the data folder is `proactive.answer.kept.Kept`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from rules.coverage import Spot, source_of, spot_told
from rules.record import REPORTS, Record
from rules.units import instant


class Archive(Protocol):
    """Reads one home's records. Instants are microseconds since the epoch; an archive never changes while it is asked."""

    @property
    def began(self) -> int | None:
        """Return the first instant that anything is known of, or None where nothing is."""
        ...

    @property
    def ended(self) -> int | None:
        """Return the last instant that is vouched for: that of the last record or tick; None where there is none."""
        ...

    def sources(self) -> Sequence[str]:
        """Return the sources that ever reported anything, in order."""
        ...

    def reports(self, sources: Iterable[str] | None, since: int, until: int) -> Iterator[Record]:
        """Yield what sources (None: all) reported with `since <= time < until`, in order of (time, id)."""
        ...

    def states_back(self, source: str, before: int) -> Iterator[Record]:
        """Yield a source's `state` records with `time < before`, the newest first."""
        ...

    def health_before(self, spot: Spot, before: int) -> Record | None:
        """Return the last `health` record about a source, or about a zone of it, with `time < before`; or None."""
        ...

    def everything(self) -> Iterable[Record]:
        """Yield every record, ticks and changes of rules too, in the order of their arrival."""
        ...


class Recorded:
    """Some records as an archive."""

    def __init__(self, records: Iterable[Record], home: str) -> None:
        self._all = [record for record in records if record.home in (None, home)]
        reports = [record for record in self._all if record.type in REPORTS]
        self._reports = sorted(reports, key=_order)
        self._by_source: dict[str, list[Record]] = {}
        for record in self._reports:
            assert record.source is not None, "reports have a source"
            self._by_source.setdefault(record.source, []).append(record)

    @property
    def began(self) -> int | None:
        """Return the time of the first record."""
        return min((instant(record.time) for record in self._all), default=None)

    @property
    def ended(self) -> int | None:
        """Return the time of the last record."""
        return max((instant(record.time) for record in self._all), default=None)

    def sources(self) -> Sequence[str]:
        """Return the sources that reported anything."""
        return sorted(self._by_source)

    def reports(self, sources: Iterable[str] | None, since: int, until: int) -> Iterator[Record]:
        """Yield reports in order of (time, id)."""
        found = self._reports if sources is None else self._of(sources)
        yield from found[_at(found, since) : _at(found, until)]

    def states_back(self, source: str, before: int) -> Iterator[Record]:
        """Yield states, the newest first."""
        found = self._by_source.get(source, [])
        return (record for record in reversed(found[: _at(found, before)]) if record.type == "state")

    def health_before(self, spot: Spot, before: int) -> Record | None:
        """Return the last health record."""
        found = self._by_source.get(source_of(spot), [])
        past = reversed(found[: _at(found, before)])
        return next((record for record in past if record.type == "health" and spot_told(record) == spot), None)

    def everything(self) -> Iterable[Record]:
        """Return every record."""
        return self._all

    def _of(self, sources: Iterable[str]) -> list[Record]:
        named = [self._by_source.get(source, []) for source in dict.fromkeys(sources)]
        return named[0] if len(named) == 1 else sorted((record for some in named for record in some), key=_order)


def _order(record: Record) -> tuple[int, str]:
    return instant(record.time), record.id


def _at(records: Sequence[Record], time: int) -> int:
    return bisect_left(records, time, key=lambda record: instant(record.time))
