"""A worker in the open: the cameras of a made street watched in this process, every picture's true age read off its stamp."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time
from typing import Literal

from benchmarks.loop import HEIGHT, WIDTH, age_in_loop, read_stamp, shift_of, stamp_in
from rules.home import parse_home
from rules.record import Record
from vision.detector import Detector
from vision.frame import Image
from vision.live.post import Orders, posts_of
from vision.live.rota import Post, Rota
from vision.live.shot import Shot

Streams = Literal["http", "rtsp"]
SYSTEM_PYTHON = "/usr/bin/python3"  # which has the bindings of GStreamer, where Debian's packages are installed
# Two dogs that are told apart, so that who it is is looked at as in any home with pets.
PETS = [
    {"id": "pet.daisy", "name": "Daisy", "species": "dog", "looks": "cream"},
    {"id": "pet.rex", "name": "Rex", "species": "dog", "looks": "black"},
]


@dataclass(slots=True)
class Ages:
    """How old pictures truly were: when they were used, and when what they showed had been told, in seconds."""

    used: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    believed: list[float] = field(default_factory=list)  # how old the pictures that were used were taken to be

    def clear(self) -> None:
        """Begin to count anew."""
        self.used.clear()
        self.told.clear()
        self.believed.clear()

    def take_back(self) -> None:
        """Forget the last picture, where it is of this count."""
        for ages in (self.used, self.told, self.believed):
            del ages[-1:]


@dataclass(slots=True)
class Probed(Post):
    """A post that reads when each picture it uses was taken; `shift` is that of the camera's loop, None where it films live."""

    ages: Ages = field(default_factory=Ages)
    shift: float | None = None
    shown: int = -1  # the stamp of the last picture
    counted: bool = False  # whether that picture was

    def use(self, shot: Shot, now: datetime) -> list[Record]:
        """Use the picture, and note how old it was before and after."""
        image = shot.decode()
        if image is None:
            return []
        # As it was taken: where this process is stopped during its look, what is told of it comes later, with the picture's own time.
        used = self._age(image, now.timestamp())
        # A frozen camera sends one picture again and again, which comes in at once and is recognised by being the same. Where this
        # process was held up as it froze, the first of them is old already, and is taken back with the second.
        shown, self.shown = self.shown, stamp_in(image)
        # Not by `super()`: a dataclass with slots is another class than the one that was written down.
        records = Post.use(self, Shot(shot.time, shot.fresh, lambda: image), now)
        if self.shown != shown:
            self.ages.used.append(used)
            self.ages.believed.append((now - shot.time).total_seconds())
            self.ages.told.append(self._age(image, time()))
        elif self.counted:
            self.ages.take_back()
        self.counted = self.shown != shown
        return records

    def _age(self, image: Image, now: float) -> float:
        return now - read_stamp(image, now) if self.shift is None else age_in_loop(image, now, self.shift)


def probed_rota(
    urls: Sequence[str], detector: Detector, rate: float, *, looped: bool = False, pictures: Path | None = None
) -> tuple[Rota, list[Probed]]:
    """Return a rota over the cameras at these addresses, with all that `proactive serve` gives a worker, and its posts."""
    cameras = [{"id": f"cam.{n}", "url": url} for n, url in enumerate(urls)]
    home = parse_home({"home": "street", "cameras": cameras, "pets": PETS})
    orders = Orders(tuple((home, camera) for camera in home.cameras), "", rate=rate, pictures=pictures)
    bell = threading.Event()
    posts = [
        Probed(post.reader, post.watch, shift=shift_of(number) if looped else None)
        for number, post in enumerate(posts_of(orders, detector, _now, bell))
    ]
    return Rota(posts, _now, rate, bell), posts


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def street(
    cameras: int, fps: float, motion: float, clips: Sequence[str], *, looped: bool = False
) -> Iterator[tuple[list[str], subprocess.Popen[str]]]:
    """Run a studio in another process; give its addresses, and the process, whose stdin takes what cameras are to do."""
    command = [sys.executable, "-m", "benchmarks.studio", f"--cameras={cameras}", f"--fps={fps}", f"--motion={motion}"]
    command += ["--looped"] if looped else []
    with _serving([*command, *clips], cameras) as served:
        yield served


@contextmanager
def rtsp_street(
    cameras: int, fps: float, motion: float, clips: Sequence[str]
) -> Iterator[tuple[list[str], subprocess.Popen[str]]]:
    """Run a real RTSP server in another process; give its addresses, of cameras that play loops, and the process."""
    with TemporaryDirectory() as folder:
        # By another process: films take hundreds of megabytes, and it is this one whose memory is looked at.
        make = [sys.executable, "-m", "benchmarks.studio", f"--raw={folder}", f"--fps={fps}", f"--motion={motion}"]
        subprocess.run([*make, *clips], check=True)
        films = sorted(Path(folder).glob("*.bgr"))
        server = Path(__file__).with_name("rtsp_server.py")
        command = [SYSTEM_PYTHON, str(server), f"--size={WIDTH}x{HEIGHT}", f"--fps={round(fps)}"]
        command += [f"--film={path}" for path in films]
        command += [f"--camera={number % len(films)}:{shift_of(number)}" for number in range(cameras)]
        with _serving(command, cameras) as served:
            yield served


@contextmanager
def _serving(command: list[str], cameras: int) -> Iterator[tuple[list[str], subprocess.Popen[str]]]:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None and server.stdin is not None
        _leave(server.pid)
        try:
            yield [server.stdout.readline().strip() for _ in range(cameras)], server
        finally:
            server.stdin.close()
            server.wait(10)


def _leave(pid: int) -> None:
    """Have another process use the cores that this one does not, where this one is bound to some."""
    if hasattr(os, "sched_setaffinity") and (others := set(range(os.cpu_count() or 1)) - os.sched_getaffinity(0)):
        os.sched_setaffinity(pid, others)
