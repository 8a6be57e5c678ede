"""A town of twenty homes whose day passes in less than two minutes, and what happens to the workers that decide for it.

200 records a second, rules of every kind that are changed, dropped and put again, records that come twice. Workers are killed
with SIGKILL, stopped and frozen, others come and go, the cable to the broker is cut.
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Self

from benchmarks.town import START, make_town
from proactive.home_file import load_homes
from rules.firing import Firing
from rules.record import Record, decode
from rules.rule import Rule, parse_rule
from rules.units import SECOND, instant, moment
from streams.changes import drop_record, put_record
from streams.kafka.binding import to_message
from streams.kafka.broker import BrokerError, Brokers
from streams.kafka.firings import read_firing
from streams.kafka.producer import Producer, Sent
from streams.kafka.topic_replay import TopicReplay
from streams.kafka.topics import create, standing, topics
from tests.brokers import Follower, names, read_all
from tests.streams.kafka.cable import Cable
from tests.streams.kafka.fast_worker import clock

ROOT = Path(__file__).parents[3]
HOMES, PARTITIONS, RATE = 20, 4, 200
SPEED = 86_400 * RATE / (HOMES * 1000)  # a home has a thousand records a day
PATIENCE = 180.0  # seconds without anything new
LINES = 150  # of the workers' log that a failure shows
STACKS = 2.0  # seconds in which workers write where they stand
LEAVING = 20.0  # seconds for a worker that is asked to stop
ACTS = ("kill", "kill", "stop", "add", "cut", "cut", "freeze")


class Chaos:
    """The town, its workers, and what happens to them for `seconds`, in the order that `seed` tells.

    `done` counts what was done, `said` how often each firing was heard on its topic so far.
    """

    def __init__(self, folder: Path, broker: str, cable: Cable, seconds: float, seed: int) -> None:
        self.folder, self.broker, self.cable = folder, broker, cable
        self.random, self.names = Random(seed), names()
        self._chances = Random(f"life {seed}")  # of its own, since it is another thread's
        self.files = make_town(folder, HOMES, int((seconds + 5) * RATE) + 1000)
        _be_patient(self.files.homes)
        self.rules = [parse_rule(json.loads(line)) for line in self.files.rules.read_bytes().splitlines()]
        self.homes = {home.home: home for home in load_homes([self.files.homes])}
        self.town = {"broker": broker, "prefix": self.names.prefix, "speed": SPEED, "start": START, "born": time.time()}
        (folder / "town.json").write_text(json.dumps(self.town))
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        self.done: Counter[str] = Counter()
        self.said: Counter[str] = Counter()
        self.latest = START  # the time of the latest firing that was heard
        self._log = (folder / "workers.log").open("ab")
        create(Brokers.at(broker), topics(self.names, PARTITIONS))
        self._firings = Follower(broker, self.names.firings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._explain()
        self.end_all()
        self._firings.close()
        self._log.close()

    def _explain(self) -> None:
        """Show what a failure leaves behind: what was done, how it stands, and the end of the workers' log with all stacks."""
        for worker in self.workers.values():
            worker.send_signal(signal.SIGCONT)
            worker.send_signal(signal.SIGUSR1)
        time.sleep(STACKS)
        log = self.folder / "workers.log"
        end = log.read_text(errors="replace").splitlines()[-LINES:]
        print(f"{dict(self.done)}; {self.standing()}; {self._answer()}", file=sys.stderr)
        print(f"The end of {log}:", *end, sep="\n", file=sys.stderr)

    def _answer(self) -> str:
        """Return in words whether the broker answers."""
        began = time.monotonic()
        try:
            found = standing(Brokers.at(self.broker), topics(self.names, PARTITIONS))
        except BrokerError as error:
            return f"the broker: {error}"
        return f"the broker answers in {time.monotonic() - began:.1f} s and has {len(found)} topics"

    @property
    def now(self) -> int:
        """Return what time it is in the town."""
        return instant(clock(self.town))

    # --- workers ------------------------------------------------------------------------------------------------

    def start(self, name: str) -> None:
        """Start a worker."""
        command = [sys.executable, "-m", "tests.streams.kafka.fast_worker", str(self.folder), name]
        self.workers[name] = subprocess.Popen(command, cwd=ROOT, stderr=self._log)

    def end(self, name: str, how: signal.Signals) -> None:
        """End a worker; one that does not end when it is asked to is counted and killed."""
        worker = self.workers.pop(name)
        worker.send_signal(how)
        try:
            worker.wait(LEAVING)
        except subprocess.TimeoutExpired:
            self.done["did not end"] += 1
            worker.kill()
            worker.wait()

    def end_all(self) -> None:
        """Kill all workers: nothing more comes onto any topic."""
        for name in list(self.workers):
            self.end(name, signal.SIGKILL)

    def tend(self) -> None:
        """Start workers that gave up again, as whoever looks after them does."""
        for name, worker in list(self.workers.items()):
            if worker.poll() is not None:
                self.done[f"ended by itself: {worker.returncode}"] += 1
                self.start(name)

    def act(self) -> None:
        """Do one thing to the workers or the cable; there is always a worker afterwards that runs or starts."""
        self.tend()
        what, name = self.random.choice(ACTS), self.random.choice(sorted(self.workers))
        self.done[what] += 1
        match what:
            case "kill":
                self.end(name, signal.SIGKILL)
                self.start(name)
            case "stop":
                self.end(name, signal.SIGTERM)
                self.start(name)
            case "add":
                self._add_or_end("second" if "second" not in self.workers else "first")
            case "cut":
                self.cable.cut()
                time.sleep(self.random.uniform(0.2, 3.0))
                self.cable.mend()
            case "freeze":  # for longer than the session: the others take its homes, and it does not know
                self.workers[name].send_signal(signal.SIGSTOP)
                time.sleep(self.random.choice([1.0, 8.0]))
                self.workers[name].send_signal(signal.SIGCONT)

    def _add_or_end(self, name: str) -> None:
        if name in self.workers:
            self.end(name, self.random.choice([signal.SIGKILL, signal.SIGTERM]))
        else:
            self.start(name)

    # --- what happens in the town -------------------------------------------------------------------------------

    @contextmanager
    def living(self) -> Iterator[None]:
        """Tell what happens in the town meanwhile."""
        stop = threading.Event()
        feeding = threading.Thread(target=self._feed, args=(stop,), daemon=True)
        feeding.start()
        try:
            yield
        finally:
            stop.set()
            feeding.join(30)

    def _feed(self, stop: threading.Event) -> None:
        """Tell what happens when it happens; what the broker did not take is told again."""
        told = self._life()
        with Producer(Brokers.at(self.broker), idempotent=False, patience=20.0) as producer:
            batch: list[Sent] = []
            while not stop.is_set():
                batch += _until(told, clock(self.town).timestamp())
                try:
                    producer.send(batch, stop.is_set)
                    self.done["records"] += len(batch)
                    batch = []
                except BrokerError:
                    self.done["told again"] += 1
                stop.wait(0.02)

    def _life(self) -> Iterator[tuple[float, Sent]]:
        random = self._chances
        for rule in self.rules:
            yield START / 1e6, self._sent(put_record(rule, moment(START)))
        with self.files.log.open("rb") as lines:
            for record in map(decode, lines):
                if record.home is None:
                    continue  # workers tell the time
                if random.random() < 0.01:
                    yield record.time.timestamp(), self._sent(_change(random, random.choice(self.rules), record))
                for _ in range(1 + (random.random() < 0.02)):
                    yield record.time.timestamp(), self._sent(record)

    def _sent(self, record: Record) -> Sent:
        message = to_message(record)
        return Sent(self.names.records, message.value, message.key)

    # --- what is told, and what is right ------------------------------------------------------------------------

    def listen(self, seconds: float) -> None:
        """Hear firings for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            for message in self._firings.more(min(left, 0.2)):
                firing = read_firing(message.value)
                self.said[firing.id] += 1
                self.latest = max(self.latest, firing.time)

    def wait_for(self, firings: set[str]) -> None:
        """Return when all these are told, however long that takes, as long as it gets on."""
        lost, heard = firings - self.said.keys(), time.monotonic()
        while lost:
            waited = time.monotonic() - heard
            assert waited < PATIENCE, (
                f"of {len(firings)} firings of a replay {len(lost)} are not told in {waited:.0f} s"
            )
            self.tend()
            self.listen(0.5)
            before, lost = lost, lost - self.said.keys()
            heard = heard if lost == before else time.monotonic()

    def replayed(self) -> set[str]:
        """Return the ids of the firings of a replay of the topic as it is."""
        return {
            firing.id for firing in TopicReplay(Brokers.at(self.broker), self.names, self.homes.get, "oldest").run()
        }

    def told(self) -> list[Firing]:
        """Return the firings on their topic."""
        return [read_firing(each.value) for each in read_all(self.broker, self.names.firings)]

    def standing(self) -> str:
        """Return how it stands: what was told, how long after its time the latest firing was heard, workers' memory."""
        behind = (self.now - self.latest) / SECOND / SPEED
        memory = ", ".join(f"{name} has {_megabytes(worker.pid)} MB" for name, worker in self.workers.items())
        return f"{self.done['records']} records, {len(self.said)} firings, {behind:.1f} s behind; {memory}"


def _megabytes(process: int) -> int:
    """Return how much memory a process has, or 0 where the system does not say so in a file."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE") >> 20


def _change(random: Random, rule: Rule, record: Record) -> Record:
    if random.random() < 0.3:
        return drop_record(rule.home, rule.id, record.time)
    return put_record(rule.model_copy(update={"enabled": random.random() < 0.7}), record.time)


def _until(told: Iterator[tuple[float, Sent]], now: float) -> Iterator[Sent]:
    for happened, sent in told:
        yield sent
        if happened > now:
            return


def _be_patient(homes: Path) -> None:
    """Let records come a third of a second late, which is five minutes here."""
    lines = [json.loads(line) | {"lateness": "5m"} for line in homes.read_bytes().splitlines()]
    homes.write_text("".join(json.dumps(line) + "\n" for line in lines))
