"""What Kafka and Faust cost: throughput on a prefilled topic, and latency at a steady pace, all in one run.

    python -m benchmarks.kafka                    # throughput: 1,000 homes with 20 rules each
    python -m benchmarks.kafka --latency          # 100 records a second, from the watermark passing one to its firing read back

Each reader is a process of its own on the same topic of one partition, in interleaved rounds: the rules stand first, and what
is measured is from the last of them to the last record. `us/record` is CPU time, which a busy machine changes little.
The broker is the one of PROACTIVE_TEST_KAFKA, else Tansu on the loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from benchmarks.town import make_town
from rules.home import Home, parse_home
from rules.problem import InputError
from rules.record import Record, decode
from rules.rule import Rule, parse_rule
from rules.units import microseconds
from streams.changes import put_record
from streams.kafka.binding import to_message
from streams.kafka.broker import Brokers
from streams.kafka.producer import Producer, Sent
from streams.kafka.shard import Shard
from streams.kafka.stretch import Said
from streams.kafka.taking import take
from streams.kafka.topics import Names, create, topics
from streams.kafka.worker import BATCH, Options, Worker, _app
from tests.brokers import NAMED, Tansu, names

READERS = ("aiokafka, counting", "aiokafka, folding", "faust, counting", "worker")
PACE = 100  # records a second
SESSION = 6.0
FETCH_WAIT = 0.02  # seconds: Tansu does not wake a fetch that waits when something comes
WITHIN = 0.01  # seconds that a batch of the empty agent may wait to become fuller
_LOOK = 0.02


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--homes", type=int, default=1_000)
    parser.add_argument("--records", type=int, default=60_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--latency", action="store_true")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--child", nargs=6, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        reader, address, prefix, homes, since, until = given.child
        found = [parse_home(msgspec.json.decode(line)) for line in Path(homes).read_bytes().splitlines()]
        asyncio.run(_child(reader, address, prefix, {home.home: home for home in found}, int(since), int(until)))
        return
    with TemporaryDirectory() as folder, _broker() as address:
        if given.latency:
            _latency(address, Path(folder), given.seconds)
        else:
            _throughput(address, Path(folder), given.homes, given.records, given.rounds)


@contextmanager
def _broker() -> Iterator[str]:
    if NAMED:
        yield NAMED
        return
    with Tansu() as broker:
        yield broker.address


# --- throughput ---------------------------------------------------------------------------------------------------


def _throughput(address: str, folder: Path, homes: int, records: int, rounds: int) -> None:
    town = make_town(folder, homes, records)
    log = [decode(line) for line in town.log.read_bytes().splitlines()]
    start = min(record.time for record in log)
    rules = [put_record(parse_rule(msgspec.json.decode(line)), start) for line in town.rules.read_bytes().splitlines()]
    print(f"{homes:,} homes, {len(rules):,} rules, {len(log):,} records of {_size(log):.0f} bytes, one partition")
    best: dict[str, dict[str, float]] = {}
    for round_ in range(rounds):
        for reader in READERS:
            mine = names()  # nothing is left of the one before: no offsets, no state
            create(Brokers.at(address), topics(mine, 1))
            _prefill(address, mine, [*rules, *log])
            found = _run(reader, address, mine, town.homes, len(rules), len(rules) + len(log))
            if reader not in best or found["cpu"] < best[reader]["cpu"]:
                best[reader] = found
            print(f"round {round_ + 1}: {_row(reader, found, len(log))}", file=sys.stderr)
    print(f"{'':<20} {'records/s':>10} {'us/record':>10} {'a CPU second':>13} {'of faust':>9}")
    for reader, found in best.items():
        share = best["faust, counting"]["cpu"] / found["cpu"]
        print(f"{_row(reader, found, len(log))} {share:>8.0%}")


def _row(reader: str, found: dict[str, float], records: int) -> str:
    rate, cost = records / found["wall"], found["cpu"] / records * 1e6
    return f"{reader:<20} {rate:>10,.0f} {cost:>10.1f} {records / found['cpu']:>13,.0f}"


def _size(log: list[Record]) -> float:
    return sum(len(to_message(record).value) for record in log[:1000]) / min(len(log), 1000)


def _prefill(address: str, mine: Names, records: list[Record]) -> None:
    with Producer(Brokers.at(address), patience=30) as producer:
        for at in range(0, len(records), 2_000):
            part = [to_message(record) for record in records[at : at + 2_000]]
            producer.send([Sent(mine.records, value, key, 0, headers) for key, value, headers in part])


def _run(reader: str, address: str, mine: Names, homes: Path, since: int, until: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.kafka", "--child", reader, address, mine.prefix, str(homes)]
    done = subprocess.run([*command, str(since), str(until)], stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


async def _child(reader: str, address: str, prefix: str, by_id: dict[str, Home], since: int, until: int) -> None:
    """Read the topic, and print the wall and CPU time from offset `since` to offset `until`."""
    with TemporaryDirectory() as folder:
        options = Options(Brokers.at(address), Names(prefix), Path(folder), session=SESSION, fetch_wait=FETCH_WAIT)
        if reader == "worker, alone":
            await Worker(options, by_id.get).run(asyncio.Event(), lambda: print("Working.", flush=True))
        kinds = {
            "aiokafka, counting": lambda: _plain(options, None),
            "aiokafka, folding": lambda: _plain(options, by_id),
            "faust, counting": lambda: _faust(options),
            "worker": lambda: _worker(options, by_id),
        }
        marks: dict[int, tuple[float, float]] = {}
        async for count in kinds[reader]():
            for mark in (since, until):
                if count >= mark and mark not in marks:
                    marks[mark] = (time.monotonic(), time.process_time())
            if until in marks:
                break
        (wall, cpu), (wall_end, cpu_end) = marks[since], marks[until]
        print(json.dumps({"wall": wall_end - wall, "cpu": cpu_end - cpu}), flush=True)
        os._exit(0)  # leaving the group takes seconds that nobody measures


async def _plain(options: Options, homes: dict[str, Home] | None) -> AsyncIterator[int]:
    """Yield how many were read by a consumer and nothing else, or folded by the shard that a worker has."""
    from aiokafka import AIOKafkaConsumer

    shard = Shard(0, (homes or {}).get)
    consumer = AIOKafkaConsumer(
        options.names.records,
        bootstrap_servers=list(options.brokers.servers),
        auto_offset_reset="earliest",
        max_poll_records=BATCH,
    )
    await consumer.start()
    count = 0
    while True:
        for batch in (await consumer.getmany(timeout_ms=1000)).values():
            if homes is not None:
                shard.receive([(each.offset, _record(each)) for each in batch])
            count += len(batch)
            yield count


def _record(each: Any) -> Record | None:
    try:
        return take(Said(each.offset, each.timestamp * 1000, each.key, each.value, each.headers))
    except InputError:
        return None


async def _faust(options: Options) -> AsyncIterator[int]:
    """Yield how many an agent was handed that does nothing with them."""
    app = _app(options)
    topic = app.topic(
        options.names.records, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
    )
    count = 0

    async def nothing(stream: Any) -> None:
        nonlocal count
        async for batch in stream.take(BATCH, within=WITHIN):
            count += len(batch)

    app.agent(topic, name="nothing")(nothing)
    app.finalize()
    await app.start()
    while True:
        await asyncio.sleep(_LOOK)
        yield count


async def _worker(options: Options, homes: dict[str, Home]) -> AsyncIterator[int]:
    """Yield how many the real worker has folded."""
    worker = Worker(options, homes.get)
    running = asyncio.create_task(worker.run(asyncio.Event()))
    while not running.done():
        await asyncio.sleep(_LOOK)
        yield worker.share.counts["folded"]
    running.result()


# --- latency ------------------------------------------------------------------------------------------------------


def _latency(address: str, folder: Path, seconds: int) -> None:
    """Ring a bell in each of a hundred homes in turn, and take the time until somebody else reads what a worker says of it."""
    homes = [_home(f"home-{number}") for number in range(PACE)]
    file, mine = folder / "homes.jsonl", names()
    file.write_text("".join(home.model_dump_json(exclude_defaults=True) + "\n" for home in homes))
    create(Brokers.at(address), topics(mine, 4))
    rung: dict[str, float] = {}
    heard: dict[str, float] = {}
    with Producer(Brokers.at(address), patience=30) as producer, _working(address, mine, file):
        producer.send([_sent(mine, put_record(_ring(home), datetime.now(UTC))) for home in homes])
        reader = threading.Thread(target=_hear, args=(address, mine, heard, seconds + 30), daemon=True)
        reader.start()
        _ring_all(address, mine, homes, seconds, rung)
        reader.join()
    lateness = microseconds(homes[0].lateness) / 1e6
    took = sorted(1000 * (heard[id] - rung[id] - lateness) for id in rung if id in heard)
    at = {share: took[int(share * (len(took) - 1))] for share in (0.5, 0.9, 0.99)}
    print(f"{len(took):,} of {len(rung):,} firings at {PACE} records/s; the lateness of {lateness:g} s comes on top")
    print(f"p50 {at[0.5]:.0f} ms, p90 {at[0.9]:.0f} ms, p99 {at[0.99]:.0f} ms; load {os.getloadavg()[0]:.1f}")


def _home(name: str) -> Home:
    return parse_home({"home": name, "time_zone": "UTC", "devices": [{"id": "doorbell.front", "events": ["pressed"]}]})


def _ring(home: Home) -> Rule:
    when = {"op": "occurs", "of": [{"type": "event", "source": "doorbell.front"}]}
    return parse_rule({"id": "ring", "home": home.home, "when": when})


def _sent(mine: Names, record: Record) -> Sent:
    key, value, headers = to_message(record)
    return Sent(mine.records, value, key, None, headers)


@contextmanager
def _working(address: str, mine: Names, homes: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.kafka", "--child", "worker, alone", address, mine.prefix, str(homes)]
    with subprocess.Popen([*command, "0", "0"], stdout=subprocess.PIPE) as worker:
        try:
            assert worker.stdout is not None
            worker.stdout.readline()  # it works
            yield
        finally:
            worker.kill()


def _ring_all(address: str, mine: Names, homes: list[Home], seconds: int, rung: dict[str, float]) -> None:
    from kafka import KafkaProducer

    producer = KafkaProducer(bootstrap_servers=address, acks="all")
    begun = time.monotonic() + SESSION + 4  # the worker has its partitions then
    for number in range(-PACE, seconds * PACE):  # the first second is not counted
        time.sleep(max(0.0, begun + number / PACE - time.monotonic()))
        now, home = datetime.now(UTC), homes[number % PACE].home
        record = Record(id=f"bell-{number}", type="event", time=now, source="doorbell.front", home=home)
        if number >= 0:
            rung[record.id] = now.timestamp()
        key, value, headers = to_message(record)
        producer.send(mine.records, value, key, headers=list(headers))
    producer.close()


def _hear(address: str, mine: Names, heard: dict[str, float], seconds: float) -> None:
    from kafka import KafkaConsumer

    consumer = KafkaConsumer(
        mine.firings, bootstrap_servers=address, auto_offset_reset="earliest", fetch_max_wait_ms=10
    )
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for batch in consumer.poll(timeout_ms=200).values():
            now = time.time()
            for message in batch:
                heard.setdefault(json.loads(message.value)["evidence"][0], now)
    consumer.close()


if __name__ == "__main__":
    main()
