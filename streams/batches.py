"""Batches of records, cut so that an engine takes them at the least cost; no firing depends on how they are cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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


def with_ticks_of_homes(batch: Sequence[Record]) -> Sequence[Record]:
    """Return a batch in which a tick for every home stands only at the end; before it, homes have their own.

    Time only passes, so for one home all that counts is the greatest tick before each of its own records: at most
    one is put before a record. Giving every tick to every home costs their product.
    """
    if all(record.home is not None for record in batch):
        return batch
    told: dict[str, Record] = {}
    placed: list[Record] = []
    latest: Record | None = None
    for record in batch:
        home = record.home
        if home is None:
            latest = record if latest is None or record.time > latest.time else latest
            continue
        if latest is not None and told.get(home) is not latest:
            told[home] = latest
            placed.append(Record(id=latest.id, type="tick", time=latest.time, home=home))
        placed.append(record)
    return placed if latest is None else [*placed, latest]
