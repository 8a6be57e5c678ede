"""Continuity: whether a topic is still the log that was folded, and not that of a broker which came back empty.

Offsets say nothing of it: a broker that lost its disk counts from nought again, and may have as many records as before when somebody
reads on. So of each partition a place is known that was folded, by its offset and the fingerprint of what stands there.
Where the place is still there, all that was handed on before somebody looked is of the same log, since a log that is gone
does not come back. Therefore it is enough to look after the records have come, and only where they may be of another log: when
a worker begins, when offsets fall back, when a connection to a broker is a new one (`doubt`), and before state is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from hashlib import blake2b

from streams.kafka.broker import BrokerError
from streams.kafka.shard import NOWHERE
from streams.kafka.state import Place
from streams.kafka.stretch import Said, Stretches

_SURE = 1.0  # seconds before a broker is asked again whether it has lost everything


class OtherLogError(BrokerError):
    """A topic is not the log that was folded: the broker lost that one."""


class Continuity:
    """Knows of each partition a place of the log that was folded, and which partitions may be another log by now."""

    def __init__(self, stretches: Stretches) -> None:
        self._stretches = stretches
        self._known: dict[int, Place] = {}
        self._doubted: set[int] = set()

    def begin(self, partition: int, place: Place) -> None:
        """Take it that a partition was folded up to a place, and that its topic may be another one since."""
        self._known[partition] = place
        if place.offset != NOWHERE:
            self._doubted.add(partition)

    def keep(self, partitions: Iterable[int]) -> None:
        """Forget all other partitions."""
        kept = set(partitions)
        self._known = {partition: place for partition, place in self._known.items() if partition in kept}
        self._doubted &= kept

    def doubt(self) -> None:
        """Take it that what was handed on last, and has not been folded, may be of another log."""
        self._doubted |= self._known.keys()

    def take_doubt(self, partition: int) -> bool:
        """Tell whether a partition must be looked at before it is folded on; whoever asks looks at it."""
        doubted = partition in self._doubted
        self._doubted.discard(partition)
        return doubted

    def folded(self, partition: int, place: Place) -> None:
        """Take it that a partition was folded up to a place, by what was handed on: the first is what it is known by."""
        if not self._known[partition].fingerprint:
            self._known[partition] = place

    async def look(self, partition: int, place: Place) -> int:
        """See whether all that was handed on is of one log; the partition was folded up to `place`.

        Return how many records after it were deleted. Raise OtherLogError, or BrokerError when nobody says so in time.
        """
        known = self._known[partition]
        if known.offset == NOWHERE:
            return 0
        found = await self._stretches.first(partition, known.offset)
        if is_other(found, known):  # nobody goes back to the beginning for one answer of a broker in trouble
            await asyncio.sleep(_SURE)
            found = await self._stretches.first(partition, known.offset)
        if found is None or is_other(found, known):
            raise OtherLogError(
                f"Partition {partition} is not the one it was at offset {known.offset}: the broker lost it."
            )
        if self._known.get(partition) is known:  # nobody has begun the partition anew meanwhile
            self._known[partition] = place
        return max(found.offset - place.offset - 1, 0)


def is_other(found: Said | None, known: Place) -> bool:
    """Tell whether what stands first from a known place on shows that it is another log."""
    if found is None or found.offset < known.offset:
        return True
    if found.offset > known.offset or not known.fingerprint:
        return False
    return fingerprint(found) != known.fingerprint


def fingerprint(said: Said) -> str:
    """Return what nothing else has that stands at an offset: of the message, and of when Kafka took it.

    A tick that is sent again is the same message, and could stand in a new log where it stood in the old one.
    """
    told = b"\0".join((str(said.timestamp).encode(), said.key or b"", said.value or b""))
    return blake2b(told, digest_size=8).hexdigest()
