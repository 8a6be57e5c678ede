"""The outlet: what a worker says to topics, in order, until the broker has it.

Putting is immediate and waits for nobody; one task sends what has gathered, all at once, and waits for the broker once a
round, not once a message. What the broker did not take is sent again, so everything arrives at least once; whoever reads
firings knows them by their id. `flush` returns when all that was put before has arrived: rows of state wait for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from streams.kafka.binding import Header

MOST = 2_000  # messages sent in a round
PAUSE = 1.0  # seconds before what failed is sent again
_log = logging.getLogger(__name__)


class Parcel(NamedTuple):
    """One message for a topic; without a partition its key finds it."""

    topic: str
    key: bytes | None
    value: bytes | None
    partition: int | None = None
    headers: tuple[Header, ...] = ()


Send = Callable[[Parcel], Awaitable[Awaitable[object]]]


class Outlet:
    """Sends parcels through `send`, which gives a producer a parcel and returns what to wait for."""

    def __init__(self, send: Send, pause: float = PAUSE) -> None:
        self._send, self._pause = send, pause
        self._waiting: list[Parcel] = []
        self._put = self._done = 0
        self._wanted, self._arrived = asyncio.Event(), asyncio.Condition()

    def put(self, *parcels: Parcel) -> None:
        """Take parcels, to be sent in this order."""
        self._waiting += parcels
        self._put += len(parcels)
        self._wanted.set()

    @property
    def waiting(self) -> int:
        """Return how many parcels have not arrived."""
        return self._put - self._done

    async def flush(self) -> None:
        """Return when everything that was put before this call has arrived."""
        put = self._put
        async with self._arrived:
            await self._arrived.wait_for(lambda: self._done >= put)

    async def run(self) -> None:
        """Send what is put, until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            while self._waiting:
                await self._round()

    async def _round(self) -> None:
        part = self._waiting[:MOST]
        ended = await asyncio.gather(*[await self._begin(parcel) for parcel in part], return_exceptions=True)
        # Everything from the first that failed is sent again, so that the last word of a key stays the last.
        arrived = next((number for number, end in enumerate(ended) if isinstance(end, BaseException)), len(part))
        del self._waiting[:arrived]
        self._done += arrived
        async with self._arrived:
            self._arrived.notify_all()
        if arrived < len(part):
            _log.warning("Kafka did not take a message (%r); %d are sent again.", ended[arrived], len(part) - arrived)
            await asyncio.sleep(self._pause)

    async def _begin(self, parcel: Parcel) -> Awaitable[object]:
        try:
            return await self._send(parcel)
        except Exception as error:  # noqa: BLE001  a broker that is away is told by many kinds of exception
            failed: asyncio.Future[object] = asyncio.get_running_loop().create_future()
            failed.set_exception(error)
            return failed
