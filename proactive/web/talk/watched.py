"""What a rule watches, to be shown: cameras with a picture and the zones that count, devices, pets and people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from proactive.access.access import reports_of
from proactive.web.visit import Visit
from rules.home import Camera, Device, Person, Pet
from rules.record import Record
from rules.rule import Holds, Pattern, Rule, SeenGuard, condition_patterns, guard_leaves, leaf_conditions
from rules.units import instant
from rules.words.names import called

FAR = 400  # reports that are gone through for a picture
_ICONS = {Camera: "cameras", Device: "home", Pet: "pet", Person: "person"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A kept picture: where it is, what is on it, and when it was taken."""

    href: str
    camera: str
    time: int


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone as it is drawn: its name, and its corners in 0..100 as SVG takes them."""

    name: str
    points: str


@dataclass(frozen=True, slots=True)
class Watched:
    """Something that a rule looks at; a camera has its latest picture where the person may see it."""

    name: str
    icon: str
    zones: tuple[Zone, ...] = ()
    picture: Picture | None = None
    camera: bool = False


def watched(rule: Rule, visit: Visit) -> list[Watched]:
    """Return what a rule watches, cameras first."""
    found = {name: True for pair in reports_of(rule, visit.home) for name in pair if name}
    things = [_thing(id, rule, visit) for id in found]
    return sorted((each for each in things if each is not None), key=lambda each: not each.camera)


def _thing(id: str, rule: Rule, visit: Visit) -> Watched | None:
    entry = visit.home.by_id.get(id)
    if entry is None:
        return None
    name = called(id, visit.home).removeprefix("the ")
    name = f"{name[:1].upper()}{name[1:]}"
    if not isinstance(entry, Camera):
        return Watched(name, _ICONS.get(type(entry), "home"))
    sees = visit.access.may_see(entry.id)
    picture = latest_picture(visit, entry.id) if sees else None
    return Watched(name, "cameras", _zones(rule, entry) if sees else (), picture, camera=True)


def _zones(rule: Rule, camera: Camera) -> tuple[Zone, ...]:
    """Return the zones of a camera that a rule names."""
    names = dict.fromkeys(name for pattern in _patterns(rule) for name in zones_of(pattern, camera))
    return tuple(Zone(name.replace("_", " "), _points(camera, name)) for name in names if name in camera.zones)


def zones_of(pattern: Pattern, camera: Camera) -> list[str]:
    """Return the names of the zones that a pattern wants of a camera."""
    if pattern.source and camera.id not in pattern.source:
        return []
    wanted = pattern.where.get("zone")
    return [str(each) for each in (wanted if isinstance(wanted, tuple) else (wanted,)) if isinstance(each, str)]


def _patterns(rule: Rule) -> Iterator[Pattern]:
    yield from condition_patterns(rule.when)
    held = [leaf for each in leaf_conditions(rule.when) if isinstance(each, Holds) for leaf in guard_leaves(each.state)]
    for leaf in (*held, *(leaf for guard in rule.guards for leaf in guard_leaves(guard))):
        if isinstance(leaf, SeenGuard):
            yield from leaf.seen.of


def _points(camera: Camera, zone: str) -> str:
    return " ".join(f"{x * 100:g},{y * 100:g}" for x, y in camera.zones[zone])


# --- pictures ---------------------------------------------------------------------------------------------------


def latest_picture(visit: Visit, camera: str) -> Picture | None:
    """Return the last kept picture of a camera that the person may see, or None where there is none lately."""
    log, home = visit.site.runtime.log, visit.home.home
    seen = islice(log.back(home, camera, "detection", visit.now + 1), FAR)
    return next((found for record in seen if (found := picture_of(record, visit)) is not None), None)


def pictures_of(ids: tuple[str, ...], visit: Visit, most: int = 3) -> list[Picture]:
    """Return the last pictures that records have, of cameras that the person may see, the first first."""
    records = visit.site.runtime.log.records(visit.home.home, ids)
    found = {picture.href: picture for record in records if (picture := picture_of(record, visit)) is not None}
    return list(found.values())[-most:]


def picture_of(record: Record, visit: Visit) -> Picture | None:
    """Return the picture of a record, or None without one, where it is deleted already, and where it is not theirs to see."""
    from proactive.web.pages.picture import file_of

    if not visit.access.may_see(record.source or "") or file_of(visit, record) is None:
        return None
    name = called(record.source or "", visit.home).removeprefix("the ")
    return Picture(f"/pictures/{quote(record.id, safe='')}", f"{name[:1].upper()}{name[1:]}", instant(record.time))
