"""The roster: what of a home one request can mean, under short handles that a model reads and writes instead of ids.

Entries are chosen by name (as written, or nearly so), by type and capability that the words show, by place, and from
the rules talked about last. Handles are the same for every request to a home; a handle that is not on the roster
means nothing. Names and values are data from outside: they are cut to plain letters and never carry meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from rapidfuzz import fuzz

from proactive.language.compiler.foreign import labels_in
from proactive.language.local.lexicon import LABELS
from proactive.language.local.predicate import bowl_places
from proactive.language.local.slots import Slots
from proactive.language.request import Request
from rules.home import Camera, Device, Entry, Home, Person, Pet

NEAR = 88.0  # of 100: a name as it is misspelt or bent by another language
MOST = 28  # entries in one prompt: what more would add is mostly noise to a small model
LONGEST = 40  # characters of a name or handle
SEEN_LABELS = tuple(dict.fromkeys(label for labels in LABELS.values() for label in labels))

Part = Literal["who", "what", "where"]


@dataclass(frozen=True, slots=True)
class Report:
    """What a device can report under one word: a value of an attribute, an event, or a number (value None)."""

    attribute: str = "state"
    value: str | bool | None = None
    event: str | None = None

    @property
    def is_number(self) -> bool:
        """Say whether it is a number, of which a limit can be watched."""
        return self.value is None and self.event is None


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry on the roster: its handle, the id and zone that it stands for, and where in a form it may be used."""

    handle: str
    id: str
    part: Part
    kind: str
    name: str
    zone: str | None = None
    reports: Mapping[str, Report] = field(default_factory=dict)
    named: bool = False

    def line(self) -> str:
        """Return the entry as one line of a prompt."""
        cells = [self.handle, self.kind, self.name, ", ".join(self.reports)]
        return " | ".join(cell for cell in cells if cell)


@dataclass(frozen=True)
class Roster:
    """The entries one request can mean, in the home's order."""

    entries: tuple[Listed, ...]

    @cached_property
    def by_handle(self) -> dict[str, Listed]:
        """Return the entries by handle."""
        return {entry.handle: entry for entry in self.entries}

    def of(self, part: Part, *, named: bool = False) -> list[Listed]:
        """Return the entries of one part of a form; `named` those that the words name."""
        return [entry for entry in self.entries if entry.part == part and (entry.named or not named)]

    def find(self, handle: str, part: Part | None = None) -> Listed | None:
        """Return the entry of a handle, or None where it is not on the roster."""
        entry = self.by_handle.get(handle)
        return entry if entry is not None and part in (None, entry.part) else None


def roster_of(request: Request, found: Slots) -> Roster:
    """Return the entries that a request can mean, at most `MOST`: those its words name come first to stay."""
    wanted = _wanted(request, found)
    weighed = [(entry, _weight(entry, wanted)) for entry in _listed(request.home)]
    floor = sorted((weight for _, weight in weighed), reverse=True)[:MOST][-1:] or [1]
    kept = [(entry, weight) for entry, weight in weighed if weight >= max(1, floor[0])][: 2 * MOST]
    return Roster(tuple(replace(entry, named=weight >= _NAMED) for entry, weight in kept))


def _weight(entry: Listed, wanted: Wanted) -> int:
    """Return how much an entry is wanted; a camera that is named brings its zones, one that is only able does not."""
    whole = wanted.get((entry.id, None), 0)
    own = wanted.get((entry.id, entry.zone), 0)
    return own if entry.zone is None or own else whole if whole >= _NAMED else 0


def whole_roster(home: Home) -> Roster:
    """Return everything a home lists: what a prompt without selection would send."""
    return Roster(tuple(_listed(home)))


# --- which entries ----------------------------------------------------------------------------------------------

_NAMED, _NEARLY, _ABLE, _LATELY = 4, 4, 2, 1
Wanted = dict[tuple[str, str | None], int]


def _wanted(request: Request, found: Slots) -> Wanted:
    """Return the weight of each entry, by id and zone: named, able to report what is said, or talked about lately."""
    wanted: Wanted = {}
    for ref in found.refs:
        _want(wanted, ref.id, ref.zone, _NAMED)
    for entry in request.home.entries():
        if _nearly(entry.name, entry.aliases, request.text):
            _want(wanted, entry.id, None, _NEARLY)
    for identity in _by_a_word(request.home, found):
        _want(wanted, identity, None, _NAMED)
    for identity, zone in _able(request.home, found):
        _want(wanted, identity, zone, _ABLE)
    for turn in request.conversation[-2:]:
        for identity in _ids_of(turn.outcome.rules, request.home):
            _want(wanted, identity, None, _LATELY)
    return wanted


def _want(wanted: Wanted, identity: str, zone: str | None, weight: int) -> None:
    wanted[identity, zone] = max(weight, wanted.get((identity, zone), 0))


def _nearly(name: str, aliases: Iterable[str], text: str) -> bool:
    low = text.lower()
    return any(
        len(said) >= 4 and fuzz.partial_ratio(said.lower(), low, score_cutoff=NEAR) >= NEAR for said in (name, *aliases)
    )


def _by_a_word(home: Home, found: Slots) -> Iterator[str]:
    """Yield what only one word of its name was said of, where that is in no other name: "tank" for the rain water tank."""
    for span in found.unknown:
        having = [entry.id for entry in home.entries() if span.text in name_words(entry)]
        if len(having) == 1:
            yield having[0]


def name_words(entry: Entry) -> set[str]:
    """Return the words of four letters and more by which something is called."""
    words = " ".join((entry.name, *entry.aliases)).lower().split()
    return {word for word in words if len(word) >= 4}


def _able(home: Home, found: Slots) -> Iterator[tuple[str, str | None]]:
    """Yield what could report what is said where no name says which: cameras for who is seen, bowls for meals, makers of sounds."""
    placed = any(ref.kind == "place" for ref in found.refs)
    seen = any(span.is_("label", "stranger", "nobody") for span in found.spans)
    words = [token.text for token in found.tokens]
    devices = any(ref.kind == "device" for ref in found.refs)
    being = any(ref.kind == "pet" or (ref.kind == "person" and not devices) for ref in found.refs)
    if not placed and (seen or being or labels_in(words)):
        yield from ((camera.id, None) for camera in home.cameras)
    if any(span.readings.get("motion") == "eat" for span in found.spans):
        yield from ((camera, None) for camera, _ in bowl_places(home))
        yield from ((pet.id, None) for pet in home.pets)
    events = {event for span in found.spans for event in span.readings.get("event", ())}
    yield from ((device.id, None) for device in home.devices if events & set(device.events))


def _ids_of(rules: Iterable[object], home: Home) -> list[str]:
    text = " ".join(str(rule) for rule in rules)
    return [entry.id for entry in home.entries() if f"'{entry.id}'" in text]


# --- what they are called ---------------------------------------------------------------------------------------


def _listed(home: Home) -> Iterator[Listed]:
    handles = _Handles(home)
    for entry in home.entries():
        handle = handles.of(entry.id)
        match entry:
            case Person():
                yield Listed(handle, entry.id, "who", "person", plain(entry.name))
            case Pet():
                yield Listed(handle, entry.id, "who", plain(entry.species) or "pet", plain(entry.name))
            case Camera():
                yield Listed(handle, entry.id, "where", "camera", plain(f"{entry.name}, {entry.sees}"))
                for zone in entry.zones:
                    yield Listed(f"{handle}/{plain(zone)}", entry.id, "where", "zone", "", zone)
            case Device():
                yield Listed(handle, entry.id, "what", plain(entry.type), plain(entry.name), reports=_reports(entry))


def plain(text: str) -> str:
    """Return a name from outside as letters, figures and blanks: no quote, mark or line break that a prompt could end at."""
    return re.sub(r"[^\w ,.'-]+", " ", text)[:LONGEST].strip()


def _reports(device: Device) -> dict[str, Report]:
    found: dict[str, Report] = {}
    for name, kind in device.attributes.items():
        if isinstance(kind, tuple):
            found |= {plain(str(value)): Report(name, str(value)) for value in kind}
        elif kind == "boolean":
            found |= {plain(name): Report(name, True), f"not {plain(name)}": Report(name, False)}
        elif kind == "number":
            found[plain(name)] = Report(name)
    found |= {plain(event): Report(event=event) for event in device.events}
    if device.type == "doorbell" and not device.events:
        found["pressed"] = Report(event="")
    return found


class _Handles:
    """The handles of a home: the end of an id where that is clear, else the id; only plain letters."""

    def __init__(self, home: Home) -> None:
        self._ends: dict[str, int] = {}
        self._given: dict[str, str] = {}
        for entry in home.entries():
            end = _end(entry.id)
            self._ends[end] = self._ends.get(end, 0) + 1

    def of(self, identity: str) -> str:
        end = _end(identity)
        clear = self._ends[end] == 1 and end and end not in SEEN_LABELS
        handle = end if clear else re.sub(r"[^\w.]+", "_", identity)[:LONGEST]
        while self._given.setdefault(handle, identity) != identity:
            handle += "_"
        return handle


def _end(identity: str) -> str:
    return re.sub(r"\W+", "_", identity.partition(".")[2])[:LONGEST]
