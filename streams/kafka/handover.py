"""Handover: a source that an edge feeds for the first time may have been fed by another before, or by this one with another disk.

From when that one was heard last until this one began nobody watched. Only this edge can say so in time, before anything else it
tells of the source: a report of health that is older than the last one changes nothing. So before its first records go to the
broker it reads what the edges' heartbeats vouched for last. A source that no edge ever fed counts as online before, as any source
that never said otherwise.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence

from rules.problem import InputError
from rules.record import Record
from streams.health import blind
from streams.kafka.broker import Brokers
from streams.kafka.buffer import Fed
from streams.kafka.compacted import read_compacted
from streams.kafka.heartbeat import Heartbeat, from_message, watched
from streams.kafka.topics import Names
from streams.kafka.vigil import SLACK

_log = logging.getLogger(__name__)


def last_heartbeats(brokers: Brokers, names: Names, partitions: Iterable[int]) -> list[Heartbeat]:
    """Return the last heartbeat of each edge on these partitions. Raise BrokerError when they cannot be read."""
    said = read_compacted(brokers, names.heartbeats, set(partitions))
    return list(_heartbeats(dict(said).values()))


def _heartbeats(values: Iterable[bytes | None]) -> Iterator[Heartbeat]:
    for value in values:
        try:
            if value is not None:
                yield from_message(value)
        except InputError as error:
            _log.warning("A heartbeat is not used: %s", error)


def unwatched(sources: Sequence[Fed], beats: Sequence[Heartbeat]) -> list[Record]:
    """Return what makes blind the time between who fed these sources before and the edge that has begun to.

    One whose heartbeats go on until then has watched: no more than the usual time between two of them is missing.
    """
    found: list[Record] = []
    for fed in sources:
        assert fed.begun is not None
        until = max(
            (watched(beat.until, beat.sources[fed.source], fed.begun) for beat in beats if _feeds(beat, fed)),
            default=None,
        )
        if until is not None and until + SLACK < fed.begun:
            found += blind(fed.home, fed.source, until, fed.begun)
    return found


def _feeds(beat: Heartbeat, fed: Fed) -> bool:
    return beat.home == fed.home and fed.source in beat.sources
