"""Firings in order of `(time, home, rule)`, in bounded memory.

Firings come nearly in order, but a correction carries the time of what it corrects, and a late record may be as late
as it likes: no firing is safe to print before the end. So sorted runs go to temporary files and are merged.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO

import msgspec

from rules.firing import Firing

RUN = 50_000  # firings held in memory at once
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Firing).decode


def order(firing: Firing) -> tuple[int, str, str]:
    """Return the sort key of a firing. Sorting is stable: what a rule said at one instant stays as it was said."""
    return firing.time, firing.home, firing.rule


def in_order(batches: Iterable[Iterable[Firing]], run: int = RUN) -> Iterator[Firing]:
    """Yield all firings in order once the last has come; hold about `run` of them in memory at a time."""
    runs: list[IO[bytes]] = []
    held: list[Firing] = []
    try:
        for batch in batches:
            held += batch
            if len(held) >= run:
                runs.append(_spilled(held))
                held = []
        held.sort(key=order)
        yield from heapq.merge(*map(_read, runs), held, key=order)
    finally:
        for file in runs:
            file.close()


def _spilled(firings: list[Firing]) -> IO[bytes]:
    file = TemporaryFile()  # noqa: SIM115  `in_order` closes it
    firings.sort(key=order)
    file.writelines(_encode(firing) + b"\n" for firing in firings)
    file.seek(0)
    return file


def _read(file: IO[bytes]) -> Iterator[Firing]:
    return map(_decode, file)
