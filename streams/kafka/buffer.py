"""What an edge has been told and the broker has not: a queue on disk, in order.

One SQLite file. A record is in it from when `append` returns (WAL, `synchronous=FULL`: also after a power cut) until the
broker has acknowledged it. Beside the queue it keeps what a restart must know: which sources this edge feeds, when each was
last heard and whether it was online, and up to when somebody was watching. What cannot be used is kept aside, the newest of it,
and counted for good.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rules.coverage import online_told
from rules.record import REPORTS, Record, encode
from rules.units import instant

LIMIT = 512 << 20  # bytes of records: about two million
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)
ASIDE, ASIDE_BYTES = 10_000, 16 << 20  # records kept aside at most, and their bytes
SCHEMA = 2

_TABLES = """
CREATE TABLE waiting (seq INTEGER PRIMARY KEY AUTOINCREMENT, home TEXT NOT NULL, at INTEGER NOT NULL, line BLOB NOT NULL);
CREATE TABLE source (
    home TEXT NOT NULL, source TEXT NOT NULL, time INTEGER NOT NULL, online INTEGER NOT NULL, begun INTEGER,
    PRIMARY KEY (home, source)) WITHOUT ROWID;
CREATE TABLE aside (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, why TEXT NOT NULL, line BLOB NOT NULL);
CREATE TABLE aside_count (why TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""
_FROM_1 = """
ALTER TABLE source ADD COLUMN begun INTEGER;
CREATE TABLE aside_count (why TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO aside_count SELECT why, COUNT(*) FROM aside GROUP BY why;
"""


class BufferFull(Exception):
    """Say that a record could not be kept: the buffer or the disk is full. What was told can be told again."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record that waits for the broker: its place, its home, when it was told (microseconds), and its JSON line."""

    seq: int
    home: str
    at: int
    line: bytes


@dataclass(frozen=True, slots=True)
class Fed:
    """A source that an edge feeds: the time of its last record, and whether it was online then.

    `begun` is since when the edge feeds it, as long as nobody has said who did before; then it is None.
    """

    home: str
    source: str
    time: int
    online: bool
    begun: int | None = None


class Buffer:
    """An open buffer; any thread may call any method. `limit` is how many bytes of records it takes."""

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        self.path, self.limit = path, limit
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            self._prepare()
        except sqlite3.Error as error:
            raise BufferFull(
                f"{path}: cannot be opened as a buffer: {error}. Check the path, or move it away."
            ) from error
        self.size, self.count = self._db.execute("SELECT TOTAL(LENGTH(line)), COUNT(*) FROM waiting").fetchone()

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        found = self._db.execute("PRAGMA user_version").fetchone()[0]
        if found < SCHEMA:
            self._db.executescript(f"BEGIN; {_FROM_1 if found else _TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;")

    def append(self, records: Sequence[Record], now: int) -> None:
        """Keep records, all or none. Raise BufferFull when they cannot be kept: then offer them again later."""
        rows = [(record.home or "", now, encode(record)) for record in records]
        size = sum(len(line) for _, _, line in rows)
        with self._lock:
            if self.size + size > self.limit and self.size:
                message = (
                    f"{self.path}: {self.count:,} records wait for Kafka, {self.size / 1e6:,.0f} MB: it takes no more."
                )
                raise BufferFull(f"{message} They are sent when it answers; tell this again then.")
            with self._writing() as db:
                db.executemany("INSERT INTO waiting (home, at, line) VALUES (?, ?, ?)", rows)
                db.executemany(_HEARD, _heard(records, now))
            self.size, self.count = self.size + size, self.count + len(rows)

    def head(self, limit: int) -> list[Waiting]:
        """Return up to `limit` records that wait, the oldest first."""
        return [Waiting(*row) for row in self._read("SELECT * FROM waiting ORDER BY seq LIMIT ?", limit)]

    def drop(self, sent: Sequence[Waiting]) -> None:
        """Forget the records at the head that the broker has acknowledged."""
        # A record that is forgotten late is only sent twice, so this need not be on the disk at once.
        with self._lock, self._writing(at_once=False) as db:
            db.execute("DELETE FROM waiting WHERE seq <= ?", (sent[-1].seq,))
            self.size, self.count = self.size - sum(len(each.line) for each in sent), self.count - len(sent)

    def set_aside(self, lines: Iterable[bytes], why: str, now: int) -> None:
        """Keep what cannot be used, with the reason; the oldest of it goes when there is too much."""
        rows = [(now, why, line) for line in lines]
        with self._lock, self._writing() as db:
            db.executemany("INSERT INTO aside (at, why, line) VALUES (?, ?, ?)", rows)
            db.execute(_COUNT_ASIDE, (why, len(rows)))
            db.execute(_SHED_ASIDE, (ASIDE, ASIDE_BYTES))

    def aside(self) -> dict[str, int]:
        """Return how many records were ever set aside, by reason."""
        return dict(self._read("SELECT why, count FROM aside_count ORDER BY why"))

    def shed(self) -> int:
        """Return how many of those are not kept any more, since newer ones came."""
        [(ever, kept)] = self._read("SELECT (SELECT TOTAL(count) FROM aside_count), (SELECT COUNT(*) FROM aside)")
        return int(ever) - int(kept)

    def oldest(self) -> int | None:
        """Return when the record was told that waits longest, or None when none waits."""
        rows = self._read("SELECT at FROM waiting ORDER BY seq LIMIT 1")
        return rows[0][0] if rows else None

    def fed(self) -> list[Fed]:
        """Return every source that this edge ever told of."""
        rows = self._read("SELECT home, source, time, online, begun FROM source ORDER BY home, source")
        return [Fed(home, source, time, bool(online), begun) for home, source, time, online, begun in rows]

    def begun(self) -> list[Fed]:
        """Return the sources of which nobody has said yet who fed them before."""
        return [fed for fed in self.fed() if fed.begun is not None]

    def hand_over(self, sources: Sequence[Fed]) -> None:
        """Remember of sources that it is said who fed them before."""
        with self._lock, self._writing() as db:
            places = [(fed.home, fed.source) for fed in sources]
            db.executemany("UPDATE source SET begun = NULL WHERE home = ? AND source = ?", places)

    def feed(self, sources: Iterable[tuple[str, str]], now: int, older: int) -> None:
        """Add sources as online since now that are not known; forget others that told nothing since `older`."""
        wanted = set(sources)
        gone = [(f.home, f.source) for f in self.fed() if f.time < older and (f.home, f.source) not in wanted]
        with self._lock, self._writing() as db:
            db.executemany("INSERT OR IGNORE INTO source VALUES (?, ?, 0, 1, ?)", ((*each, now) for each in wanted))
            db.executemany("DELETE FROM source WHERE home = ? AND source = ?", gone)

    def set_back(self, now: int) -> None:
        """Take it that no source told anything after `now`: what says so was told by a clock that was wrong."""
        with self._lock, self._writing() as db:
            db.execute("UPDATE source SET time = ? WHERE time > ?", (now, now))

    def watched(self) -> int | None:
        """Return up to when somebody was watching, as far as the disk knows, or None before the first time."""
        rows = self._read("SELECT value FROM mark WHERE name = 'watched'")
        return rows[0][0] if rows else None

    def watch(self, until: int) -> None:
        """Remember that somebody was watching until then. After a power cut it may be a few seconds less."""
        with self._lock, self._writing(at_once=False) as db:
            db.execute("INSERT OR REPLACE INTO mark (name, value) VALUES ('watched', ?)", (until,))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:  # SQLite gives untyped rows
        with self._lock:
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _writing(self, *, at_once: bool = True) -> Iterator[sqlite3.Connection]:
        """Yield the database in a transaction that is on the disk at its end, or with `at_once` false a little later."""
        try:
            self._db.execute(f"PRAGMA synchronous = {'FULL' if at_once else 'NORMAL'}")
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error) and error.sqlite_errorcode & 0xFF in _FULL:
                message = f"{self.path}: cannot be written: {error}. Free some space and it goes on by itself."
                raise BufferFull(message) from error
            raise


_HEARD = """
INSERT INTO source (home, source, time, online, begun) VALUES (:home, :source, :time, COALESCE(:online, 1), :begun)
ON CONFLICT DO UPDATE SET online = CASE WHEN :online IS NULL OR :time < time THEN online ELSE :online END,
                          time = MAX(time, :time), begun = MIN(begun, :begun)
"""
_COUNT_ASIDE = "INSERT INTO aside_count VALUES (?1, ?2) ON CONFLICT DO UPDATE SET count = count + ?2"
_SHED_ASIDE = """
DELETE FROM aside WHERE number <= (
    SELECT MAX(number) FROM (
        SELECT number, ROW_NUMBER() OVER newest AS place, SUM(LENGTH(line)) OVER newest AS bytes
        FROM aside WINDOW newest AS (ORDER BY number DESC))
    WHERE place > ? OR bytes > ?)
"""


def _heard(records: Iterable[Record], now: int) -> Iterator[dict[str, Any]]:
    """Yield what records say of their sources, in order. A source is fed from just before the first report of its health."""
    for record in records:
        if record.type in REPORTS:
            time = instant(record.time)
            yield {
                "home": record.home or "",
                "source": record.source,
                "time": time,
                "online": online_told(record),
                "begun": min(now, time - 1) if record.type == "health" else now,
            }
