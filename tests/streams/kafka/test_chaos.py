"""The law of chaos: whatever is killed, cut off or added, what is told is what a replay of the topic tells, once.

A town of twenty homes lives a day in less than two minutes: 200 records a second, rules of every kind. Workers are killed
with SIGKILL, stopped and frozen, others come and go, the cable to the broker is cut.

`PROACTIVE_CHAOS_SECONDS=60` says how long (`make soak`: an hour); without it nothing is run. `PROACTIVE_CHAOS_SEED` tells the order of events.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

import pytest

from benchmarks.town import START, Town, make_town
from proactive.home_file import load_homes
from proactive.notify.channel import Channels, Message
from proactive.notify.notifier import Notifier
from proactive.settings import Settings
from proactive.store import Store
from rules.firing import Firing
from rules.record import Record, decode
from rules.rule import Rule, parse_rule
from rules.units import instant, moment
from streams.changes import drop_record, put_record
from streams.kafka.binding import from_message, to_message
from streams.kafka.broker import BrokerError
from streams.kafka.firings import FiringReader, read_firing
from streams.kafka.producer import Producer, Sent
from streams.kafka.shard import Entry, Shard
from streams.kafka.topics import create, topics
from tests.brokers import Tansu, names, read_all
from tests.streams.kafka.cable import Cable
from tests.streams.kafka.fast_worker import clock

pytest.importorskip("faust", reason="Faust is not installed: pip install 'proactive[kafka]'")
pytestmark = pytest.mark.skipif(
    not os.environ.get("PROACTIVE_CHAOS_SECONDS"),
    reason="chaos takes minutes: make soak, or PROACTIVE_CHAOS_SECONDS=60",
)

SECONDS = float(os.environ.get("PROACTIVE_CHAOS_SECONDS", "0"))
SEED = int(os.environ.get("PROACTIVE_CHAOS_SEED", "5"))
ROOT = Path(__file__).parents[3]
HOMES, PARTITIONS, RATE = 20, 4, 200
SPEED = 86_400 * RATE / (HOMES * 1000)  # a home has a thousand records a day
PATIENCE = 300.0


class Counting:
    """A channel that counts what it hands over."""

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()

    def send(self, message: Message, address: str | None = None) -> None:
        self.sent[message.id] += 1


class Chaos:
    """The town, its workers, and what happens to them."""

    def __init__(self, folder: Path, broker: str, cable: Cable) -> None:
        self.folder, self.broker, self.cable = folder, broker, cable
        self.random, self.names = Random(SEED), names()
        self.files: Town = make_town(folder, HOMES, int((SECONDS + 5) * RATE) + 1000)
        _be_patient(self.files.homes)
        self.homes = {home.home: home for home in load_homes([self.files.homes])}
        self.town = {"broker": broker, "prefix": self.names.prefix, "speed": SPEED}
        self.town |= {"start": START, "born": time.time()}
        (folder / "town.json").write_text(json.dumps(self.town))
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        self.done: Counter[str] = Counter()
        self.log = (folder / "workers.log").open("ab")
        create([broker], topics(self.names, PARTITIONS))

    # --- workers ------------------------------------------------------------------------------------------------

    def start(self, name: str) -> None:
        command = [sys.executable, "-m", "tests.streams.kafka.fast_worker", str(self.folder), name]
        self.workers[name] = subprocess.Popen(command, cwd=ROOT, stderr=self.log)

    def end(self, name: str, how: signal.Signals) -> None:
        worker = self.workers.pop(name)
        worker.send_signal(how)
        try:
            worker.wait(20)
        except subprocess.TimeoutExpired:
            self.done["did not end"] += 1
            worker.kill()
            worker.wait()

    def end_all(self) -> None:
        for name in list(self.workers):
            self.end(name, signal.SIGKILL)
        self.log.close()

    def tend(self) -> None:
        """Start workers that gave up again, as whoever looks after them does."""
        for name, worker in list(self.workers.items()):
            if worker.poll() is not None:
                self.done[f"ended by itself: {worker.returncode}"] += 1
                self.start(name)

    def begun(self) -> bool:
        self.tend()
        return bool(self.told())

    def act(self) -> None:
        """Do one thing to the workers or the cable; there is always a worker afterwards that runs or starts."""
        self.tend()
        what = self.random.choice(["kill", "kill", "stop", "add", "cut", "cut", "freeze"])
        name = self.random.choice(sorted(self.workers))
        self.done[what] += 1
        if what == "kill":
            self.end(name, signal.SIGKILL)
            self.start(name)
        elif what == "stop":
            self.end(name, signal.SIGTERM)
            self.start("first" if not self.workers else name)
        elif what == "add":
            other = "second" if "second" not in self.workers else "first"
            if other in self.workers:
                self.end(other, self.random.choice([signal.SIGKILL, signal.SIGTERM]))
            else:
                self.start(other)
        elif what == "cut":
            self.cable.cut()
            time.sleep(self.random.uniform(0.2, 3.0))
            self.cable.mend()
        else:  # for longer than the session: the others take its homes, and it does not know
            self.workers[name].send_signal(signal.SIGSTOP)
            time.sleep(self.random.choice([1.0, 8.0]))
            self.workers[name].send_signal(signal.SIGCONT)

    # --- what happens in the town -------------------------------------------------------------------------------

    def feed(self, stop: threading.Event) -> None:
        """Tell what happens when it happens; what the broker did not take is told again."""
        told = self._life()
        with Producer([self.broker], idempotent=False, patience=20.0) as producer:
            batch: list[Sent] = []
            while not stop.is_set():
                now = clock(self.town)
                batch += _until(told, now.timestamp())
                try:
                    producer.send(batch, stop.is_set)
                    self.done["records"] += len(batch)
                    batch = []
                except BrokerError:
                    self.done["told again"] += 1
                stop.wait(0.02)

    def _life(self) -> Iterator[tuple[float, Sent]]:
        rules = [parse_rule(json.loads(line)) for line in self.files.rules.read_bytes().splitlines()]
        for rule in rules:
            yield START / 1e6, self._sent(put_record(rule, moment(START)))
        for line in self.files.log.read_bytes().splitlines():
            record = decode(line)
            if record.home is None:
                continue  # workers tell the time
            if self.random.random() < 0.01:
                yield from self._change(self.random.choice(rules), record)
            yield record.time.timestamp(), self._sent(record)
            if self.random.random() < 0.02:
                yield record.time.timestamp(), self._sent(record)

    def _change(self, rule: Rule, record: Record) -> Iterator[tuple[float, Sent]]:
        time = record.time
        if self.random.random() < 0.3:
            yield time.timestamp(), self._sent(drop_record(rule.home, rule.id, time))
        else:
            enabled = self.random.random() < 0.7
            yield time.timestamp(), self._sent(put_record(rule.model_copy(update={"enabled": enabled}), time))

    def _sent(self, record: Record) -> Sent:
        message = to_message(record)
        return Sent(self.names.records, message.value, message.key)

    # --- what is right ------------------------------------------------------------------------------------------

    def replayed(self) -> set[str]:
        """Return the ids of the firings of the topic as it is, folded in one go."""
        return {firing.id for shard in self._logs().values() for firing in shard}

    def _logs(self) -> dict[int, list[Firing]]:
        logs: dict[int, list[Entry]] = {}
        for each in read_all(self.broker, self.names.records, quiet=1.0):
            record = from_message(each.key, each.value, each.headers)
            logs.setdefault(each.partition, []).append((each.offset, record))
        return {
            number: Shard(number, self.homes.get).receive(sorted(log, key=_offset)).firings
            for number, log in logs.items()
        }

    def told(self) -> list[Firing]:
        return [read_firing(each.value) for each in read_all(self.broker, self.names.firings, quiet=1.0)]


def _offset(entry: Entry) -> int:
    return entry[0]


def _until(told: Iterator[tuple[float, Sent]], now: float) -> Iterator[Sent]:
    for happened, sent in told:
        yield sent
        if happened > now:
            return


def _be_patient(homes: Path) -> None:
    """Let records come a third of a second late, which is five minutes here."""
    lines = [json.loads(line) | {"lateness": "5m"} for line in homes.read_bytes().splitlines()]
    homes.write_text("".join(json.dumps(line) + "\n" for line in lines))


@contextmanager
def telling(chaos: Chaos, channel: Counting) -> Iterator[Store]:
    """Tell people of firings as `serve` does, with a store, an outbox and a channel that counts."""
    with Store(f"sqlite:///{chaos.folder / 'proactive.db'}") as store:
        store.import_homes(list(chaos.homes.values()))
        for line in chaos.files.rules.read_bytes().splitlines():
            store.put_rule(parse_rule(json.loads(line)), at=START)
        notifier = Notifier(store, Settings(chaos.folder), Channels(made={"console": channel}))

        def take(firings: Sequence[Firing]) -> None:
            chaos.done["handed on"] += len(firings)
            now = instant(clock(chaos.town))
            notifier.receive_all(firings, now=now)
            notifier.deliver(now)

        stop = threading.Event()
        reader = FiringReader([chaos.broker], chaos.names, session=6.0, options={"fetch_max_wait_ms": 50})
        thread = threading.Thread(target=reader.run, args=(take, stop), daemon=True)
        thread.start()
        try:
            yield store
        finally:
            stop.set()
            thread.join(20)
            notifier.deliver(instant(clock(chaos.town)))


def test_whatever_happens_what_is_told_is_what_a_replay_tells_and_each_is_told_once(tmp_path: Path) -> None:
    channel = Counting()
    with ExitStack() as stack:
        cable = stack.enter_context(Cable())
        broker = stack.enter_context(Tansu(cable.port))
        cable.to = broker.port
        chaos = Chaos(tmp_path, broker.address, cable)
        stack.callback(chaos.end_all)
        store = stack.enter_context(telling(chaos, channel))
        stop = threading.Event()
        feeding = threading.Thread(target=chaos.feed, args=(stop,), daemon=True)
        feeding.start()
        chaos.start("first")
        _wait(chaos.begun)
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            time.sleep(chaos.random.uniform(1.0, 6.0))
            chaos.act()
        stop.set()
        feeding.join(30)
        if not chaos.workers:
            chaos.start("first")
        told = _agreed(chaos)
        ids = Counter(firing.id for firing in told)
        assert len(ids) > SECONDS
        _wait(lambda: {firing.id for home in chaos.homes for firing in store.firings(home)} >= ids.keys())
        waiting = [each for home in chaos.homes for each in store.notifications(home, limit=100_000)]
    chaos.done["firings"], chaos.done["said twice on the topic"] = len(ids), len(told) - len(ids)
    chaos.done["delivered"] = len(channel.sent)
    print(f"seed {SEED}: {dict(chaos.done)}", file=sys.stderr)
    assert {each.state for each in waiting} <= {"sent", "dropped", "waiting"}
    assert set(channel.sent.values()) == {1}


def _agreed(chaos: Chaos) -> list[Firing]:
    """Return what was told once it is what the topic decides: all that it did, and nothing that it did not.

    A topic is read until nothing more comes, which on a busy machine may be too early: then it is read again.
    """
    wanted, lost, made_up = chaos.replayed(), set[str](), set[str]()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        chaos.tend()
        told = chaos.told()
        said = {firing.id for firing in told}
        lost, made_up = wanted - said, said - wanted
        if not lost and not made_up:
            return told
        wanted |= chaos.replayed() if made_up else set()
        time.sleep(1.0)
    raise AssertionError(f"of {len(wanted)} firings of a replay {len(lost)} are lost; {len(made_up)} are told by none")


def _wait(enough: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not enough():
        assert time.monotonic() < until, f"waited {PATIENCE:g} s"
        time.sleep(0.5)
