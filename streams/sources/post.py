"""The post: hands what was heard to the log in a thread of its own, in order, until it is kept.

A connection must be kept alive while the log waits for its disk. What waits is bounded: a source that finds it `full` lets
its connection go, says that nothing can be heard, and comes back when there is room.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterable
from typing import Self

from rules.record import Record
from streams.source import Deliver

MOST = 10_000  # records that may wait
AT_ONCE = 1_000
RETRY = 1.0  # seconds before a delivery that was refused is tried again
_log = logging.getLogger(__name__)


class Post:
    """Delivers records while the block runs: `with Post(deliver, stop) as post: post.add(records)`."""

    def __init__(self, deliver: Deliver, stop: threading.Event, most: int = MOST, retry: float = RETRY) -> None:
        self._deliver, self._stop, self._most, self._retry = deliver, stop, most, retry
        self._waiting: deque[Record] = deque()
        self._some = threading.Condition()
        self._left = False
        self._thread = threading.Thread(target=self._run, name="post", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._some:
            self._left = True
            self._some.notify()
        self._thread.join(0.5)
        if self._waiting:
            _log.error("%d records were heard and are not kept, since it was stopped before.", len(self._waiting))

    def add(self, records: Iterable[Record]) -> None:
        """Take records; `full` says when that should stop."""
        with self._some:
            self._waiting.extend(records)
            self._some.notify()

    @property
    def full(self) -> bool:
        """Say whether as much waits as may."""
        return len(self._waiting) >= self._most

    @property
    def empty(self) -> bool:
        """Say whether everything was kept."""
        return not self._waiting

    def _run(self) -> None:
        while self._wait():
            batch = [self._waiting[index] for index in range(min(AT_ONCE, len(self._waiting)))]
            try:
                self._deliver(batch)
            except Exception as error:  # noqa: BLE001  whatever refused it, the records must not be lost
                if self._stop.is_set():
                    return
                _log.warning("%d records were refused and are tried again: %s", len(batch), error)
                self._stop.wait(self._retry)
                continue
            with self._some:
                for _ in batch:
                    self._waiting.popleft()

    def _wait(self) -> bool:
        """Wait for something to deliver; return False once nothing more will come."""
        with self._some:
            while not self._waiting and not self._left:
                self._some.wait()
            return bool(self._waiting)
