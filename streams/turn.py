"""Turns: work that one thread does at a time, and nobody waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Turn:
    """Runs some work; whoever asks for it while it runs leaves at once, and it is run once more."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._wanted = threading.Event()
        self.lock = threading.Lock()

    def take(self) -> None:
        """Have the work done after this call began: here, or by the thread that is at it. Raise what the work raises."""
        self._wanted.set()
        while self._wanted.is_set():
            if not self.lock.acquire(blocking=False):
                return
            try:
                self._wanted.clear()
                self._work()
            finally:
                self.lock.release()
