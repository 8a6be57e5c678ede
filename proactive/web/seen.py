"""Seen: what a log tells, read backwards and made into what happened: one entry an episode, a change or a blind stretch.

A page is read from a place on, in the order of (time, id), so what is appended meanwhile moves nothing. It ends when it is
full, or when enough was looked at: who searches a year for a word looks a stretch at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from proactive.access.access import Access
from rules.coverage import source_of, spot_told, zone_of
from rules.explain import Language
from rules.home import Home
from rules.record import Record, decode
from rules.units import MINUTE, instant
from rules.words import blindness as english
from rules.words.records import record_text
from rules.words.spanish import blindness as spanish
from rules.words.times import joined

if TYPE_CHECKING:
    from streams.log import Log

Place = tuple[int, str]  # in the order of (time, id)
CHUNK = 400
EXAMINED = 20_000  # records that one page looks at
AHEAD = 10 * MINUTE  # how far beyond the page is looked for the end, and the picture, of what began on it
NAMED = 3  # sources that a blind stretch names; more are counted


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that happened: when, until when where it lasted, how it looks, in words, and the record with its picture."""

    time: int
    id: str
    looks: str
    words: str
    source: str = ""
    until: int | None = None
    picture: str = ""
    state: tuple[str, str, object] | None = None  # what a state is of, and its value

    @property
    def place(self) -> Place:
        """Return where it stands in the order of (time, id)."""
        return self.time, self.id


@dataclass(frozen=True, slots=True)
class Looking:
    """What is looked for: of one source (empty: of all), and what passes as a line and as a record; `plain` values too."""

    source: str = ""
    line: Callable[[bytes], bool] = lambda _: True
    record: Callable[[Record], bool] = lambda _: True
    numbers: bool = False


@dataclass(slots=True)
class Backwards:
    """Reads a home's log backwards for whoever may know."""

    log: Log
    access: Access
    language: Language = "en"
    _ends: dict[tuple[str, str], int] = field(default_factory=dict)
    _pictures: dict[tuple[str, str], str] = field(default_factory=dict)
    _online: dict[str, int] = field(default_factory=dict)

    @property
    def home(self) -> Home:
        """Return the home."""
        return self.access.home

    def page(self, before: Place, since: int, looking: Looking, limit: int) -> tuple[list[Seen], Place | None]:
        """Return up to about `limit` of what happened before a place, the newest first, and where to read on (None: all read).

        Nothing that happened between that place and `before` is left out.
        """
        found: list[Seen] = []
        place: Place = (before[0] + AHEAD, "") if before[0] < 1 << 60 else before
        left = EXAMINED
        while left > 0:
            rows = self.log.latest(self.home.home, looking.source or None, place, CHUNK)
            for time, id, line in rows:
                if time < since:
                    return self._settled(found), None
                if looking.line(line) and (seen := self._read(decode(line), looking)) and (time, id) < before:
                    found.append(seen)
            if len(rows) < CHUNK:
                return self._settled(found), None
            place, left = rows[-1][:2], left - CHUNK
            if len(found) >= limit:
                break
        return self._settled(found), place

    def _read(self, record: Record, looking: Looking) -> Seen | None:
        if not self.access.may_read(record) or not looking.record(record):
            return None
        match record.type:
            case "detection":
                return self._detection(record)
            case "state":
                return self._state(record, looking)
            case "health":
                return self._health(record)
            case _:
                return self._plain(record, "event")

    def _detection(self, record: Record) -> Seen | None:
        """Return an episode at its beginning; what came later of it was read before, and is kept until then."""
        key = (record.source or "", str(record.data.get("episode", "")))
        pictured = record.id if record.data.get("snapshot") and self.access.may_see(key[0]) else ""
        if record.data.get("phase") in ("update", "end") and key[1]:
            self._ends.setdefault(key, instant(record.time))
            if pictured:
                self._pictures[key] = pictured
            return None
        later = self._pictures.pop(key, "")
        return self._plain(record, "seen", until=self._ends.pop(key, None), picture=pictured or later)

    def _state(self, record: Record, looking: Looking) -> Seen | None:
        value = record.data.get("value")
        if isinstance(value, int | float) and not isinstance(value, bool) and not looking.numbers:
            return None  # a thermometer reports all day long
        of = (record.source or "", str(record.data.get("attribute", "state")), value)
        return self._plain(record, "state", state=of)

    def _health(self, record: Record) -> Seen | None:
        spot, time = spot_told(record), instant(record.time)
        if record.data.get("status") == "online":
            self._online[spot] = time
            return None
        until = self._online.get(spot) or self._next(spot, time)
        self._online[spot] = time  # another reason ends the stretch before
        say = spanish.blind if self.language == "es" else english.blind
        reason = record.data.get("reason")
        words = say(source_of(spot), zone_of(spot), reason if isinstance(reason, str) else None, self.home)
        return Seen(time, record.id, "blind", words, record.source or "", until)

    def _next(self, spot: str, after: int) -> int | None:
        """Return when a spot was told of next; None while it is as it was."""
        later = self.log.next_health(self.home.home, source_of(spot), after)
        return next((instant(record.time) for record in later if spot_told(record) == spot), None)

    def _plain(
        self,
        record: Record,
        looks: str,
        until: int | None = None,
        picture: str = "",
        state: tuple[str, str, object] | None = None,
    ) -> Seen:
        words = record_text(record, self.home)
        return Seen(
            instant(record.time), record.id, looks, words, record.source or "", until, picture, state
        )  # fmt: skip

    # --- what is only known once more was read -------------------------------------------------------------------

    def _settled(self, found: list[Seen]) -> list[Seen]:
        """Return what was found without states that only said the same again, blind stretches of one moment as one."""
        return list(_grouped(list(self._changes(found)), "y" if self.language == "es" else "and"))

    def _changes(self, found: list[Seen]) -> Iterator[Seen]:
        earlier: dict[tuple[str, str], object] = {}
        kept: set[str] = set()
        for seen in reversed(found):
            if seen.state is None:
                kept.add(seen.id)
                continue
            source, attribute, value = seen.state
            before = earlier[source, attribute] if (source, attribute) in earlier else self._before(seen)
            earlier[source, attribute] = value
            # The first report of a source sets its state: nothing happened.
            if before is not _NOTHING and before != value:
                kept.add(seen.id)
        yield from (seen for seen in found if seen.id in kept)

    def _before(self, seen: Seen) -> object:
        assert seen.state is not None
        source, attribute, _ = seen.state
        back = self.log.back(self.home.home, source, "state", seen.time)
        values = (each.data.get("value") for each in back if str(each.data.get("attribute", "state")) == attribute)
        return next(values, _NOTHING)


_NOTHING = object()


def _grouped(found: list[Seen], last: str) -> Iterator[Seen]:
    """Yield blind stretches that began and ended in the same minute as one: a restart is one thing, not twenty."""
    for blind, group in groupby(found, key=_stretch):
        same = list(group)
        if blind is None or len(same) == 1:
            yield from same
            continue
        first, words = same[0], [each.words for each in same]
        more = [f"{len(words) - NAMED} more"] if len(words) > NAMED + 1 else []
        named = words[: NAMED if more else None] + more
        yield Seen(first.time, first.id, "blind", joined(named, last), first.source, first.until)


def _stretch(seen: Seen) -> tuple[int, int] | None:
    if seen.looks != "blind":
        return None
    return seen.time // MINUTE, (seen.until or 0) // MINUTE
