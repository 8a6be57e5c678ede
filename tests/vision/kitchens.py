"""A kitchen before a camera, as these tests need it: its home, its zones, and what a script lets happen there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from rules.home import Home, parse_home
from rules.record import Record
from vision.detectors.scripted import Appearance, Scripted
from vision.frame import Frame
from vision.identity import only_pet
from vision.scene import Scene, Snapshot
from vision.see import see
from vision.zone import Box, zones_of

START = datetime(2026, 3, 9, 11, tzinfo=UTC)
BOWL = ((0.4, 0.75), (0.6, 0.75), (0.6, 1.0), (0.4, 1.0))
RUG = ((0.0, 0.5), (0.35, 0.5), (0.35, 1.0), (0.0, 1.0))
AT_BOWL: Box = (0.1, 0.2, 0.6, 0.95)
ON_RUG: Box = (0.05, 0.4, 0.25, 0.9)
DAISY = {"id": "pet.daisy", "name": "Daisy", "species": "dog"}
LIT = np.random.default_rng(1).integers(60, 240, (9, 16, 3), np.uint8).repeat(20, 0).repeat(20, 1)


def kitchen(*pets: dict[str, str], **zones: Any) -> Home:
    """Return a home with these pets and one camera with these zones (default: Daisy, a bowl and a rug)."""
    camera = {"id": "cam.kitchen", "zones": zones or {"food_bowl": BOWL, "rug": RUG}}
    return parse_home({"home": "maple", "pets": list(pets or (DAISY,)), "cameras": [camera]})


def there(start: float, end: float, box: Box = AT_BOWL, label: str = "dog", confidence: float = 0.9) -> Appearance:
    """Return something that is in the picture from one second to another."""
    return Appearance(label, box, start, end, confidence)


@dataclass(frozen=True)
class Ticking:
    """Frames of one picture at the given seconds after `START`."""

    seconds: tuple[float, ...]
    length: timedelta | None = timedelta(seconds=60)

    def __iter__(self) -> Iterator[Frame]:
        for second in self.seconds:
            yield Frame(LIT, START + timedelta(seconds=second), "cam.kitchen")


def steady(until: float, rate: float = 2.5) -> Ticking:
    """Return frames at a steady rate."""
    return Ticking(tuple(number / rate for number in range(round(until * rate))))


def seen(*script: Appearance, home: Home | None = None, frames: Ticking | None = None) -> list[Record]:
    """Return the records of the script in the kitchen, of a minute unless frames are given."""
    home = home or kitchen()
    return list(see(frames or steady(60), Scripted(*script), home, home.cameras[0]))


def scene(snapshot: Snapshot | None = None) -> Scene:
    """Return the scene of the kitchen's camera."""
    home = kitchen()
    return Scene(home.home, "cam.kitchen", zones_of(home.cameras[0].zones), only_pet(home), snapshot)


def after(record: Record) -> float:
    """Return the seconds from `START` to a record."""
    return round((record.time - START).total_seconds(), 3)


def of(records: list[Record], activity: str, zone: str | None = None) -> list[Record]:
    """Return the records of an activity, at a zone where one is given."""
    return [r for r in records if r.data.get("activity") == activity and zone in (None, r.data.get("zone"))]


def meals(records: list[Record]) -> list[tuple[float, float]]:
    """Return the seconds at which each meal began and ended."""
    eating = of(records, "eating")
    begun = {r.data["episode"]: after(r) for r in eating if r.data["phase"] == "start"}
    return [(begun[r.data["episode"]], after(r)) for r in eating if r.data["phase"] == "end"]
