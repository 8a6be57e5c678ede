"""A broker that is away, through a worker and an edge that run: what was told meanwhile is decided when it is back, as it was.

`PROACTIVE_AWAY_SECONDS=300` says for how long it is away; a few seconds, which is longer than the worker's session, is enough.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rules.record import Record
from rules.rule import parse_rule
from rules.units import SECOND
from streams.changes import put_record
from streams.kafka import worker
from streams.kafka.broker import Brokers
from streams.kafka.buffer import Buffer
from streams.kafka.closing import let_go
from streams.kafka.edge import Edge
from streams.kafka.producer import Producer
from streams.kafka.vigil import SILENT
from tests.brokers import Tansu, records_on
from tests.streams.kafka.cable import Cable
from tests.streams.kafka.crew import SESSION, Town, until, working
from tests.streams.logs import home, record, ring

pytest.importorskip("faust", reason="Faust is not installed: pip install 'proactive[kafka]'")
from aiokafka import AIOKafkaConsumer, TopicPartition

ROOT = Path(__file__).parents[3]
AWAY = float(os.environ.get("PROACTIVE_AWAY_SECONDS", SESSION + 2))  # seconds
PATIENCE = 90.0
SEEN = {"type": "detection", "source": "cam.kitchen"}
NOBODY = parse_rule({"id": "nobody", "home": "maple", "when": {"op": "absent", "of": [SEEN], "duration": "3s"}})


def bell(number: int) -> Record:
    return record(f"bell {number}", datetime.now(UTC), "event", source="doorbell.front", data={"name": "pressed"})


def test_a_consumer_whose_line_was_cut_is_let_go_and_nobody_is_cancelled(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "aiokafka")

    async def story() -> None:
        with Cable() as cable, Tansu(cable.port) as broker:
            cable.to = broker.port
            place = TopicPartition(Town(broker.address, {}, partitions=1).names.records, 0)
            consumer = AIOKafkaConsumer(bootstrap_servers=broker.address, fetch_max_wait_ms=20)
            await consumer.start()
            consumer.assign([place])
            await until(lambda: consumer.highwater(place) is not None)
            consumer._fetcher._retry_backoff = 60.0  # it is surely there when it is let go
            cable.cut()
            await until(lambda: "Failed fetch messages" in caplog.text)
            await let_go(consumer)
            assert not consumer._client._conns

    asyncio.run(story())


def test_a_worker_that_faust_does_not_let_go_ends_all_the_same(
    kafka: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = Town(kafka, {}, partitions=1).worker(tmp_path)
    monkeypatch.setattr(running._app, "stop", lambda: asyncio.Event().wait())
    monkeypatch.setattr(worker, "LEAVE", 0.1)
    asyncio.run(running._leave())


@contextmanager
def edge_of(town: Town, folder: Path) -> Iterator[Edge]:
    """Yield an edge that runs and feeds a camera."""
    with Buffer(folder / "edge.db") as buffer:
        edge = Edge(
            "edge-1",
            buffer,
            Producer(Brokers.at(town.broker), patience=2.0),
            town.names,
            feeds=[("maple", "cam.kitchen")],
        )
        edge.start()
        running = threading.Thread(target=edge.run, daemon=True)
        running.start()
        try:
            yield edge
        finally:
            edge.stop()
            running.join(20)


def test_a_broker_that_is_away_costs_time_and_nothing_else(tmp_path: Path) -> None:
    with Cable() as cable, Tansu(cable.port) as broker:
        cable.to = broker.port
        town = Town(broker.address, {"maple": home(lateness="0s")}, partitions=1)
        told = asyncio.run(_away(town, cable, tmp_path))
        records = records_on(broker.address, town.names)
        firings = asyncio.run(town.firings(told + 1))
    health = [each.data.get("reason") for each in records if each.type == "health"]
    assert SILENT not in health  # only the line was cut
    assert {firing["evidence"][0] for firing in firings if firing["rule"] == "ring"} == {
        f"bell {number}" for number in range(told)
    }
    [seen] = [each for each in records if each.id == "seen"]
    absent = {
        (firing["verdict"], datetime.fromisoformat(firing["time"])) for firing in firings if firing["rule"] == "nobody"
    }
    # An edge that gets no turn for ten seconds, as on a very busy machine, says itself that it did not watch.
    assert {time for _, time in absent} == {seen.time + timedelta(seconds=3)}
    assert health or [verdict for verdict, _ in absent] == ["fired"]


async def _away(town: Town, cable: Cable, folder: Path) -> int:
    """Cut the cable while somebody rings ten times a second; return how often that was, when all is told."""
    with edge_of(town, folder) as edge:
        async with working([town.worker(folder / "worker")]):
            town.say([put_record(rule, datetime.now(UTC)) for rule in (ring(), NOBODY)])
            await asyncio.to_thread(edge.deliver, [record("seen", datetime.now(UTC)), bell(0)])
            await town.firings(1)
            cable.cut()
            number, mended = 1, time.monotonic() + AWAY
            while time.monotonic() < mended:
                await asyncio.to_thread(edge.deliver, [bell(number)])
                number += 1
                await asyncio.sleep(0.1)
            cable.mend()
            await town.firings(number + 1, PATIENCE)
    return number


@contextmanager
def process_of(town: Town, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a worker as a process of its own, which is killed at the end."""
    now = time.time()
    told = {"broker": town.broker, "prefix": town.names.prefix, "speed": 1, "start": int(now * SECOND), "born": now}
    (folder / "town.json").write_text(json.dumps(told))
    (folder / "homes.jsonl").write_text("".join(home.model_dump_json() + "\n" for home in town.homes.values()))
    command = [sys.executable, "-m", "tests.streams.kafka.fast_worker", str(folder), "worker"]
    with (folder / "workers.log").open("ab") as log, subprocess.Popen(command, cwd=ROOT, stderr=log) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_running_worker_skips_nothing_of_a_broker_that_came_back_with_more_than_it_had(tmp_path: Path) -> None:
    with Tansu() as broker:
        town = Town(broker.address, {"maple": home(lateness="0s")}, partitions=1)
        with process_of(town, tmp_path) as worker:
            town.say([put_record(ring(), datetime.now(UTC)), bell(0)])
            asyncio.run(town.firings(1))
            worker.send_signal(signal.SIGSTOP)  # it must not read on before there is as much again
            broker.kill()
            broker.start()
            again = Town(broker.address, town.homes, town.names, partitions=1)
            again.say(map(bell, range(1, 100)))
            worker.send_signal(signal.SIGCONT)
            firings = asyncio.run(again.firings(99, PATIENCE))
    assert {firing["evidence"][0] for firing in firings} >= {f"bell {number}" for number in range(1, 100)}
