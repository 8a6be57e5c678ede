"""Laws of the valve: who floods is shed and counted, what is left behind is right, and nobody else feels it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from rules.record import Kind, Record
from streams.bucket import Buckets
from streams.valve import OWED, Shed, Valve
from tests.streams.logs import at, record

NOON = at("12:00")


class Kept:
    """What was delivered; refuses while `full`."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.full = False

    def __call__(self, records: Sequence[Record]) -> int:
        if self.full:
            raise OSError("the disk is full")
        self.records += records
        return len(records)

    def ids(self) -> list[str]:
        return [record.id for record in self.records]


def told(n: int, type: Kind = "event", after: float = 0, source: str = "bell", **data: Any) -> Record:
    return record(f"{source}-{n}", NOON + timedelta(seconds=after), type, source=source, data=data)


def test_a_flood_is_shed_and_counted_and_other_sources_pass() -> None:
    kept = Kept()
    valve = Valve(kept, rate=10, burst=20)
    flood = [told(n, after=n / 10_000) for n in range(10_000)]
    let = valve([*flood, told(1, source="quiet")])
    assert sum(let.through) == 20 + 9 + 1
    assert kept.ids()[-1] == "quiet-1"
    assert valve.take_shed() == {("maple", "bell"): Shed(0, 10_000 - 29, let_time(flood[-1]))}
    assert valve.take_shed() == {}


def let_time(record: Record) -> int:
    return int(record.time.timestamp() * 1_000_000)


def test_a_day_that_comes_in_one_piece_is_no_flood() -> None:
    kept = Kept()
    valve = Valve(kept, rate=10, burst=20)
    assert all(valve([told(n, after=n / 5) for n in range(5_000)]).through)
    assert len(kept.records) == 5_000


@pytest.mark.parametrize(
    "type, data",
    [("state", {"value": 1}), ("health", {"status": "online"}), ("detection", {"episode": "e", "phase": "update"})],
)
def test_the_newest_report_is_told_once_there_is_room(type: Kind, data: dict[str, Any]) -> None:
    kept = Kept()
    valve = Valve(kept, rate=1, burst=2)
    valve([told(n, type, n / 1000, **data) for n in range(100)])
    assert kept.ids() == ["bell-0", "bell-1"]
    valve.settle()
    valve.settle()
    assert kept.ids() == ["bell-0", "bell-1", "bell-99"]


def test_a_newer_report_that_passes_takes_the_place_of_what_is_owed() -> None:
    kept = Kept()
    valve = Valve(kept, rate=1, burst=1)
    valve([told(n, "state", n / 1000, value=n) for n in range(3)])
    valve([told(3, "state", 5, value=3)])
    valve.settle()
    assert kept.ids() == ["bell-0", "bell-3"]


def test_each_attribute_and_each_episode_has_its_own_newest_report() -> None:
    kept = Kept()
    valve = Valve(kept, rate=1, burst=1)
    valve([told(n, "state", 0, attribute=f"a{n % 2}", value=n) for n in range(5)])
    valve.settle()
    assert kept.ids() == ["bell-0", "bell-3", "bell-4"]


def test_the_health_of_a_zone_does_not_take_the_place_of_that_of_its_camera() -> None:
    kept = Kept()
    valve = Valve(kept, rate=1, burst=1)
    valve([told(n, "health", 0, status="online") for n in range(2)])
    valve([told(2, "health", 0, status="offline", zone="food_bowls")])
    valve.settle()
    assert kept.ids() == ["bell-0", "bell-1", "bell-2"]


def test_an_older_report_that_comes_late_leaves_the_newer_one_owed() -> None:
    kept = Kept()
    valve = Valve(kept, rate=1, burst=2)
    valve([told(n, "state", n / 1000, value=n) for n in range(3)])
    valve([told(3, "event", 60), told(4, "state", 0, value=4)])
    valve.settle()
    assert kept.ids() == ["bell-0", "bell-1", "bell-3", "bell-4", "bell-2"]


def test_memory_is_bounded_and_what_is_lost_by_that_is_counted() -> None:
    kept = Kept()
    valve = Valve(kept, rate=1, burst=1)
    valve([told(n, "detection", 0, episode=f"e{n}") for n in range(1 + OWED + 5)])
    assert valve.take_shed()["maple", "bell"].happenings == 5
    valve.settle()
    assert len(kept.records) == 1 + OWED


def test_what_was_refused_behind_the_valve_passes_when_it_is_offered_again() -> None:
    kept = Kept()
    valve = Valve(kept, rate=1, burst=5)
    some = [told(n) for n in range(5)]
    kept.full = True
    for _ in range(3):
        with pytest.raises(OSError, match="full"):
            valve(some)
    kept.full = False
    assert all(valve(some).through)


def test_what_is_owed_stays_owed_while_it_cannot_be_kept() -> None:
    kept = Kept()
    valve = Valve(kept, rate=1, burst=1)
    valve([told(n, "state", 0, value=n) for n in range(3)])
    kept.full = True
    with pytest.raises(OSError, match="full"):
        valve.settle()
    kept.full = False
    valve.settle()
    assert kept.ids() == ["bell-0", "bell-2"]


def test_rules_and_ticks_pass_in_any_number() -> None:
    kept = Kept()
    valve = Valve(kept, rate=1, burst=1)
    assert all(valve([record(f"t{n}", NOON, "tick", source=None) for n in range(10)]).through)


def test_a_bucket_fills_with_time_and_owes_what_it_gave_too_much() -> None:
    now = [0.0]
    buckets = Buckets(10, 20, clock=lambda: now[0])
    assert buckets.take("a", 20) == 0
    assert buckets.take("a") == pytest.approx(0.1)
    assert buckets.take("b", 30) == 0
    now[0] = 1.0
    assert buckets.take("a", 10) == 0
    assert buckets.take("b") == pytest.approx(0.1)
    now[0] = 0.5
    assert buckets.take("a") == pytest.approx(0.1)


def test_only_so_many_buckets_are_kept_in_mind() -> None:
    buckets = Buckets(1, 1, clock=lambda: 0.0, most=2)
    assert [buckets.take(key) for key in ("a", "b", "c", "a")] == [0, 0, 0, 0]
    assert buckets.take("c") > 0
