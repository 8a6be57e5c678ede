"""Laws of the embedded runtime: what was seen counts once, and a stretch nobody watched is blind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.firing import Firing
from rules.home import Home
from rules.record import Record, decode
from rules.rule import Rule, parse_rule
from rules.units import instant, rfc3339
from streams.embedded import Embedded, Ingested
from streams.log import Log, LogFull
from streams.replay import Replay
from tests.streams.kafka.town import partition
from tests.streams.logs import at, fed_by_noon, home, record, ring

MAPLE = home()


class Hand:
    """A clock that is moved by hand."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def __call__(self) -> datetime:
        return self.time


class House:
    """A runtime on a log, with a clock that is moved by hand, that can be killed."""

    def __init__(
        self, path: Path, time: datetime, homes: Sequence[Home] = (MAPLE,), lapse: timedelta | None = None
    ) -> None:
        self.path, self.homes, self.lapse = path, homes, lapse
        self.clock = Hand(time)
        self.told: list[Firing] = []
        self.start()

    def start(self) -> None:
        self.log = Log(self.path)
        self.runtime = Embedded(self.log, self.homes, clock=self.clock, on_firings=self.told.extend, lapse=self.lapse)
        self.runtime.start()

    def kill(self) -> None:
        self.log.close()

    def at(self, time: datetime) -> None:
        """Move the clock to a time and let the runtime look at it."""
        self.clock.time = time
        self.runtime.wake()

    def see(self, id: str, **more: Any) -> Ingested:
        return self.runtime.ingest([record(id, self.clock.time, **more)])

    def ring(self, id: str) -> Ingested:
        return self.see(id, type="event", source="doorbell.front", data={"name": "pressed"})

    def verdicts(self) -> list[tuple[str, str, str]]:
        return [(firing.rule, rfc3339(firing.time), firing.verdict) for firing in self.log.firings()]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "log.db", at("00:00"))
    yield house
    house.kill()


NOON = "2026-03-09T17:00:00Z"


def test_nothing_seen_by_noon_is_told_at_noon(house: House) -> None:
    house.runtime.put_rule(fed_by_noon())
    house.at(at("12:00"))
    assert house.verdicts() == []
    house.at(at("12:00:02"))
    assert house.verdicts() == [("daisy-fed", NOON, "fired")]
    assert [firing.rule for firing in house.told] == ["daisy-fed"]


def test_a_meal_is_remembered_over_a_restart(house: House) -> None:
    house.runtime.put_rule(fed_by_noon())
    house.at(at("08:00"))
    house.see("meal")
    house.kill()
    house.clock.time = at("13:00")
    house.start()
    assert house.verdicts() == []


def test_a_deadline_that_passed_while_nothing_ran_is_decided_at_its_own_time_and_cannot_be_told(house: House) -> None:
    house.runtime.put_rule(fed_by_noon())
    house.at(at("10:40"))
    house.kill()
    house.clock.time = at("13:00")
    house.start()
    assert house.verdicts() == [("daisy-fed", NOON, "unknown")]


def test_a_camera_that_never_reported_is_blind_too_while_nothing_runs(tmp_path: Path) -> None:
    house = House(tmp_path / "log.db", at("00:00"))
    house.runtime.put_rule(fed_by_noon())
    house.kill()
    house.clock.time = at("11:00")
    house.start()
    house.at(at("12:01"))
    assert house.verdicts() == [("daisy-fed", NOON, "unknown")]
    house.kill()


def test_a_short_restart_within_the_tolerance_blinds_nobody(house: House) -> None:
    house.runtime.put_rule(fed_by_noon())
    house.at(at("10:00"))
    house.kill()
    house.clock.time = at("10:05")
    house.start()
    house.at(at("12:01"))
    assert house.verdicts() == [("daisy-fed", NOON, "fired")]


def test_a_home_whose_listing_changes_goes_on_with_what_is_pending(house: House) -> None:
    house.runtime.put_rule(fed_by_noon())
    house.at(at("09:00"))
    house.see("meal")
    assert house.runtime.adopt([home(quiet_hours="22:00-06:00")]) and not house.runtime.adopt(
        [home(quiet_hours="22:00-06:00")]
    )
    house.at(at("12:01"))
    assert house.verdicts() == []


def test_a_camera_that_is_listed_later_was_seen_by_nobody_before(house: House) -> None:
    house.at(at("11:30"))
    cameras = [{"id": "cam.kitchen"}, {"id": "cam.new"}]
    house.runtime.adopt([home(cameras=cameras)])
    pattern = {"type": "detection", "source": "cam.new", "where": {"activity": "eating"}}
    when = {"op": "absent", "of": [pattern], "window": {"from": "00:00", "until": "12:00"}}
    house.runtime.put_rule(fed_by_noon(when=when))
    house.at(at("12:01"))
    assert house.verdicts() == [("daisy-fed", NOON, "unknown")]
    house.at(at("12:01", day=10))
    assert [verdict for *_, verdict in house.verdicts()] == ["unknown", "fired"]


def test_a_home_that_comes_later_begins_then_and_is_there_after_a_restart(house: House) -> None:
    house.at(at("11:00"))
    oak = home("oak")
    house.runtime.adopt([MAPLE, oak])
    house.runtime.put_rule(fed_by_noon("oak"))
    house.at(at("12:01"))
    assert house.verdicts() == []
    house.kill()
    house.homes, house.clock.time = (MAPLE, oak), at("12:02")
    house.start()
    house.at(at("12:01", day=10))
    assert len(house.verdicts()) == 1


def test_a_camera_that_was_offline_before_a_restart_stays_so(house: House) -> None:
    house.at(at("09:00"))
    house.see("off", type="health", data={"status": "offline"})
    house.kill()
    house.clock.time = at("09:01")
    house.start()
    assert not next(s for s in house.log.sources() if s.source == "cam.kitchen").online


def test_the_stretch_nobody_watched_begins_a_lateness_before_the_last_tick(house: House) -> None:
    house.at(at("09:00"))
    house.kill()
    house.clock.time = at("09:30")
    house.start()
    reports = list(house.log.reports("maple", ["cam.kitchen"], 0, 1 << 60))
    assert [(r.data["status"], r.time) for r in reports] == [("offline", at("08:59:58")), ("online", at("09:30"))]


def test_a_rule_put_at_eleven_can_decide_noon(house: House) -> None:
    house.at(at("08:00"))
    house.see("meal")
    house.at(at("11:00"))
    house.runtime.put_rule(fed_by_noon())
    house.at(at("12:01"))
    assert house.verdicts() == []
    house.at(at("12:01", 10))
    assert house.verdicts() == [("daisy-fed", "2026-03-10T17:00:00Z", "fired")]


def test_a_guard_remembers_what_was_seen_before_its_rule_was_put(house: House) -> None:
    not_fed = [{"not": {"seen": {"of": [{"type": "detection", "source": "cam.kitchen"}], "within": "6h"}}}]
    house.at(at("08:00"))
    house.see("meal")
    house.at(at("11:00"))
    house.runtime.put_rule(ring(guards=not_fed))
    house.ring("bell")
    house.at(at("15:00"))
    house.ring("bell again")
    house.at(at("15:01"))
    assert [firing.evidence for firing in house.log.firings()] == [("bell again",)]


def test_the_history_of_a_rule_holds_the_last_match_of_each_kind_only(house: House) -> None:
    for minute in range(5):
        house.at(at(f"08:0{minute}"))
        house.see(f"daisy-{minute}", subject="pet.daisy")
        house.see(f"max-{minute}", subject="pet.max")
    house.see("max walks", data={"activity": "walking"})
    house.runtime.put_rule(fed_by_noon())
    put = house.log.rule_changes()[-1]
    assert [r["id"] for r in put.data["history"]] == ["daisy-4", "max-4"]


def test_a_dropped_rule_decides_nothing(house: House) -> None:
    house.runtime.put_rule(fed_by_noon())
    house.at(at("00:01"))
    assert [due for _, _, due in house.log.deadlines()] == [instant(at("12:00"))]
    house.runtime.drop_rule("maple", "daisy-fed")
    house.at(at("12:01"))
    assert house.verdicts() == []
    assert house.log.deadlines() == []
    assert house.runtime.rules() == {}


def test_rules_changed_twice_at_one_instant_keep_their_order(house: House) -> None:
    house.runtime.put_rule(fed_by_noon())
    house.runtime.drop_rule("maple", "daisy-fed")
    house.runtime.put_rule(fed_by_noon())
    assert house.runtime.rules() == {("maple", "daisy-fed"): fed_by_noon()}
    house.at(at("12:01"))
    assert len(house.verdicts()) == 1


def test_a_lone_doorbell_does_not_wait_for_the_next_minute(house: House) -> None:
    house.runtime.put_rule(ring())
    house.at(at("08:00"))
    house.ring("bell")
    due = house.runtime.next_deadline()
    assert due is not None
    assert due <= at("08:00") + timedelta(seconds=3)
    house.at(due)
    assert house.verdicts() == [("ring", "2026-03-09T13:00:00Z", "fired")]


def test_a_record_offered_twice_counts_once(house: House) -> None:
    house.runtime.put_rule(ring())
    assert house.ring("bell") == Ingested(1, 0, 0)
    assert house.ring("bell") == Ingested(0, 1, 0)
    house.at(at("00:01"))
    assert len(house.verdicts()) == 1


def test_a_duplicate_of_every_record_changes_nothing(tmp_path: Path) -> None:
    town = partition(homes=2, records=1_000)
    records = [record for record in town.records if record.type != "tick"]

    def told(name: str, times: int) -> list[str]:
        now = [min(record.time for record in records)]
        with Log(tmp_path / name) as log:
            runtime = Embedded(log, town.homes.values(), clock=lambda: now[0], lapse=None)
            runtime.start()
            now[0] = max(record.time for record in records)
            for start in range(0, len(records), 200):
                for _ in range(times):
                    runtime.ingest([again for record in records[start : start + 200] for again in [record] * times])
            runtime.wake()
            return sorted(firing.id for firing in log.firings())

    assert told("once", 1) == told("twice", 2) != []


def test_what_may_not_count_is_set_aside_kept_and_counted(house: House) -> None:
    house.at(at("08:00"))
    broken = Record(id="p", type="rule.put", time=at("08:00"), home="maple", data={"rule": {"id": "x"}})
    ahead = [record(str(s), at("08:00") + timedelta(seconds=s)) for s in (60, 61)]
    others = [record("o", at("08:00"), home="oak"), record("b", at("23:00", 8)), broken]
    assert house.runtime.ingest([*ahead, *others]) == Ingested(1, 0, 4)
    assert house.log.aside() == [("ahead_of_clock", 1), ("before_beginning", 1), ("not_a_rule", 1), ("unknown_home", 1)]


def test_one_camera_with_a_wrong_clock_decides_nothing_early(house: House) -> None:
    house.runtime.put_rule(fed_by_noon())
    house.at(at("08:00"))
    house.runtime.ingest([record("future", at("13:00"))])
    house.at(at("08:01"))
    assert house.verdicts() == []


def test_a_clock_set_back_repeats_nothing_and_goes_on_when_it_has_caught_up(house: House) -> None:
    house.runtime.put_rule(fed_by_noon())
    house.at(at("12:01"))
    house.at(at("11:00"))
    house.see("meal")
    house.at(at("12:01"))
    house.at(at("12:02"))
    assert [v for _, _, v in house.verdicts()] == ["fired", "corrected"]
    assert house.runtime.next_deadline() == at("12:00:02", 10)


def test_a_clock_that_leaps_ahead_for_a_moment_does_no_harm(tmp_path: Path) -> None:
    house = House(tmp_path / "log.db", at("00:00"), lapse=timedelta(minutes=5))
    house.runtime.put_rule(fed_by_noon())
    before = len(list(house.log.lines()))
    house.at(at("00:00") + timedelta(days=400))
    house.see("wrong time")
    house.at(at("00:01"))
    assert house.verdicts() == []
    assert house.log.aside() == [("clock_in_doubt", 1)]
    assert len(list(house.log.lines())) == before + 1
    house.kill()


def test_a_machine_that_slept_saw_nothing_meanwhile_and_what_came_since_counts(tmp_path: Path) -> None:
    house = House(tmp_path / "log.db", at("00:00"), lapse=timedelta(minutes=5))
    house.runtime.put_rule(fed_by_noon())
    house.runtime.put_rule(ring())
    house.at(at("13:00"))
    house.ring("bell")
    assert house.verdicts() == []
    house.at(at("13:01"))
    assert house.verdicts() == [("daisy-fed", NOON, "unknown"), ("ring", "2026-03-09T18:00:00Z", "fired")]
    house.kill()


def test_a_receiver_that_fails_gets_the_firing_again_even_after_a_restart(house: House) -> None:
    def fail(firings: Sequence[Firing]) -> None:
        raise ConnectionError("nobody there")

    house.runtime._on_firings = fail
    house.runtime.put_rule(ring())
    house.ring("bell")
    house.at(at("00:01"))
    assert house.told == []
    house.kill()
    house.start()
    assert [firing.rule for firing in house.told] == ["ring"]
    house.at(at("00:02"))
    assert len(house.told) == 1


def test_a_receiver_may_change_rules(house: House) -> None:
    def once(firings: Sequence[Firing]) -> None:
        house.told.extend(firings)
        house.runtime.drop_rule("maple", "ring")

    house.runtime._on_firings = once
    house.runtime.put_rule(ring())
    house.ring("bell")
    house.at(at("00:01"))
    house.ring("bell again")
    house.at(at("00:02"))
    assert len(house.told) == 1


def test_on_a_full_disk_a_record_is_refused_and_counts_when_it_is_offered_again(house: House) -> None:
    house.runtime.put_rule(ring())
    house.log.limit_pages(1)
    text = {"name": "pressed", "text": "x" * 100_000}
    with pytest.raises(LogFull):
        house.see("bell", type="event", source="doorbell.front", data=text)
    house.log.limit_pages(1_000_000)
    assert house.see("bell", type="event", source="doorbell.front", data=text).appended == 1
    house.at(at("00:01"))
    assert len(house.verdicts()) == 1


def test_firings_that_cannot_be_stored_are_stored_when_there_is_room(house: House) -> None:
    house.runtime.put_rule(ring())
    house.runtime.nudge = lambda: None
    for number in range(300):
        house.ring(f"bell-{number}")
    house.clock.time += timedelta(minutes=1)
    house.runtime._append([Record(id="tick-x", type="tick", time=house.clock.time)])
    house.log.limit_pages(1)
    with pytest.raises(LogFull):
        house.runtime.settle()
    assert house.verdicts() == []
    house.log.limit_pages(1_000_000)
    house.runtime.settle()
    assert len(house.verdicts()) == 300


def _busy_day(house: House, restarts: Sequence[int], stops: bool) -> None:
    for rule in (fed_by_noon(), ring(), _open_long()):
        house.runtime.put_rule(rule)
    for step in range(60):
        house.at(at("00:00") + timedelta(minutes=25 * (step + 1)))
        match step % 4:
            case 0:
                house.ring(f"bell-{step}")
            case 1:
                house.see(f"door-{step}", type="state", source="cover.garage", data={"value": "open"})
            case 2:
                house.see(f"door-{step}", type="state", source="cover.garage", data={"value": "closed"})
            case _:
                house.see(f"meal-{step}")
        if step in restarts:
            if stops:
                house.runtime.stop()
            house.kill()
            house.start()


def _open_long() -> Rule:
    state = {"state": "cover.garage", "is": "open"}
    return parse_rule({"id": "garage", "home": "maple", "when": {"op": "holds", "state": state, "lasting": "10m"}})


@pytest.mark.parametrize("stops", [False, True])
@pytest.mark.parametrize("restarts", [(), (5,), (3, 4, 20, 31), tuple(range(60))])
def test_what_was_told_is_what_a_replay_of_the_log_tells(
    tmp_path: Path, restarts: tuple[int, ...], stops: bool
) -> None:
    house = House(tmp_path / "log.db", at("00:00"))
    _busy_day(house, restarts, stops)
    house.at(house.clock.time + timedelta(minutes=1))
    log = [decode(line) for line in house.log.lines()]
    until = house.clock.time - timedelta(seconds=2)
    told = [firing.id for firing in house.log.firings()]
    assert sorted(told) == sorted(firing.id for firing in Replay([MAPLE], [], until=until).run([log]))
    assert len(told) > 20
    assert [firing.id for firing in house.told] == told
    house.kill()


def test_a_snapshot_that_cannot_be_read_costs_time_and_nothing_else(house: House) -> None:
    _busy_day(house, (), False)
    house.runtime.stop()
    told = list(house.log.firings())
    house.log.store_snapshot(house.log.snapshots()[0][0], b"\xc1 broken")
    house.kill()
    house.start()
    assert list(house.log.firings()) == told


def test_a_start_reads_only_what_came_after_the_last_snapshot(house: House) -> None:
    house.runtime.put_rule(fed_by_noon())
    house.at(at("08:00"))
    house.runtime.stop()
    seq, _ = house.log.snapshots()[0]
    house.kill()
    house.start()
    assert house.runtime._saved == seq
    house.at(at("12:01"))
    assert house.verdicts() == [("daisy-fed", NOON, "fired")]
