"""A told fact: something about the home that a person said, kept in the personal context and used when others are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FactKind = Literal["alias", "time", "away"]


@dataclass(frozen=True, slots=True)
class Fact:
    """What somebody told: `alias` another name of an entry, `time` a named time of day, `away` a stretch of absence.

    `about` is the id of a person, pet, camera or device, or the home's; `name` is the other name ("the black one") or what
    happens at the time ("bedtime", "dinner"); `value` is a time's `HH:MM`, else "". `until` is aware.
    """

    kind: FactKind
    about: str
    name: str
    value: str = ""
    said: str = ""
    by: str = ""
    until: datetime | None = None
