"""A told fact: something about the home that a person said, kept in the personal context and used when others are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rules.home import Home, Person, Pet

FactKind = Literal["alias", "time", "away", "pet", "person"]
NEWCOMERS: frozenset[FactKind] = frozenset(("pet", "person"))  # what puts somebody on the home's list


@dataclass(frozen=True, slots=True)
class Fact:
    """What somebody told.

    `alias` is another name of an entry, `time` a named time of day, `away` a stretch of absence; `pet` and `person` are somebody
    whom the home does not list yet.

    `about` is the id of a person, pet, camera or device, or the home's; `name` is the other name ("the black one") or what
    happens at the time ("bedtime", "dinner", "eats"); `value` is a time's `HH:MM`, a pet's species, else "". `since` and `until`
    are aware: when it was told first, and when it is over.
    """

    kind: FactKind
    about: str
    name: str
    value: str = ""
    said: str = ""
    by: str = ""
    until: datetime | None = None
    since: datetime | None = None

    @property
    def id(self) -> str:
        """Return the id by which a person can delete it: `birch.bedtime`, `pet.otto.the-black-one`."""
        return f"{self.about}.{'-'.join(self.name.lower().split())}"

    def over(self, now: datetime | None) -> bool:
        """Say whether its time has passed."""
        return now is not None and self.until is not None and self.until <= now


def listing(home: Home, facts: Iterable[Fact]) -> Home:
    """Return a home that lists the pets and people who were told of too, unless it has their id or their name already."""
    for fact in facts:
        known = {entry.name.lower() for entry in (*home.pets, *home.people)}
        if fact.kind in NEWCOMERS and fact.about not in home.by_id and fact.name.lower() not in known:
            home = _with(home, fact)
    return home


def _with(home: Home, fact: Fact) -> Home:
    if fact.kind == "pet":
        return home.model_copy(update={"pets": (*home.pets, Pet(id=fact.about, name=fact.name, species=fact.value))})
    # Who a guest is decides what they may; an owner can change the role in the home file.
    role = "child" if fact.value == "child" else "guest"
    return home.model_copy(update={"people": (*home.people, Person(id=fact.about, name=fact.name, role=role))})


def unlisted(home: Home, fact: Fact) -> Home:
    """Return a home without a pet or a person who was told of."""
    pets = tuple(pet for pet in home.pets if fact.kind != "pet" or pet.id != fact.about)
    people = tuple(person for person in home.people if fact.kind != "person" or person.id != fact.about)
    groups = {
        name: left for name, members in home.groups.items() if (left := tuple(id for id in members if id != fact.about))
    }
    return home.model_copy(update={"pets": pets, "people": people, "groups": groups})
