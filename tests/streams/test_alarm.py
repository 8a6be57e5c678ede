"""Laws of the alarm: deadlines are reached in time, and a busy noon stalls nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from rules.firing import Firing
from rules.record import Record
from rules.units import instant
from streams.alarm import Alarm
from streams.embedded import Embedded
from streams.log import Log
from tests.streams.logs import at, fed_by_noon, home, record, ring


def running_clock(start: datetime, speed: float = 1.0) -> Callable[[], datetime]:
    """Return a clock that runs from `start`."""
    born = time.monotonic()
    return lambda: start + timedelta(seconds=(time.monotonic() - born) * speed)


class Ear:
    """Hears firings, and waits for them."""

    def __init__(self, wanted: int = 1) -> None:
        self.heard: list[Firing] = []
        self.enough = threading.Event()
        self.wanted = wanted

    def __call__(self, firings: Sequence[Firing]) -> None:
        self.heard += firings
        if len(self.heard) >= self.wanted:
            self.enough.set()


def test_a_deadline_is_reached_without_anything_else_happening(tmp_path: Path) -> None:
    clock, ear = running_clock(at("11:59:30"), 20), Ear()
    with Log(tmp_path / "log.db") as log:
        log.append([Record(id="first", type="tick", time=at("00:00"))])
        runtime = Embedded(log, [home()], clock=clock, on_firings=ear, lapse=None)
        runtime.start()
        with Alarm(runtime, clock, speed=20):
            runtime.put_rule(fed_by_noon())
            assert ear.enough.wait(10)
    assert [(f.rule, f.time) for f in ear.heard] == [("daisy-fed", instant(at("12:00")))]


def test_a_doorbell_is_told_one_lateness_after_it_rang(tmp_path: Path) -> None:
    clock, ear = running_clock(at("08:00"), 10), Ear()
    with Log(tmp_path / "log.db") as log:
        runtime = Embedded(log, [home()], clock=clock, on_firings=ear, lapse=None)
        runtime.start()
        with Alarm(runtime, clock, speed=10):
            runtime.put_rule(ring())
            rang = clock() + timedelta(seconds=1)
            runtime.ingest([record("bell", rang, "event", source="doorbell.front")])
            assert ear.enough.wait(10)
            waited = clock() - rang
    assert timedelta(seconds=2) <= waited < timedelta(seconds=20)


def test_a_round_that_fails_is_tried_again(tmp_path: Path) -> None:
    clock, ear = running_clock(at("08:00"), 600), Ear()
    with Log(tmp_path / "log.db") as log:
        runtime = Embedded(log, [home()], clock=clock, on_firings=ear, lapse=None)
        runtime.start()
        with Alarm(runtime, clock, speed=600):
            runtime.put_rule(ring())
            log.limit_pages(1)
            runtime.ingest([record("bell", clock(), "event", source="doorbell.front")])
            log.limit_pages(1_000_000)
            assert ear.enough.wait(10)


def test_what_comes_in_does_not_wait_for_a_noon_with_nine_thousand_firings(tmp_path: Path) -> None:
    hand = [at("00:00")]
    ear = Ear(9_000)
    with Log(tmp_path / "log.db") as log:
        runtime = Embedded(log, [home()], clock=lambda: hand[0], on_firings=ear, lapse=None)
        runtime.start()
        for start in range(0, 9_000, 500):
            runtime.ingest([_put(number, hand[0]) for number in range(start, start + 500)])
        hand[0] = at("11:59:59")
        runtime.wake()
        kept = 0
        with Alarm(runtime, lambda: hand[0]):
            hand[0] = at("12:00:03")
            noon = threading.Thread(target=runtime.wake)
            noon.start()
            while not ear.enough.is_set():
                runtime.ingest([record(f"r-{kept}", hand[0], "event", source="doorbell.front")])
                kept += 1
                ear.enough.wait(0.005)
            noon.join()
    assert len(ear.heard) == 9_000
    assert kept > 3, "records came in only once the noon was over"


def _put(number: int, time: datetime) -> Record:
    data = {"rule": fed_by_noon(id=f"fed-{number}").as_json(), "history": []}
    return Record(id=f"put {number}", type="rule.put", time=time, home="maple", data=data)
