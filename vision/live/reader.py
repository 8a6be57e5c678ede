"""Readers: a thread for each camera that always has its newest picture, and connects anew for as long as it takes."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from vision.live.shot import Shot, SourceLost

_log = logging.getLogger(__name__)
# A picture that is older than a second shows no more what is there now; a fifth of it is for the camera, its network and decoding.
MAX_AGE = timedelta(seconds=0.8)

Connect = Callable[[], Iterator[Shot]]


class Backoff:
    """How long to wait before connecting again: doubling from half a second to `longest`, less up to half by chance.

    The longest is short, since a camera that is back is to be seen within five seconds, and a try costs next to nothing. The
    chance keeps a dozen cameras that lost their power together from asking for it together.
    """

    def __init__(self, random: Random, first: float = 0.5, longest: float = 3.0) -> None:
        self._random, self._first, self._longest = random, first, longest
        self._next = first

    def __call__(self) -> float:
        """Return the seconds to wait this time."""
        wait, self._next = self._next, min(2 * self._next, self._longest)
        return wait * self._random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Begin anew: a picture came."""
        self._next = self._first


@dataclass(slots=True)
class Counts:
    """What became of a camera's pictures: `dropped` for newer ones, `late` for those to come since it was not their turn in time, `old`
    because they did not show now.
    """

    received: int = 0
    dropped: int = 0
    late: int = 0
    old: int = 0
    connections: int = 0
    failures: int = 0


class Reader:
    """Reads one camera in a thread of its own; `take` gives its newest picture once. `bell` is rung when there is one."""

    def __init__(self, name: str, connect: Connect, bell: Callable[[], None], random: Random | None = None) -> None:
        self.name = name
        self.counts = Counts()
        self.trouble = ""
        self._connect, self._bell = connect, bell
        self._backoff = Backoff(random or Random())
        self._lock = threading.Lock()
        self._newest: Shot | None = None
        self._arrivals: deque[datetime] = deque(maxlen=4)
        self._stop = threading.Event()

    def start(self) -> None:
        """Begin to read."""
        # A daemon: who waits in a camera's silence is not waited for.
        threading.Thread(target=self._run, name=f"reader {self.name}", daemon=True).start()

    def stop(self) -> None:
        """Read no more; the connection closes with its next picture or when its patience ends."""
        self._stop.set()

    def waits(self) -> bool:
        """Return whether there is a picture that was not taken."""
        return self._newest is not None

    @property
    def last(self) -> datetime | None:
        """Return when the last picture came in."""
        return self._arrivals[-1] if self._arrivals else None

    @property
    def next(self) -> datetime | None:
        """Return when the next picture will come in, by the pace of the last ones; None before there were two."""
        with self._lock:
            some = tuple(self._arrivals)
        return some[-1] + (some[-1] - some[0]) / (len(some) - 1) if len(some) > 1 else None

    def leave(self, now: datetime, patience: Callable[[timedelta], timedelta]) -> None:
        """Leave the picture that waits where it has waited longer than one may that was so old when it came."""
        with self._lock:
            shot = self._newest
            if shot is not None and now - shot.arrived > patience(shot.age):
                self._newest = None
                self.counts.late += 1

    def take(self, now: datetime) -> Shot | None:
        """Return the newest picture if it was not taken yet and is of the last second."""
        with self._lock:
            shot, self._newest = self._newest, None
        if shot is not None and now - shot.time > MAX_AGE:
            self.counts.old += 1
            return None
        return shot

    def _run(self) -> None:
        while not self._stop.is_set():
            self._read()
            if self._stop.wait(self._backoff()):
                return

    def _read(self) -> None:
        """Read until the camera is lost."""
        try:
            self.counts.connections += 1
            for shot in self._connect():
                self._receive(shot)
                if self._stop.is_set():
                    return
            self._lose("the camera stopped sending.")
        except SourceLost as error:
            self._lose(str(error))
        except Exception as error:  # noqa: BLE001  a reader never ends by itself; the text of others' errors may hold an address
            self._lose(f"reading failed ({type(error).__name__}).")

    def _receive(self, shot: Shot) -> None:
        self._backoff.reset()
        self.trouble = ""
        self.counts.received += 1
        if not shot.fresh:
            self.counts.old += 1
            return
        with self._lock:
            self.counts.dropped += self._newest is not None
            self._newest = shot
            self._arrivals.append(shot.arrived)
        self._bell()

    def _lose(self, trouble: str) -> None:
        self.counts.failures += 1
        if trouble != self.trouble:
            _log.warning("%s: %s", self.name, trouble)
        self.trouble = trouble
