"""The topic of rules: the last put of each rule, compacted. Workers write it as they fold a put, so it says what is in force.

Of a home that is erased they know nothing any more: whoever erases it drops its rules here.
"""

from __future__ import annotations

import logging

from rules.problem import InputError
from rules.record import decode
from rules.rule import parse_rule
from streams.kafka.broker import Brokers
from streams.kafka.compacted import PATIENCE, read_compacted
from streams.kafka.producer import Producer, Sent
from streams.runtime import Rules

_log = logging.getLogger(__name__)


def read_rules(brokers: Brokers, topic: str, patience: float = PATIENCE) -> Rules:
    """Return the rules that stand on the topic, by home and id. Raise BrokerError when it cannot be read to its end."""
    found: Rules = {}
    for key, value in read_compacted(brokers, topic, patience=patience):
        home, _, rule = key.partition("/")
        found.pop((home, rule), None)
        if value is not None:
            try:
                found[home, rule] = parse_rule(decode(value).data["rule"])
            except InputError as error:
                _log.error("%s: %s is no rule: %s", topic, key, error)
    return found


def forget_rules(producer: Producer, topic: str, home: str, patience: float = PATIENCE) -> None:
    """Drop what stands of a home's rules on the topic: compaction deletes it then. Raise BrokerError."""
    standing = dict(read_compacted(producer.brokers, topic, patience=patience))
    keys = [key for key, value in standing.items() if value is not None and key.partition("/")[0] == home]
    if keys:
        partition = producer.partition_of(topic, home)
        producer.send([Sent(topic, None, key.encode(), partition) for key in keys])
