"""Listing: what a home lists changed one entry at a time: added, put in the place of what was, or taken away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from itertools import count

from rules.home import Calendar, Camera, Device, Home, Person, Pet
from rules.rule import Rule

WORD = r"[^\W_]+"
Listed = Person | Pet | Camera | Device | Calendar
_LISTS: tuple[tuple[str, type[Listed]], ...] = (
    ("people", Person),
    ("pets", Pet),
    ("cameras", Camera),
    ("devices", Device),
    ("calendars", Calendar),
)


def with_entry(home: Home, entry: Listed) -> Home:
    """Return the home with an entry in the place of the one with its id, or as the last of its list."""
    name = next(name for name, kind in _LISTS if isinstance(entry, kind))
    listed: tuple[Listed, ...] = getattr(home, name)
    others = tuple(entry if each.id == entry.id else each for each in listed)
    return home.model_copy(update={name: others if entry.id in home.by_id else (*others, entry)})


def without_entry(home: Home, id: str) -> Home:
    """Return the home without an entry, in its lists, its groups, and what cameras say of each other."""
    lists = {name: tuple(each for each in getattr(home, name) if each.id != id) for name, _ in _LISTS}
    lists["cameras"] = tuple(
        each.model_copy(update={"overlaps": tuple(other for other in each.overlaps if other != id)})
        if id in each.overlaps
        else each
        for each in lists["cameras"]
    )
    groups = {name: left for name, ids in home.groups.items() if (left := tuple(each for each in ids if each != id))}
    speaker = None if home.default_speaker == id else home.default_speaker
    return home.model_copy(update={**lists, "groups": groups, "default_speaker": speaker})


def entry_id(kind: str, name: str, taken: Callable[[str], bool]) -> str:
    """Return a free id for an entry by its name: `pet.daisy`, or `pet.daisy_2` where that is taken."""
    base = f"{kind}.{'_'.join(re.findall(WORD, name.casefold())) or 'one'}"
    tries = (base if number == 1 else f"{base}_{number}" for number in count(1))
    return next(each for each in tries if not taken(each))


def rules_about(rules: Iterable[Rule], id: str) -> list[Rule]:
    """Return the rules that name an entry of the home, in their order."""
    return [rule for rule in rules if f'"{id}"' in json.dumps(rule.as_json(), ensure_ascii=False)]
