"""The topic of rules: the last put of each rule, compacted. Workers write it as they fold a put, so it says what is in force."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from time import monotonic
from typing import Any

from rules.problem import InputError
from rules.record import decode
from rules.rule import parse_rule
from streams.kafka.broker import BrokerError, answering
from streams.runtime import Rules

PATIENCE = 15.0  # seconds
_log = logging.getLogger(__name__)


def read_rules(servers: Sequence[str], topic: str, patience: float = PATIENCE) -> Rules:
    """Return the rules that stand on the topic, by home and id. Raise BrokerError when it cannot be read to its end."""
    found: Rules = {}
    for key, value in _messages(list(servers), topic, patience):
        home, _, rule = key.partition("/")
        found.pop((home, rule), None)
        if value is not None:
            try:
                found[home, rule] = parse_rule(decode(value).data["rule"])
            except InputError as error:
                _log.error("%s: %s is no rule: %s", topic, key, error)
    return found


def _messages(servers: list[str], topic: str, patience: float) -> list[tuple[str, bytes | None]]:
    from kafka import KafkaConsumer, TopicPartition

    with answering(servers):
        consumer = KafkaConsumer(bootstrap_servers=servers, group_id=None, fetch_max_wait_ms=50)
        try:
            places = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
            if not places:
                raise BrokerError(f"There is no topic {topic}. Make it with: proactive topics create")
            consumer.assign(places)
            consumer.seek_to_beginning(*places)
            return _all(consumer, places, monotonic() + patience)
        finally:
            consumer.close()


def _all(consumer: Any, places: list[Any], until: float) -> list[tuple[str, bytes | None]]:
    """Return what stands before the ends of the partitions as they are now."""
    ends = consumer.end_offsets(places)
    found: list[tuple[str, bytes | None]] = []
    while any(consumer.position(at) < end for at, end in ends.items()):
        if monotonic() > until:
            raise BrokerError("The topic of rules could not be read to its end in time. Check that the broker runs.")
        for part in consumer.poll(timeout_ms=200).values():
            found += [(message.key.decode(), message.value) for message in part if message.key is not None]
    return found
