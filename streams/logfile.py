"""The file of a log: its tables, one connection, and reads and writes that any thread may ask for.

WAL, one writer, `synchronous=FULL`: what was acknowledged is on the disk, power cut included, since a source will not say it
again. With `NORMAL` the last seconds would survive a kill but not a power cut. It costs one fsync for each write.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

SCHEMA = 1
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


class LogError(Exception):
    """Say that the log cannot be read or written, and what to do. Nothing that was acknowledged is lost."""


class LogFull(LogError):
    """Say that the log could not be written: the disk is full or failed. What was being written can be tried again."""


class LogFile:
    """An open file. Each write is one transaction, whole or not at all."""

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

    def limit_pages(self, pages: int) -> None:
        """Let the file grow to so many pages of 4 KiB and no further."""
        self._read(f"PRAGMA max_page_count = {int(pages)}")

    def overwrite_deleted(self) -> None:
        """Leave no byte of what was deleted in the file or beside it; takes as long as writing the file anew. Raise LogError."""
        with self._lock:
            try:
                self._db.execute("VACUUM")
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:
                raise self._trouble(error) from error

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


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """Make the tables in a new file; refuse one that a newer version wrote."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        db.executescript(f"BEGIN; {_TABLES} {_ADDED} PRAGMA user_version = {SCHEMA}; COMMIT;")
    elif version != SCHEMA:
        raise LogError(f"{path}: expected a log of version {SCHEMA}, found {version}. Use the program that wrote it.")
    else:
        db.executescript(_ADDED)
