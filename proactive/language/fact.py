"""A told fact: something about the home that a person said, kept in the personal context and used when others are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FactKind = Literal["alias", "time", "away", "pet", "person"]


@dataclass(frozen=True, slots=True)
class Fact:
    """What somebody told.

    `alias` is another name of an entry, `time` a named time of day, `away` a stretch of absence; `pet` and `person` are somebody
    whom the home does not list yet.

    `about` is the id of a person, pet, camera or device, or the home's; `name` is the other name ("the black one") or what
    happens at the time ("bedtime", "dinner", "eats"); `value` is a time's `HH:MM`, a pet's species, else "". `until` is aware.
    """

    kind: FactKind
    about: str
    name: str
    value: str = ""
    said: str = ""
    by: str = ""
    until: datetime | None = None

    @property
    def id(self) -> str:
        """Return the id by which a person can delete it: `birch.bedtime`, `pet.otto.the-black-one`."""
        return f"{self.about}.{'-'.join(self.name.lower().split())}"

    def over(self, now: datetime | None) -> bool:
        """Say whether its time has passed."""
        return now is not None and self.until is not None and self.until <= now
