"""Sighting: a camera as a page shows it: its newest picture, how old that is, what is in it, and what of it can be seen.

A picture that is not of now is never called live: its time is beside it, and what is old says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from proactive.cameras import CameraStatus, statuses
from proactive.web.page import ago, at
from proactive.web.visit import Visit
from rules.home import Camera
from rules.units import SECOND, instant, moment
from rules.words.names import plain

if TYPE_CHECKING:
    from vision.live.glimpse import Glimpse

FRESH = 10 * SECOND  # the age up to which a picture is of now: one comes every two seconds
HEARD = 30 * SECOND  # the age up to which a camera's status counts: it is written every five
WIDE, HIGH = 960, 540  # what zones are drawn on where there is no picture yet

Mood = Literal["well", "blind", "off"]
_BLIND: Mapping[str, str] = {
    "starting": "It is being started.",
    "no_picture": "No picture comes from it. Is it on, and in reach?",
    "frozen": "It sends one and the same picture. Turn it off and on again.",
    "too_dark": "It is too dark to see anything.",
    "covered": "Something covers the lens, or it is out of focus.",
    "moved": "It looks elsewhere than before. Turn it back.",
    "detector_failed": "Its pictures come, and nobody can look at them. The log of the program says why.",
    "too_slow": "This machine is too slow for its cameras, and looks at it too seldom to see what happens.",
    "stopped": "It is not being watched.",
}
_ZONE: Mapping[str, str] = {
    "too_dark": "too dark",
    "covered": "something covers it",
    "moved": "the camera looks past it",
    "too_small": "too small in the picture",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A zone on the picture: `points` as SVG has them, where its name stands, and why it cannot be seen."""

    name: str
    points: str
    x: float
    y: float
    blind: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A box on the picture, in its pixels."""

    x: float
    y: float
    width: float
    height: float
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The newest picture: where it is loaded, when it was taken, how long ago, and whether that is now."""

    href: str
    taken: int
    clock: str
    ago: str
    live: bool


@dataclass(frozen=True, slots=True)
class Sighting:
    """A camera as it is shown. `mood` and `title` say in a word how it is, `words` in a sentence."""

    camera: Camera
    name: str
    mood: Mood
    title: str
    words: str
    picture: Picture | None
    width: int
    height: int
    spots: tuple[Spot, ...]
    found: tuple[Found, ...]
    facts: tuple[tuple[str, str], ...]

    @property
    def described(self) -> str:
        """Return what the picture shows, for whoever cannot see it."""
        zones = ", ".join(each.name for each in self.spots) or "no zones"
        found = ", ".join(each.words for each in self.found) or "nothing was found"
        return f"{self.name}. Zones: {zones}. In the picture: {found}."


def sightings(visit: Visit, cameras: Iterable[Camera]) -> list[Sighting]:
    """Return how cameras that the person may see are doing."""
    kept = {(each.home, each.camera): each for each in statuses(visit.site.settings)}
    return [_sighting(visit, camera, kept.get((visit.home.home, camera.id))) for camera in cameras]


def _sighting(visit: Visit, camera: Camera, status: CameraStatus | None) -> Sighting:
    glimpse = visit.site.glimpses.of(visit.home.home, camera.id)
    heard = status if status is not None and visit.now - instant(status.time) <= HEARD else None
    width, height = (WIDE, HIGH) if glimpse is None else (glimpse.width, glimpse.height)
    picture = None if glimpse is None else _picture(visit, glimpse, heard)
    mood, title, words = _how(camera, heard, picture)
    blind = {} if heard is None else heard.zones
    return Sighting(
        camera, camera.name or camera.id, mood, title, words, picture, width, height,
        tuple(spots(camera, width, height, blind)), () if glimpse is None else tuple(_found(glimpse)),
        tuple(_facts(visit, heard, status)),
    )  # fmt: skip


def _how(camera: Camera, heard: CameraStatus | None, picture: Picture | None) -> tuple[Mood, str, str]:
    """Return how a camera is: in a mood, a word and a sentence."""
    if heard is None:
        words = "It has no address, so it is not watched from here." if not camera.url else "Nobody is watching it now."
        return "off", "Not watched", words
    if heard.reason is not None:
        return "blind", "Cannot see", _BLIND.get(heard.reason, "It cannot see.")
    if picture is None or not picture.live:
        return "blind", "No new picture", "It is watched, and its newest picture is not of now."
    hidden = len(heard.zones)
    if hidden:
        return "blind", "Live", f"{'One zone' if hidden == 1 else f'{hidden} zones'} cannot be seen."
    return "well", "Live", "It sees."


def _picture(visit: Visit, glimpse: Glimpse, heard: CameraStatus | None) -> Picture:
    taken = instant(glimpse.time)
    still = heard is None or heard.reason in ("no_picture", "frozen", "stopped", "starting")
    return Picture(
        f"/cameras/{glimpse.camera}/picture?taken={taken}", taken, clock_words(glimpse.time, visit), ago(visit.now - taken),
        live=not still and visit.now - taken <= FRESH,
    )  # fmt: skip


def clock_words(time: datetime, visit: Visit) -> str:
    """Return an instant to the second, with its day where that is not today: `7:41:05 am`, `yesterday, 7:41:05 am`."""
    zone = ZoneInfo(visit.home.time_zone)
    there = time.astimezone(zone)
    day = at(time, zone, visit.now).rpartition(", ")[0]
    clock = f"{there.hour % 12 or 12}:{there:%M:%S} {'am' if there.hour < 12 else 'pm'}"
    return f"{day}, {clock}" if day else clock


def spots(camera: Camera, width: int, height: int, blind: Mapping[str, str]) -> Iterator[Spot]:
    """Yield the zones of a camera on a picture of that size."""
    for name, polygon in camera.zones.items():
        points = [(round(x * width, 1), round(y * height, 1)) for x, y in polygon]
        left, top = min(x for x, _ in points), min(y for _, y in points)
        why = _ZONE.get(blind[name], "cannot be seen") if name in blind else ""
        yield Spot(plain(name), " ".join(f"{x},{y}" for x, y in points), left, top, why)


def _found(glimpse: Glimpse) -> Iterator[Found]:
    for each in glimpse.found:
        x1, y1, x2, y2 = each.xyxy
        yield Found(
            round(x1 * glimpse.width, 1), round(y1 * glimpse.height, 1), round((x2 - x1) * glimpse.width, 1),
            round((y2 - y1) * glimpse.height, 1), f"{each.label}, {each.confidence:.0%}",
        )  # fmt: skip


def _facts(visit: Visit, heard: CameraStatus | None, status: CameraStatus | None) -> Iterator[tuple[str, str]]:
    """Yield what a camera does, as (what, how much)."""
    if heard is not None:
        yield "Pictures looked at", f"{heard.fps:g} a second"
        yield "One look takes", f"{heard.ms_per_look:.0f} ms" if heard.ms_per_look else "not known yet"
    if status is not None and status.last_seen is not None:
        last = instant(status.last_seen)
        zone = ZoneInfo(visit.home.time_zone)
        yield "Last picture", f"{at(moment(last), zone, visit.now)}, {ago(max(0, visit.now - last))}"
    if status is not None and status.reason and status.since is not None:
        yield "Cannot see since", at(status.since, ZoneInfo(visit.home.time_zone), visit.now)
