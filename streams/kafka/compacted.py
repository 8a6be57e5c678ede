"""A compacted topic, read from its beginning to its end as it is now: what was said last under each key, in order."""

from __future__ import annotations

from collections.abc import Collection
from time import monotonic
from typing import Any

from streams.kafka.broker import BrokerError, Brokers, answering

PATIENCE = 15.0  # seconds


def read_compacted(
    brokers: Brokers, topic: str, partitions: Collection[int] | None = None, patience: float = PATIENCE
) -> list[tuple[str, bytes | None]]:
    """Return the keys and values that stand on the topic, or on some partitions of it. Raise BrokerError when they cannot be read."""
    from kafka import KafkaConsumer, TopicPartition

    with answering(brokers):
        wait = int(patience * 1000)
        consumer = KafkaConsumer(
            allow_auto_create_topics=False,
            group_id=None,
            fetch_max_wait_ms=50,
            bootstrap_timeout_ms=wait,
            **brokers.checked(),
        )
        try:
            there = sorted(consumer.partitions_for_topic(topic) or ())
            if not there:
                raise BrokerError(f"There is no topic {topic}. Make it with: proactive topics create")
            places = [TopicPartition(topic, each) for each in there if partitions is None or each in partitions]
            consumer.assign(places)
            consumer.seek_to_beginning(*places)
            return _all(consumer, topic, monotonic() + patience)
        finally:
            consumer.close()


def _all(consumer: Any, topic: str, until: float) -> list[tuple[str, bytes | None]]:  # kafka-python has no types
    """Return what stands before the ends of the partitions as they are now."""
    ends = consumer.end_offsets(list(consumer.assignment()))
    found: list[tuple[str, bytes | None]] = []
    while any(consumer.position(at) < end for at, end in ends.items()):
        if monotonic() > until:
            raise BrokerError(f"{topic} could not be read to its end in time. Check that the broker runs.")
        for part in consumer.poll(timeout_ms=200).values():
            found += [(message.key.decode(), message.value) for message in part if message.key is not None]
    return found
