"""A yard before a camera: made pictures of it, and a watch over it, for the tests of live cameras."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import cv2
import numpy as np

from rules.home import Home, parse_home
from rules.record import Record
from vision.detectors.scripted import Appearance, Scripted
from vision.frame import Frame, Image
from vision.identity import only_pet
from vision.live.view import Views
from vision.live.watch import Watch
from vision.scene import Scene
from vision.zone import zones_of

START = datetime(2026, 3, 9, 15, 59, tzinfo=UTC)  # a minute before noon in New York
BOWL = ((0.4, 0.75), (0.6, 0.75), (0.6, 1.0), (0.4, 1.0))
HOME = parse_home(
    {
        "home": "maple",
        "time_zone": "America/New_York",
        "pets": [{"id": "pet.daisy", "name": "Daisy", "species": "dog"}],
        "cameras": [{"id": "cam.yard", "zones": {"food_bowl": BOWL}}],
    }
)


def yard(seed: int = 0) -> Image:
    """Return a picture with edges everywhere, another one for each seed."""
    random = np.random.default_rng(seed)
    image = np.full((180, 320, 3), (150, 160, 150), np.uint8)
    for _ in range(50):
        x, y, wide, high = (int(random.integers(low, high)) for low, high in ((0, 310), (0, 170), (5, 40), (5, 30)))
        colour = tuple(int(level) for level in random.integers(20, 230, 3))
        cv2.rectangle(image, (x, y), (x + wide, y + high), colour, cv2.FILLED)
    return image


def noisy(image: Image, number: int) -> Image:
    """Return the picture as a sensor gives it the `number`th time."""
    noise = np.random.default_rng(number).integers(0, 6, image.shape, np.uint8)
    return cv2.add(image, noise).astype(np.uint8)


def covered(image: Image) -> Image:
    """Return what is seen through a cloth."""
    return cv2.GaussianBlur(image, (0, 0), 20).astype(np.uint8)


def watching(*script: Appearance, home: Home = HOME, views: Views | None = None) -> Watch:
    """Return a watch over the yard, in which the script happens."""
    camera = home.cameras[0]
    scene = Scene(home.home, camera.id, zones_of(camera.zones), only_pet(home))
    return Watch(home, camera, Scripted(*script), scene, views or Views())


def frame(image: Image, seconds: float, camera: str = "cam.yard") -> Frame:
    """Return a frame taken so many seconds after `START`."""
    return Frame(image, START + timedelta(seconds=seconds), camera)


def play(watch: Watch, image: Image, since: float, until: float, *, still: bool = False) -> list[Record]:
    """Return the records of a view that lasts, at 2.5 frames a second; a `still` one is the same picture again and again."""
    records = []
    for number in range(round(since * 2.5), round(until * 2.5)):
        records += watch.receive(frame(image if still else noisy(image, number), number / 2.5))
    return records


def health(records: list[Record]) -> list[tuple[float, str]]:
    """Return when what was reported of the camera's sight, the reason where it is offline."""
    return _told([r for r in records if r.type == "health" and "zone" not in r.data])


def zone_health(records: list[Record], zone: str = "food_bowl") -> list[tuple[float, str]]:
    """Return when what was reported of a zone, the reason where it cannot be seen."""
    return _told([r for r in records if r.type == "health" and r.data.get("zone") == zone])


def _told(records: list[Record]) -> list[tuple[float, str]]:
    return [(round((r.time - START).total_seconds(), 1), str(r.data.get("reason", "online"))) for r in records]
