"""Zones: those of a camera drawn anew, and what goes by their names: rules that look at them, devices that are read off them.

A zone has no id but its name, and rules say it. So a zone that is renamed takes its name along, into every rule and device that
says it; and before one is deleted, whoever deletes it can be told what would then look at nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.checks.places import patterns
from rules.checks.reports import expected
from rules.home import Camera, Device, Home
from rules.problem import InputError, Problem
from rules.rule import Pattern, Rule, parse_rule
from rules.words.names import plain

Polygon = tuple[tuple[float, float], ...]
MOST, MOST_CORNERS, LONGEST = 30, 40, 40  # zones of a camera, corners of a zone, letters of its name
SMALLEST = 0.0004  # of the picture: a fiftieth of its width and height, which nobody is told apart in
_ZONE = "zone"  # the key of `where` that names one


@dataclass(frozen=True, slots=True)
class Outline:
    """A zone as it was drawn: what it is to be called, where it is (0..1), and what it was called before, if it was there."""

    name: str
    polygon: Polygon
    was: str = ""


def zone_name(text: str) -> str:
    """Return what a zone is called in a home file by what a person calls it: `Food bowls` is `food_bowls`."""
    return "_".join(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.lower()))


def redrawn(home: Home, camera: str, outlines: Sequence[Outline]) -> Home:
    """Return the home with these zones of a camera; devices that are read off a renamed one follow. Raise InputError."""
    found = home.by_id.get(camera)
    if not isinstance(found, Camera):
        raise InputError(
            [Problem("no_such_camera", camera, "there is no such camera any more.", "Load the page again.")]
        )
    if problems := [*_wrong(outlines)]:
        raise InputError(problems)
    drawn = found.model_copy(update={"zones": {each.name: each.polygon for each in outlines}})
    cameras = tuple(drawn if each.id == camera else each for each in home.cameras)
    return home.model_copy(update={"cameras": cameras, "devices": _following(home.devices, camera, renamed(outlines))})


def renamed(outlines: Iterable[Outline]) -> dict[str, str]:
    """Return the new names of zones by those that they had."""
    return {each.was: each.name for each in outlines if each.was and each.was != each.name}


def deleted(camera: Camera, outlines: Iterable[Outline]) -> list[str]:
    """Return the names of the zones that are not drawn any more."""
    kept = {each.was for each in outlines}
    return [name for name in camera.zones if name not in kept]


def rules_at(rules: Iterable[Rule], camera: str, zone: str) -> list[Rule]:
    """Return the rules that look at a zone of a camera, in their order."""
    return [rule for rule in rules if any(_names(pattern, camera, zone) for _, pattern in patterns(rule))]


def devices_at(home: Home, camera: str, zone: str) -> list[Device]:
    """Return the devices whose state is read off a zone of a camera."""
    return [each for each in home.devices if (each.camera, each.zone) == (camera, zone)]


def with_names(rule: Rule, camera: Camera, names: Mapping[str, str], home: Home) -> Rule:
    """Return a rule that says the new names of a camera's zones. `home` is as it was before.

    Where it looks at other cameras too that have a zone of the old name, it says both.
    """
    return parse_rule(_said_anew(rule.as_json(), camera.id, names, home))


def _wrong(outlines: Sequence[Outline]) -> Iterable[Problem]:
    """Yield what is wrong with zones as they were drawn."""
    if len(outlines) > MOST:
        yield Problem("too_many", _ZONE, f"expected at most {MOST} zones of a camera, found {len(outlines)}.")
    names = [each.name for each in outlines]
    for each in outlines:
        called = f"“{plain(each.name)}”"
        if not each.name:
            yield Problem("no_name", _ZONE, "a zone has no name.", "Give each a name that you would say.")
        elif len(each.name) > LONGEST:
            yield Problem("long_name", _ZONE, f"{called} is too long for a name.", f"Use at most {LONGEST} letters.")
        elif names.count(each.name) > 1 and each is outlines[names.index(each.name)]:
            yield Problem("twice", _ZONE, f"two zones are called {called}.", "Give each a name of its own.")
        if not 3 <= len(each.polygon) <= MOST_CORNERS:
            message = f"{called} has {len(each.polygon)} corners; expected 3 to {MOST_CORNERS}."
            yield Problem("corners", _ZONE, message, "Draw it again.")
        elif _area(each.polygon) < SMALLEST:
            yield Problem("too_small", _ZONE, f"{called} is too small to tell who is in it.", "Draw it larger.")


def _area(polygon: Polygon) -> float:
    """Return the area of a polygon by the shoelace formula."""
    following = (*polygon[1:], *polygon[:1])
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(polygon, following, strict=True))) / 2


def _following(devices: Iterable[Device], camera: str, names: Mapping[str, str]) -> tuple[Device, ...]:
    return tuple(
        each.model_copy(update={"zone": names[each.zone]})
        if each.camera == camera and each.zone and each.zone in names
        else each
        for each in devices
    )


def _names(pattern: Pattern, camera: str, zone: str) -> bool:
    looks = pattern.source is None or camera in pattern.source
    return looks and _ZONE in pattern.where and zone in expected(pattern.where[_ZONE]).values


def _said_anew(value: Any, camera: str, names: Mapping[str, str], home: Home) -> Any:
    """Return a part of a rule, as JSON, in which every pattern that looks at the camera says the new names."""
    if isinstance(value, list):
        return [_said_anew(each, camera, names, home) for each in value]
    if not isinstance(value, dict):
        return value
    where, looks = value.get("where"), _sources(value, home)
    if isinstance(where, dict) and _ZONE in where and camera in looks:
        elsewhere = {zone for each in home.cameras if each.id in looks - {camera} for zone in each.zones}
        return {**value, "where": {**where, _ZONE: _zone_anew(where[_ZONE], names, elsewhere)}}
    return {key: _said_anew(each, camera, names, home) for key, each in value.items()}


def _sources(pattern: Mapping[str, Any], home: Home) -> set[str]:
    """Return the cameras that a pattern looks at: without a source all of them."""
    given = pattern.get("source")
    return {each.id for each in home.cameras} if given is None else {given} if isinstance(given, str) else set(given)


def _zone_anew(test: Any, names: Mapping[str, str], elsewhere: set[str]) -> Any:
    """Return what a pattern asks of the zone, under the new names, and under the old ones that others still have."""
    if isinstance(test, dict):
        renames = test.get("ne") in names.keys() - elsewhere
        return {**test, "ne": names[test["ne"]]} if renames else test
    asked = test if isinstance(test, list) else [test]
    said = [name for zone in asked for name in ([zone] if zone in elsewhere else []) + [names.get(zone, zone)]]
    return said[0] if len(said) == 1 else list(dict.fromkeys(said))
