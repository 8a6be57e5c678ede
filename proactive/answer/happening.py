"""Happenings: what matched in a period. An episode is one; a state is one when it changes to what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from proactive.answer.archive import Archive
from rules.coverage import is_lost
from rules.home import Device, Home, Person
from rules.match import MAIN, Matcher, Names, compile_pattern
from rules.record import Record
from rules.rule import Pattern
from rules.units import instant


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: the first record that matched, the last of its episode, and whether that ended it."""

    first: Record
    last: Record
    ended: bool = False

    @property
    def time(self) -> int:
        """Return when it began."""
        return instant(self.first.time)


@dataclass(frozen=True, slots=True)
class Asked:
    """The patterns of a question, compiled for a home."""

    home: Home
    matchers: tuple[Matcher, ...]

    @classmethod
    def of(cls, patterns: Iterable[Pattern], home: Home) -> Asked:
        """Return the compiled patterns."""
        return cls(home, tuple(map(compile_pattern, patterns)))

    def matches(self, record: Record) -> bool:
        """Say whether a record is what was asked for; anything is where nothing was named."""
        if record.type == "health":
            return False
        known = _presence(record, self.home)
        return not self.matchers or any(matcher.matches(known, self.names(record)) for matcher in self.matchers)

    def names(self, record: Record) -> Names:
        """Return the attributes that a state reports: its only listed attribute and `state` are the same one."""
        if record.type != "state":
            return None
        entry, name = self.home.by_id.get(record.source or ""), record.data.get("attribute")
        only = next(iter(entry.attributes)) if isinstance(entry, Device) and len(entry.attributes) == 1 else "state"
        main = MAIN if only == "state" else ("state", only)
        return main if name is None or name in main else (str(name),)


def _presence(record: Record, home: Home) -> Record:
    """Return a person's state as home or away: whatever is not home is away."""
    if record.type != "state" or not isinstance(home.by_id.get(record.source or ""), Person):
        return record
    value = record.data.get("value")
    if record.data.get("attribute", "state") != "state" or value in ("home", "away"):
        return record
    return Record(**{name: getattr(record, name) for name in record.__struct_fields__} | {"data": {"value": "away"}})


Key = tuple[str, str]


def key_of(record: Record, asked: Asked) -> Key:
    """Return what a state is of: its source and attribute."""
    names = asked.names(record) or MAIN
    return record.source or "", names[0]


def happenings(
    archive: Archive, asked: Asked, sources: Sequence[str] | None, since: int, until: int
) -> list[Happening]:
    """Return what happened with `since <= time < until`, in order of time."""
    return list(_Scan(archive, asked, since).run(archive.reports(sources, since, until)))


class _Scan:
    """Goes through reports in order, and knows which episodes go on and what each state was before.

    `last` is the report before of each state: None where none is known, or where the source was offline since.
    """

    def __init__(self, archive: Archive, asked: Asked, since: int) -> None:
        self.archive, self.asked, self.since = archive, asked, since
        self.found: list[Happening] = []
        self.open: dict[object, int] = {}
        self.last: dict[Key, Record | None] = {}
        self.lost: set[str] = set()

    def run(self, records: Iterable[Record]) -> list[Happening]:
        """Return the happenings of some reports."""
        for record in records:
            match record.type:
                case "health":
                    self._health(record)
                case "state":
                    self._state(record)
                case _:
                    self._report(record)
        return self.found

    def _report(self, record: Record) -> None:
        episode = record.data.get("episode")
        ends = record.data.get("phase") == "end"
        if episode is not None and episode in self.open:
            number = self.open[episode]
            self.found[number] = replace(self.found[number], last=record, ended=ends)
        elif self.asked.matches(record):
            self.found.append(Happening(record, record, ends or episode is None))
            if episode is not None:
                self.open[episode] = len(self.found) - 1
        if ends:
            self.open.pop(episode, None)

    def _state(self, record: Record) -> None:
        key = key_of(record, self.asked)
        before = self.last[key] if key in self.last else self._before(key)
        if before is not None and self._becomes(before, record):
            self.found.append(Happening(record, record, ended=True))
        self.last[key] = record

    def _becomes(self, before: Record, record: Record) -> bool:
        """Say whether a state changed to what was asked for; to anything else than it was, where nothing was named."""
        if not self.asked.matchers:
            return before.data.get("value") != record.data.get("value")
        return self.asked.matches(record) and not self.asked.matches(before)

    def _health(self, record: Record) -> None:
        if not is_lost(record):
            return
        source = record.source or ""
        self.lost.add(source)
        self.last |= {key: None for key in self.last if key[0] == source}

    def _before(self, key: Key) -> Record | None:
        """Return what a state was when the period began; None where the source was offline since."""
        if key[0] in self.lost:
            return None
        last = state_before(self.archive, self.asked, key, self.since)
        if last is None:
            return None
        between = self.archive.reports([key[0]], instant(last.time), self.since)
        return None if any(map(is_lost, between)) else last


def state_before(archive: Archive, asked: Asked, key: Key, time: int) -> Record | None:
    """Return the last report of a state with `time < time`, or None."""
    return next((record for record in archive.states_back(key[0], time) if key_of(record, asked) == key), None)
