"""Kept history: one file a home beside the log, never in it, so that nothing that was imported can fire a rule.

A backtest reads it in addition: what a source did before the log knows it. Where neither watched, the source is blind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from rules.record import Record, decode
from rules.units import instant, moment

if TYPE_CHECKING:
    from proactive.settings import Settings
    from streams.log import Log

FOLDER = "history"  # in the data folder
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of a home: how many records of how many sources, from when until when (microseconds)."""

    records: int
    sources: tuple[str, ...]
    began: int
    until: int


def history_file(settings: Settings, home: str) -> Path:
    """Return where a home's imported history is kept."""
    return settings.data / FOLDER / f"{quote(home, safe='')}.db"


def keep(settings: Settings, home: str, records: Iterable[Record], until: int) -> int:
    """Keep records that are new, and until when their sources were watched; return how many were new. Raise LogError."""
    from streams.log import Log

    file = history_file(settings, home)
    file.parent.mkdir(parents=True, exist_ok=True)
    ordered = sorted(records, key=_order)
    with Log(file) as log:
        new = sum(sum(log.append(ordered[at : at + _CHUNK])) for at in range(0, len(ordered), _CHUNK))
        log.append([Record(id=f"until-{until}", type="tick", time=moment(until), home=home)])
    return new


def forget(settings: Settings, home: str) -> bool:
    """Delete a home's imported history and say whether there was any."""
    file = history_file(settings, home)
    there = file.exists()
    for name in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        name.unlink(missing_ok=True)
    return there


def known(settings: Settings, home: str) -> Known | None:
    """Return what is kept of a home, or None."""
    reports, until = _read(settings, home)
    if not reports:
        return None
    sources = tuple(sorted({record.source for record in reports if record.source}))
    return Known(len(reports), sources, instant(reports[0].time), until)


def _read(settings: Settings, home: str) -> tuple[list[Record], int]:
    """Return a home's imported reports in order of time, and until when their sources were watched."""
    from streams.log import Log

    if not history_file(settings, home).exists():
        return [], 0
    with Log(history_file(settings, home)) as log:
        records = [decode(line) for line in log.lines()]
    until = max((instant(record.time) for record in records), default=0)
    return sorted((record for record in records if record.type != "tick"), key=_order), until


def _order(record: Record) -> tuple[int, str]:
    return instant(record.time), record.id


# --- beside the log ---------------------------------------------------------------------------------------------


@contextmanager
def past_of(settings: Settings, home: str) -> Iterator[Iterable[Record]]:
    """Yield a home's records: what was imported, then its log's; they can be read once, while the block runs."""
    from proactive import app

    reports, until = _read(settings, home)
    if not settings.log.exists():
        yield [*reports, *_blind_after(reports, until, None)]
        return
    with app.open_log(settings) as log:
        before = _before_the_log(reports, until, log, home)
        yield merge(before, map(decode, log.lines()), key=lambda record: instant(record.time))


def before_the_log(settings: Settings, log: Log, home: str) -> list[Record]:
    """Return what was imported of a home beside an open log, with when nobody watched in between."""
    reports, until = _read(settings, home)
    return _before_the_log(reports, until, log, home) if reports else []


def _before_the_log(reports: list[Record], until: int, log: Log, home: str) -> list[Record]:
    """Return the imported reports that the log does not have itself, and when their sources were blind in between."""
    own = {source.source for source in log.sources() if source.home == home}
    began = log.beginning()
    if began is None:
        return [*reports, *_blind_after(reports, until, None)]
    kept = [record for record in reports if record.source not in own or instant(record.time) < began]
    known_later = [record for record in kept if record.source in own]
    others = [record for record in kept if record.source not in own]
    gaps = [*_blind_after(known_later, min(until, began), began), *_blind_after(others, until, None)]
    return sorted([*kept, *gaps], key=_order)


def _blind_after(reports: Iterable[Record], until: int, again: int | None) -> Iterator[Record]:
    """Yield, for each source, that nobody watched it after the import, until it was watched `again`."""
    for home, source in sorted({(record.home or "", record.source or "") for record in reports}):
        yield _health(home, source, "offline", until)
        if again is not None:
            yield _health(home, source, "online", max(again, until))


def _health(home: str, source: str, status: str, at: int) -> Record:
    id = f"{status}-{source}-{at}"
    return Record(id=id, type="health", source=source, home=home, time=moment(at), data={"status": status})
