"""Teaching: from an owner's photos to what cameras know their animals by, and how well that tells them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from proactive.taught import TaughtLook
from rules.home import Home, Person, Pet
from rules.problem import InputError, Problem, nearest

if TYPE_CHECKING:
    from proactive.settings import Settings
    from proactive.store import Store
    from vision.detector import Detector
    from vision.identity import Taught
    from vision.lineup import Row
    from vision.look import Look


@dataclass(frozen=True, slots=True)
class Lesson:
    """What photos of one animal taught: what is to be kept, and by name why the others teach nothing."""

    kept: tuple[TaughtLook, ...]
    useless: tuple[tuple[str, str], ...]


def who_is_taught(home: Home, about: str) -> Pet:
    """Return the pet of that id. Raise InputError for anybody that a photo cannot teach."""
    found = home.by_id.get(about)
    if isinstance(found, Person):
        message = "people are not recognised yet: faces are not measured here, and clothes are worn for a day."
        raise InputError([Problem("not_taught", about, message, "Teach pets; say where people are by their phones.")])
    if not isinstance(found, Pet):
        known = [pet.id for pet in home.pets]
        message = f"expected a pet of the home ({', '.join(known) or 'it has none'}), found {about!r}."
        raise InputError([Problem("not_taught", about, message, _called(home, about) or nearest(about, known))])
    from vision.identity import animals

    if found not in animals(home):
        message = (
            f"cameras know {found.species or 'an animal without a species'} by nothing yet; they tell dogs and cats."
        )
        hint = "" if found.species else "Set its species in the home file: dog or cat."
        raise InputError([Problem("not_taught", about, message, hint)])
    return found


def _called(home: Home, name: str) -> str:
    """Return a hint at the pet that is called so, or an empty text."""
    called = (pet.id for pet in home.pets if name.lower() in {each.lower() for each in (pet.name, *pet.aliases)})
    return next((f"Did you mean {id!r}?" for id in called), "")


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A picture as it was given: the name and content of its file."""

    name: str
    content: bytes


def photos_in(paths: Iterable[Path]) -> Iterator[Photo]:
    """Yield the photos in files, one at a time. Raise InputError where there is no file."""
    from vision.photo import content_of

    return (Photo(path.name, content_of(path)) for path in paths)


def learn(about: str, photos: Iterable[Photo], detector: Detector) -> Lesson:
    """Return what photos teach. Raise InputError with all that are no pictures: what is asked for is done whole or not at all."""
    from vision.look import look_json
    from vision.photo import decode_photo, look_at

    kept: dict[str, TaughtLook] = {}
    useless: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for photo in photos:
        try:
            look = look_at(decode_photo(photo.content, photo.name), detector)
        except InputError as error:
            problems += error.problems
            continue
        digest = sha256(photo.content).hexdigest()
        if look.coat is None:
            useless.append((photo.name, look.why or "nobody"))
        elif digest in kept:
            useless.append((photo.name, "given_twice"))
        else:
            kept[digest] = TaughtLook(about, digest, photo.name, look_json(look))
    if problems:
        raise InputError(problems)
    return Lesson(tuple(kept.values()), tuple(useless))


def looks_of(store: Store, home: str) -> Taught:
    """Return the looks that photos taught of each pet of a home, by its id."""
    found: dict[str, list[Look]] = {}
    if not (kept := store.taught(home)):
        return found
    from vision.look import parse_look

    for taught in kept:
        if (look := parse_look(taught.body)) is not None:
            found.setdefault(taught.about, []).append(look)
    return found


def known_looks(settings: Settings, homes: Iterable[str]) -> dict[str, Taught]:
    """Return, by home, the looks that the store of the settings knows; no store is made to look into it."""
    from proactive.store import Store

    if settings.database is None and not (settings.data / "proactive.db").exists():
        return {}
    with Store.open(settings) as store:
        return {home: looks_of(store, home) for home in homes}


class Photos:
    """What photos teach in some homes of a store, asked for again and again while somebody may add some."""

    def __init__(self, store: Store, homes: Iterable[str]) -> None:
        self._store, self._homes = store, tuple(homes)
        self._mark = self._read_mark()

    def __call__(self) -> Mapping[str, Taught] | None:
        """Return by home what photos teach, where that changed since this was last asked (or made); else None."""
        mark = self._read_mark()
        if mark == self._mark:
            return None
        taught = {home: looks_of(self._store, home) for home in self._homes}
        self._mark = mark  # only now: what could not be read is asked for again
        return taught

    def _read_mark(self) -> tuple[frozenset[tuple[str, str, int]], ...]:
        return tuple(self._store.taught_mark(home) for home in self._homes)


def told_apart(home: Home, taught: Taught) -> list[Row]:
    """Return how well each pet with photos is told from the others of its kind, in the order of the home file."""
    from vision.identity import animals, portrait_of
    from vision.lineup import line_up

    kinds: dict[str, list[Pet]] = {}
    for pet in animals(home):
        kinds.setdefault(pet.species.lower(), []).append(pet)
    rows: dict[str, Row] = {}
    for pets in kinds.values():
        own = {pet.id: taught[pet.id] for pet in pets if taught.get(pet.id)}
        others = {pet.id: portrait_of(pet, ()) for pet in pets if pet.id not in own}
        rows |= {row.subject: row for row in line_up(own, others)}
    return [rows[pet.id] for pet in home.pets if pet.id in rows]


_USELESS = {
    "nobody": "no animal was found in it: one that fills more of the picture is needed",
    "several": "there is more than one animal in it: cut out the one that is meant",
    "no_colour": "it has no colour: a coat is known by its colour only, so take one by daylight",
    "too_dark": "it is too dark",
    "too_small": "the animal is too small in it",
    "given_twice": "it was given twice",
}


def advice(home: Home, lesson: Lesson, rows: Sequence[Row]) -> list[str]:
    """Return what the owner should know: photos that teach nothing, pets with too few, and pets too alike."""
    lines = [f"{name} teaches nothing: {_USELESS[why]}." for name, why in lesson.useless]
    if unseen := _unseen(home, rows):
        return [
            *lines,
            f"Nobody is told from {', '.join(unseen)} yet: teach what {'that one looks' if len(unseen) == 1 else 'they look'} like too.",
        ]
    for row in rows:
        name = home.by_id[row.subject].name or row.subject
        if row.few:
            lines.append(
                f"{name} has few photos ({row.photos}): five or more, in the light of all times of day, are better."
            )
        if row.unsure.get("too_alike"):
            lines.append(_alike(row, name))
        if row.wrong:
            lines.append(_taken(home, row, name))
        if row.unsure.get("nobody_known"):
            lines.append(f"Some photos of {name} are unlike the others. Is it {name} in all of them?")
    return lines


def _unseen(home: Home, rows: Sequence[Row]) -> list[str]:
    """Return the names of the pets whose looks nobody knows, beside others of their kind that photos taught."""
    from vision.identity import animals, portrait_of

    taught = {row.subject for row in rows}
    kinds = {pet.species.lower() for pet in home.pets if pet.id in taught}
    others = [pet for pet in animals(home) if pet.id not in taught and pet.species.lower() in kinds]
    return [pet.name or pet.id for pet in others if portrait_of(pet, ()) is None]


def _alike(row: Row, name: str) -> str:
    said = f"In {row.unsure['too_alike']} of {row.photos} photos the coat of {name} could be another's"
    return f"{said}: a camera that sees such a coat will say 'unknown'."


def _taken(home: Home, row: Row, name: str) -> str:
    others = " or ".join(home.by_id[who].name or who for who in sorted(row.wrong))
    said = f"In {sum(row.wrong.values())} of {row.photos} photos {name} would be taken for {others}"
    return f"{said}: is each photo of the right animal? Where it is, more photos of both are needed."
