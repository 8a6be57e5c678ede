"""Listings: which entry of a home another system means. Nothing that is not listed enters; what is left out is counted.

An entry is meant by what the home says it is known as there; else by its own id; else by its name, where only one entry of
the right kind is called so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rules.home import Entry, Home

MOST_NAMES = 10_000  # that are remembered as left out: a broker may have endless topics


@dataclass(frozen=True, slots=True)
class Known:
    """An entry that another system means, and the only attribute that is told of by that name, if one is given."""

    entry: Entry
    attribute: str | None = None


@dataclass
class Listing:
    """The entries of one home by what one other system calls them.

    `kinds` are those that count without being named in `known_as`; `left_out` counts what was told of others, by name.
    """

    home: Home
    system: str
    kinds: tuple[type[Entry], ...]
    left_out: Counter[str] = field(default_factory=Counter)
    _named: dict[str, list[Known]] = field(init=False)
    _plain: dict[str, list[Known]] = field(init=False)

    def __post_init__(self) -> None:
        own = [entry for entry in self.home.entries() if self.system in entry.known_as]
        others = [e for e in self.home.entries() if isinstance(e, self.kinds) and self.system not in e.known_as]
        self._named = {}
        for entry in own:
            for name in entry.known_as[self.system]:
                called, _, attribute = name.partition("=")
                self._named.setdefault(called, []).append(Known(entry, attribute or None))
        for entry in others:
            self._named.setdefault(entry.id, []).append(Known(entry))
        self._plain = {}
        for entry in others:
            for word in {plain(name) for name in (entry.id.partition(".")[2], entry.name, *entry.aliases)} - {""}:
                self._plain.setdefault(word, []).append(Known(entry))

    def find(self, name: str, *aliases: str) -> list[Known]:
        """Return the entries that are meant, and count the name where there is none."""
        known = self.look(name, *aliases)
        if not known and (name in self.left_out or len(self.left_out) < MOST_NAMES):
            self.left_out[name] += 1
        return known

    def look(self, name: str, *aliases: str) -> list[Known]:
        """Return the entries that are meant: several where each is named, one where it is only called so."""
        for each in (name, *aliases):
            if each in self._named:
                return self._named[each]
        called = self._plain.get(plain(name), [])
        return called if len(called) == 1 else []

    def names_of(self, entry: str) -> list[str]:
        """Return what an entry is known as there, its own id if nothing is said."""
        found = self.home.by_id.get(entry)
        given = found.known_as.get(self.system, ()) if found is not None else ()
        return [name.partition("=")[0] for name in given] or [entry]

    def named(self) -> Iterator[Entry]:
        """Yield the entries that the home itself says are known there."""
        yield from (entry for entry in self.home.entries() if self.system in entry.known_as)


def plain(name: str) -> str:
    """Return a name as words in lower case, without the word `camera`: `Front_Door Camera` is `front door`."""
    words = re.split(r"[\W_]+", name.lower())
    return " ".join(word for word in words if word and word not in ("camera", "cam"))


def people_by_name(home: Home) -> dict[str, str]:
    """Return the ids of people and pets by what they are called, in lower case."""
    return {name.lower(): entry.id for entry in (*home.people, *home.pets) for name in _called(entry) if name.strip()}


def _called(entry: Entry) -> Iterable[str]:
    return (*entry.aliases, entry.id, entry.name, *entry.known_as.get("frigate", ()))
