"""Standing: how a state was at an instant and over a period, with three values. What was never reported is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from proactive.answer.archive import Archive
from proactive.answer.blindness import is_offline
from proactive.answer.happening import Asked, Key, key_of, state_before
from rules.home import Device
from rules.match import MAIN
from rules.record import Record
from rules.rule import Pattern
from rules.units import instant

MOST = 10_000  # reports that are gone back through to find when a state began


@dataclass(frozen=True, slots=True)
class Stood:
    """How one state was at an instant.

    `record` is its last report, `since` the first of the reports that said the same, `matches` whether it is what was asked for;
    None where it was never reported. `lost` says that the source has been offline since, so it may be otherwise.
    """

    key: Key
    record: Record | None = None
    since: Record | None = None
    matches: bool | None = None
    lost: bool = False

    @property
    def true(self) -> bool | None:
        """Return whether it is so; None where that is not known."""
        return None if self.lost else self.matches


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch in which a state was what was asked for: `until` is None where it lasts on."""

    key: Key
    since: int
    until: int | None
    first: Record
    last: Record | None


def keys_of(patterns: Iterable[Pattern], asked: Asked) -> list[Key]:
    """Return the states that patterns are about, by source and attribute."""
    found: list[Key] = []
    for pattern in patterns:
        named = pattern.where.get("attribute")
        for source in pattern.source or ():
            entry = asked.home.by_id.get(source)
            alone = isinstance(entry, Device) and len(entry.attributes) == 1
            found.append((source, str(named) if isinstance(named, str) and not alone else MAIN[0]))
    return list(dict.fromkeys(found))


def stood(archive: Archive, asked: Asked, key: Key, time: int, *, now: bool = False) -> Stood:
    """Return how a state was at an instant, reports of that instant included; `now` also asks whether its source is there."""
    last = state_before(archive, asked, key, time + 1)
    if last is None:
        return Stood(key)
    lost = is_offline(archive, key[0], time) if now else _was_lost(archive, key[0], time)
    return Stood(key, last, _since(archive, asked, key, last), asked.matches(last), lost)


def _was_lost(archive: Archive, source: str, time: int) -> bool:
    health = archive.health_before(source, time + 1)
    ended = archive.ended
    return ended is None or ended < time or (health is not None and health.data.get("status") != "online")


def _since(archive: Archive, asked: Asked, key: Key, last: Record) -> Record | None:
    """Return the first of the reports up to the last one that say whether it is so alike; None where they are too many."""
    first, wanted = last, asked.matches(last)
    for number, record in enumerate(archive.states_back(key[0], instant(last.time))):
        if number > MOST:
            return None
        if key_of(record, asked) != key:
            continue
        if asked.matches(record) != wanted:
            break
        first = record
    return first


def stretches(archive: Archive, asked: Asked, keys: Sequence[Key], since: int, until: int) -> list[Stretch]:
    """Return when states were what was asked for, clipped to `since <= time < until`, in order of their beginning."""
    reports = list(archive.reports({key[0] for key in keys}, since, until))
    found = [stretch for key in keys for stretch in _of_key(archive, asked, key, reports, since)]
    return sorted(found, key=lambda stretch: stretch.since)


def _of_key(archive: Archive, asked: Asked, key: Key, reports: Sequence[Record], since: int) -> Iterator[Stretch]:
    before = state_before(archive, asked, key, since)
    own = [record for record in reports if record.type == "state" and key_of(record, asked) == key]
    begun: Record | None = None
    for record in ([before] if before else []) + own:
        if asked.matches(record):
            begun = begun or record
        elif begun is not None:
            yield Stretch(key, max(since, instant(begun.time)), instant(record.time), begun, record)
            begun = None
    if begun is not None:
        yield Stretch(key, max(since, instant(begun.time)), None, begun, None)
