"""The recogniser: an identifier that looks at the coats of a home's pets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rules.home import Home, Pet
from vision.colour import look_of
from vision.embedding import load_embedder
from vision.frame import Frame
from vision.gallery import Gallery
from vision.identity import Identity, Taught, animals, candidates_of, only_kind, only_one, portrait_of
from vision.look import Look, embeddings_of, together
from vision.track import ANIMAL, Track
from vision.vocabulary import UNKNOWN

FRAMES = 3  # a look at fewer is a look at one pose, in one light
ENOUGH = 15  # looks of one track: more show nothing new
EMBEDDED = 5  # of them are looked at more closely, where that is needed: each costs as much as a detection


class Recogniser:
    """Tells a home's pets apart by their coats: as `taught` from photos, else as the words of the home file say.

    A home whose pets nobody knows the looks of is seen as by `only_pet`.
    """

    def __init__(self, home: Home, taught: Taught) -> None:
        self._pets = animals(home)
        self._portraits = {pet.id: portrait_of(pet, taught.get(pet.id, ())) for pet in self._pets}

    def __call__(self, track: Track, frame: Frame) -> Identity | None:
        """Look at the track once more and return who it is by all looks, or None: nobody can tell, or not yet."""
        if track.group != ANIMAL:
            return None
        candidates = candidates_of(self._pets, track.kinds)
        if not self._needs_a_look(candidates):
            return only_kind(self._pets, track)
        if len(track.looks) < ENOUGH:
            track.looks.append(look_of(frame, track.box))
        track.undecided = len(track.looks) < FRAMES
        if track.undecided:
            return None
        identity = self._judge(candidates, track.looks)
        if identity.basis == "too_alike" and self._looks_closer(candidates, track, frame):
            identity = self._judge(candidates, track.looks)
        return identity

    def _looks_closer(self, candidates: Sequence[Pet], track: Track, frame: Frame) -> bool:
        """Make an embedding of what this frame shows, where coats are too alike and there are photos to hold it against."""
        portraits = [self._portraits[pet.id] for pet in candidates]
        made = len(embeddings_of(track.looks))
        if made >= EMBEDDED or not all(portrait and portrait.shows_build for portrait in portraits):
            return False
        if (embed := load_embedder()) is None or track.looks[-1].embedding:
            return False
        track.looks[-1] = replace(track.looks[-1], embedding=embed(frame.crop(track.box).image))
        track.undecided = made + 1 < FRAMES
        return not track.undecided

    def _needs_a_look(self, candidates: Sequence[Pet]) -> bool:
        """Return whether coats can say more than kinds do: of several pets all are known, or of an only one its photos."""
        portraits = [self._portraits[pet.id] for pet in candidates]
        if len(portraits) == 1:
            return portraits[0] is not None and portraits[0].basis == "coat"
        return bool(portraits) and all(portraits)

    def _judge(self, candidates: Sequence[Pet], looks: Sequence[Look]) -> Identity:
        look = together(looks)
        assert look is not None, "a track is judged by its looks"
        if len(embeddings_of(looks)) < FRAMES:
            look = replace(look, embedding=b"")
        verdict = Gallery({pet.id: self._portraits[pet.id] for pet in candidates}).judge(look)
        if verdict.subject is None:
            only = only_one(candidates) if look.coat is None else None
            return only or Identity(UNKNOWN, verdict.basis)
        species = next(pet.species for pet in candidates if pet.id == verdict.subject)
        return Identity(verdict.subject, verdict.basis, species.lower())
