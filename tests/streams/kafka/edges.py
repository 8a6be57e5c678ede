"""An edge of its own for a test, and as a program that can be killed."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rules.record import Record
from streams.kafka.broker import Brokers
from streams.kafka.buffer import LIMIT, Buffer
from streams.kafka.edge import Edge
from streams.kafka.producer import Producer
from streams.kafka.topics import Names, create, topics
from tests.brokers import names as new_names
from tests.streams.logs import MORNING, record


class Hands:
    """A clock that is moved by hand."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        """Let some time pass."""
        self.now += timedelta(seconds=seconds)


class Bench:
    """An edge on a broker, with topics of its own. `again` is the same edge after its process ended."""

    def __init__(
        self,
        address: str,
        folder: Path,
        limit: int = LIMIT,
        *,
        name: str = "edge-1",
        names: Names | None = None,
        patience: float = 10.0,
        **options: Any,
    ) -> None:
        self.address, self.name, self.names, self.clock = address, name, names or new_names(), Hands()
        self._path, self._limit, self._options = folder / "edge.db", limit, options
        self.producer = Producer(Brokers.at(address), patience=patience)
        self.edge = self._open()

    def make_topics(self) -> None:
        """Make the topics."""
        create(Brokers.at(self.address), topics(self.names, 2))

    def watch(self, seconds: int) -> None:
        """Let time pass in which the edge looks at the clock each second."""
        for _ in range(seconds):
            self.clock.pass_(1)
            self.edge.watch()

    def again(self) -> Edge:
        """Start the edge anew from what its disk has."""
        self.edge._buffer.close()
        self.edge = self._open()
        return self.edge

    def _open(self) -> Edge:
        buffer = Buffer(self._path, self._limit)
        return Edge(self.name, buffer, self.producer, self.names, clock=self.clock, **self._options)


def numbered(number: int, home: str) -> Record:
    """Return a record whose time is its number in milliseconds."""
    return record(f"{home}-{number}", MORNING + timedelta(milliseconds=number), home=home)


def main(address: str, prefix: str, folder: str, since: str) -> None:
    """Deliver numbered records of two homes until it is killed; print each number once `deliver` has returned."""
    import threading

    edge = Edge("edge-1", Buffer(Path(folder) / "edge.db"), Producer(Brokers.at(address)), Names(prefix))
    edge.start()
    threading.Thread(target=edge.run, daemon=True).start()
    number = int(since)
    while True:
        edge.deliver([numbered(number, home) for home in ("maple", "oak")])
        print(number, flush=True)
        number += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
