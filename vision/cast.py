"""The cast: to which happening at a place each track belongs, since the ids of tracks break and places do not.

A happening has a name once its subject has one: so two dogs at one place are two happenings, while what nobody can name
stays one. A track without a name goes on with the happening there that is not seen otherwise: it is most likely the
same animal under a new id. A name that comes late is given to the nameless happening that it came out of.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from vision.activity import Shown
from vision.identity import STRANGER, Identity
from vision.moment import Subject
from vision.vocabulary import UNKNOWN

NAMELESS = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """That a frame shows somebody doing something; who it is, and who the other one is, as far as known."""

    shown: Shown
    identity: Identity | None = None
    other: Identity | None = None

    @property
    def who(self) -> str:
        """Return whose happening this is: an id of the home, or `NAMELESS`."""
        return NAMELESS if self.identity is None or self.identity.subject == UNKNOWN else self.identity.subject

    @property
    def undecided(self) -> bool:
        """Return whether more looks are needed to say who it is."""
        return isinstance(self.shown.subject, Subject) and self.shown.subject.track.undecided

    @property
    def company(self) -> str | None:
        """Return who the other one is, or what, or None where there is no other."""
        if self.shown.other is None:
            return None
        return self.other.subject if self.other else self.shown.other.label


@dataclass(frozen=True, slots=True)
class Casting:
    """The sightings at a place by the name of their happening, and whose the nameless happening turned out to be."""

    seen: Mapping[str, Sighting]
    renamed: str | None = None


def cast_of(sightings: Collection[Sighting], going_on: Collection[str]) -> Casting:
    """Return who is who at one place: `going_on` are the names of the happenings there, `NAMELESS` for that without."""
    seen: dict[str, Sighting] = {}
    for sighting in sightings:
        if sighting.who not in seen or sighting.shown.weight > seen[sighting.who].shown.weight:
            seen[sighting.who] = sighting
    if NAMELESS in seen:
        return Casting(_continued(seen, going_on))
    new = [who for who in sorted(seen) if who not in going_on]
    return Casting(seen, new[0] if new and NAMELESS in going_on else None)


def _continued(seen: dict[str, Sighting], going_on: Collection[str]) -> dict[str, Sighting]:
    nameless = seen[NAMELESS]
    is_stranger = nameless.identity is not None and nameless.identity.basis in STRANGER
    missed = [who for who in going_on if who not in seen]
    if is_stranger or NAMELESS in going_on or len(missed) != 1:
        return seen
    return {missed[0] if who == NAMELESS else who: sighting for who, sighting in seen.items()}
