"""Sessions: a source that keeps one connection, come what may.

While there is no connection, everything that hangs on it is out of reach, and said to be so; it comes back with growing
pauses. What is heard goes to the log through the post; devices that flood are shed. Subclasses say how to talk.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar

from rules.home import Home
from rules.record import Record
from streams.source import Command, Deliver, NotMine, Place, SourceError, Standing, Unsure
from streams.sources.address import Address
from streams.sources.post import Post
from streams.sources.reach import CONNECTION, Reach, flood
from streams.sources.shedding import Shedding

PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # seconds before the next try, the last again and again
PATIENCE = 20.0  # for a command to be sent and answered; less than an actor waits
SETTLED = 60.0  # seconds after which most of what is there was heard of
_LOOK = 0.05  # between two looks at `stop`
_log = logging.getLogger(__name__)
T = TypeVar("T")

Clock = Callable[[], datetime]


_ADVICE = {
    "not_authorised": " Check the user and the password in its address.",
    "broker_away": " Check that it runs, and its address.",
}


def system_clock() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


class Lost(Exception):
    """Say that a connection is no more, and why in one word for `data.reason`."""


class Session(ABC):
    """A source with one connection for one home. `shown` is its address as people may see it."""

    system: ClassVar[str]

    def __init__(self, address: Address, clock: Clock = system_clock, pauses: tuple[float, ...] = PAUSES) -> None:
        self.address, self.shown, self._clock, self._pauses = address, address.shown, clock, pauses
        self.place = Place()
        self.home: Home | None = None
        self.shedding = Shedding()
        self.dropped = 0  # messages that are not as their system writes them
        self._loop: asyncio.AbstractEventLoop | None = None
        self._post: Post | None = None
        self._told: datetime | None = None
        self._why = "connecting"
        self._listening_since: float | None = None
        self._left_out_said, self._unlisted = False, 0

    def settle(self, place: Place) -> None:
        """Take the home to tell of. Raise InputError where it is not clear which."""
        self.place, self.home = place, self.address.home_of(place.homes)
        self.reach = Reach(self.home.home, self.system)
        self.prepare(self.home)

    # --- what a subclass says ---

    @abstractmethod
    def prepare(self, home: Home) -> None:
        """Make what turns messages into records of a home."""

    @abstractmethod
    def begin(self, now: datetime) -> list[Record]:
        """Return what is told before the first connection."""

    @abstractmethod
    async def converse(self) -> None:
        """Connect and talk until the connection is no more. Raise SourceError where it is no use to try again."""

    @abstractmethod
    def end(self, now: datetime) -> list[Record]:
        """Return what is told when a connection was lost, before everything is out of reach."""

    def wake(self, now: datetime) -> list[Record]:
        """Return what time alone tells; called each second while connected."""
        return []

    def left_out(self) -> Mapping[str, int]:
        """Return how often each name was told of that the home does not list."""
        return {}

    @abstractmethod
    async def order(self, command: Command) -> None:
        """Send a command and wait for its answer. Raise SourceError or Unsure."""

    # --- the port ---

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        """Tell what is heard until `stop` is set."""
        if self.home is None:
            raise SourceError(f"{self.shown} was not told for which home it is: call settle first.")
        with Post(deliver, stop) as self._post:
            asyncio.run(self._keep(stop))

    def send(self, command: Command) -> None:
        """Send a command to a device that is known here, and wait until it was taken."""
        if self.home is None or command.home != self.home.home or command.device not in self.reach.devices():
            raise NotMine(f"{self.shown} knows no {command.device}.")
        if why := self.reach.is_down(command.device):
            raise SourceError(f"{command.device} cannot be reached: {why.replace('_', ' ')}.")
        self._wait_for(self.order(command), command)

    def _wait_for(self, order: Coroutine[Any, Any, None], command: Command) -> None:
        loop = self._loop
        if loop is None or loop.is_closed():
            order.close()
            raise SourceError(f"{self.shown} is not connected.")
        future = asyncio.run_coroutine_threadsafe(order, loop)
        try:
            future.result(PATIENCE)
        except (TimeoutError, asyncio.CancelledError) as error:
            future.cancel()
            raise Unsure(f"{self.shown} did not answer to {command.command!r} for {command.device}.") from error

    def standing(self) -> Standing:
        """Return how the connection is doing."""
        return Standing(self.shown, not self._why, self._why, self._told, self.dropped, self._unlisted)

    # --- the connection ---

    def now(self) -> datetime:
        """Return the time."""
        return self._clock()

    def connected(self) -> list[Record]:
        """Say that the connection is up; a subclass calls it once it hears everything."""
        self._tries, self._listening_since = 0, self._listening_since or time.monotonic()
        self._why = ""
        return self.reach.up(CONNECTION, self.now())

    def tell(self, records: Iterable[Record]) -> None:
        """Hand records to the log, but for those of devices that flood. Raise Lost where the log cannot take them."""
        assert self._post is not None
        if self._post.full:
            raise Lost("cannot_keep_up")
        kept = [kept for record in records for kept in self._shed(record)]
        self._told = self.now() if kept else self._told
        self._post.add(kept)

    def drop(self, error: Exception, where: str = "") -> None:
        """Count a message that is not as its system writes it, and say so now and then."""
        self.dropped += 1
        if self.dropped in {1, 10, 100} or self.dropped % 1000 == 0:
            _log.warning("%s: %d messages could not be read, the last%s: %r", self.shown, self.dropped, where, error)

    def _shed(self, record: Record) -> list[Record]:
        device = record.source or ""
        if record.type == "health" or self.shedding.takes(device, time.monotonic()):
            return [record]
        return self.reach.down(flood(device), "flooding", self.now())

    async def _keep(self, stop: threading.Event) -> None:
        self._loop, self._tries = asyncio.get_running_loop(), 0
        stopping = asyncio.create_task(_until(stop))
        self.tell([*self.reach.down(CONNECTION, "connecting", self.now()), *self.begin(self.now())])
        while not stop.is_set():
            talk = asyncio.create_task(self._talk())
            await asyncio.wait({talk, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not talk.done():
                talk.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await talk
                return
            await self._part(talk.exception())
            pause = self._pauses[min(self._tries, len(self._pauses) - 1)]
            self._tries += 1
            await asyncio.wait({stopping}, timeout=pause * random.uniform(0.8, 1.2))

    async def _talk(self) -> None:
        """Converse, and wake meanwhile; what ends either of them ends the connection."""
        both = [asyncio.create_task(self.converse()), asyncio.create_task(self._wake())]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended = [task for task in both if task.done()]
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
        for task in ended:
            task.result()

    async def _wake(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            self._unlisted = len(self.left_out())  # counted here: other threads ask for it while names are added
            self._say_what_is_left_out()
            recovered = self.shedding.recovered(time.monotonic())
            for device in recovered:
                _log.warning("%s floods no more; %d reports of it were not kept.", device, self.shedding.shed[device])
            self.tell([record for device in recovered for record in self.reach.up(flood(device), self.now())])
            if not self.reach.is_cause_down(CONNECTION):
                self.tell(self.wake(self.now()))

    def _say_what_is_left_out(self) -> None:
        """Say once, when there was time to hear of everything, how much of it the home does not list."""
        if self._left_out_said or self._listening_since is None or time.monotonic() - self._listening_since < SETTLED:
            return
        self._left_out_said = True
        if names := sorted(self.left_out()):
            some = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
            _log.warning("%s tells of %d that the home does not list: %s. To see them: proactive home discover", self.shown, len(names), some)  # fmt: skip

    async def _part(self, error: BaseException | None) -> None:
        """Say that nothing is heard any more, and wait until the log has taken what was heard."""
        assert self._post is not None
        now, why = self.now(), str(error) if isinstance(error, Lost) else "connection_lost"
        self._why = why
        self._post.add([*self.end(now), *self.reach.down(CONNECTION, why, now)])
        if isinstance(error, SourceError):
            raise error
        known = error is None or isinstance(error, Lost | OSError | TimeoutError)
        trace = None if known else error
        _log.warning(
            "%s is away (%s); trying again.%s", self.shown, _words(error), _ADVICE.get(why, ""), exc_info=trace
        )
        while self._post.full:  # noqa: ASYNC110  the log is filled and emptied by threads
            await asyncio.sleep(_LOOK)


def _words(error: BaseException | None) -> str:
    """Return what ended a connection as people may read it."""
    if isinstance(error, Lost):
        return str(error).replace("_", " ")
    return f"{type(error).__name__}: {error}" if error else "closed"


async def _until(stop: threading.Event) -> None:
    while not stop.is_set():  # noqa: ASYNC110  an event of threads
        await asyncio.sleep(_LOOK)
