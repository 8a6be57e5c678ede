"""The crew: worker processes, one for each core at most, that share a home's cameras.

A worker that dies is replaced, and what it watched is blind from its last word until its successor sees. Workers end when they are
told to, or when whoever started them is gone.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from random import Random

from vision.live.glimpse import Glimpse
from vision.live.outlook import health
from vision.live.post import Drawing, Lesson, Orders
from vision.live.reader import Backoff
from vision.live.report import CameraReport
from vision.live.rota import Told
from vision.live.sight import Change, Reason
from vision.live.worker import work

_log = logging.getLogger(__name__)
_START = 0.2  # seconds between looks at whether to stop


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shares(orders: Orders, count: int) -> list[Orders]:
    """Return the orders of `count` workers, each with as many cameras as any other, or one more."""
    return [replace(orders, cameras=orders.cameras[number::count]) for number in range(min(count, len(orders.cameras)))]


@dataclass(slots=True)
class _Worker:
    orders: Orders
    backoff: Backoff
    process: BaseProcess | None = None
    line: Connection | None = None
    last: datetime | None = None
    again: datetime | None = None


class Crew:
    """Runs workers and gathers what they tell: `run` yields until `stop` is set."""

    def __init__(
        self,
        orders: Orders,
        workers: int | None = None,
        now: Callable[[], datetime] | None = None,
        on_glimpse: Callable[[Glimpse], None] = lambda _: None,
    ) -> None:
        self._now, self._on_glimpse = now or (lambda: datetime.now(UTC)), on_glimpse
        self.cores = workers or cores()
        self._workers = [_Worker(share, Backoff(Random(), 1.0, 30.0)) for share in shares(orders, self.cores)]
        self.reports: dict[tuple[str, str], CameraReport] = {}

    @property
    def pids(self) -> list[int]:
        """Return the process ids of the workers that run."""
        return [one.process.pid for one in self._workers if one.process and one.process.pid]

    def teach(self, lesson: Lesson) -> None:
        """Tell every worker, and whoever takes the place of one, what photos teach now."""
        for one in self._workers:
            one.orders = replace(one.orders, taught=lesson.taught)
            _say(one, lesson)

    def draw(self, drawing: Drawing) -> None:
        """Tell every worker, and whoever takes the place of one, which zones cameras have now."""
        for one in self._workers:
            one.orders = replace(one.orders, cameras=tuple(drawing.drawn(*each) for each in one.orders.cameras))
            _say(one, drawing)

    def run(self, stop: threading.Event) -> Iterator[Told | None]:
        """Yield what the cameras tell, and None when a moment passed: at first that none is seen yet, at last that nobody looks."""
        now = self._now()
        yield from (told for one in self._workers for told in _blind(one.orders, now, "starting"))
        try:
            while not stop.is_set():
                yield from self._round()
                yield None
        finally:
            for one in self._workers:
                _tell_to_stop(one)
        yield from self._last_words()

    def _round(self) -> Iterator[Told]:
        for one in self._workers:
            if one.line is None and (one.again is None or one.again <= self._now()):
                _start(one)
        lines = {one.line: one for one in self._workers if one.line is not None}
        for line in wait(list(lines), _START) if lines else ():
            yield from self._hear(lines[line])  # type: ignore[index]  # they are those that were given

    def _hear(self, one: _Worker) -> Iterator[Told]:
        assert one.line is not None
        try:
            word = one.line.recv()
        except (EOFError, OSError):
            yield from self._lose(one)
            return
        one.last = self._now()
        if isinstance(word, Told):
            yield word
            return
        if isinstance(word, Glimpse):
            self._on_glimpse(word)
            return
        one.backoff.reset()
        self.reports |= {(report.home, report.camera): report for report in word}

    def _lose(self, one: _Worker) -> Iterator[Told]:
        now = self._now()
        _end(one)
        one.again = now + timedelta(seconds=one.backoff())
        _log.error("A camera worker ended (%s); starting it again.", one.orders)
        yield from _blind(one.orders, min(one.last or now, now), "starting")

    def _last_words(self) -> Iterator[Told]:
        """Yield what the workers still say within a second; end those that say nothing."""
        until = self._now() + timedelta(seconds=0.8)
        for one in self._workers:
            said_all, stopped = False, set[str]()
            while not said_all and one.line is not None and self._now() < until:
                try:
                    word = one.line.recv() if one.line.poll(0.1) else None
                except (EOFError, OSError):
                    said_all = True
                    continue
                if isinstance(word, Told):
                    stopped |= {word.camera} if any(r.type == "health" for r in word.records) else set()
                    yield word
            if one.line is not None and not said_all:
                unsaid = (told for told in _blind(one.orders, self._now(), "stopped") if told.camera not in stopped)
                yield from unsaid
            _end(one)


def _start(one: _Worker) -> None:
    # Spawned, not forked: a fork would copy the threads' locks and the store's connections.
    context = get_context("spawn")
    one.line, theirs = context.Pipe()
    one.process = context.Process(target=work, args=(one.orders, theirs), name="proactive cameras", daemon=True)
    one.process.start()
    theirs.close()


def _say(one: _Worker, word: Lesson | Drawing) -> None:
    if one.line is not None:
        with suppress(OSError):  # a worker that is gone is replaced by one that knows
            one.line.send(word)


def _tell_to_stop(one: _Worker) -> None:
    if one.line is not None:
        try:
            one.line.send("stop")
        except OSError:
            _end(one)


def _end(one: _Worker) -> None:
    if one.line is not None:
        one.line.close()
    if one.process is not None:
        one.process.join(0.1)
        if one.process.is_alive():
            one.process.kill()
            one.process.join(1.0)
    one.line = one.process = None


def _blind(orders: Orders, time: datetime, reason: Reason) -> Iterator[Told]:
    """Yield that none of a worker's cameras is seen from a time on."""
    for home, camera in orders.cameras:
        yield Told(camera.id, time, (health(home.home, camera.id, Change(time, reason)),))
