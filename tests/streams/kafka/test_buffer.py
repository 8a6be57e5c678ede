"""What an edge keeps on its disk: bounded, whatever comes, and an older disk is read on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from rules.units import instant
from streams.kafka import buffer as kept
from streams.kafka.buffer import Buffer, Fed
from tests.streams.logs import MORNING, record

NOW = instant(MORNING)


def test_what_is_set_aside_is_bounded_and_counted_for_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "ASIDE", 10)
    with Buffer(tmp_path / "edge.db") as buffer:
        for number in range(25):
            buffer.set_aside([b"line %d" % number], "ahead_of_clock", NOW)
        buffer.set_aside([b"another"], "refused", NOW)
        assert buffer.aside() == {"ahead_of_clock": 25, "refused": 1}
        assert buffer.shed() == 16
    lines = [
        line for (line,) in sqlite3.connect(tmp_path / "edge.db").execute("SELECT line FROM aside ORDER BY number")
    ]
    assert lines == [*(b"line %d" % number for number in range(16, 25)), b"another"]


def test_of_large_records_that_are_set_aside_fewer_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "ASIDE_BYTES", 1_000)
    with Buffer(tmp_path / "edge.db") as buffer:
        buffer.set_aside([b"x" * 300 for _ in range(5)], "refused", NOW)
        assert (buffer.aside(), buffer.shed()) == ({"refused": 5}, 2)


def test_a_source_is_new_until_it_is_said_who_fed_it_before_and_not_again_after_a_restart(tmp_path: Path) -> None:
    with Buffer(tmp_path / "edge.db") as buffer:
        buffer.feed([("maple", "cam.yard")], NOW, older=0)
        buffer.append(
            [record("seen"), record("off", type="health", source="cam.yard", data={"status": "offline"})], NOW
        )
        assert [(fed.source, fed.begun) for fed in buffer.begun()] == [("cam.kitchen", NOW), ("cam.yard", NOW - 1)]
        buffer.hand_over(buffer.begun())
        buffer.append([record("seen again")], NOW)
    with Buffer(tmp_path / "edge.db") as buffer:
        buffer.feed([("maple", "cam.yard")], NOW, older=0)
        assert buffer.begun() == []


def test_a_disk_of_the_version_before_is_read_on(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "edge.db") as db:
        db.executescript(_OF_VERSION_1)
    with Buffer(tmp_path / "edge.db") as buffer:
        assert (buffer.aside(), buffer.count) == ({"refused": 2}, 1)
        assert buffer.fed() == [Fed("maple", "cam.kitchen", NOW, online=True)]


_OF_VERSION_1 = f"""
CREATE TABLE waiting (seq INTEGER PRIMARY KEY AUTOINCREMENT, home TEXT NOT NULL, at INTEGER NOT NULL, line BLOB NOT NULL);
CREATE TABLE source (
    home TEXT NOT NULL, source TEXT NOT NULL, time INTEGER NOT NULL, online INTEGER NOT NULL,
    PRIMARY KEY (home, source)) WITHOUT ROWID;
CREATE TABLE aside (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, why TEXT NOT NULL, line BLOB NOT NULL);
CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO waiting (home, at, line) VALUES ('maple', 1, '{{}}');
INSERT INTO source VALUES ('maple', 'cam.kitchen', {NOW}, 1);
INSERT INTO aside (at, why, line) VALUES (1, 'refused', 'a'), (1, 'refused', 'b');
PRAGMA user_version = 1;
"""
