"""The vigil: who still watches, and so up to when a home may be told what time it is.

A deadline is decided by the passing of time. If the edge that feeds a camera died a minute before noon, noon must not be decided
as if the camera had seen nothing: it saw nothing because nobody looked. So whoever tells the time of a partition listens to
the heartbeats of its edges. A home whose edge is silent is told no time beyond the last heartbeat, for as long as `patience`;
then the edge is taken for dead: its sources are said to be offline since that heartbeat, as records of the log, and after them
time goes on. So the log alone decides, and a replay of it decides the same.

An edge that is heard again and has watched all along (the line was cut, its disk kept what it was told) makes the stretch
seen again; one that was restarted says itself since when it was blind. A silence counts only while the broker answers: when
it is away itself, nobody can be heard.

Time comes in as arguments. `now` is the clock; `contact` is how long the broker has answered, both in microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rules.record import Record
from rules.units import DAY, SECOND
from streams.health import health
from streams.kafka.heartbeat import EVERY, LATENESS, PATIENCE, Heartbeat, watched

# How far beyond what is vouched for time may be told: a heartbeat is that much older than what it vouches for, and the next may
# be a beat and a half away.
SLACK = int((LATENESS + 1.5 * EVERY) * SECOND)
SILENT = "edge_silent"  # why the sources of an edge that is taken for dead are offline
FORGOTTEN = 7 * DAY  # after which an edge that never came back is not waited for any more

Place = tuple[str, str]  # a home and one of its edges


@dataclass(slots=True)
class _Edge:
    beat: Heartbeat
    until: int  # what its last heartbeat vouched for: never more than the clock says
    heard: int  # when that last moved on, in contact time
    lost: dict[str, int] | None = None  # if it is taken for dead: since when its sources were said to be offline


@dataclass(frozen=True, slots=True)
class View:
    """What a look at a partition found: what to append first, and the homes that may be told no time beyond an instant."""

    records: tuple[Record, ...] = ()
    held: dict[str, int] = field(default_factory=dict)


class Vigil:
    """Watches over the edges of some partitions."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = int(patience * SECOND)
        self._edges: dict[int, dict[Place, _Edge]] = {}

    def own(self, partitions: Iterable[int]) -> None:
        """Watch over these partitions; forget all others."""
        self._edges = {partition: self._edges.get(partition, {}) for partition in partitions}

    def hear(self, partition: int, beat: Heartbeat, now: int, contact: int) -> None:
        """Take a heartbeat."""
        edges = self._edges.get(partition)
        if edges is None:
            return
        until = min(beat.until, now)
        edge = edges.setdefault((beat.home, beat.edge), _Edge(beat, until, contact))
        if until > edge.until:
            edge.until, edge.heard = until, contact
        edge.beat = beat

    def leave(self, partition: int, place: Place) -> None:
        """Take it that an edge feeds a home no more."""
        self._edges.get(partition, {}).pop(place, None)

    def look(self, partition: int, now: int, contact: int) -> View:
        """Return what must be in the log before time goes on, and which homes must wait."""
        edges = self._edges.get(partition, {})
        records: list[Record] = []
        held: dict[str, int] = {}
        for place, edge in list(edges.items()):
            limit = edge.until + SLACK
            if now <= limit:
                records += _back(edge)
            elif now > limit + FORGOTTEN:
                del edges[place]
            elif edge.lost is None:
                if contact < edge.heard + self._patience:
                    held[place[0]] = min(limit, held.get(place[0], limit))
                else:
                    records += _lose(edge, _others(edges.values(), edge, now), now)
        return View(tuple(records), held)


def _others(edges: Iterable[_Edge], lost: _Edge, now: int) -> set[str]:
    """Return the sources of the same home that another edge feeds, which lives."""
    others = (edge for edge in edges if edge.beat.home == lost.beat.home and edge is not lost)
    return {source for edge in others if now <= edge.until + SLACK for source in edge.beat.sources}


def _lose(edge: _Edge, others: set[str], now: int) -> Iterator[Record]:
    """Take an edge for dead; yield what says so of the sources that no other edge feeds."""
    alone = {source: time for source, time in edge.beat.sources.items() if source not in others}
    edge.lost = {source: watched(edge.until, time, now) for source, time in alone.items()}
    return (health(edge.beat.home, source, "offline", time, SILENT) for source, time in edge.lost.items())


def _back(edge: _Edge) -> Iterator[Record]:
    """Take an edge for alive; yield what says so if it was taken for dead: it watched since it began to, and told it later."""
    lost, edge.lost = edge.lost or {}, None
    again = [(source, time) for source, time in lost.items() if source in edge.beat.sources]
    return (health(edge.beat.home, source, "online", max(time + 1, edge.beat.since)) for source, time in again)
