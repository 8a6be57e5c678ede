"""Laws of the fold of a partition: what it decides depends on the log alone, whatever is repeated, lost or stale."""

from __future__ import annotations

from random import Random

import pytest

from rules.engine import Engine
from rules.firing import Firing
from rules.home import Home
from rules.record import Record
from rules.units import instant
from streams.changes import put_record
from streams.kafka.shard import NOWHERE, Shard
from tests.streams.kafka.town import Partition, partition
from tests.streams.logs import at, fed_by_noon, home, record, ring, tick


@pytest.fixture(scope="module")
def town() -> Partition:
    return partition()


def ids(firings: list[Firing]) -> list[str]:
    return sorted(firing.id for firing in firings)


def test_it_decides_what_an_engine_of_all_homes_decides(town: Partition) -> None:
    first = {name: next(r for r in town.records if r.home == name) for name in town.homes}
    engines = [Engine([home], since=instant(first[name].time)) for name, home in town.homes.items()]
    expected = [firing for engine in engines for firing in engine.receive(_known(engine, town.records))]
    assert len(expected) > 100
    assert ids(town.firings()) == ids(expected)


def _known(engine: Engine, records: list[Record]) -> list[Record]:
    return [record for record in records if record.home is None or record.home in engine.houses]


@pytest.mark.parametrize("seed", range(6))
def test_stopped_anywhere_it_goes_on_from_its_rows_and_says_nothing_else(town: Partition, seed: int) -> None:
    random, rows, told = Random(seed), dict[str, bytes](), list[Firing]()
    shard = Shard(0, town.homes.get)
    while shard.cursor < len(town.records) - 1:
        if random.random() < 0.1:
            shard = Shard.restore(0, town.homes.get, rows.get)
        start = random.randrange(shard.cursor + 2)  # some of it again
        told += shard.receive(town.entries[start : shard.cursor + random.randrange(400)]).firings
        if random.random() < 0.2:
            shard.begin_rows()
        rows |= shard.take_rows(random.randrange(3))
        if (last := shard.end_rows()) is not None:
            rows |= [last]
    assert {firing.id for firing in told} == {firing.id for firing in town.firings()}


def test_what_comes_again_moves_no_cursor_back(town: Partition) -> None:
    shard = Shard(0, town.homes.get)
    shard.receive(town.entries[:20], "the twentieth")
    shard.receive(town.entries[5:10], "the tenth")
    assert (shard.place, shard.unsaved) == ((19, "the twentieth"), 20)


def test_without_a_stop_nothing_is_said_twice_however_often_it_is_handed_on(town: Partition) -> None:
    shard, told = Shard(0, town.homes.get), list[Firing]()
    for start in range(0, len(town.records), 250):
        told += shard.receive(town.entries[max(0, start - 700) : start + 250]).firings
    assert ids(told) == ids(town.firings())


def test_a_row_that_was_written_over_by_an_older_one_is_noticed_and_folded_from_there(town: Partition) -> None:
    half = len(town.records) // 2
    rows, told = dict[str, bytes](), list[Firing]()
    shard = Shard(0, town.homes.get)
    told += shard.receive(town.entries[:half]).firings
    old = _rows(shard)
    told += shard.receive(town.entries[half : half + 1000]).firings
    rows |= _rows(shard)
    stale = next(key for key in old if key.startswith("home/"))
    again = Shard.restore(0, town.homes.get, (rows | {stale: old[stale]}).get)
    assert again.cursor == half - 1
    told += again.receive(town.entries[again.cursor + 1 :]).firings
    assert {firing.id for firing in told} == {firing.id for firing in town.firings()}


def test_a_row_that_cannot_be_read_is_folded_again_from_the_beginning(town: Partition) -> None:
    shard = Shard(0, town.homes.get)
    shard.receive(town.entries[:2000])
    rows = _rows(shard)
    broken = next(key for key in rows if key.startswith("home/"))
    assert Shard.restore(0, town.homes.get, (rows | {broken: b"\xc1"}).get).cursor == NOWHERE


def _rows(shard: Shard) -> dict[str, bytes]:
    shard.begin_rows()
    rows = dict(shard.take_rows(10_000))
    last = shard.end_rows()
    assert last is not None
    return rows | dict([last])


def test_a_home_where_nothing_happens_hears_of_a_tick_only_when_it_decides_something() -> None:
    shard = Shard(0, {"maple": home(), "birch": home("birch")}.get)
    put = _put("maple", "08:00")
    shard.receive([(0, put), (1, _rung("birch", "08:00"))])
    assert shard.next_deadline() == instant(at("08:00")) + 2_000_001
    folded = shard.receive([(2, tick(at("08:01"))), (3, tick(at("11:59"))), (4, tick(at("12:00:02")))])
    assert [(firing.rule, firing.time) for firing in folded.firings] == []
    assert shard.next_deadline() == instant(at("12:00", day=10)) + 2_000_000
    again = shard.receive([(5, tick(at("12:00:02", day=10)))])
    assert [(firing.rule, firing.time) for firing in again.firings] == [("daisy-fed", instant(at("12:00", day=10)))]


def _put(name: str, time: str) -> Record:
    return put_record(fed_by_noon(name), at(time))


def _rung(name: str, time: str) -> Record:
    return record(f"{name} {time}", at(time), "event", source="doorbell.front", home=name)


def test_records_of_a_home_that_nobody_knows_are_handed_back_with_their_offsets() -> None:
    stranger = _rung("elm", "08:00")
    folded = Shard(0, {"maple": home()}.get).receive([(7, stranger), (8, _rung("maple", "08:00"))])
    assert folded.strays == [(7, stranger)]


def test_a_home_that_breaks_the_engine_stops_alone_and_is_folded_again_by_the_next_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known: dict[str, Home] = {"maple": home(), "birch": home("birch")}
    shard = Shard(0, known.get)
    shard.receive([(0, put_record(ring(), at("08:00"))), (1, put_record(ring("birch"), at("08:00")))])
    rows = _rows(shard)
    healthy = shard.engines["maple"].receive
    poison = _rung("maple", "08:01")

    def receive(records: list[Record]) -> list[Firing]:
        if poison in records:
            raise ZeroDivisionError
        return healthy(records)

    monkeypatch.setattr(shard.engines["maple"], "receive", receive)
    later = [(2, poison), (3, _rung("birch", "08:02")), (4, _rung("maple", "08:03")), (5, tick(at("09:00")))]
    folded = shard.receive(later)
    assert [(home, type(error)) for home, error in folded.failed] == [("maple", ZeroDivisionError)]
    assert [firing.home for firing in folded.firings] == ["birch"]
    rows |= _rows(shard)
    repaired = Shard.restore(0, known.get, rows.get)
    assert repaired.cursor < 2
    firings = repaired.receive(later).firings
    assert sorted((firing.home, firing.time) for firing in firings) == [
        ("maple", instant(at("08:01"))),
        ("maple", instant(at("08:03"))),
    ]


def test_another_log_is_folded_from_its_beginning_with_the_rules_that_are_known() -> None:
    shard = Shard(0, {"maple": home()}.get)
    shard.receive([(0, put_record(ring(), at("08:00"))), (1, tick(at("08:30")))])
    shard.forget_log()
    assert shard.cursor == NOWHERE
    folded = shard.receive([(0, _rung("maple", "09:00")), (1, tick(at("09:30")))])
    assert [firing.rule for firing in folded.firings] == ["ring"]


# --- what homes list --------------------------------------------------------------------------------------------


def test_a_home_that_is_edited_is_decided_as_it_is_listed_from_then_on_and_keeps_what_is_pending() -> None:
    shard = Shard(0, {"maple": home()}.get)
    shard.receive([(0, _put("maple", "08:00")), (1, _rung("maple", "08:00")), (2, tick(at("08:30")))])
    noon = instant(at("12:00", day=10))
    assert shard.next_deadline() == noon + 2_000_000  # no window began before the home's log
    assert shard.adopt(home(lateness="30s"), instant(at("08:31")))
    assert shard.next_deadline() == noon + 30_000_000
    assert shard.take_unseen() == []
    assert not shard.adopt(home("elm"), instant(at("08:31")))


def test_a_camera_that_a_home_lists_newly_was_seen_by_nobody_before() -> None:
    yard = {"id": "cam.yard", "name": "yard camera"}
    more = home(cameras=[{"id": "cam.kitchen", "name": "kitchen camera"}, yard])
    pattern = {"type": "detection", "source": "cam.yard"}
    rule = ring(id="yard", when={"op": "absent", "of": [pattern], "duration": "2h"})
    live, stopped = (Shard(0, {"maple": home()}.get) for _ in range(2))
    for shard in (live, stopped):
        shard.receive([(0, put_record(rule, at("08:00"))), (1, tick(at("09:00")))])
    live.adopt(more, instant(at("09:00")))
    started = Shard.restore(0, {"maple": more}.get, _rows(stopped).get)
    for shard in (live, started):
        unseen = shard.take_unseen()
        assert [(each.source, each.data["status"]) for each in unseen] == [
            ("cam.yard", s) for s in ("offline", "online")
        ]
        folded = shard.receive([*enumerate(unseen, 2), (4, tick(at("10:00:03")))])
        assert [firing.verdict for firing in folded.firings] == ["unknown"]
        assert Shard.restore(0, {"maple": more}.get, _rows(shard).get).take_unseen() == []


def test_a_home_that_cannot_go_on_as_it_is_listed_stops_alone_and_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    shard = Shard(0, {"maple": home(), "birch": home("birch")}.get)
    shard.receive([(0, _put("maple", "08:00")), (1, _put("birch", "08:00"))])

    def broken() -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr(shard.engines["maple"], "snapshot", broken)
    edited = [shard.adopt(home(name, lateness="30s"), instant(at("08:01"))) for name in ("maple", "birch")]
    assert edited == [False, True]
    folded = shard.receive([(2, tick(at("08:02")))])
    assert [(name, type(error)) for name, error in folded.failed] == [("maple", ZeroDivisionError)]


def test_a_camera_that_was_heard_before_it_was_listed_is_left_as_it_said() -> None:
    shard = Shard(0, {"maple": home(cameras=[])}.get)
    shard.receive([(0, record("off", at("08:00"), "health", data={"status": "offline"})), (1, tick(at("09:00")))])
    shard.adopt(home(), instant(at("09:00")))
    assert shard.take_unseen() == []


# --- what stands on the topic more than once ----------------------------------------------------------------------


def test_a_duplicate_of_every_record_at_once_and_later_changes_nothing(town: Partition) -> None:
    batches = [town.records[start : start + 300] for start in range(0, len(town.records), 300)]
    twice = [record for batch in batches for each in (batch, batch) for record in each]
    twice = [again for record in twice for again in (record, record)]
    assert ids(Shard(0, town.homes.get).receive(enumerate(twice)).firings) == ids(town.firings())
