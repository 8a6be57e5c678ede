"""A replay of the topic: the firings that workers made of it, from the same records by the same fold.

A partition begins with its oldest record. Where retention has deleted what came first, rules and states from before would be
missing, so it begins with the state that workers keep of each home, and gives what was decided since. Ticks are in
the topic, so the log alone says when a deadline was decided; what is due after its last tick is not decided yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import msgspec

from rules.firing import Firing
from rules.problem import InputError, Problem
from streams.kafka.broker import BrokerError, Brokers, answering
from streams.kafka.shard import NOWHERE, Entry, FindHome, Shard
from streams.kafka.stretch import Said
from streams.kafka.taking import take
from streams.kafka.topics import Names
from streams.ordering import in_order

if TYPE_CHECKING:
    from kafka import KafkaConsumer, TopicPartition

PATIENCE = 30.0  # seconds a broker has to answer
_POLL = 500  # milliseconds
_AT_ONCE = 5_000  # messages

Start = Literal["oldest", "state"]


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a partition begins: with the oldest record, or with workers' state after the record at `offset`.

    `missing` records are deleted that came before, and no state tells of them.
    """

    partition: int
    start: Start
    offset: int
    missing: int = 0


@dataclass(frozen=True, slots=True)
class TopicReplay:
    """What is replayed: the topic of records of an installation, for homes that `find_home` knows.

    `start` None is the oldest record where it is still there, else the state. `begun` is told where each partition
    begins, `report` what could not be used.
    """

    brokers: Brokers
    names: Names
    find_home: FindHome
    start: Start | None = None
    begun: Callable[[Beginning], None] = lambda _: None
    report: Callable[[Problem], None] = lambda _: None

    def run(self) -> Iterator[Firing]:
        """Yield the firings in order of `(time, home, rule)`. Raise BrokerError when the broker does not answer."""
        return in_order(self._batches())

    def _batches(self) -> Iterator[list[Firing]]:
        with answering(self.brokers), closing(self._consumer()) as consumer:
            partitions = consumer.partitions_for_topic(self.names.records)
            if not partitions:
                raise BrokerError(f"There is no topic {self.names.records} at {self.brokers}.")
            for partition in sorted(partitions):
                yield from self._partition(consumer, partition)

    def _partition(self, consumer: KafkaConsumer, partition: int) -> Iterator[list[Firing]]:
        oldest = _oldest(consumer, self.names.records, partition)
        shard = self._begin(consumer, partition, oldest)
        for said in _read(consumer, self.names.records, partition, max(shard.cursor + 1, oldest)):
            folded = shard.receive([self._entry(each) for each in said])
            for problem in folded.problems:
                self.report(problem)
            yield folded.firings

    def _begin(self, consumer: KafkaConsumer, partition: int, oldest: int) -> Shard:
        """Return the shard to go on with, and say where it begins."""
        if self.start == "oldest" or (self.start is None and oldest == 0):
            self.begun(Beginning(partition, "oldest", oldest, oldest))
            return Shard(partition, self.find_home)
        shard = Shard.restore(partition, self.find_home, self._rows(consumer, partition).get)
        if shard.cursor == NOWHERE:
            self.begun(Beginning(partition, "oldest", oldest, oldest))
        else:
            self.begun(Beginning(partition, "state", shard.cursor, max(0, oldest - shard.cursor - 1)))
        return shard

    def _rows(self, consumer: KafkaConsumer, partition: int) -> dict[str, bytes]:
        """Return the rows of state that workers keep of a partition, by key."""
        rows: dict[str, bytes] = {}
        topic = self.names.state
        if consumer.partitions_for_topic(topic):
            for said in _read(consumer, topic, partition, _oldest(consumer, topic, partition)):
                rows.update({msgspec.json.decode(each.key): each.value for each in said if each.key and each.value})
        return rows

    def _entry(self, said: Said) -> Entry:
        try:
            return said.offset, take(said)
        except InputError as error:
            self.report(error.problems[0])
            return said.offset, None

    def _consumer(self) -> KafkaConsumer:
        from kafka import KafkaConsumer

        return KafkaConsumer(
            **self.brokers.checked(),
            enable_auto_commit=False,
            allow_auto_create_topics=False,
            auto_offset_reset="earliest",
            max_poll_records=_AT_ONCE,
            bootstrap_timeout_ms=int(PATIENCE * 1000),
            request_timeout_ms=int(PATIENCE * 1000),
        )


def _oldest(consumer: KafkaConsumer, topic: str, partition: int) -> int:
    at = _at(topic, partition)
    return int(consumer.beginning_offsets([at])[at])


def _read(consumer: KafkaConsumer, topic: str, partition: int, offset: int) -> Iterator[list[Said]]:
    """Yield what stands in a partition from an offset up to where it ended when the reading began."""
    at = _at(topic, partition)
    consumer.assign([at])
    consumer.seek(at, offset)
    end = None
    while end is None or consumer.position(at) < end:
        batch = consumer.poll(_POLL).get(at, [])
        # Only the answer to a fetch tells every broker's true end; it is what the reading goes up to.
        if end is None:
            end = consumer.highwater(at)
        if said := [_said(message) for message in batch if end is None or message.offset < end]:
            yield said


def _said(message: object) -> Said:
    from kafka.consumer.fetcher import ConsumerRecord

    assert isinstance(message, ConsumerRecord)
    return Said(message.offset, message.timestamp * 1000, message.key, message.value, message.headers)


def _at(topic: str, partition: int) -> TopicPartition:
    from kafka import TopicPartition

    return TopicPartition(topic, partition)
