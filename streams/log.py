"""The embedded log: one SQLite file that holds a home's records, and everything that was derived from them.

The records are the truth, in the order in which they were appended (`seq`). Beside them are what the engine made of
them: firings, pending deadlines, and snapshots that each carry the `seq` they were made at, so that a start reads
only what came after. Whatever is derived can be derived again; nothing is told to a source as kept before it is.

WAL, one writer, `synchronous=FULL`: a record that was acknowledged is on the disk, power cut included, since the source
will not say it again. With `NORMAL` the last seconds would survive a kill but not a power cut. It costs one fsync for
each append, however many records it has.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Self

import msgspec

from rules.coverage import online_told
from rules.failure import Failure
from rules.firing import Firing
from rules.record import REPORTS, Record, decode, encode
from rules.units import DAY, instant, moment
from streams.valve import Shed

SCHEMA = 1
SNAPSHOTS = 2  # kept: the last, and the one before it should the last be unreadable
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)

_TABLES = """
CREATE TABLE record (
    seq INTEGER PRIMARY KEY, home TEXT NOT NULL, id TEXT NOT NULL, time INTEGER NOT NULL,
    type TEXT NOT NULL, source TEXT, line BLOB NOT NULL);
CREATE INDEX record_of_rule ON record (seq) WHERE type IN ('rule.put', 'rule.drop');
CREATE INDEX record_by_id ON record (home, id, time);
CREATE INDEX record_by_source ON record (home, source, time) WHERE source IS NOT NULL;
CREATE TABLE source (
    home TEXT NOT NULL, source TEXT NOT NULL, time INTEGER NOT NULL, online INTEGER NOT NULL,
    PRIMARY KEY (home, source)) WITHOUT ROWID;
CREATE TABLE aside (
    number INTEGER PRIMARY KEY, at INTEGER NOT NULL, why TEXT NOT NULL, line BLOB NOT NULL);
CREATE TABLE firing (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, home TEXT NOT NULL, rule TEXT NOT NULL, time INTEGER NOT NULL,
    verdict TEXT NOT NULL, body BLOB NOT NULL, handed INTEGER NOT NULL DEFAULT 0);
CREATE INDEX firing_by_rule ON firing (home, rule, time);
CREATE INDEX firing_to_hand ON firing (number) WHERE handed = 0;
CREATE TABLE deadline (
    home TEXT NOT NULL, rule TEXT NOT NULL, due INTEGER NOT NULL, PRIMARY KEY (due, home, rule)) WITHOUT ROWID;
CREATE TABLE snapshot (seq INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""

Deadline = tuple[str, str, int]
_firing = msgspec.json.Decoder(Firing)


class LogError(Exception):
    """Say that the log cannot be read or written, and what to do. Nothing that was acknowledged is lost."""


class LogFull(LogError):
    """Say that the log could not be written: the disk is full or failed. What was being written can be tried again."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the log knows of a source: the time of its last record (microseconds), and whether it was online then."""

    home: str
    source: str
    time: int
    online: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """A fault of a rule (None: of a record, for all rules), how often it came up, when last, and in words when first."""

    home: str
    rule: str | None
    count: int
    last: int
    message: str


class Log:
    """An open log. Its methods may be called from any thread; each write is one transaction, whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._db = self._open(path)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- records ------------------------------------------------------------------------------------------------

    def append(self, records: Sequence[Record]) -> list[bool]:
        """Append the records that are new, all or none, and return of each whether it was.

        Not new is what has home and id of a record within 24 h of its time. On return they are on the disk. Raise
        LogFull when that cannot be.
        """
        rows = [_row(record) for record in records]
        ticks = [row["time"] for row in rows if row["type"] == "tick" and not row["home"]]
        with self._write() as db:
            appended = [db.execute(_APPEND, row).rowcount == 1 for row in rows]
            db.executemany(_SOURCE, _sources(records))
            if ticks:
                db.execute(_LATEST, ("tick", max(ticks)))
        return appended

    def after(self, seq: int, limit: int) -> list[tuple[int, Record]]:
        """Return up to `limit` records after `seq`, each with its own seq, in the order they were appended."""
        rows = self._read("SELECT seq, line FROM record WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit)
        return [(number, decode(line)) for number, line in rows]

    def count_after(self, seq: int) -> int:
        """Return how many records there are after `seq`."""
        count: int = self._read("SELECT COUNT(*) FROM record WHERE seq > ?", seq)[0][0]
        return count

    def lines(self) -> Iterator[bytes]:
        """Yield every record's JSON line in order: what `replay` takes as its log."""
        seq = 0
        while rows := self._read("SELECT seq, line FROM record WHERE seq > ? ORDER BY seq LIMIT 10000", seq):
            yield from (line for _, line in rows)
            seq = rows[-1][0]

    def records(self, home: str, ids: Sequence[str]) -> list[Record]:
        """Return the records of a home that have these ids, in the order of the ids; the newest of each."""
        query = "SELECT line FROM record WHERE home = ? AND id = ? ORDER BY seq DESC LIMIT 1"
        return [decode(line) for id in ids for (line,) in self._read(query, home, id)]

    def reports(self, home: str, sources: Iterable[str] | None, since: int, until: int) -> Iterator[Record]:
        """Yield what a home's sources (None: all) reported with `since <= time < until`, in order of (time, id)."""
        where, values = "source IS NOT NULL", []
        if sources is not None:
            values = sorted(set(sources))
            where = f"source IN ({','.join('?' * len(values))})"
        query = f"SELECT line FROM record WHERE home = ? AND {where} AND time >= ? AND time < ? ORDER BY time, id"
        for (line,) in self._read(query, home, *values, since, until):
            if (record := decode(line)).type in REPORTS:
                yield record

    def latest(
        self, home: str, source: str | None, before: tuple[int, str], limit: int
    ) -> list[tuple[int, str, bytes]]:
        """Return up to `limit` reports before a place in the order of (time, id), the newest first, as (time, id, line).

        Of one source, or of all (None). Whoever reads on gives the last place that came: what is appended meanwhile
        changes no later page.
        """
        where, values = ("source = ?", (source,)) if source is not None else ("source IS NOT NULL", ())
        query = (
            f"SELECT time, id, line FROM record WHERE home = ? AND {where} AND (time, id) < (?, ?) "
            "ORDER BY time DESC, id DESC LIMIT ?"
        )
        return [(time, id, line) for time, id, line in self._read(query, home, *values, *before, limit)]

    def next_health(self, home: str, source: str, after: int) -> Iterator[Record]:
        """Yield a source's `health` records with `time > after`, the oldest first."""
        query = (
            "SELECT line FROM record INDEXED BY record_of_health WHERE home = ? AND source = ? AND type = 'health' "
            "AND time > ? ORDER BY time, id"
        )
        return (decode(line) for (line,) in self._read(query, home, source, after))

    def concerning(self, home: str, sources: Iterable[str], rule: str) -> Iterator[Record]:
        """Yield what some sources reported and what put or dropped one rule, in order; all else as the passing of time.

        That is all that the rule's decisions rest on, and most of a log need not be read for it.
        """
        wanted = sorted(set(sources))
        query = (
            f"SELECT seq, time, CASE WHEN source IN ({','.join('?' * len(wanted))}) "
            "OR (type IN ('rule.put', 'rule.drop') AND instr(line, ?)) THEN line END "
            "FROM record WHERE seq > ? AND home IN (?, '') ORDER BY seq LIMIT 10000"
        )
        name, seq, passed = msgspec.json.encode(rule), 0, _Passed(home)
        while rows := self._read(query, *wanted, name, seq, home):
            for number, time, line in rows:
                if line is None:
                    passed.by(number, time)
                else:
                    yield from passed.told()
                    yield decode(line)
            seq = rows[-1][0]
        yield from passed.told()

    def back(self, home: str, source: str, type: str, before: int) -> Iterator[Record]:
        """Yield a source's records of one type with `time < before`, the newest first, as many as are taken."""
        # Health records are few among many: an index of their own finds them.
        index = "record_of_health" if type == "health" else "record_by_source"
        query = (
            f"SELECT time, id, line FROM record INDEXED BY {index} WHERE home = ? AND source = ? AND type = '{type}' "
            "AND (time, id) < (?, ?) ORDER BY time DESC, id DESC LIMIT 100"
        )
        time, id = before, ""
        while rows := self._read(query, home, source, time, id):
            yield from (decode(line) for _, _, line in rows)
            time, id = rows[-1][:2]

    def ending(self) -> int | None:
        """Return the time of the record that was appended last, or None when there is none."""
        rows = self._read("SELECT time FROM record ORDER BY seq DESC LIMIT 1")
        return rows[0][0] if rows else None

    def beginning(self) -> int | None:
        """Return the instant before which nothing is known: of the first record, or up to which it was forgotten; or None."""
        rows = self._read("SELECT time FROM record ORDER BY seq LIMIT 1")
        return max(rows[0][0], self._mark("forgotten") or rows[0][0]) if rows else None

    def forget(self, before: int, limit: int = 1_000) -> bool:
        """Delete a few of the records and firings with `time < before`, and say whether there may be more.

        What a start or an answer needs stays: what came after the older snapshot, changes of rules, the newest report of each
        source and attribute, and of each zone's health, firings that were not handed on. The file does not shrink; what is free is used again.
        """
        done = self._mark("forgotten_seq") or 0
        rows = self._read(_OLDEST, done, limit)
        old = list(takewhile(lambda row: row[1] < before, rows))
        if not old:
            return False
        last, time = old[-1][0], max(time for _, time in old)
        with self._write() as db:
            db.execute(_FORGET, (done, last))
            db.execute("DELETE FROM firing WHERE time < ? AND handed = 1", (time,))
            db.execute("DELETE FROM aside WHERE at < ?", (time,))
            db.execute(_MARK, ("forgotten_seq", last))
            db.execute(_LATEST, ("forgotten", time + 1))
        return len(old) == limit

    def sources(self) -> list[Source]:
        """Return every source that ever reported."""
        rows = self._read("SELECT home, source, time, online FROM source ORDER BY home, source")
        return [Source(home, source, time, bool(online)) for home, source, time, online in rows]

    def last_tick(self) -> int | None:
        """Return the greatest time of a tick for every home, or None when there was none."""
        return self._mark("tick")

    def rule_changes(self) -> list[Record]:
        """Return every rule put and dropped, in the order they were appended."""
        rows = self._read("SELECT line FROM record WHERE type IN ('rule.put', 'rule.drop') ORDER BY seq")
        return [decode(line) for (line,) in rows]

    def last_change(self) -> int | None:
        """Return the greatest time at which a rule was put or dropped, or None."""
        time: int | None = self._read("SELECT MAX(time) FROM record WHERE type IN ('rule.put', 'rule.drop')")[0][0]
        return time

    # --- set aside ----------------------------------------------------------------------------------------------

    def set_aside(self, records: Iterable[tuple[Record, str]], now: int) -> None:
        """Keep records that may not count, each with the reason."""
        with self._write() as db:
            rows = ((now, why, encode(record)) for record, why in records)
            db.executemany("INSERT INTO aside (at, why, line) VALUES (?, ?, ?)", rows)

    def aside(self) -> list[tuple[str, int]]:
        """Return how many records were set aside, by reason."""
        return [(why, count) for why, count in self._read("SELECT why, COUNT(*) FROM aside GROUP BY why ORDER BY why")]

    def take_aside(self, why: str) -> list[Record]:
        """Remove and return the records that were set aside for a reason."""
        with self._write() as db:
            lines = db.execute("SELECT line FROM aside WHERE why = ? ORDER BY number", (why,)).fetchall()
            db.execute("DELETE FROM aside WHERE why = ?", (why,))
        return [decode(line) for (line,) in lines]

    def keep_failures(self, failures: Iterable[Failure]) -> None:
        """Keep what the engine could not do because of a fault: how often, and the first record it was about."""
        rows = [
            (f.home, f.rule or "", f.fault, f.time, f.time, f.message, encode(f.record) if f.record else None)
            for f in failures
        ]
        with self._write() as db:
            db.executemany(_FAILED, rows)

    def failures(self) -> list[Failed]:
        """Return what failed, by home and rule."""
        rows = self._read("SELECT home, rule, count, last, message FROM failure ORDER BY home, rule, first")
        return [Failed(home, rule or None, count, last, message) for home, rule, count, last, message in rows]

    def keep_shed(self, shed: Mapping[tuple[str, str], Shed]) -> None:
        """Add to what was shed of sources, by home and source."""
        rows = [(home, source, each.reports, each.happenings, each.last) for (home, source), each in shed.items()]
        with self._write() as db:
            db.executemany(_SHED, rows)

    def shed(self) -> dict[tuple[str, str], Shed]:
        """Return what was shed of each source, by home and source."""
        rows = self._read("SELECT home, source, reports, happenings, last FROM shed ORDER BY home, source")
        return {(home, source): Shed(reports, happenings, last) for home, source, reports, happenings, last in rows}

    # --- what was derived ---------------------------------------------------------------------------------------

    def decided(self) -> int:
        """Return the seq up to which all firings are stored."""
        return self._mark("decided") or 0

    def store_firings(self, firings: Iterable[Firing], decided: int | None = None) -> None:
        """Store firings that are not there yet, and with them the seq up to which all are."""
        rows = [(f.id, f.home, f.rule, f.time, f.verdict, msgspec.json.encode(f)) for f in firings]
        with self._write() as db:
            db.executemany(
                "INSERT OR IGNORE INTO firing (id, home, rule, time, verdict, body) VALUES (?, ?, ?, ?, ?, ?)", rows
            )
            if decided is not None:
                db.execute(_MARK, ("decided", decided))

    def firings(self) -> Iterator[Firing]:
        """Yield every firing in the order it was decided."""
        return (_firing.decode(body) for (body,) in self._read("SELECT body FROM firing ORDER BY number"))

    def to_hand(self, limit: int) -> list[Firing]:
        """Return up to `limit` firings that were not handed on yet, in order."""
        rows = self._read("SELECT body FROM firing WHERE handed = 0 ORDER BY number LIMIT ?", limit)
        return [_firing.decode(body) for (body,) in rows]

    def handed(self, firings: Iterable[Firing]) -> None:
        """Remember that firings were handed on."""
        with self._write() as db:
            db.executemany("UPDATE firing SET handed = 1 WHERE id = ?", [(firing.id,) for firing in firings])

    def deadlines(self, limit: int = -1) -> list[Deadline]:
        """Return what is pending as (home, rule, due), soonest first; at most `limit` of them (-1: all)."""
        rows = self._read("SELECT home, rule, due FROM deadline ORDER BY due LIMIT ?", limit)
        return [(home, rule, due) for home, rule, due in rows]

    def change_deadlines(self, gone: Iterable[Deadline], come: Iterable[Deadline]) -> None:
        """Remove and add pending deadlines."""
        with self._write() as db:
            db.executemany("DELETE FROM deadline WHERE home = ? AND rule = ? AND due = ?", gone)
            db.executemany("INSERT OR IGNORE INTO deadline (home, rule, due) VALUES (?, ?, ?)", come)

    def store_snapshot(self, seq: int, body: bytes) -> None:
        """Store the engine's state after the record `seq`; forget all but the last few."""
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO snapshot (seq, body) VALUES (?, ?)", (seq, body))
            keep = "SELECT seq FROM snapshot ORDER BY seq DESC LIMIT ?"
            db.execute(f"DELETE FROM snapshot WHERE seq NOT IN ({keep})", (SNAPSHOTS,))

    def snapshots(self) -> list[tuple[int, bytes]]:
        """Return the snapshots with the seq of the last record in each, newest first."""
        return [(seq, body) for seq, body in self._read("SELECT seq, body FROM snapshot ORDER BY seq DESC")]

    # --- the file -----------------------------------------------------------------------------------------------

    def limit_pages(self, pages: int) -> None:
        """Let the file grow to so many pages of 4 KiB and no further."""
        self._read(f"PRAGMA max_page_count = {int(pages)}")

    def _open(self, path: Path) -> sqlite3.Connection:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            _prepare(db, path)
        except (sqlite3.Error, OSError) as error:
            raise LogError(
                f"{path}: cannot be opened as a log: {error}. Check the path, or move the file away."
            ) from error
        return db

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:  # SQLite gives untyped rows
        with self._lock:
            try:
                return self._db.execute(query, values).fetchall()
            except sqlite3.Error as error:
                message = (
                    f"{self.path}: cannot be read: {error}. Check the disk; restore a backup, or move the file away."
                )
                raise LogError(message) from error

    def _mark(self, name: str) -> int | None:
        rows = self._read("SELECT value FROM mark WHERE name = ?", name)
        return rows[0][0] if rows else None

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                self._undo()
                raise self._trouble(error) from error
            except BaseException:
                self._undo()
                raise

    def _undo(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _trouble(self, error: sqlite3.Error) -> LogError:
        if error.sqlite_errorcode & 0xFF not in _FULL:
            return LogError(f"{self.path}: cannot be written: {error}.")
        free = shutil.disk_usage(self.path.parent).free
        return LogFull(
            f"{self.path}: cannot be written: {error} ({free / 1e6:,.0f} MB free). "
            "What was kept is whole; free some space and it goes on by itself."
        )


class _Passed:
    """A stretch of the log of which only the time counts: told as the first, the least and the greatest instant of it."""

    def __init__(self, home: str) -> None:
        self._home, self._times, self._seq = home, list[int](), 0

    def by(self, seq: int, time: int) -> None:
        times = self._times
        self._seq, self._times = seq, [times[0], min(times[1], time), max(times[2], time)] if times else [time] * 3

    def told(self) -> list[Record]:
        times, self._times = self._times, []
        kept = dict.fromkeys(times)
        return [
            Record(id=f"passed-{self._seq}-{n}", type="tick", time=moment(t), home=self._home)
            for n, t in enumerate(kept)
        ]


_APPEND = f"""
INSERT INTO record (home, id, time, type, source, line) SELECT :home, :id, :time, :type, :source, :line
WHERE NOT EXISTS (SELECT 1 FROM record WHERE home = :home AND id = :id AND time > :time - {DAY} AND time < :time + {DAY})
"""
_SOURCE = """
INSERT INTO source (home, source, time, online) VALUES (:home, :source, :time, COALESCE(:online, 1))
ON CONFLICT DO UPDATE SET online = CASE WHEN :online IS NULL OR :time < time THEN online ELSE :online END,
                          time = MAX(time, :time)
"""
# In the order in which they were appended, up to the older snapshot: a start reads what came after.
_OLDEST = """
SELECT seq, time FROM record WHERE seq > ? AND seq <= (SELECT MIN(seq) FROM snapshot) ORDER BY seq LIMIT ?
"""
_FORGET = """
DELETE FROM record WHERE seq > ? AND seq <= ? AND type NOT IN ('rule.put', 'rule.drop') AND (
    type NOT IN ('state', 'health') OR EXISTS (
        SELECT 1 FROM record AS newer
        WHERE newer.home = record.home AND newer.source = record.source AND newer.time > record.time
          AND newer.type = record.type
          AND json_extract(CAST(newer.line AS TEXT), '$.data.attribute')
              IS json_extract(CAST(record.line AS TEXT), '$.data.attribute')
          AND (newer.type = 'state' OR json_extract(CAST(newer.line AS TEXT), '$.data.zone')
              IS json_extract(CAST(record.line AS TEXT), '$.data.zone'))))
"""
_FAILED = """
INSERT INTO failure (home, rule, fault, count, first, last, message, line) VALUES (?, ?, ?, 1, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET count = count + 1, last = MAX(last, excluded.last)
"""
_SHED = """
INSERT INTO shed (home, source, reports, happenings, last) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET reports = reports + excluded.reports, happenings = happenings + excluded.happenings,
                          last = MAX(last, excluded.last)
"""
_MARK = "INSERT OR REPLACE INTO mark (name, value) VALUES (?, ?)"
_LATEST = "INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = MAX(value, excluded.value)"


# What a log that was made before lacks and is given: it changes nothing that is there, so the version stays.
_ADDED = """
CREATE INDEX IF NOT EXISTS record_by_time ON record (home, time, id) WHERE source IS NOT NULL;
CREATE INDEX IF NOT EXISTS record_of_health ON record (home, source, time) WHERE type = 'health';
CREATE TABLE IF NOT EXISTS failure (
    home TEXT NOT NULL, rule TEXT NOT NULL, fault TEXT NOT NULL, count INTEGER NOT NULL, first INTEGER NOT NULL,
    last INTEGER NOT NULL, message TEXT NOT NULL, line BLOB, PRIMARY KEY (home, rule, fault)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shed (
    home TEXT NOT NULL, source TEXT NOT NULL, reports INTEGER NOT NULL, happenings INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (home, source)) WITHOUT ROWID;
"""


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """Make the tables in a new file; refuse one that a newer version wrote."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        db.executescript(f"BEGIN; {_TABLES} {_ADDED} PRAGMA user_version = {SCHEMA}; COMMIT;")
    elif version != SCHEMA:
        raise LogError(f"{path}: expected a log of version {SCHEMA}, found {version}. Use the program that wrote it.")
    else:
        db.executescript(_ADDED)


def _row(record: Record) -> dict[str, Any]:
    return {
        "home": record.home or "",
        "id": record.id,
        "time": instant(record.time),
        "type": record.type,
        "source": record.source,
        "line": encode(record),
    }


def _sources(records: Iterable[Record]) -> list[dict[str, Any]]:
    """Return what an append says of each source: one row for its last report, one for its last health."""
    latest: dict[tuple[str, str, bool], dict[str, Any]] = {}
    for record in records:
        if record.type not in REPORTS or record.source is None:
            continue
        time, online = instant(record.time), online_told(record)
        key = (record.home or "", record.source, online is not None)
        if key not in latest or time >= latest[key]["time"]:
            latest[key] = {"home": key[0], "source": key[1], "time": time, "online": online}
    return list(latest.values())
