"""The source `mqtt`: one broker with Frigate, zigbee2mqtt, Home Assistant's statestream, trackers and plain topics.

`mqtt://user:password@broker:1883?home=maple`, `mqtts` over TLS. What messages mean is `topics`; this module is about the
connection, and about commands, which count as taken once their device says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from rules.home import Camera, Device, Home
from rules.record import Record
from streams.source import Command, SourceError, Unsure
from streams.sources.address import parse_address
from streams.sources.post import Post
from streams.sources.session import PAUSES, Clock, Lost, Session, system_clock
from streams.sources.shedding import Shedding
from streams.sources.topics import SYSTEM, Order, Topics

if TYPE_CHECKING:
    import aiomqtt

EXAMPLES = {"mqtt": "mqtt://user:password@broker:1883", "mqtts": "mqtts://user:password@broker:8883"}
OPTIONS = ("home", "frigate", "zigbee2mqtt", "statestream", "taps", "away_after", "stale_after")
TAKEN = 5.0  # seconds within which a device says that it took a command
WAITING = 5_000  # messages that may wait to be read
LARGEST = 1 << 20  # bytes of a message that is read: no device says more, and pictures are not for here


def plain(rest: str) -> Mqtt:
    """Return the source of an address after `mqtt:`."""
    return Mqtt(f"mqtt:{rest}")


def secure(rest: str) -> Mqtt:
    """Return the source of an address after `mqtts:`."""
    return Mqtt(f"mqtts:{rest}")


class _Inbox(asyncio.Queue["aiomqtt.Message"]):
    """Messages that wait to be read; a topic that floods is cut off before it fills the queue for the others.

    `overflown` says that what was lost may be of any device, which a connection does not survive.
    """

    def __init__(self, flow: Shedding) -> None:
        super().__init__(WAITING)
        self.overflown = False
        self._flow = flow

    def put_nowait(self, item: aiomqtt.Message) -> None:
        topic = str(item.topic)
        if not self._flow.takes(topic, time.monotonic()):
            # One topic of Frigate is about every camera; any other is about one device, which then floods by itself too.
            self.overflown = self.overflown or topic.endswith("/events")
            return
        self.overflown = self.overflown or self.full()
        super().put_nowait(item)


@dataclass(slots=True)
class _Pending:
    """A command that waits for its answer."""

    device: str
    order: Order
    answer: asyncio.Future[None]


class Mqtt(Session):
    """One broker, for one home."""

    system = SYSTEM

    def __init__(self, address: str, clock: Clock = system_clock, pauses: tuple[float, ...] = PAUSES, taken: float = TAKEN) -> None:  # fmt: skip
        super().__init__(parse_address(address, EXAMPLES, OPTIONS), clock, pauses)
        self._taken = taken
        self._client: aiomqtt.Client | None = None
        self._pending: list[_Pending] = []
        self._flow = Shedding(rate=200.0, burst=2_000.0)  # of messages by topic, before they are decoded

    def prepare(self, home: Home) -> None:
        """Make what knows each system, under its prefix."""
        self.topics = Topics(home, self.address, self.reach)

    def begin(self, now: datetime) -> list[Record]:
        """Say that nothing can be heard yet of everything that the home says is known here."""
        return self.topics.begin(now)

    def end(self, now: datetime) -> list[Record]:
        """Say what ends with the connection, and that nobody can tell what became of commands."""
        self._client = None
        for each in self._pending:
            if not each.answer.done():
                each.answer.set_exception(Unsure(f"{self.shown} was lost before {each.device} answered."))
        return self.topics.end(now)

    def wake(self, now: datetime) -> list[Record]:
        """Return what time alone tells."""
        self._flow.recovered(time.monotonic())
        return self.topics.wake(now)

    def left_out(self) -> Mapping[str, int]:
        """Return how often each name was told of that the home does not list."""
        return self.topics.left_out()

    # --- the connection ---

    async def converse(self) -> None:
        """Connect, subscribe and read."""
        import aiomqtt

        inbox = _Inbox(self._flow)
        try:
            async with self._connection(lambda *_, **__: inbox) as client:
                await client.subscribe([(topic, 1) for topic in self.topics.subscriptions()])
                self.tell([*self.topics.begin(self.now()), *self.connected()])
                self._client = client
                async for message in client.messages:
                    self._take(message)
                    if inbox.overflown:
                        raise Lost("cannot_keep_up")
        except aiomqtt.MqttError as error:
            raise Lost(_why(error)) from error

    def _connection(self, queue: Callable[..., _Inbox]) -> aiomqtt.Client:
        import aiomqtt

        tls = self.address.scheme == "mqtts"
        return aiomqtt.Client(
            self.address.host,
            self.address.port or (8883 if tls else 1883),
            username=self.address.user,
            password=self.address.password,
            # Brokers differ in what they make of clients without a name; two of one name throw each other out.
            identifier=f"proactive-{secrets.token_hex(8)}",
            tls_context=ssl.create_default_context() if tls else None,
            queue_type=queue,  # type: ignore[arg-type]  # what makes one does as well as the type
            keepalive=30,
            timeout=10,
        )

    def _take(self, message: aiomqtt.Message) -> None:
        """Tell what a message says; one that is not as its system writes it is counted, and stops nothing."""
        topic, payload = str(message.topic), message.payload
        assert isinstance(payload, bytes), "aiomqtt gives what it received"
        if len(payload) > LARGEST:
            return
        try:
            self.tell(list(self._said(topic, payload, bool(message.retain))))
        except (msgspec.DecodeError, ValueError, OverflowError, TypeError) as error:
            self.drop(error, f" on {topic}")

    def _said(self, topic: str, payload: bytes, retained: bool) -> Iterator[Record]:
        yield from self.topics.receive(topic, payload, self.now(), retained=retained)
        if not retained:
            self._answer(topic, payload)
            if (tap := self.topics.tap(topic, payload)) is not None:
                self.place.on_tap(tap)

    # --- commands ---

    async def order(self, command: Command) -> None:
        """Publish a command and wait until the device says that it took it."""
        pending = _Pending(command.device, self.topics.order(command), asyncio.get_running_loop().create_future())
        self._pending.append(pending)
        try:
            await self._publish(pending.order)
            await asyncio.wait_for(pending.answer, self._taken)
        except TimeoutError as error:
            told = f"the broker took it, and {command.device} has not said within {self._taken:g} s that it did it"
            raise Unsure(told) from error
        finally:
            self._pending.remove(pending)

    async def _publish(self, order: Order) -> None:
        import aiomqtt

        if self._client is None:
            raise SourceError(f"{self.shown} is not connected.")
        try:
            await self._client.publish(order.topic, order.payload, qos=1, retain=False, timeout=self._taken)
        except aiomqtt.MqttError as error:
            raise Unsure(f"{self.shown} did not say that it took it ({error}).") from error

    def _answer(self, topic: str, payload: bytes) -> None:
        """Give the commands that wait for this message their answer."""
        for each in self._pending:
            if each.answer.done():
                continue
            match each.order.answered(topic, payload):
                case True:
                    each.answer.set_result(None)
                case str() as why if why:
                    each.answer.set_exception(SourceError(f"{each.device}: {why}"))

    # --- discovery ---

    def discover(self, seconds: float) -> list[Camera | Device]:
        """Listen for some seconds and return the cameras and devices that are there and that the home does not list."""
        with Post(lambda _: None, threading.Event()) as self._post:
            asyncio.run(self._listen(seconds))
        return self.topics.discover()

    async def _listen(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.converse(), seconds)
        except (Lost, OSError) as error:
            raise SourceError(f"{self.shown} cannot be reached: {str(error).replace('_', ' ')}.") from error


def _why(error: Exception) -> str:
    """Return in a word why a broker is away."""
    text = str(error).lower()
    return "not_authorised" if "auth" in text or "user name" in text else "broker_away"
