"""Invented: what stands in a rule and not in the words, which is enough not to believe it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from proactive.language.compiler.roster import Roster
from proactive.language.compiler.said import Said, said_in
from proactive.language.compiler.told import Told
from proactive.language.local.predicate import ACTIVITY, bowl_places
from proactive.language.local.slots import Slots
from proactive.language.local.when import MORNING, part_window
from proactive.language.request import Request
from rules.home import Home, Pet
from rules.problem import Problem

_STATED = frozenset(("00:00", "24:00", MORNING, "0s"))  # defaults that are read back: no words need to hold them
_TIMED = frozenset(("from", "until", "time", "lasting", "duration", "after", "within", "since", "between"))
_NUMBERED = frozenset(("ge", "gt", "le", "lt", "above", "below", "at_least"))
_MOTION_OF = {activity: motion for motion, activity in ACTIVITY.items()}
_PRESENT = frozenset(("home", "away", "leave", "enter"))


def invented(told: Told, found: Slots, roster: Roster, request: Request) -> Iterator[Problem]:
    """Yield what of a rule the words do not show: entities, times, numbers, states and guards."""
    said = said_in(found)
    yield from _entities(told, found, roster, request)
    yield from _times(told, found, request.home)
    yield from _numbers(told, found)
    if found.english and told.denies and not said.denied:
        yield _not_said("kind", "'not'")
    for key, item in told.tested:
        if problem := _guard(key, said) or (_state(key, item, said) if found.english else None):
            yield problem


# --- entities ---------------------------------------------------------------------------------------------------


def _entities(told: Told, found: Slots, roster: Roster, request: Request) -> Iterator[Problem]:
    named = {entry.id for entry in roster.entries if entry.named} - _only_told(found)
    named |= _implied(told, found, roster, request)
    for identity in sorted(told.ids - named):
        handle = next((entry.handle for entry in roster.entries if entry.id == identity), identity)
        yield Problem("not_named", handle, f"{handle} is not named in the request.", "Leave it out.")


def _only_told(found: Slots) -> set[str]:
    """Return the people that are named outside what is watched for: who is to be told, and not who has to be home."""
    inside = {ref.id for span in found.inside for ref in span.refs}
    return {ref.id for ref in found.refs if ref.kind == "person"} - inside


def _implied(told: Told, found: Slots, roster: Roster, request: Request) -> set[str]:
    """Return what goes without a name: everybody where nobody is home, a pet's bowls, every camera where no place is named."""
    home, said = request.home, said_in(found)
    implied = {person.id for person in home.people} if said.anybody or said.nobody else set()
    if request.speaker and any(span.is_("speaker") for span in found.inside):
        implied.add(request.speaker)
    if "eating" in told.scalars and any(isinstance(home.by_id[identity], Pet) for identity in told.ids):
        implied |= {camera for camera, _ in bowl_places(home)}
        implied |= {device.id for device in home.devices if device.type in ("feeder", "container")}
    if not any(entry.named for entry in roster.of("where")):
        implied |= {camera.id for camera in home.cameras}
    return implied | {device.id for device in home.devices if said.events & set(device.events)}


# --- times and numbers ------------------------------------------------------------------------------------------


def _times(told: Told, found: Slots, home: Home) -> Iterator[Problem]:
    said = {time for clock in found.clocks() for time in clock} | set(found.durations()) | _STATED
    said |= {time for part in found.times().parts for time in part_window(part.name, home)}
    written = _figures(" ".join(token.text for token in found.tokens))
    for key, item in told.pairs:
        if key in _TIMED and isinstance(item, str) and item not in said and not _is_written(item, written):
            yield Problem("not_said", key, f"{item} is not said in the request.", "Use only times that are.")


def _is_written(item: str, written: set[int]) -> bool:
    """Say whether the figures of a time stand in a text of any language: 22:00 as "22 Uhr", 10m as "10 Minuten"."""
    figures = _figures(item) - {0}
    return bool(figures) and figures <= written


def _figures(text: str) -> set[int]:
    return {int(part) for part in "".join(c if c.isdecimal() else " " for c in text).split()}


def _numbers(told: Told, found: Slots) -> Iterator[Problem]:
    said = {*found.numbers, *map(float, found.counts)}
    for key, item in told.pairs:
        number = isinstance(item, int | float) and not isinstance(item, bool)
        if number and key in _NUMBERED and not is_number_said(float(item), said, counted=key == "at_least"):
            yield Problem("not_said", key, f"{item} is not said in the request.", "Use only numbers that are.")


def is_number_said(number: float, said: set[float], *, counted: bool = False) -> bool:
    """Say whether a number stands among those said; "more than twice" is three, and a degree may be of another scale."""
    near = {number, number - 1} if counted else {number, (number - 32) * 5 / 9, number * 9 / 5 + 32}
    return any(abs(one - other) < 0.1 for one in near for other in said)


# --- states and guards ------------------------------------------------------------------------------------------


def _guard(key: str, said: Said) -> Problem | None:
    if key == "sun" and not said.sun:
        return _not_said("guards", "the sun or the dark")
    if key == "home" and not (said.nobody or said.anybody or said.motions & _PRESENT):
        return _not_said("guards", "who is home")
    return None


def _state(key: str, item: Any, said: Said) -> Problem | None:
    """Return what is wrong with a state, an activity or a label that was not said in English."""
    if key in ("value", "is", "is_not"):
        told = bool(said.motions & _PRESENT) if item in ("home", "away") else item in said.values
        return None if told else _not_said("does", repr(item))
    if key == "activity":
        return None if _MOTION_OF.get(str(item)) in said.motions else _not_said("does", repr(item))
    if key == "label":
        anybody = item == "person" and (said.anybody or said.nobody)
        return None if item in said.labels or said.stranger or anybody else _not_said("who", repr(item))
    return None


def _not_said(where: str, what: str) -> Problem:
    return Problem("not_said", where, f"{what} is not said in the request.", "Use only what is.")
