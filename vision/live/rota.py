"""The rota: the cameras that one process watches, each in its turn.

Whose look is the most overdue comes first, so that no camera starves however busy another one is. There is no queue: while a
camera waits for its turn, newer pictures replace its newest one. A process that cannot keep up looks less often at
each of its cameras and never at anything old.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rules.record import Record
from vision.frame import Frame
from vision.live.glimpse import Glimpse, glimpse_of
from vision.live.reader import MAX_AGE, Reader
from vision.live.shot import Shot
from vision.live.watch import Watch

IDLE = 0.25  # seconds between two looks at the clock when no picture comes


@dataclass(slots=True)
class Post:
    """One camera on the rota: its reader, its watch, and when the next look is due."""

    reader: Reader
    watch: Watch
    due: datetime | None = None
    oldest: timedelta = timedelta(0)  # the greatest age at which a picture has been used
    times: list[datetime] = field(default_factory=list)  # of the last pictures that were used
    _newest: Frame | None = None

    def use(self, shot: Shot, now: datetime) -> list[Record]:
        """Return what is known with a picture; a broken one tells nothing."""
        image = shot.decode()
        if image is None:
            return []
        self.oldest = max(self.oldest, now - shot.time)
        self.times = [*self.times[-9:], shot.time]
        self._newest = Frame(image, shot.time, self.watch.camera.id)
        return self.watch.receive(self._newest)

    def glimpse(self) -> Glimpse | None:
        """Return the newest picture as people look at it; None where there is none since this was last asked."""
        newest, self._newest = self._newest, None
        return glimpse_of(self.watch.home.home, newest, self.watch.seen) if newest else None


@dataclass(frozen=True, slots=True)
class Told:
    """Records, and the time of the picture that made them known."""

    camera: str
    time: datetime
    records: tuple[Record, ...]


class Rota:
    """Watches some cameras in one thread: `run` yields what they tell. Ring `bell` when a reader has something."""

    def __init__(self, posts: Sequence[Post], now: Callable[[], datetime], rate: float, bell: threading.Event) -> None:
        self.posts = posts
        self._now, self._bell = now, bell
        self._period = timedelta(seconds=1 / rate)
        self.stopped = False

    def run(self) -> Iterator[Told | None]:
        """Yield what the cameras tell, and None when nothing was told for a moment, until `stop`; then the last words."""
        for post in self.posts:
            post.reader.start()
        while not self.stopped:
            if (told := self.turn()) is None:
                yield from self._on_time()
                yield None
                self._bell.wait(self._wait())
                self._bell.clear()
            elif told.records:
                yield told
            else:
                yield None
        yield from self.close()

    def stop(self) -> None:
        """End `run` after this turn."""
        self.stopped = True
        self._bell.set()

    def turn(self) -> Told | None:
        """Give the most overdue camera that has a picture its turn; None when none has."""
        now = self._now()
        ready = [post for post in self.posts if post.reader.waits() and self._in(post, now) <= timedelta(0)]
        if not ready:
            return None
        post = min(ready, key=lambda post: (post.due is not None, post.due or now))
        post.due = max(post.due or now, now - self._period) + self._period
        shot = post.reader.take(now)
        records = post.use(shot, now) if shot else post.watch.on_time(now)
        return Told(post.watch.camera.id, shot.time if shot else now, tuple(records))

    def close(self) -> Iterator[Told]:
        """Yield the ends of what goes on."""
        now = self._now()
        for post in self.posts:
            post.reader.stop()
            if records := post.watch.stop(now):
                yield Told(post.watch.camera.id, now, tuple(records))

    def _on_time(self) -> Iterator[Told]:
        now = self._now()
        for post in self.posts:
            # A picture that waits for its turn speaks for its camera.
            if not post.reader.waits() and (records := post.watch.on_time(now)):
                yield Told(post.watch.camera.id, now, tuple(records))

    def _wait(self) -> float:
        """Return the seconds until the next camera that has a picture is due, at most `IDLE`."""
        now = self._now()
        dues = [self._in(post, now) for post in self.posts if post.reader.waits()]
        return max(0.0, min([IDLE, *(due.total_seconds() for due in dues)]))

    def _in(self, post: Post, now: datetime) -> timedelta:
        """Return the time until a camera is due. A tenth early is on time: else pictures that come at the rate would be missed."""
        return (post.due or now) - self._period / 10 - now


assert timedelta(seconds=IDLE) < MAX_AGE
