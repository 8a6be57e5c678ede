"""The rota: the cameras that one process watches, each in its turn.

Whose look is the most overdue comes first, so that no camera starves however busy another one is. There is no queue: while a
camera waits for its turn, newer pictures replace its newest one. A process that cannot keep up looks less often at
each of its cameras alike, and at nothing that it could not tell of in time (`budget`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import process_time

from rules.record import Record
from vision.frame import Frame
from vision.live.budget import Cost, Took, pace
from vision.live.glimpse import Glimpse, glimpse_of
from vision.live.reader import MAX_AGE, Reader
from vision.live.shot import Shot
from vision.live.sight import SILENCE
from vision.live.watch import Watch

IDLE = 0.25  # seconds between two looks at the clock when no picture comes
_LATE = 0.005  # seconds by which a picture may come later than expected


@dataclass(slots=True)
class Post:
    """One camera on the rota: its reader, its watch, and when the next look is due."""

    reader: Reader
    watch: Watch
    due: datetime | None = None
    cost: Cost = field(default_factory=Cost)
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

    def wait(self, now: datetime, period: timedelta) -> timedelta:
        """Return the time until it is due. A tenth early is on time: else pictures that come at the rate would be missed."""
        return (self.due or now) - period / 10 - now

    def is_behind(self, other: Post, period: timedelta) -> bool:
        """Return whether it has waited for its turn for half a period longer than the other."""
        return self.due is not None and other.due is not None and other.due - self.due >= period / 2

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
    """Watches some cameras in one thread: `run` yields what they tell. Ring `bell` when a reader has something.

    `spent` says how many seconds of a core this process has had.
    """

    def __init__(
        self,
        posts: Sequence[Post],
        now: Callable[[], datetime],
        rate: float,
        bell: threading.Event,
        spent: Callable[[], float] = process_time,
    ) -> None:
        self.posts = posts
        self._now, self._bell, self._spent = now, bell, spent
        self.rate = rate
        self.stopped = False
        self._held: datetime | None = None  # until when a turn is kept free for a camera that is next

    @property
    def period(self) -> timedelta:
        """Return the time between two turns of each camera: as asked for, or more where that would take more than a core."""
        return pace([post.cost for post in self.posts], timedelta(seconds=1 / self.rate))

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
        now, period = self._now(), self.period
        post = self._next(now, period)
        if post is None:
            return None
        post.due = max(post.due or now, now - period) + period
        post.watch.every(period)
        shot = post.reader.take(now)
        looks, spent = post.watch.effort.looks, self._spent()
        records = post.use(shot, now) if shot else post.watch.on_time(now)
        took = Took(self._spent() - spent, self._now() - now)
        post.cost.receive(took, looked=post.watch.effort.looks > looks)
        return Told(post.watch.camera.id, shot.time if shot else now, tuple(records))

    def _next(self, now: datetime, period: timedelta) -> Post | None:
        """Return whose turn it is: none where who is first of all only waits for a picture that would come in the middle of another's turn."""
        self._held = None
        due = sorted((post for post in self.posts if post.wait(now, period) <= timedelta(0)), key=_most_overdue)
        for post in due:
            post.reader.leave(now, post.cost.patience)
        ready = next((post for post in due if post.reader.waits()), None)
        if ready is None:
            return None
        for post in due[: due.index(ready)]:
            comes = post.reader.next
            if post.is_behind(ready, period) and comes and now < comes <= now + ready.cost.worst:
                self._held = comes
                return None
        return ready

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
            # A picture that came in speaks for its camera, also where it was not its turn.
            if not _heard_of(post.reader, now) and (records := post.watch.on_time(now)):
                yield Told(post.watch.camera.id, now, tuple(records))

    def _wait(self) -> float:
        """Return the seconds until the next camera that has a picture is due, at most `IDLE`."""
        now, period = self._now(), self.period
        if self._held:
            return max(0.0, (self._held - now).total_seconds()) + _LATE
        dues = [post.wait(now, period) for post in self.posts if post.reader.waits()]
        return max(0.0, min([IDLE, *(due.total_seconds() for due in dues)]))


def _heard_of(reader: Reader, now: datetime) -> bool:
    return reader.last is not None and now - reader.last <= SILENCE


def _most_overdue(post: Post) -> tuple[bool, float]:
    return post.due is not None, post.due.timestamp() if post.due else 0.0


assert timedelta(seconds=IDLE) < MAX_AGE
