"""Permission: who may be told what. Whereabouts are the most private thing that a home knows.

Owners, partners and members may ask about everything in their home. A child may ask about pets, devices and itself, not
about where other people are or what cameras saw of them. A guest may ask how devices stand now, but not of locks and
alarms, nor what happened while the hosts were out. Somebody of whom nothing is known (`None`) is whoever holds the data
folder, and may read all of it anyway.
"""

from __future__ import annotations

from collections.abc import Callable

from proactive.language.query import Query
from rules.home import Camera, Device, Home, Person
from rules.record import Record

May = Callable[[Record], bool]
_SECURITY = frozenset({"lock", "alarm"})
# What moves with its owner, and so tells where somebody is.
_CARRIED = frozenset({"phone", "car"})


def standing(home: Home, person: str | None) -> str:
    """Return what somebody counts as: owner, member, child or guest; somebody the home does not list is a guest."""
    if person is None:
        return "owner"
    entry = home.by_id.get(person)
    return entry.standing if isinstance(entry, Person) else "guest"


def may_see(home: Home, person: str | None, source: str, subject: str | None = None) -> bool:
    """Say whether somebody may be told what a camera, device or person reported, about a subject where there is one."""
    match standing(home, person):
        case "owner" | "member":
            return True
        case "child":
            return _is_own(home, person, source, subject)
        case _:
            entry = home.by_id.get(source)
            return isinstance(entry, Device) and entry.type not in _SECURITY | _CARRIED


def _is_own(home: Home, person: str | None, source: str, subject: str | None) -> bool:
    entry = home.by_id.get(source)
    if isinstance(entry, Person):
        return source == person
    if isinstance(entry, Camera):
        pets = {pet.id for pet in home.pets}
        return subject == person or subject in pets
    return not (isinstance(entry, Device) and entry.type in _CARRIED)


def may_read(home: Home, person: str | None) -> May:
    """Return whether a record may be told to somebody."""
    return lambda record: may_see(home, person, record.source or "", record.subject)


def refusal(query: Query, home: Home, person: str | None) -> str | None:
    """Return why somebody may not ask a question, or None where they may. What is left may still be told only in part."""
    kind = standing(home, person)
    if kind in ("owner", "member"):
        return None
    if query.told and set(query.told) != {person}:
        return "I only tell you what I told you yourself."
    if kind == "guest" and (not query.period.now or query.wanted == "why"):
        return "As a guest you can ask how things are now, but not about the past."
    asked = [
        (source, subject)
        for pattern in query.of
        for source in pattern.source or _cameras(home)
        for subject in pattern.subject or (None,)
    ]
    # All of it, since an answer from a part of what was asked may be wrong: that nobody is home, of one's own state alone.
    if query.wanted == "who" or not all(may_see(home, person, source, subject) for source, subject in asked):
        return "I do not tell you where other people are, or what the cameras saw of them."
    return None


def _cameras(home: Home) -> tuple[str, ...]:
    return tuple(camera.id for camera in home.cameras)
