"""The embedded log: one SQLite file that holds a home's records, and everything that was derived from them.

The records are the truth, in the order in which they were appended (`seq`). Beside them are what the engine made of
them: firings, pending deadlines, and snapshots that each carry the `seq` they were made at, so that a start reads
only what came after. Whatever is derived can be derived again; nothing is told to a source as kept before it is.
How it is on the disk is `logfile`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import msgspec

from rules.coverage import online_told
from rules.failure import Failure
from rules.firing import Firing
from rules.record import REPORTS, Record, decode, encode
from rules.units import DAY, instant, moment
from streams.logfile import LogError, LogFile, LogFull
from streams.valve import Shed

__all__ = ["Deadline", "Failed", "Log", "LogError", "LogFull", "Source"]

SNAPSHOTS = 2  # kept: the last, and the one before it should the last be unreadable
Deadline = tuple[str, str, int]
_firing = msgspec.json.Decoder(Firing)


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


class Log(LogFile):
    """An open log. Its methods may be called from any thread; each write is one transaction, whole or not at all."""

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

    def erase(self, home: str) -> None:
        """Delete all that there is of a home, what was set aside of it too. Its bytes go with `overwrite_deleted`.

        What is left of it in the engine's state goes with `store_only_snapshot`.
        """
        with self._write() as db:
            for table in ("record", "source", "firing", "deadline", "failure", "shed"):
                db.execute(f"DELETE FROM {table} WHERE home = ?", (home,))
            db.execute("DELETE FROM aside WHERE json_extract(CAST(line AS TEXT), '$.home') = ?", (home,))

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

    def store_only_snapshot(self, seq: int, body: bytes) -> None:
        """Store the engine's state after the record `seq`, and forget every one before it."""
        self.store_snapshot(seq, body)
        with self._write() as db:
            db.execute("DELETE FROM snapshot WHERE seq < ?", (seq,))

    def snapshots(self) -> list[tuple[int, bytes]]:
        """Return the snapshots with the seq of the last record in each, newest first."""
        return [(seq, body) for seq, body in self._read("SELECT seq, body FROM snapshot ORDER BY seq DESC")]


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
