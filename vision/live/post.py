"""Posts: a camera of a home, with everything that watching it needs, made from plain values.

The values (`Orders`) cross the border to another process; what they are made into does not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rules.home import Camera, Home, folder_of
from vision.detector import Detector
from vision.identity import Taught
from vision.live.budget import Cost
from vision.live.connection import connect
from vision.live.reader import Reader
from vision.live.rota import Post
from vision.live.view import Views
from vision.live.watch import Watch, forgiving
from vision.recogniser import Recogniser
from vision.scene import Scene, Snapshot
from vision.scene_state import gauges_of
from vision.snapshot import SnapshotFolder
from vision.source import RATE
from vision.zone import zones_of
from vision.zone_memory import ZoneMemory


@dataclass(frozen=True, slots=True)
class Orders:
    """What to watch and how: cameras with their homes, a detector by name, where pictures and views are kept,
    and by home what photos taught of how its pets look.

    `repr` shows no addresses, since they hold passwords. A picture's name in a record begins with `pictures_as`.
    """

    cameras: tuple[tuple[Home, Camera], ...]
    detector: str
    model: Path | None = None
    pictures: Path | None = None
    pictures_as: str = ""
    views: Path | None = None
    rate: float = RATE
    taught: Mapping[str, Taught] = field(default_factory=dict)

    def __repr__(self) -> str:
        names = ", ".join(camera.id for _, camera in self.cameras)
        return f"Orders({names}, detector={self.detector!r}, rate={self.rate})"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What photos teach of how the pets look, by home: told to who watches already."""

    taught: Mapping[str, Taught]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Homes whose cameras have other zones now, by id: told to who watches already."""

    homes: Mapping[str, Home]

    def drawn(self, home: Home, camera: Camera) -> tuple[Home, Camera]:
        """Return a home and its camera as they are now; as they were where they are not listed any more."""
        now = self.homes.get(home.home, home)
        found = now.by_id.get(camera.id)
        return (now, found) if isinstance(found, Camera) else (home, camera)


def posts_of(
    orders: Orders, detector: Detector, now: Callable[[], datetime], bell: threading.Event, look: float = 0.0
) -> list[Post]:
    """Return a post for each camera; one without an address is left out. A look is said to take so many seconds, until that is known."""
    return [
        Post(
            _reader(camera.id, camera.url, now, orders.rate, bell),
            _watch(orders, home, camera, detector),
            cost=Cost(look, look),
        )
        for home, camera in orders.cameras
        if camera.url
    ]


def teach(posts: Iterable[Post], taught: Mapping[str, Taught]) -> None:
    """Let cameras that are being watched know their animals by what photos teach now, by home."""
    for post in posts:
        post.watch.scene.identify_by(Recogniser(post.watch.home, taught.get(post.watch.home.home, {})))


def draw(posts: Iterable[Post], drawing: Drawing) -> None:
    """Let cameras that are being watched look at the zones that they have now; those that are as they were go on."""
    for post in posts:
        post.watch.draw(*drawing.drawn(post.watch.home, post.watch.camera))


def _reader(name: str, url: str, now: Callable[[], datetime], rate: float, bell: threading.Event) -> Reader:
    return Reader(name, lambda: connect(url, now, rate), bell.set)


def _watch(orders: Orders, home: Home, camera: Camera, detector: Detector) -> Watch:
    zones, gauges = zones_of(camera.zones), gauges_of(home, camera)
    who = Recogniser(home, orders.taught.get(home.home, {}))
    scene = Scene(home.home, camera.id, zones, who, _pictures(orders, home, camera), gauges=gauges)
    folder = orders.views / folder_of(home.home) / folder_of(camera.id) if orders.views else None
    return Watch(home, camera, detector, scene, Views(folder), memory=ZoneMemory(folder))


def _pictures(orders: Orders, home: Home, camera: Camera) -> Snapshot | None:
    """Return what keeps the pictures of a camera, in a folder of its own: the folder says who may see them."""
    if orders.pictures is None:
        return None
    place = f"{folder_of(home.home)}/{folder_of(camera.id)}"
    folder = SnapshotFolder(orders.pictures / place, ZoneInfo(home.time_zone))
    return forgiving(lambda frame, marked, episode: f"{orders.pictures_as}{place}/{folder(frame, marked, episode)}")
