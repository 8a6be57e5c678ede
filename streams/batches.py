"""Batches of records, cut so that an engine takes them at the least cost; no firing depends on how they are cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.record import Record


def regrouped(batches: Iterable[list[Record]], size: int) -> Iterator[list[Record]]:
    """Yield the records of batches in batches of at least `size`, but for the last."""
    gathered: list[Record] = []
    for batch in batches:
        gathered += batch
        if len(gathered) >= size:
            yield gathered
            gathered = []
    if gathered:
        yield gathered
