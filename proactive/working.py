"""Working: a Kafka worker with the real parts. Homes come from the store; a home that is imported later is found."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterable
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING

from rules.home import Home

if TYPE_CHECKING:
    from streams.kafka.worker import Worker

LAST_WORDS = 15.0  # seconds in which a worker that gave up may say why, and leave
AGAIN = 10.0  # seconds before a home that was not known is asked for again

Ask = Callable[[str], Home | None]


class KnownHomes:
    """Finds homes by id and remembers them as they were: a worker that runs knows a home as its engine does.

    `ask` looks into the store. A home that it does not know is asked for again after a while, since records come by the
    thousand.
    """

    def __init__(self, ask: Ask, clock: Callable[[], float] = monotonic) -> None:
        self._ask, self._clock = ask, clock
        self._known: dict[str, Home] = {}
        self._asked: dict[str, float] = {}

    def __call__(self, home: str) -> Home | None:
        """Return a home, or None where nobody knows it."""
        if home not in self._known and self._clock() >= self._asked.get(home, -AGAIN) + AGAIN:
            found = self._ask(home)
            if found is None:
                self._asked[home] = self._clock()
            else:
                self._known[home] = found
        return self._known.get(home)


def work(worker: Worker, ready: Callable[[], None], signals: Iterable[signal.Signals]) -> None:
    """Run a worker until one of the signals comes. Raise what it raises when it cannot go on, such as BrokerError."""

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for each in signals:
            loop.add_signal_handler(each, stop.set)
        try:
            await worker.run(stop, ready)
        except Exception:
            _end_in_time()
            raise

    asyncio.run(run())


def _end_in_time() -> None:
    """See to it that a worker that gave up ends, so that whoever looks after it starts it again: Faust's threads may go on."""
    timer = Timer(LAST_WORDS, os._exit, (1,))
    timer.daemon = True
    timer.start()
