"""Identity: who a tracked subject is, where that can be said.

An `Identifier` is asked in every frame in which a track is seen, so that it can look several times before it says who it is.
It names somebody only where it is sure, and says why where it is not: `basis` becomes `data.identified_by`.

| basis | subject | |
|---|---|---|
| `coat`, `coat_words` | the pet | its coat is that of its photos, or of the words in the home file, and of no other's |
| `coat_and_build` | the pet | coats are alike, but what a network makes of its photos is not |
| `only_pet` | the pet | the only one of its kind here, and nothing speaks against it |
| `no_such_pet`, `nobody_known` | `unknown` | no animal of that kind lives here; none that looks so |
| `too_alike`, `no_colour`, `too_dark`, `too_small` | `unknown` | looked at, and not told apart: by its coat, or since none could be seen |
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from rules.home import Home, Pet
from vision.frame import Frame
from vision.look import Look, coats_of, embeddings_of
from vision.portrait import Portrait, learn, read
from vision.track import ANIMAL, PETS, Track, group_of
from vision.vocabulary import UNKNOWN

SLIPS = 5  # sightings, after which a label is no slip
STRANGER = frozenset({"no_such_pet", "nobody_known"})  # the bases on which it is nobody of the home


@dataclass(frozen=True, slots=True)
class Identity:
    """Who it is: an id of the home, or `unknown`; what it then must be (`label`); and how that is known (`basis`)."""

    subject: str
    basis: str
    label: str | None = None


Identifier = Callable[[Track, Frame], Identity | None]  # None: nobody can tell, or not yet (`Track.undecided`)
Taught = Mapping[str, Sequence[Look]]  # the looks of photos, by the id of whom they show


def nobody_looks(track: Track, frame: Frame) -> None:
    """Tell nobody apart."""


def only_pet(home: Home) -> Identifier:
    """Return an identifier for a home where one pet of a kind lives: then a dog is that dog, and so is a `bear`.

    A dog where no dog lives is `unknown`; where two do, nobody can tell. A label that no pet has (sheep, bear) is what
    detectors call a pet of any kind.
    """
    pets = animals(home)

    def identify(track: Track, _frame: Frame) -> Identity | None:
        return only_kind(pets, track) if track.group == ANIMAL else None

    return identify


def portrait_of(pet: Pet, looks: Sequence[Look]) -> Portrait | None:
    """Return what is known of a pet's coat: from its photos where they show one, else from its `looks` in words."""
    coats = coats_of(looks)
    return learn(coats, embeddings_of(looks)) if coats else read(pet.looks)


def recognised(home: Home, taught: Taught | None = None) -> frozenset[str]:
    """Return the pets that can be named: those of whose kind no other lives here, or of which all are known by coat."""
    kinds: dict[str, list[Pet]] = {}
    for pet in animals(home):
        if pet.species.lower() in PETS:
            kinds.setdefault(pet.species.lower(), []).append(pet)
    told = (
        pets
        for pets in kinds.values()
        if len(pets) == 1 or all(portrait_of(p, (taught or {}).get(p.id, ())) for p in pets)
    )
    return frozenset(pet.id for pets in told for pet in pets)


def strangers(home: Home, taught: Taught | None = None) -> frozenset[str]:
    """Return the labels of which cameras can say that it is nobody of the home: never people, and pets by their coats.

    Of a kind that does not live here any is; of one that does, its coats must be known, for an only pet by photos.
    """
    pets = animals(home)
    return frozenset(label for label in PETS if _are_told(candidates_of(pets, {label}), taught or {}))


def _are_told(pets: Sequence[Pet], taught: Taught) -> bool:
    portraits = [portrait_of(pet, taught.get(pet.id, ())) for pet in pets]
    if len(portraits) == 1:
        return portraits[0] is not None and portraits[0].basis == "coat"
    return all(portraits)


def animals(home: Home) -> list[Pet]:
    """Return the pets of kinds that cameras see as animals, so not the fish."""
    return [pet for pet in home.pets if group_of(pet.species.lower()) == ANIMAL]


def candidates_of(pets: Sequence[Pet], labels: Collection[str]) -> list[Pet]:
    """Return the pets that a detector may have meant by the labels."""
    kinds = PETS.intersection(labels)
    return [pet for pet in pets if not kinds or pet.species.lower() in kinds]


def only_kind(pets: Sequence[Pet], track: Track) -> Identity | None:
    """Return who a track is by its kind alone, as far as that is no slip; a name, once there, stays the track's."""
    identity = only_one(candidates_of(pets, track.kinds))
    is_plain = identity is not None and identity.subject != UNKNOWN and len(track.kinds) == 1
    track.undecided = identity is not None and not is_plain and track.votes.count < SLIPS
    if track.undecided or identity is None:
        return None
    if identity.subject != UNKNOWN:
        track.settled = track.kinds
    return identity


def only_one(candidates: Sequence[Pet]) -> Identity | None:
    """Return that it is the only candidate, or that it is none where there is none; None where there are several."""
    if len(candidates) > 1:
        return None
    if not candidates:
        return Identity(UNKNOWN, "no_such_pet")
    return Identity(candidates[0].id, "only_pet", candidates[0].species.lower())
