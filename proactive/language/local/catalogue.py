"""The catalogue: every phrase by which a home's people, pets, devices and places can be called, and what it may mean.

A phrase may mean several things ("front door": a contact, a lock, where the camera looks); what is said about it
decides. Phrases are stems without articles. Nothing here is invented: each reference names an entry of the home.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Literal

from proactive.language.local.lexicon import (
    COMMANDS,
    FILLER,
    LABELS,
    MEANINGS,
    MOTIONS,
    NOT_ALONE,
    NOTICE,
    NUMBER_NOUNS,
    PARTICLES,
    SAME,
    TYPE_NOUNS,
    UNITS,
)
from proactive.language.local.token import stems
from rules.bowl import holds_food, holds_water
from rules.home import Camera, Device, Home, Pet

RefKind = Literal["person", "pet", "device", "place"]
ARTICLES = frozenset("the a an my our your his her their this that".split())
_PLACING = ("in", "on", "of", "at", "by", "inside", "near")
_COLOURS = frozenset("black white brown cream grey gray golden gold light dark red blue ginger orange tan".split())
_SPECIES = {
    "dog": ("dog", "puppy", "doggy", "pup", "hound"),
    "cat": ("cat", "kitty", "kitten"),
    "bird": ("bird",), "rabbit": ("rabbit", "bunny"), "horse": ("horse",),
}  # fmt: skip
# Roles by which people call who works for them; of relations ("son") the aliases tell whose they are.
_WORK = frozenset("nanny babysitter sitter cleaner housekeeper gardener caregiver caretaker nurse".split())
# Words that mean something of their own, or any thing: no name by themselves.
_COMMON = frozenset(
    {
        word
        for phrase in (*FILLER, *PARTICLES, *COMMANDS, *NOTICE, *MEANINGS, *MOTIONS, *LABELS, *UNITS)
        for word in stems(phrase).split()
    }
    | {stems(noun) for nouns in (*TYPE_NOUNS.values(), *NUMBER_NOUNS.values()) for noun in nouns}
    | {"room", "machine", "side", "corner", "spot", "box", "unit", "thing", "time", "day", "night", "one"}
)
_CAMERA_NOUNS = ("camera", "cam")


@dataclass(frozen=True, slots=True)
class Ref:
    """One thing a phrase may mean.

    `generic` where the phrase is a kind ("the door", "the dog") and not a name; `attribute` where it names one
    ("the temperature" of a thermostat).
    """

    kind: RefKind
    id: str
    zone: str | None = None
    generic: bool = False
    attribute: str | None = None


@dataclass(slots=True)
class Catalogue:
    """The phrases of one home: stems without articles, joined by spaces, each with what it may mean."""

    home: Home
    phrases: dict[str, list[Ref]] = field(default_factory=dict)

    def add(self, phrase: str, ref: Ref) -> None:
        """Add what a phrase may mean, and the same phrase in other common words."""
        self.add_stems(without_articles(stems(phrase)), ref)

    def add_stems(self, key: str, ref: Ref) -> None:
        """Add what a phrase may mean that is stems without articles already."""
        if not key:
            return
        for text in (key, *_other_words(key)):
            refs = self.phrases.setdefault(text, [])
            if ref not in refs:
                refs.append(ref)

    def names(self) -> list[str]:
        """Return the names of people and pets: what an unknown name may be a slip for."""
        return [entry.name for entry in (*self.home.pets, *self.home.people) if entry.name]


def without_articles(phrase: str) -> str:
    """Return a phrase without its articles: "light by the bed" is "light by bed"."""
    return " ".join(word for word in phrase.split() if word not in ARTICLES)


_SAME = [(f" {stems(meant)} ", f" {stems(said)} ") for said, meant in SAME.items()]


def _other_words(key: str) -> Iterator[str]:
    """Yield a phrase in other common words: "front door" is "entrance door" too."""
    padded = f" {key} "
    for meant, said in _SAME:
        if meant in padded:
            yield padded.replace(meant, said).strip()


def catalogue_of(home: Home) -> Catalogue:
    """Return the catalogue of a home; made once for each home value."""
    return _cache.of(home)


@dataclass(slots=True)
class _Cache:
    """The last catalogues by the identity of their homes, which they keep alive; homes are not hashable."""

    made: dict[int, Catalogue] = field(default_factory=dict)

    def of(self, home: Home) -> Catalogue:
        found = self.made.get(id(home))
        if found is None:
            if len(self.made) >= 64:
                self.made.clear()
            found = self.made[id(home)] = _make(home)
        return found


_cache = _Cache()


def _make(home: Home) -> Catalogue:
    catalogue = Catalogue(home)
    _add_people(catalogue)
    _add_pets(catalogue)
    for camera in home.cameras:
        _add_camera(catalogue, camera)
    for device in home.devices:
        _add_device(catalogue, device)
    _add_heads(catalogue)
    return catalogue


def _add_heads(catalogue: Catalogue) -> None:
    """Add the last word of a name of several where it is that of one thing alone: "the heater", "the trough"."""
    named: dict[str, set[Ref]] = {}
    for phrase, refs in catalogue.phrases.items():
        for ref in refs:
            if len(phrase.split()) > 1 and ref.kind in ("device", "place") and _is_name(phrase, ref, catalogue.home):
                named.setdefault(phrase.split()[-1], set()).add(ref)
    for head, found in named.items():
        alone = len({(ref.id, ref.zone) for ref in found}) == 1 and head not in catalogue.phrases
        if alone and len(head) > 3 and head not in _COMMON:
            catalogue.phrases[head] = [replace(next(iter(found)), generic=True)]


def _is_name(phrase: str, ref: Ref, home: Home) -> bool:
    """Say whether a phrase is how the home itself names a thing, and no other order of its words."""
    entry = home.by_id[ref.id]
    names = (
        [ref.zone.replace("_", " ")] if ref.zone else [entry.name, *entry.aliases] if isinstance(entry, Device) else []
    )
    return phrase in {without_articles(stems(name)) for name in names}


# --- people and pets --------------------------------------------------------------------------------------------


def _add_people(catalogue: Catalogue) -> None:
    home = catalogue.home
    for person in home.people:
        for name in (person.name, *person.aliases):
            if name.lower() not in ("me", "i", "everyone", "everybody"):
                catalogue.add(name, Ref("person", person.id))
        for word in _WORK & set(re.findall(r"\w+", person.role.lower())):
            catalogue.add(word, Ref("person", person.id, generic=True))
    for group, ids in home.groups.items():
        key = without_articles(stems(group))
        kinds = {i: _kind(home, i) for i in ids}
        catalogue.phrases[key] = [Ref(kind, i, generic=True) for i, kind in kinds.items() if kind]


def _kind(home: Home, identity: str) -> RefKind | None:
    entry = home.by_id[identity]
    if isinstance(entry, Pet):
        return "pet"
    return "device" if isinstance(entry, Device) else None if isinstance(entry, Camera) else "person"


def _add_pets(catalogue: Catalogue) -> None:
    for pet in catalogue.home.pets:
        for name in (pet.name, *pet.aliases):
            catalogue.add(name, Ref("pet", pet.id))
        species = _SPECIES.get(pet.species, (pet.species,) if pet.species else ())
        for noun in (*species, "pet"):
            catalogue.add(noun, Ref("pet", pet.id, generic=True))
        for look in _looks(pet.looks, species):
            catalogue.add(look, Ref("pet", pet.id))


def _looks(looks: str, species: Iterable[str]) -> Iterator[str]:
    """Yield the ways to call a pet by its looks: "golden retriever", "retriever", "black dog", "the cream one"."""
    for part in re.split(r",|\bwith\b|\bor\b|\band\b", looks.lower()):
        words = part.split()
        if not words or "collar" in words:
            continue
        if words[-1] not in ("coat", "face", "fur", "curly"):
            yield from (" ".join(words), *(w for w in words if w not in _COLOURS))
        for word in (w for w in words if w in _COLOURS or w == "curly"):
            yield from (f"{word} {noun}" for noun in (*species, "one"))


# --- places -----------------------------------------------------------------------------------------------------


def _add_camera(catalogue: Catalogue, camera: Camera) -> None:
    whole = Ref("place", camera.id)
    for name in (camera.name, *camera.aliases):
        place = re.sub(r"\s*\b(camera|cam)\b", "", name.lower()).strip()
        placed = (f"{noun} {where} {place}" for noun in _CAMERA_NOUNS for where in _PLACING if place)
        for phrase in (name, place, *(f"{place} {noun}" for noun in _CAMERA_NOUNS), *placed):
            catalogue.add(phrase, whole)
    for zone in camera.zones:
        words = zone.lower().split("_")
        plain = [w for w in words if w not in _COLOURS]
        for phrase in {" ".join(words), " ".join(plain)}:
            catalogue.add(phrase, Ref("place", camera.id, zone))
        if is_bowl(zone):
            catalogue.add("bowl", Ref("place", camera.id, zone, generic=True))
    for seen in re.split(r",|\band\b|\bby\b", camera.sees.lower()):
        if stems(seen) and not any(
            ref.id == camera.id for ref in catalogue.phrases.get(without_articles(stems(seen)), ())
        ):
            catalogue.add(seen, whole)


def is_bowl(zone: str) -> bool:
    """Say whether a zone's name, or what a camera sees, is where an animal is fed."""
    return bool(re.search(r"bowl|food|feed", zone.lower())) and (holds_food(zone) or not holds_water(zone))


# --- devices ----------------------------------------------------------------------------------------------------


def _add_device(catalogue: Catalogue, device: Device) -> None:
    named, kind = Ref("device", device.id), Ref("device", device.id, generic=True)
    nouns = TYPE_NOUNS.get(device.type, (device.type.replace("_", " "),))
    for name in (device.name, *device.aliases):
        catalogue.add(name, named)
        stem = without_articles(stems(name))
        for noun in nouns:
            for phrase in _with_noun(stem, stems(noun)):
                catalogue.add_stems(phrase, named)
    for noun in nouns:
        if (device.type, noun) not in NOT_ALONE:
            catalogue.add(noun, kind)
    words = stems(device.name).split()
    if len(words) > 2 and device.type == "sensor":  # "the tank level", "the water tank"
        catalogue.add_stems(" ".join(words[1:]), kind)
        catalogue.add_stems(" ".join(words[:-1]), kind)
    if device.type == "temperature":  # "the freezer is above ten degrees"
        for name in (device.name, *device.aliases):
            catalogue.add(" ".join(w for w in stems(name).split() if w not in stems(" ".join(nouns)).split()), kind)
    for attribute in device.attributes:
        for noun in NUMBER_NOUNS.get(attribute, ()):
            catalogue.add(noun, Ref("device", device.id, generic=True, attribute=attribute))


def _with_noun(name: str, noun: str) -> Iterator[str]:
    """Yield a name with the noun of its type: "window kitchen" gives "kitchen window", "window in kitchen"."""
    words, head = name.split(), noun.split()
    rest = [word for word in words if word not in head]
    other_kind = len(rest) == len(words) and words[-1] in _HEADS - set(head)
    if not rest or other_kind or _JOINING & set(words):
        return
    yield " ".join((*rest, *head))
    yield " ".join((*head, *rest))
    for placing in _PLACING:
        yield " ".join((*head, placing, *rest))
    for one, other in combinations(rest, 2):
        yield " ".join((other, one, *head))


# A name with one of these is said as it stands; its words in another order would swallow words of the request.
_JOINING = frozenset("and or but not if when while unless then".split())
_HEADS = frozenset(stems(noun).split()[-1] for nouns in TYPE_NOUNS.values() for noun in nouns) - {"door", "garage"}
