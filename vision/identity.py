"""Identity: who a tracked subject is, where that can be said.

An `Identifier` is a plain callable, so that one which learns from photos takes the place of the thin one here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rules.home import Home, Pet
from vision.frame import Frame
from vision.track import ANIMAL, PETS, Track, group_of

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who it is: an id of the home, or `unknown`; what it then must be (`label`); and how that is known (`basis`)."""

    subject: str
    basis: str
    label: str | None = None


Identifier = Callable[[Track, Frame], Identity | None]  # None: nobody can tell


def nobody_looks(track: Track, frame: Frame) -> None:
    """Tell nobody apart."""


def only_pet(home: Home) -> Identifier:
    """Return an identifier for a home where one pet of a kind lives: then a dog is that dog, and so is a `bear`.

    A dog where no dog lives is `unknown`; where two do, nobody can tell. A label that no pet has (sheep, bear) is what
    detectors call a pet of any kind.
    """
    pets = [pet for pet in home.pets if group_of(pet.species.lower()) == ANIMAL]

    def identify(track: Track, _frame: Frame) -> Identity | None:
        if track.group != ANIMAL:
            return None
        return _only(_candidates(pets, track.label))

    return identify


def recognised(home: Home) -> frozenset[str]:
    """Return the pets that `only_pet` can name: those of whose kind no other lives here."""
    kinds = [pet.species.lower() for pet in home.pets]
    return frozenset(
        pet.id for pet in home.pets if kinds.count(pet.species.lower()) == 1 and pet.species.lower() in PETS
    )


def _candidates(pets: list[Pet], label: str) -> list[Pet]:
    return [pet for pet in pets if label not in PETS or pet.species.lower() == label]


def _only(candidates: list[Pet]) -> Identity | None:
    if len(candidates) > 1:
        return None
    if not candidates:
        return Identity(UNKNOWN, "no_such_pet")
    return Identity(candidates[0].id, "only_pet", candidates[0].species.lower())
