"""A worker in the open: the cameras of a made street watched in this process, every picture's true age read off its stamp."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import time

from benchmarks.studio import read_stamp
from rules.home import parse_home
from rules.record import Record
from vision.detector import Detector
from vision.live.connection import Shot
from vision.live.post import Orders, posts_of
from vision.live.rota import Post, Rota


@dataclass(slots=True)
class Ages:
    """How old pictures truly were: when they were used, and when what they showed had been told, in seconds."""

    used: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Probed(Post):
    """A post that reads when each picture it uses was taken."""

    ages: Ages = field(default_factory=Ages)
    stamped: bool = True
    taken: float = 0.0

    def use(self, shot: Shot, now: datetime) -> list[Record]:
        """Use the picture, and note how old it was before and after."""
        image = shot.decode()
        if image is None:
            return []
        taken = read_stamp(image, time()) if self.stamped else shot.time.timestamp()
        # A frozen camera sends one picture again and again, which comes in at once and is recognised by being the same.
        repeated, self.taken = abs(taken - self.taken) < 0.001, taken
        if repeated:
            return Post.use(self, Shot(shot.time, shot.fresh, lambda: image), now)
        self.ages.used.append(time() - taken)
        # Not by `super()`: a dataclass with slots is another class than the one that was written down.
        records = Post.use(self, Shot(shot.time, shot.fresh, lambda: image), now)
        self.ages.told.append(time() - taken)
        return records


def probed_rota(
    urls: Sequence[str], detector: Detector, rate: float, *, stamped: bool = True
) -> tuple[Rota, list[Probed]]:
    """Return a rota over the cameras at these addresses, and its posts; without stamps a picture's age is since it came in."""
    home = parse_home({"home": "street", "cameras": [{"id": f"cam.{n}", "url": url} for n, url in enumerate(urls)]})
    orders = Orders(tuple((home, camera) for camera in home.cameras), "", rate=rate)
    bell = threading.Event()
    posts = [Probed(post.reader, post.watch, stamped=stamped) for post in posts_of(orders, detector, _now, bell)]
    return Rota(posts, _now, rate, bell), posts


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def street(
    cameras: int, fps: float, motion: float, clips: Sequence[Path], *, stamped: bool = True
) -> Iterator[tuple[list[str], subprocess.Popen[str]]]:
    """Run a studio in another process; give its addresses, and the process, whose stdin takes what cameras are to do."""
    command = [sys.executable, "-m", "benchmarks.studio", f"--cameras={cameras}", f"--fps={fps}", f"--motion={motion}"]
    command += [] if stamped else ["--plain"]
    with subprocess.Popen(
        [*command, *map(str, clips)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as studio:
        assert studio.stdout is not None and studio.stdin is not None
        try:
            yield [studio.stdout.readline().strip() for _ in range(cameras)], studio
        finally:
            studio.stdin.close()
            studio.wait(10)
