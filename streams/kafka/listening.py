"""Listening to heartbeats: a consumer beside a worker's, of the same partitions, from their beginning.

The topic is compacted, so its beginning is the last word of each edge, and whoever takes a partition over soon knows them
all. It also counts for how long the broker has answered, since an edge is silent only when it could be heard.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING

from rules.problem import InputError
from rules.units import SECOND, instant
from streams.embedded import Clock, system_clock
from streams.kafka.broker import Brokers
from streams.kafka.closing import let_go
from streams.kafka.heartbeat import PATIENCE, edge_of, from_message
from streams.kafka.vigil import View, Vigil

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

LOOK = 0.5  # seconds between two questions to the broker
_ANSWER = 5_000  # milliseconds the broker has to answer one
_AT_MOST = 2.0  # seconds between two answers that count as contact
_log = logging.getLogger(__name__)


class Listening:
    """Hears the edges of the partitions that `own` names. `wait` is how long the broker may wait for more, in seconds."""

    def __init__(
        self,
        brokers: Brokers,
        topic: str,
        *,
        clock: Clock = system_clock,
        patience: float = PATIENCE,
        wait: float = LOOK,
    ) -> None:
        self._brokers, self._topic, self._clock, self._wait = brokers, topic, clock, wait
        self._vigil = Vigil(patience)
        self._wanted: frozenset[int] = frozenset()
        self._known: set[int] = set()
        self._anew = True
        self._contact, self._answered = 0, monotonic()

    def own(self, partitions: Iterable[int]) -> None:
        """Hear these partitions from now on, and no others."""
        self._wanted = frozenset(partitions)
        self._known.clear()
        self._vigil.own(self._wanted)
        self._anew = True

    def look(self, partition: int, now: int) -> View | None:
        """Return what must be in the log of a partition before time goes on there; None while its edges are not known."""
        return self._vigil.look(partition, now, self._contact) if partition in self._known else None

    async def run(self) -> None:
        """Listen until cancelled."""
        from aiokafka.errors import KafkaError

        while True:
            consumer, self._anew = self._consumer(), True
            try:
                await consumer.start()
                self._answered = monotonic()
                await self._hear(consumer)
            except (KafkaError, TimeoutError) as error:
                _log.warning("The heartbeats of edges cannot be heard (%r); no time is told meanwhile.", error)
                await asyncio.sleep(LOOK)
            finally:
                await let_go(consumer)

    async def _hear(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            places = await self._assigned(consumer)
            batch = await consumer.getmany(timeout_ms=int(LOOK * 1000)) if places else {}
            for place, messages in batch.items():
                for message in messages:
                    self._take(place.partition, message)
            if places:
                ends = await consumer.end_offsets(places)
                self._answer()
                read = {at.partition for at in places if await consumer.position(at) >= ends[at]}
                self._known |= set() if self._anew else read
            else:
                await asyncio.sleep(LOOK)

    async def _assigned(self, consumer: AIOKafkaConsumer) -> list[TopicPartition]:
        """Return the partitions that are wanted, read from their beginning if they are others than before."""
        from aiokafka import TopicPartition

        wanted = sorted(TopicPartition(self._topic, partition) for partition in self._wanted)
        if self._anew:
            self._anew = False
            consumer.assign(wanted)
            await consumer.seek_to_beginning(*wanted)
        return wanted

    def _take(self, partition: int, message: ConsumerRecord[bytes, bytes]) -> None:
        try:
            if message.value is None:
                self._vigil.leave(partition, edge_of(message.key or b""))
            else:
                self._vigil.hear(partition, from_message(message.value), instant(self._clock()), self._contact)
        except (InputError, UnicodeDecodeError) as error:
            _log.warning("Heartbeat %d/%d is not used: %s", partition, message.offset, error)

    def _answer(self) -> None:
        now = monotonic()
        self._contact += int(min(now - self._answered, _AT_MOST) * SECOND)
        self._answered = now

    def _consumer(self) -> AIOKafkaConsumer:
        from aiokafka import AIOKafkaConsumer

        return AIOKafkaConsumer(
            **self._brokers.options(),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=int(self._wait * 1000),
            request_timeout_ms=_ANSWER,
        )
