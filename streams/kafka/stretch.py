"""Reading a stretch of a topic by its offsets, apart from any group: how a worker fills what it was not given."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from streams.kafka.binding import Header
from streams.kafka.broker import BrokerError, Brokers
from streams.kafka.closing import let_go

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

PATIENCE = 30.0  # seconds without an answer before reading is given up, to be tried again
AT_ONCE = 1_000  # messages


class Said(NamedTuple):
    """What stands at an offset; `timestamp` is Kafka's, in microseconds."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[Header] = ()


@dataclass(frozen=True, slots=True)
class Stretches:
    """Reads stretches of a topic. `wait` is how long the broker may take to find or await some, in seconds."""

    brokers: Brokers
    topic: str
    wait: float = 0.5

    async def read(self, partition: int, since: int, until: int) -> AsyncIterator[list[Said]]:
        """Yield what stands at `since <= offset < until`, some at a time; there is something at `until` or later.

        What the broker has deleted is left out. Raise BrokerError when it does not answer.
        """
        async with self._at(partition, since) as (consumer, at):
            while (position := await consumer.position(at)) < until:
                found = await self._next(consumer, at, position)
                if kept := [each for each in found if each.offset < until]:
                    yield kept

    async def first(self, partition: int, offset: int) -> Said | None:
        """Return what stands at an offset, or what stands first in the partition where there is none of that offset.

        None where the partition ends at or before the offset. Raise BrokerError when nobody says so in time.
        """
        async with self._at(partition, offset) as (consumer, at):
            until = monotonic() + PATIENCE
            while monotonic() < until:
                batch = await consumer.getmany(at, timeout_ms=int(2_000 * self.wait), max_records=1)
                if batch:
                    return said(batch[at][0])
                end = consumer.highwater(at)
                if end is not None and end <= offset:
                    return None
        raise BrokerError(f"{self.topic}/{partition}: no answer for offset {offset} in {PATIENCE:.0f} s.")

    async def _next(self, consumer: AIOKafkaConsumer, at: TopicPartition, position: int) -> list[Said]:
        batch = await consumer.getmany(at, timeout_ms=int(PATIENCE * 1000), max_records=AT_ONCE)
        if not batch:
            message = f"{self.topic}/{at.partition}: nothing came from offset {position} on for {PATIENCE:.0f} s."
            raise BrokerError(f"{message} Check that the broker runs.")
        return [said(message) for message in batch[at]]

    @asynccontextmanager
    async def _at(self, partition: int, offset: int) -> AsyncIterator[tuple[AIOKafkaConsumer, TopicPartition]]:
        from aiokafka import AIOKafkaConsumer, TopicPartition
        from aiokafka.errors import KafkaError

        consumer, at = self._consumer(AIOKafkaConsumer), TopicPartition(self.topic, partition)
        try:
            await consumer.start()
            consumer.assign([at])
            consumer.seek(at, offset)
            yield consumer, at
        except KafkaError as error:
            raise BrokerError(f"{self.topic}/{partition} cannot be read from offset {offset}: {error!r}.") from error
        finally:
            await let_go(consumer)

    def _consumer(self, kind: type[AIOKafkaConsumer]) -> AIOKafkaConsumer:
        return kind(
            **self.brokers.options(),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=int(self.wait * 1000),
        )


def said(message: ConsumerRecord[bytes, bytes]) -> Said:
    """Return what aiokafka read, with its time in microseconds."""
    return Said(message.offset, message.timestamp * 1000, message.key, message.value, message.headers)
