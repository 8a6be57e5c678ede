"""Measure what others feel of a device that floods: `python -m benchmarks.flood [--homes 20] [--seconds 20]`.

One runtime, one intake and one disk. A doorbell of each home rings about once a second, and each ring is timed until its firing is
handed on; the lateness is 0, so what is timed is the work. Then a device of one home tells 10,000 records a second, and the
same is timed again, in the same run: once through the valve, once past it.
"""

from __future__ import annotations

import resource
import statistics
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import click

from proactive.intake import Intake
from rules.firing import Firing
from rules.home import Home, parse_home
from rules.record import Record
from rules.rule import Rule, parse_rule
from streams.alarm import Alarm
from streams.embedded import Embedded
from streams.log import Log

FLOOD = 10_000  # records a second
BATCH = 100  # of them at a time
Deliver = Callable[[Sequence[Record]], object]


@click.command()
@click.option("--homes", default=20, show_default=True, help="Homes that do not flood.")
@click.option("--seconds", default=20.0, show_default=True, help="Length of each part.")
def main(homes: int, seconds: float) -> None:
    """Print the latency of the others without a flood, with one that is shed, and with one that is not."""
    print(f"{'':26}{'rings':>7}{'p50 ms':>9}{'p99 ms':>9}{'worst':>9}{'told/s':>9}{'kept/s':>9}{'MB':>6}")
    for name, flooding, shed in (("quiet", False, True), ("flood, shed", True, True), ("flood, not shed", True, False)):
        with TemporaryDirectory(prefix="proactive-flood-") as folder:
            _part(name, Path(folder), homes, seconds, flooding=flooding, shed=shed)


def _part(name: str, folder: Path, homes: int, seconds: float, *, flooding: bool, shed: bool) -> None:
    ear = Ear()
    houses = [_home(f"home{number}") for number in range(homes + 1)]
    with Log(folder / "log.db") as log:
        runtime = Embedded(log, houses, on_firings=ear)
        runtime.start()
        intake = Intake(runtime, log)
        for home in houses:
            runtime.put_rule(_ring(home.home))
        with Alarm(runtime):
            deliver: Deliver = intake if shed else runtime.ingest
            with _flood(deliver, houses[0].home) if flooding else _nothing() as told:
                _ring_all(intake, [home.home for home in houses[1:]], seconds, ear)
            ear.wait()
        kept = sum(1 for line in log.lines() if b'"sensor.flood"' in line)
    took = sorted(ear.took())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    p99 = took[int(len(took) * 0.99)]
    figures = f"{len(took):7}{statistics.median(took):9.1f}{p99:9.1f}{took[-1]:9.1f}"
    print(f"{name:26}{figures}{told[0] / seconds:9.0f}{kept / seconds:9.0f}{peak:6.0f}")


class Ear:
    """Hears firings and notes how long each took."""

    def __init__(self) -> None:
        self.rang: dict[str, float] = {}
        self.heard: dict[str, float] = {}

    def __call__(self, firings: Sequence[Firing]) -> None:
        now = perf_counter()
        self.heard |= {firing.evidence[0]: now for firing in firings}

    def wait(self) -> None:
        """Wait until everything that rang was heard."""
        until = perf_counter() + 30
        while len(self.heard) < len(self.rang) and perf_counter() < until:
            sleep(0.05)

    def took(self) -> list[float]:
        """Return the milliseconds of each ring."""
        return [1000 * (self.heard[id] - rang) for id, rang in self.rang.items() if id in self.heard]


def _ring_all(deliver: Deliver, homes: Sequence[str], seconds: float, ear: Ear) -> None:
    """Ring at one home after another, each about once a second."""
    until = perf_counter() + seconds
    for number in count():
        if perf_counter() > until:
            return
        home = homes[number % len(homes)]
        ear.rang[f"ring-{number}"] = perf_counter()
        deliver([_told(f"ring-{number}", home, "doorbell.front")])
        sleep(1 / len(homes))


@contextmanager
def _nothing() -> Iterator[list[int]]:
    yield [0]


@contextmanager
def _flood(deliver: Deliver, home: str) -> Iterator[list[int]]:
    """Have a device of a home flood while the block runs; yield how much it told."""
    told, stop = [0], threading.Event()

    def run() -> None:
        start = perf_counter()
        while not stop.is_set():
            deliver([_told(f"flood-{told[0] + n}", home, "sensor.flood") for n in range(BATCH)])
            told[0] += BATCH
            stop.wait(max(0.0, start + told[0] / FLOOD - perf_counter()))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join()


def _told(id: str, home: str, source: str) -> Record:
    return Record(id=id, type="event", time=datetime.now(UTC), source=source, home=home, data={"name": "pressed"})


def _home(name: str) -> Home:
    devices = [{"id": "doorbell.front"}, {"id": "sensor.flood"}]
    return parse_home({"home": name, "time_zone": "UTC", "lateness": "0s", "devices": devices})


def _ring(home: str) -> Rule:
    when = {"op": "occurs", "of": [{"type": "event", "source": "doorbell.front"}]}
    return parse_rule({"id": "ring", "home": home, "when": when})


if __name__ == "__main__":
    main()
