"""How far workers are behind: what stands on the topic of records and is not folded, by the offsets that they commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.units import SECOND
from streams.kafka.broker import Brokers, answering
from streams.kafka.topics import Names

if TYPE_CHECKING:
    from kafka import KafkaConsumer, TopicPartition

_POLL = 1_000  # milliseconds for the broker to hand out one message


@dataclass(frozen=True, slots=True)
class Lag:
    """How many workers share the partitions, what they have not folded yet, and when the oldest of it came (microseconds).

    `workers` is None where the broker's answer cannot be read.
    """

    workers: int | None
    waiting: int
    oldest: int | None


def lag(brokers: Brokers, names: Names, patience: float) -> Lag:
    """Return how far the workers are behind. Raise BrokerError when the broker does not say so in time."""
    with answering(brokers), closing(_consumer(brokers, names, patience)) as consumer:
        places = [_place(names, each) for each in sorted(consumer.partitions_for_topic(names.records) or ())]
        ends, begins = consumer.end_offsets(places), consumer.beginning_offsets(places)
        folded = {at: max(consumer.committed(at) or 0, begins[at]) for at in places}
        behind = {at: ends[at] - folded[at] for at in places if ends[at] > folded[at]}
        oldest = min(_stamps(consumer, {at: folded[at] for at in behind}), default=None)
        return Lag(_workers(brokers, names, patience), sum(behind.values()), oldest)


def _stamps(consumer: KafkaConsumer, offsets: Mapping[TopicPartition, int]) -> Iterable[int]:
    """Yield when what stands at these offsets came, by Kafka's clock; what is not handed out in time is left out."""
    for at, offset in offsets.items():
        consumer.assign([at])
        consumer.seek(at, offset)
        for message in consumer.poll(_POLL, max_records=1).get(at, ()):
            yield message.timestamp * (SECOND // 1000)


def _workers(brokers: Brokers, names: Names, patience: float) -> int | None:
    from kafka.admin import KafkaAdminClient

    wait = int(patience * 1000)
    admin = KafkaAdminClient(request_timeout_ms=wait, bootstrap_timeout_ms=wait, **brokers.checked())
    with closing(admin):
        try:
            [group] = admin.describe_groups([names.workers]).values()
        except ValueError:  # kafka-python knows fewer permissions than some brokers (Tansu) tell of
            return None
        return len(group["members"])


def _consumer(brokers: Brokers, names: Names, patience: float) -> KafkaConsumer:
    from kafka import KafkaConsumer

    wait = int(patience * 1000)
    return KafkaConsumer(
        group_id=names.workers, enable_auto_commit=False, bootstrap_timeout_ms=wait, **brokers.checked()
    )


def _place(names: Names, partition: int) -> TopicPartition:
    from kafka import TopicPartition

    return TopicPartition(names.records, partition)
