"""Laws of the embedded log: what was acknowledged is there, once, in order, whatever happens to the disk."""

from __future__ import annotations

import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from rules.firing import Firing
from rules.record import Record, as_json
from rules.units import SECOND, instant
from streams.log import Log, LogError, LogFull, Source
from tests.streams.logs import MORNING, record, tick


def firing(number: int) -> Firing:
    return Firing(id=f"f{number}", occurrence=f"o{number}", rule="r", home="maple", time=number, verdict="fired")


def test_records_come_back_in_the_order_they_were_appended(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        log.append([record("b"), record("a", MORNING - timedelta(hours=1))])
        log.append([tick(MORNING)])
    with Log(tmp_path / "log.db") as log:
        assert [r.id for _, r in log.after(0, 10)] == ["b", "a", f"tick-{MORNING.isoformat()}"]
        assert [r.id for _, r in log.after(1, 1)] == ["a"]
        assert as_json(log.after(0, 1)[0][1]) == as_json(record("b"))
        assert len(list(log.lines())) == 3
        assert log.beginning() == instant(MORNING)
        assert log.last_tick() == instant(MORNING)


def test_a_record_is_appended_once_in_a_day(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        assert sum(log.append([record("a"), record("b")])) == 2
        assert sum(log.append([record("b"), record("c")])) == 1
        assert sum(log.append([record("a", home="salon")])) == 1
        assert sum(log.append([record("a", MORNING + timedelta(hours=23))])) == 0
        assert sum(log.append([record("a", MORNING + timedelta(hours=24))])) == 1


def test_an_append_is_whole_or_not_at_all(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        with pytest.raises(TypeError):
            log.append([record("a"), record("b", data={"value": object()})])
        assert log.after(0, 10) == []


def test_the_log_knows_when_each_source_last_reported_and_whether_it_was_online(tmp_path: Path) -> None:
    later = MORNING + timedelta(seconds=5)
    with Log(tmp_path / "log.db") as log:
        log.append([record("a"), record("b", later), record("c", later, home="salon")])
        log.append([record("d", MORNING, "health", data={"status": "offline"})])
        assert log.sources() == [
            Source("maple", "cam.kitchen", instant(later), True),
            Source("salon", "cam.kitchen", instant(later), True),
        ]
        log.append([record("e", later, "health", data={"status": "offline"}), tick(later)])
        assert log.sources()[0] == Source("maple", "cam.kitchen", instant(later), False)


def test_firings_are_stored_once_and_handed_on_until_it_is_confirmed(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        log.store_firings([firing(1), firing(2)], decided=7)
        log.store_firings([firing(2), firing(3)], decided=9)
        assert list(log.firings()) == [firing(1), firing(2), firing(3)]
        assert log.decided() == 9
        assert log.to_hand(2) == [firing(1), firing(2)]
        log.handed([firing(1)])
        assert log.to_hand(9) == [firing(2), firing(3)]


def test_the_last_snapshots_are_kept_newest_first(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        for seq in (3, 5, 9):
            log.store_snapshot(seq, b"state %d" % seq)
        assert log.snapshots() == [(9, b"state 9"), (5, b"state 5")]


def test_what_is_set_aside_is_kept_counted_and_can_be_taken_back(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        log.set_aside([(record("a"), "ahead"), (record("b"), "doubt"), (record("c"), "ahead")], 0)
        assert log.aside() == [("ahead", 2), ("doubt", 1)]
        assert [r.id for r in log.take_aside("ahead")] == ["a", "c"]
        assert log.aside() == [("doubt", 1)]


def test_on_a_full_disk_an_append_fails_whole_and_can_be_tried_again(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        log.append([record("a")])
        log.limit_pages(30)
        batch = [record(f"r-{number}", data={"text": "x" * 1000}) for number in range(500)]
        with pytest.raises(LogFull, match=r"log\.db: cannot be written: .*full.*MB free.*free some space"):
            log.append(batch)
        assert [r.id for _, r in log.after(0, 10)] == ["a"]
        log.limit_pages(1_000_000)
        assert sum(log.append(batch)) == 500
    with Log(tmp_path / "log.db") as log:
        assert len(list(log.lines())) == 501


def test_a_file_that_is_no_log_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    path.write_bytes(b"not a database, but something a person may want back" * 100)
    before = path.read_bytes()
    with pytest.raises(LogError, match="cannot be opened as a log"):
        Log(path)
    assert path.read_bytes() == before


def test_a_log_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LogError, match="expected a log of version 1, found 99"):
        Log(path)


def test_threads_append_and_read_at_the_same_time(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:

        def append(name: str) -> None:
            for number in range(30):
                log.append([record(f"{name}-{number}")])
                log.after(0, 5)

        threads = [threading.Thread(target=append, args=(name,)) for name in "abc"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({r.id for _, r in log.after(0, 100)}) == 90


def test_reports_of_a_span_come_in_order_and_only_from_the_sources_asked_for(tmp_path: Path) -> None:
    times = [MORNING + timedelta(seconds=n) for n in range(4)]
    put = Record(id="p", type="rule.drop", time=times[1], home="maple", data={"rule": "x"})
    with Log(tmp_path / "log.db") as log:
        log.append([record("c", times[2]), record("a", times[0]), record("b", times[1], source="cam.yard"), put])
        log.append([record("d", times[3])])
        since = instant(times[0])
        assert [r.id for r in log.reports("maple", None, since, since + 3 * SECOND)] == ["a", "b", "c"]
        assert [r.id for r in log.reports("maple", ["cam.kitchen"], since, since + 9 * SECOND)] == ["a", "c", "d"]
        assert list(log.reports("salon", None, 0, 1 << 60)) == []
        assert [r.id for r in log.rule_changes()] == ["p"]


def test_a_source_is_read_back_from_an_instant_the_newest_first(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        log.append(
            [
                record(f"s{n:03}", MORNING + timedelta(seconds=n // 2), type="state", data={"value": n})
                for n in range(250)
            ]
        )
        log.append([record("h", MORNING, type="health", data={"status": "online"})])
        found = [r.id for r in log.back("maple", "cam.kitchen", "state", instant(MORNING + timedelta(seconds=120)))]
        assert found == [f"s{n:03}" for n in range(239, -1, -1)]
        assert [r.id for r in log.back("maple", "cam.kitchen", "health", instant(MORNING) + 1)] == ["h"]
        assert log.ending() == instant(MORNING)


def test_a_log_that_was_made_without_an_index_gets_it(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        log.append([record("h", MORNING, type="health", data={"status": "offline"})])
    with sqlite3.connect(tmp_path / "log.db") as db:
        db.execute("DROP INDEX record_of_health")
    with Log(tmp_path / "log.db") as log:
        assert [r.id for r in log.back("maple", "cam.kitchen", "health", instant(MORNING) + 1)] == ["h"]


def test_deadlines_are_rows(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        log.change_deadlines([], [("maple", "b", 5), ("maple", "a", 3)])
        log.change_deadlines([("maple", "a", 3)], [("maple", "c", 4)])
        assert log.deadlines() == [("maple", "c", 4), ("maple", "b", 5)]
