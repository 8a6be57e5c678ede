"""Letting go of aiokafka's consumers, whose own end can be cut short by what it cancels."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer


async def let_go(consumer: AIOKafkaConsumer) -> None:
    """Stop a consumer and close its connections.

    A fetch that failed waits before it is tried again. aiokafka (0.14) cancels it there, and lets that cancellation through, as if the
    task that stops the consumer had been cancelled itself: it would end in silence, with whatever it was about to do. So `stop` gets a
    task of its own, and what it then leaves out is done here.
    """
    stopping = asyncio.ensure_future(consumer.stop())
    await asyncio.wait([stopping])
    if stopping.cancelled():
        await consumer._client.close()  # noqa: SLF001  there is no other way once `stop` was begun
    else:
        stopping.result()
