"""A share without a worker: a partition's records are handed to it by the test, and what it says goes into a list."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta

from rules.record import Record
from streams.kafka.broker import Brokers
from streams.kafka.firings import read_firing
from streams.kafka.outlet import Outlet, Parcel
from streams.kafka.shard import Row
from streams.kafka.share import Share
from streams.kafka.stretch import Said, Stretches
from tests.brokers import read_all
from tests.streams.kafka.crew import Town
from tests.streams.logs import at, record

SLOW = 0.05  # seconds


class Table:
    """Rows in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}

    def find(self, key: str) -> bytes | None:
        return self.rows.get(key)

    async def keep(self, partition: int, rows: Sequence[Row]) -> None:
        self.rows |= dict(rows)


class Bench:
    """A share of one partition of a topic, that is handed what the test likes; what it says goes into a list.

    With `slow` it gets there `SLOW` seconds later, and not at all once the process is gone.
    """

    def __init__(
        self, town: Town, table: Table | None = None, *, slow: bool = False, stretches: Stretches | None = None
    ) -> None:
        self.town, self.table, self._slow = town, table or Table(), slow
        self.said: list[Parcel] = []
        self._outlet = Outlet(self._send)
        stretches = stretches or Stretches(Brokers.at(town.broker), town.names.records, 0.02)
        self.share = Share(town.names, town.homes.get, self.table, self._outlet, stretches)
        self.share.own([0])

    async def _send(self, parcel: Parcel) -> Awaitable[object]:
        arrived: asyncio.Future[object] = asyncio.get_running_loop().create_future()

        def arrive() -> None:
            self.said.append(parcel)
            arrived.set_result(None)

        if self._slow:
            asyncio.get_running_loop().call_later(SLOW, arrive)
        else:
            arrive()
        return arrived

    def log(self) -> list[Said]:
        """Return what stands on the topic."""
        found = read_all(self.town.broker, self.town.names.records)
        return [Said(m.offset, m.timestamp * 1000, m.key, m.value, m.headers) for m in found]

    def firings(self) -> set[str]:
        """Return the ids of the firings that it said."""
        return {read_firing(p.value).id for p in self.said if p.topic == self.town.names.firings}

    def rings(self) -> list[int]:
        """Return the minutes of the rings that it told, in order."""
        told = [read_firing(p.value) for p in self.said if p.topic == self.town.names.firings]
        return sorted(int(firing.evidence[0].removeprefix("ring ")) for firing in told)

    async def during(self, story: Callable[[], Awaitable[None]]) -> None:
        """Run a story while the outlet sends; then wait until everything is said."""
        sending = asyncio.create_task(self._outlet.run())
        try:
            await story()
            await self._outlet.flush()
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending


def rung(minute: int) -> Record:
    """Return that somebody rang so many minutes after eight."""
    when = at("08:00") + timedelta(minutes=minute)
    return record(f"ring {minute}", when, "event", source="doorbell.front", data={"name": "pressed"})
