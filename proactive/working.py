"""Working: a Kafka worker with the real parts. Homes come from the store, as they are listed there at any time."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterable, Sequence
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING

from rules.home import Home

if TYPE_CHECKING:
    from streams.kafka.worker import Worker

LAST_WORDS = 15.0  # seconds in which a worker that is done may say why, and leave
AGAIN = 10.0  # seconds before a home that was not known is asked for again

Ask = Callable[[Sequence[str]], Iterable[Home]]


class KnownHomes:
    """Finds homes by id and remembers them as they were, until `news` finds them listed otherwise.

    `ask` looks into the store for some homes. One that it does not know is asked for again after a while, since records come by
    the thousand. `tally` is another one whenever the homes list something else; any thread may call either method.
    """

    def __init__(
        self, ask: Ask, tally: Callable[[], object] = lambda: None, clock: Callable[[], float] = monotonic
    ) -> None:
        self._ask, self._tally, self._clock = ask, tally, clock
        self._known: dict[str, Home] = {}
        self._asked: dict[str, float] = {}
        self._seen: object = None

    def __call__(self, home: str) -> Home | None:
        """Return a home, or None where nobody knows it."""
        if home not in self._known and self._clock() >= self._asked.get(home, -AGAIN) + AGAIN:
            found = next(iter(self._ask([home])), None)
            if found is None:
                self._asked[home] = self._clock()
            else:
                self._known[home] = found
        return self._known.get(home)

    def news(self) -> list[Home]:
        """Return the homes that were found before and are listed otherwise now. It is cheap where nobody touched any."""
        tally = self._tally()
        if tally == self._seen:
            return []
        changed = [home for home in self._ask(list(self._known)) if home != self._known[home.home]]
        self._known |= {home.home: home for home in changed}
        self._seen = tally
        return changed


def work(worker: Worker, ready: Callable[[], None], signals: Iterable[signal.Signals]) -> None:
    """Run a worker until one of the signals comes. Raise what it raises when it cannot go on, such as BrokerError."""

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for each in signals:
            loop.add_signal_handler(each, stop.set)
        try:
            await worker.run(stop, ready)
        finally:
            _end_in_time()

    asyncio.run(run())


def _end_in_time() -> None:
    """See to it that a worker that is done ends, so that whoever looks after it starts it again: Faust's threads may go on."""
    timer = Timer(LAST_WORDS, os._exit, (1,))
    timer.daemon = True
    timer.start()
