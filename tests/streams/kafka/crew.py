"""Workers of a test, and what stands on its topics."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rules.home import Home
from rules.record import Record
from streams.embedded import Clock, system_clock
from streams.kafka.binding import Message, to_message
from streams.kafka.broker import Brokers
from streams.kafka.topics import Names, create, topics
from streams.kafka.worker import Options, Worker
from tests.brokers import names

PARTITIONS = 4
SESSION = 6.0  # seconds: a join takes half of it with Tansu
PATIENCE = 120.0  # seconds that a busy machine may take


@dataclass
class Town:
    """Topics of its own on a broker, the homes there, and ways to write and read."""

    broker: str
    homes: dict[str, Home]
    names: Names = field(default_factory=names)
    partitions: int = PARTITIONS

    def __post_init__(self) -> None:
        create(Brokers.at(self.broker), topics(self.names, self.partitions))

    def say(self, records: Iterable[Record | Message], partition: int | None = None) -> None:
        """Append records; return when the broker has them."""
        from kafka import KafkaProducer

        producer = KafkaProducer(bootstrap_servers=self.broker, acks="all")
        try:
            for record in records:
                message = record if isinstance(record, Message) else to_message(record)
                key, headers = message.key, list(message.headers)
                producer.send(self.names.records, key=key, value=message.value, headers=headers, partition=partition)
            producer.flush()
        finally:
            producer.close()

    def hear(self, topic: str, enough: Callable[[list[Any]], bool], patience: float = PATIENCE) -> list[Any]:
        """Return the messages of a topic from its beginning, once there are enough of them."""
        from kafka import KafkaConsumer

        consumer = KafkaConsumer(
            topic, bootstrap_servers=self.broker, auto_offset_reset="earliest", fetch_max_wait_ms=20, group_id=None
        )
        heard: list[Any] = []
        until = time.monotonic() + patience
        try:
            while not enough(heard) and time.monotonic() < until:
                heard += [message for batch in consumer.poll(timeout_ms=200).values() for message in batch]
        finally:
            consumer.close()
        assert enough(heard), f"waited {patience:g} s for {topic}; found {[message.value for message in heard][-5:]}"
        return heard

    async def firings(self, number: int, patience: float = PATIENCE) -> list[dict[str, Any]]:
        """Return the firings that are told, once there are so many that differ."""

        def enough(found: list[Any]) -> bool:
            return len(found) >= number and len({json.loads(message.value)["id"] for message in found}) >= number

        heard = await asyncio.to_thread(self.hear, self.names.firings, enough, patience)
        return [json.loads(message.value) for message in heard]

    def worker(
        self,
        folder: Path,
        clock: Clock = system_clock,
        steady: Callable[[], float] = time.monotonic,
        **more: Any,
    ) -> Worker:
        """Return a worker that is not running."""
        options = Options(Brokers.at(self.broker), self.names, folder, session=SESSION, fetch_wait=0.02, **more)
        return Worker(options, self.homes.get, clock, steady)


async def until(enough: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Return when there is enough; look twenty times a second."""
    end = time.monotonic() + patience
    while not enough():
        assert time.monotonic() < end, f"waited {patience:g} s"
        await asyncio.sleep(0.05)


@asynccontextmanager
async def working(workers: Sequence[Worker]) -> AsyncIterator[None]:
    """Run workers, from when they share all partitions."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(worker.run(stop)) for worker in workers]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)
