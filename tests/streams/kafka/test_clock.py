"""A clock that is set ahead or back makes a running worker tell nothing early, and nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rules.record import Record
from rules.units import SECOND
from streams.changes import put_record
from streams.kafka.pulse import PROOF
from tests.brokers import records_on
from tests.streams.kafka.crew import Town, until, working
from tests.streams.logs import home, record, ring

pytest.importorskip("faust", reason="Faust is not installed: pip install 'proactive[kafka]'")

HOUR, MINUTE = 3600.0, 60.0
PATTERN = {"type": "event", "source": "doorbell.front"}
LATER = ring(when={"op": "occurs", "of": [PATTERN], "after": "30m"})


class Clocks:
    """A clock that is set by hand, and `running`, the seconds that its machine has run; `looks` counts looks at it."""

    def __init__(self, began: datetime) -> None:
        self.began = self.now = began
        self.running = 0.0
        self.looks = 0

    def __call__(self) -> datetime:
        self.looks += 1
        return self.now

    def steady(self) -> float:
        return self.running

    def set(self, seconds: float) -> None:
        """Set the clock ahead, or back."""
        self.now += timedelta(seconds=seconds)

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        self.set(seconds)
        self.running += seconds

    def reads(self, seconds: float) -> bool:
        return self.now == self.began + timedelta(seconds=seconds)

    async def looked_at(self) -> None:
        """Return when somebody has looked at it as it is now, and done what follows."""
        seen = self.looks + 2
        await until(lambda: self.looks >= seen)


def test_a_clock_set_ahead_and_back_an_hour_tells_nothing_early_and_nothing_twice(kafka: str, tmp_path: Path) -> None:
    town = Town(kafka, {"maple": home(lateness="0s")}, partitions=1)
    clocks = Clocks(datetime.now(UTC) - timedelta(hours=3))  # a record ahead of the broker's clock would be refused
    worker = town.worker(tmp_path, clocks, steady=clocks.steady)

    def folded(number: int) -> Callable[[], bool]:
        told = [f"bell {each}" for each in range(1, number + 1)]
        return lambda: {each.id for each in records_on(kafka, town.names, 0.2)} >= set(told)

    def ticks() -> list[Record]:
        return [each for each in records_on(kafka, town.names, 0.2) if each.type == "tick"]

    async def story() -> None:
        town.say([put_record(LATER, clocks.began), bell(1, clocks.began)])
        async with working([worker]):
            await until(lambda: worker.share.counts["folded"] >= 2)
            for seconds in (HOUR, 10.0, 10.0):  # ahead, for less time than it must stay there
                clocks.pass_(seconds) if seconds < HOUR else clocks.set(seconds)
                await clocks.looked_at()
            clocks.set(-HOUR)
            await clocks.looked_at()
            clocks.pass_(30 * MINUTE)  # the deadline was at half an hour
            assert len(await town.firings(1)) == 1

            clocks.set(HOUR)  # and it stays there
            await clocks.looked_at()
            clocks.pass_(PROOF / SECOND + 1)
            await until(lambda: any(each.time >= clocks.now for each in ticks()))
            clocks.set(-HOUR)
            before = worker.share.counts["folded"]
            town.say([bell(2, clocks.now)])
            await until(lambda: worker.share.counts["folded"] > before and folded(2)())
            for _ in range(5):  # past all that was decided, and past what would be due of the bell that is late
                clocks.pass_(10 * MINUTE)
                await clocks.looked_at()
            clocks.pass_(HOUR)
            town.say([bell(3, clocks.now)])
            await clocks.looked_at()
            clocks.pass_(30 * MINUTE)
            await town.firings(2)

    asyncio.run(story())
    told = [(each.time - clocks.began).total_seconds() for each in ticks()]
    assert told == sorted(told)
    assert not [tick for tick in told if HOUR <= tick < HOUR + 30 * MINUTE]
    firings = asyncio.run(town.firings(2))
    due = [(firing["evidence"], datetime.fromisoformat(firing["time"])) for firing in firings]
    assert due[0] == (["bell 1"], clocks.began + timedelta(minutes=30))
    assert [evidence for evidence, _ in due] == [["bell 1"], ["bell 3"]]


def bell(number: int, time: datetime) -> Record:
    return record(f"bell {number}", time, "event", source="doorbell.front", data={"name": "pressed"})
