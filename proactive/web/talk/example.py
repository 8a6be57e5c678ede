"""Examples: what somebody could say here, made of this home's own pets, cameras and devices. Each is one that is understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import zip_longest

from proactive.access.access import Access
from proactive.access.question import refusal
from proactive.language.local.model import LocalModel
from proactive.language.request import Request
from proactive.language.understand import converse
from proactive.web.visit import Visit
from rules.home import Home, Pet
from rules.units import moment

SHOWN = 6
_DEVICES: dict[str, tuple[str, ...]] = {
    "garage_door": ("tell me when the {name} has been open for ten minutes", "is the {name} open?"),
    "door": ("tell me when the {name} has been open for ten minutes", "is the {name} open?"),
    "gate": ("tell me when the {name} has been open for ten minutes", "is the {name} open?"),
    "window": ("tell me if the {name} is open when nobody is home", "is the {name} open?"),
    "lock": ("every night at ten, tell me if the {name} is unlocked", "is the {name} locked?"),
    "doorbell": ("tell me when the {name} is pressed", "did somebody press the {name} today?"),
    "light": ("tell me if the {name} is on for two hours", "turn off the {name}"),
    "temperature": ("tell me if the {name} is above 10 degrees", "what is the {name}?"),
    "leak": ("tell me at once when the {name} detects water",),
    "washer": ("tell me when the {name} is done",),
    "feeder": ("tell me if the {name} has not dispensed by noon",),
}


def examples(visit: Visit) -> list[str]:
    """Return up to six things that this person could say, of different kinds."""
    mark = (visit.home.model_dump_json(), visit.person, tuple(sorted(visit.access.shown.items())))
    noon = moment(visit.now).replace(hour=12, minute=0, second=0, microsecond=0)
    return list(_examples(_Asked(mark, visit.access, noon)))


@dataclass(frozen=True, slots=True)
class _Asked:
    """For whom examples are made, equal to another by its mark."""

    mark: tuple[object, ...]
    access: Access = field(compare=False)
    now: datetime = field(compare=False)


@lru_cache(maxsize=64)
def _examples(asked: _Asked) -> tuple[str, ...]:
    access, home = asked.access, asked.access.home
    kinds = (
        _of_pets(home), _of_devices(home, 0), _of_questions(home), _of_cameras(home), _of_people(home, access.person)
    )  # fmt: skip
    found: dict[str, bool] = {}
    for text in (text for row in zip_longest(*kinds) for text in row if text):
        if len(found) < SHOWN and text not in found and _works(text, home, access, asked.now):
            found[text] = True
    return tuple(found)


def _works(text: str, home: Home, access: Access, now: datetime) -> bool:
    """Say whether a text is understood as it stands, and this person may have what comes of it."""
    outcome = converse(Request(text, home, access.person, now=now), LocalModel()).outcome
    if outcome.outcome == "rule":
        return all(access.may_make_rule(rule) for rule in outcome.rules)
    if outcome.query is not None:
        return refusal(outcome.query, access) is None
    return bool(outcome.acts) and access.may("make_rules")


def _of_pets(home: Home) -> Iterator[str]:
    for pet in _named(home.pets):
        yield f"let me know if {pet.name} isn't fed by noon every day"
    for camera in home.cameras:
        for pet, zone in ((pet, zone) for zone in camera.zones for pet in _named(home.pets)):
            yield f"tell me when {pet.name} is at the {zone.replace('_', ' ')}"


def _of_devices(home: Home, which: int) -> Iterator[str]:
    for device in home.devices:
        phrases = _DEVICES.get(device.type, ())
        if device.name and len(phrases) > which:
            yield phrases[which].format(name=device.name.removeprefix("the "))


def _of_questions(home: Home) -> Iterator[str]:
    for pet in _named(home.pets):
        yield f"did {pet.name} eat today?"
    yield from _of_devices(home, 1)
    yield "what happened while I was away?"


def _of_cameras(home: Home) -> Iterator[str]:
    for camera in home.cameras:
        if camera.name:
            yield f"tell me when the {camera.name.removeprefix('the ')} sees a person between 11 pm and 6 am"


def _of_people(home: Home, me: str | None) -> Iterator[str]:
    for person in home.people:
        if person.name and person.id != me:
            yield f"tell me when {person.name} comes home"


def _named(pets: tuple[Pet, ...]) -> list[Pet]:
    return [pet for pet in pets if pet.name]
