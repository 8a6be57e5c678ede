"""Topics are made once, and what differs is said, never changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.problem import InputError
from streams.kafka.broker import BrokerError, Brokers, brokers_of
from streams.kafka.producer import Producer, Sent
from streams.kafka.topics import create, standing, topics
from tests.brokers import free_port, names, read_all


def test_what_is_missing_is_made_and_made_only_once(kafka: str) -> None:
    wanted = topics(names(), 3)
    assert {found.state for found in standing(Brokers.at(kafka), wanted)} == {"missing"}
    assert [(found.state, found.partitions) for found in create(Brokers.at(kafka), wanted)] == [("created", 3)] * 5
    assert {found.state for found in create(Brokers.at(kafka), wanted)} == {"exists"}


def test_another_number_of_partitions_is_said_and_stays(kafka: str) -> None:
    mine = names()
    create(Brokers.at(kafka), topics(mine, 3))
    for partitions in (2, 6):
        found = create(Brokers.at(kafka), topics(mine, partitions))[0]
        assert (found.state, found.partitions) == ("differs", 3)
        assert found.differences == (f"partitions: expected {partitions}, found 3",)


def test_another_setting_is_said(kafka: str) -> None:
    wanted = topics(names(), 1)
    create(Brokers.at(kafka), wanted)
    rules = next(topic for topic in wanted if topic.settings["cleanup.policy"] == "compact")
    [found] = create(Brokers.at(kafka), [replace(rules, settings={"cleanup.policy": "delete"})])
    assert found.differences == ("cleanup.policy: expected delete, found compact",)


def test_nothing_is_sent_to_a_topic_that_is_missing_and_none_is_made_by_it(kafka: str) -> None:
    mine = names()
    with Producer(Brokers.at(kafka), patience=5.0) as producer:
        for send in (
            lambda: producer.send([Sent(mine.records, b"{}")]),
            lambda: producer.partition_of(mine.records, "oak"),
        ):
            with pytest.raises(BrokerError, match=f"no topic {mine.records}. Make it with: proactive topics create"):
                send()
        wanted = topics(mine, 3)
        assert {found.state for found in standing(Brokers.at(kafka), wanted)} == {"missing"}
        create(Brokers.at(kafka), wanted)
        producer.send([Sent(mine.records, b"{}")])
    assert len(read_all(kafka, mine.records, 0.2)) == 1


def test_a_broker_that_is_not_there_is_named() -> None:
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(BrokerError, match=address):
        standing(Brokers.at(address), [], patience=0.3)


@pytest.mark.parametrize(
    "setting, expected",
    [
        ("kafka", ["kafka:9092"]),
        ("a:1, b:2", ["a:1", "b:2"]),
        ("[::1]:9093", ["[::1]:9093"]),
    ],
)
def test_servers_are_named_with_their_ports(setting: str, expected: list[str]) -> None:
    assert brokers_of(setting).servers == tuple(expected)


@pytest.mark.parametrize("setting", ["", "a:1,,b:2", "kafka://a:1", "a:port", ":9092", "a:99999"])
def test_what_names_no_server_is_refused(setting: str) -> None:
    with pytest.raises(InputError, match="host:port"):
        brokers_of(setting)
