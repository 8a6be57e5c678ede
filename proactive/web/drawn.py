"""Drawn: zones as a page shows and sends them: a name as people say it, and corners in hundredths of the picture.

`25,40 50,40 50,100` are corners, each so far from the left and from the top. A zone that nobody touched stays as it is to the last
digit: what its text says is only read where the text is another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from proactive.zones import Outline, Polygon, deleted, devices_at, renamed, rules_at, zone_name
from rules.home import Camera, Home
from rules.problem import InputError, Problem
from rules.rule import Rule
from rules.words.names import plain
from rules.words.times import joined


@dataclass(frozen=True, slots=True)
class Draft:
    """A zone in the form: `was` is what it is called in the home, empty for a new one; `used` is by what."""

    was: str
    name: str
    corners: str
    used: tuple[str, ...] = ()


def drafts_of(camera: Camera) -> list[Draft]:
    """Return the zones of a camera for the form."""
    return [Draft(name, plain(name), corners_text(polygon)) for name, polygon in camera.zones.items()]


def drafts_sent(was: Sequence[str], names: Sequence[str], corners: Sequence[str]) -> list[Draft]:
    """Return the zones that a form sent; rows that nobody filled in are left out. Raise InputError for half a form."""
    if not len(was) == len(names) == len(corners):
        raise InputError(
            [Problem("half_a_form", "zone", "the page did not come whole.", "Load it again, then try once more.")]
        )
    return [Draft(*each) for each in zip(was, names, corners, strict=True) if any(map(str.strip, each))]


def outlines_of(drafts: Sequence[Draft], camera: Camera) -> list[Outline]:
    """Return the zones that drafts mean. Raise InputError for corners that are none."""
    return [_outline(each, camera) for each in drafts]


def stamp_of(camera: Camera) -> str:
    """Return what is another text as soon as somebody draws the zones of a camera anew."""
    return sha256(repr(camera.zones).encode()).hexdigest()[:16]


def corners_text(polygon: Polygon) -> str:
    """Return corners as they stand in the form."""
    return " ".join(f"{round(100 * x, 2):g},{round(100 * y, 2):g}" for x, y in polygon)


def used_by(home: Home, camera: str, rules: Sequence[Rule], called: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return by zone what goes by its name: rules, as `called` by id, and devices that are read off it."""
    found = home.by_id.get(camera)
    zones = found.zones if isinstance(found, Camera) else {}
    return {
        zone: (
            *(f"“{called[rule.id]}”" for rule in rules_at(rules, camera, zone)),
            *(f"the state of {device.name or device.id}" for device in devices_at(home, camera, zone)),
        )
        for zone in zones
    }


def warnings(camera: Camera, outlines: Sequence[Outline], used: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield what follows from renaming or deleting zones that something goes by, one sentence for each zone."""
    for old, new in renamed(outlines).items():
        if used.get(old):
            yield f"“{plain(old)}” is called “{plain(new)}” from now on, also in {joined(list(used[old]))}."
    for old in deleted(camera, outlines):
        if used.get(old):
            yield f"Without “{plain(old)}”, {joined(list(used[old]))} looks at nothing there any more."


def what_changed(camera: Camera, outlines: Sequence[Outline]) -> str:
    """Return what was done to the zones of a camera: `drew gate, renamed bowl to food bowls, deleted sofa`; empty for nothing."""
    names = renamed(outlines)
    groups = (
        ("drew", [plain(each.name) for each in outlines if not each.was]),
        ("moved", [plain(each.name) for each in outlines if each.was and camera.zones[each.was] != each.polygon]),
        ("renamed", [f"{plain(old)} to {plain(new)}" for old, new in names.items()]),
        ("deleted", [plain(name) for name in deleted(camera, outlines)]),
    )
    return ", ".join(f"{did} {joined(what)}" for did, what in groups if what)


def _outline(draft: Draft, camera: Camera) -> Outline:
    before = camera.zones.get(draft.was)
    was = draft.was if before is not None else ""
    kept = was if was and draft.name.strip() == plain(was) else zone_name(draft.name)
    same = before is not None and draft.corners.strip() == corners_text(before)
    return Outline(kept, before if same and before is not None else _polygon(draft), was)


def _polygon(draft: Draft) -> Polygon:
    try:
        points = [tuple(float(part) / 100 for part in corner.split(",")) for corner in draft.corners.split()]
        return tuple((_inside(x), _inside(y)) for x, y in points)
    except ValueError as error:
        message = f"the corners of “{draft.name}” are no corners: expected such as “25,40 50,40 50,100”."
        raise InputError([Problem("no_corners", "zone", message)]) from error


def _inside(value: float) -> float:
    """Return a place on the picture, to a ten-thousandth of it. Raise ValueError for one beside it."""
    if not -0.001 <= value <= 1.001:
        raise ValueError(value)
    return round(min(max(value, 0.0), 1.0), 4)
