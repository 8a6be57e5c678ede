"""What `doctor` says of an installation on Kafka, by what brokers, workers and edges say themselves."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from proactive.cluster import LATE, of_edge, of_worker, of_workers, said_of, workers_here
from proactive.lock import DataLock
from proactive.settings import Settings, load
from proactive.worker_figures import HOST, OVERDUE, shown
from rules.units import HOUR, MINUTE, SECOND, instant
from streams.changes import put_record
from streams.kafka.broker import Brokers
from streams.kafka.heartbeat import Heartbeat, to_message
from streams.kafka.lag import Lag
from streams.kafka.outlet import Outlet
from streams.kafka.producer import Producer
from streams.kafka.share import Share
from streams.kafka.stretch import Stretches
from tests.brokers import names
from tests.proactive.test_worker_figures import never
from tests.streams.kafka.bench import Table
from tests.streams.kafka.crew import Town
from tests.streams.logs import MORNING, ring

NOW = instant(MORNING)


def beat(ago: int, **more: int) -> Heartbeat:
    return Heartbeat(home="maple", edge="cellar", until=NOW - ago, since=0, sources={"cam.kitchen": 0}, **more)


def test_an_edge_that_is_silent_whose_buffer_fills_or_that_sets_aside_is_said_with_what_to_do() -> None:
    well = of_edge(beat(3 * SECOND, waiting=2, bytes=640), NOW)
    assert (well.about, well.works, well.advice) == ("edge cellar of maple", True, "")
    assert well.found == "heard 3 s ago, feeds 1 source; 2 records waiting there (0.0 MB)"
    silent = of_edge(beat(2 * HOUR), NOW)
    assert (silent.works, silent.found[:24]) == (False, "silent for 2 hours; it f")
    assert "offline" in silent.advice
    assert not of_edge(beat(0, waiting=900_000, bytes=400_000_000), NOW).works
    aside = of_edge(beat(0, aside=12_000, shed=2_000), NOW)
    assert (aside.works, aside.found.endswith("12,000 could not be used, of which 2,000 are not kept any more")) == (
        False,
        True,
    )


def test_workers_that_do_not_run_or_are_behind_are_said_with_what_to_do() -> None:
    assert of_workers(Lag(2, 5, NOW - SECOND), 12, NOW).works
    none = of_workers(Lag(0, 7, NOW - HOUR), 12, NOW)
    assert (none.works, none.found, none.advice[:20]) == (
        False,
        "none runs; 7 records not folded yet",
        "Nothing is decided. ",
    )
    late = of_workers(Lag(2, 90_000, NOW - 5 * MINUTE), 12, NOW)
    assert (late.works, late.found.endswith("the oldest came 5 minutes ago")) == (False, True)


def test_a_deadline_that_is_overdue_is_said_of_the_worker_that_has_it() -> None:
    assert of_worker("worker a", {OVERDUE: 1.0}).works
    late = of_worker("worker a", {OVERDUE: 2.0 * LATE / SECOND, "proactive_worker_partitions": 3.0})
    assert (late.works, late.found.startswith("3 partitions, 0 messages waiting")) == (False, True)


def test_a_worker_of_this_folder_is_asked_for_its_figures(tmp_path: Path) -> None:
    mine = names()
    share = Share(mine, lambda _: None, Table(), Outlet(never), Stretches(Brokers.at(), mine.records))
    share.own([0, 3])
    settings = Settings(data=tmp_path)
    with DataLock(tmp_path / "workers" / "a") as lock, shown(share, 0) as port:
        [said] = workers_here(settings)
        assert (said.about, "--metrics" in said.advice) == ("worker a", True)
        lock.tell(metrics=f"http://{HOST}:{port}/metrics")
        [said] = workers_here(settings)
        assert said.found == "2 partitions, 0 messages waiting for the broker; no deadline is overdue"
    assert list(workers_here(settings)) == []


@pytest.fixture
def settings(kafka: str, tmp_path: Path) -> Settings:
    return load({"PROACTIVE_DATA": str(tmp_path), "PROACTIVE_KAFKA": kafka, "PROACTIVE_KAFKA_TOPICS": names().prefix})


def test_brokers_without_topics_are_said_and_with_them_what_waits_and_who_was_heard(
    kafka: str, settings: Settings
) -> None:
    [said] = said_of(settings, NOW)
    assert (said.works, said.advice) == (False, "Make them: proactive topics create")
    town = Town(kafka, {}, names(), partitions=2)
    town.say([put_record(ring(), datetime.now(UTC))])
    with Producer(Brokers.at(kafka)) as producer:
        producer.send([to_message(town.names, beat(0), producer.partition_of(town.names.heartbeats, "maple"))])
    there = load({"PROACTIVE_KAFKA": kafka, "PROACTIVE_KAFKA_TOPICS": town.names.prefix})
    broker, workers, edge = said_of(there, NOW)
    assert broker.found.endswith("2 partitions")
    assert workers.found.endswith("1 record not folded yet")
    assert (edge.about, edge.works) == ("edge cellar of maple", True)


def test_a_broker_that_does_not_answer_is_said(tmp_path: Path) -> None:
    [said] = said_of(load({"PROACTIVE_DATA": str(tmp_path), "PROACTIVE_KAFKA": "nowhere"}), NOW)
    assert (said.works, "nowhere:9092" in said.found) == (False, True)
    [said] = said_of(load({"PROACTIVE_DATA": str(tmp_path), "PROACTIVE_KAFKA": "http://x"}), NOW)
    assert "expected servers as host:port" in said.found


def test_without_a_client_of_kafka_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kafka.errors", None)
    [said] = said_of(load({"PROACTIVE_KAFKA": "nowhere"}), NOW)
    assert (said.works, said.advice) == (False, "Install it: pip install 'proactive[kafka]'")
