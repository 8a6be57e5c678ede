"""The source `ha`: Home Assistant's WebSocket API.

`ha:http://:TOKEN@homeassistant.local:8123?home=maple`, `https` over TLS. After a connection what stands is read once, and then
every change is heard; so nothing is missed between the two, and nothing that stood is taken for a change.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from rules.home import Camera, Device, Home, Person
from rules.record import Record
from rules.units import instant
from streams.source import Command, SourceError, Tap, Unsure
from streams.sources.address import parse_address
from streams.sources.entity import SYSTEM, Entities, Shown, moment_of
from streams.sources.found import found
from streams.sources.listing import Listing
from streams.sources.post import Post
from streams.sources.presence import Presence
from streams.sources.services import Service, service_of
from streams.sources.session import PAUSES, Clock, Lost, Session, system_clock

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

EXAMPLES = {"http": "ha:http://:TOKEN@homeassistant.local:8123", "https": "ha:https://:TOKEN@home.example"}
OPTIONS = ("home", "away_after")
TAPPED = "mobile_app_notification_action"
BEAT = 20.0  # seconds between two pings; a connection on which nothing came for twice as long is dead
ANSWER = 10.0  # seconds within which a service answers
LARGEST = 64 << 20  # bytes of a message: every state of a large house at once
Json = dict[str, Any]
_log = logging.getLogger(__name__)


class HomeAssistant(Session):
    """One Home Assistant, for one home."""

    system = SYSTEM

    def __init__(self, rest: str, clock: Clock = system_clock, pauses: tuple[float, ...] = PAUSES, beat: float = BEAT, answer: float = ANSWER) -> None:  # fmt: skip
        super().__init__(parse_address(rest, EXAMPLES, OPTIONS), clock, pauses)
        self._beat, self._within = beat, answer
        self._socket: ClientConnection | None = None
        self._number = 0
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self._users: dict[str, str] = {}  # people by Home Assistant's ids of users
        self._found: list[Shown] = []

    def prepare(self, home: Home) -> None:
        """Make what knows the home's devices and people by their entities."""
        away = timedelta(microseconds=self.address.duration("away_after", "5m"))
        self._presence = Presence(home.home, SYSTEM, self.reach, away)
        self.entities = Entities(Listing(home, SYSTEM, (Device, Person)), self.reach, self._presence)

    def begin(self, now: datetime) -> list[Record]:
        """Say that nothing can be heard yet of everything that the home says is known here."""
        return self.entities.begin(now)

    def end(self, now: datetime) -> list[Record]:
        """Say of no command that was under way that it was taken."""
        self._socket = None
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(Unsure(f"{self.shown} was lost before it answered."))
        self._answers.clear()
        self._presence.forget()
        return []

    def wake(self, now: datetime) -> list[Record]:
        """Return the leavings that have lasted by now."""
        return self._presence.wake(now)

    def left_out(self) -> Mapping[str, int]:
        """Return how often each entity was told of that the home does not list."""
        return self.entities.listing.left_out

    # --- the connection ---

    async def converse(self) -> None:
        """Connect, log in, read what stands, and hear what changes."""
        from websockets.asyncio.client import connect
        from websockets.exceptions import InvalidHandshake, WebSocketException

        scheme = "wss" if self.address.scheme == "https" else "ws"
        url = f"{scheme}://{self.address.authority}{self.address.path.rstrip('/')}/api/websocket"
        try:
            async with connect(url, max_size=LARGEST, ping_interval=None, close_timeout=0.5, proxy=None) as socket:
                await self._log_in(socket)
                await self._listen(socket)
        except InvalidHandshake as error:
            raise Lost("no_home_assistant") from error
        except WebSocketException as error:
            raise Lost("connection_lost") from error

    async def _log_in(self, socket: ClientConnection) -> None:
        token = self.address.password or self.address.user
        if not token:
            raise SourceError(f"{self.shown} needs a token: expected {EXAMPLES['http']}.")
        async with asyncio.timeout(ANSWER):
            await socket.recv()  # auth_required
            await socket.send(_encoded({"type": "auth", "access_token": token}))
            answer = _decoded(await socket.recv())
        if answer.get("type") != "auth_ok":
            raise SourceError(f"{self.shown} did not take the token. Make a new one in Home Assistant: your profile, security.")  # fmt: skip

    async def _listen(self, socket: ClientConnection) -> None:
        self._number, waiting = 0, list[Json]()
        self._socket = socket
        await self._ask({"type": "subscribe_events", "event_type": "state_changed"})
        await self._ask({"type": "subscribe_events", "event_type": TAPPED})
        states = await self._ask({"type": "get_states"})
        beating = asyncio.create_task(self._keep_alive(socket))
        try:
            while True:
                async with asyncio.timeout(2 * self._beat):
                    message = _decoded(await socket.recv())
                if message.get("type") != "event":
                    self._answered(message)
                elif states.done():
                    self._heard(message)
                else:
                    waiting.append(message)
                if states.done() and self.reach.is_cause_down("connection"):
                    self._stand(states.result())
                    for each in waiting:
                        self._heard(each)
        except TimeoutError as error:
            raise Lost("no_answer") from error
        finally:
            beating.cancel()

    async def _keep_alive(self, socket: ClientConnection) -> None:
        """Ask now and then whether it is there; where that fails, end the connection instead of hearing nothing for a while."""
        try:
            while True:
                await asyncio.sleep(self._beat)
                await self._ask({"type": "ping"})
        except Exception as error:  # noqa: BLE001  whatever it was: nobody would know that nobody asks
            _log.warning("%s cannot be asked whether it is there (%r): connecting anew.", self.shown, error)
            await socket.close()

    async def _ask(self, message: Json) -> asyncio.Future[Json]:
        """Send a message and return what will be its answer."""
        if self._socket is None:
            raise SourceError(f"{self.shown} is not connected.")
        self._number += 1
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._answers[self._number] = answer
        await self._socket.send(_encoded({"id": self._number, **message}))
        return answer

    def _answered(self, message: Json) -> None:
        answer = self._answers.pop(message.get("id", -1), None)
        if answer is not None and not answer.done():
            answer.set_result(message)

    # --- what is heard ---

    def _stand(self, answer: Json) -> None:
        """Tell how everything is that the home lists."""
        now, given = self.now(), answer.get("result")
        self._found = [shown for each in given or () if (shown := _shown(each)) is not None]
        self.tell(self.connected())
        for shown in self._found:
            self._know_user(shown)
            self.tell(list(self.entities.standing(shown, now)))
        self.tell(list(self.entities.missing({shown.id for shown in self._found}, now)))

    def _heard(self, message: Json) -> None:
        """Tell what an event says; one that is not as Home Assistant writes it is counted, and stops nothing."""
        try:
            self._event(message["event"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self.drop(error)

    def _event(self, event: Json) -> None:
        if event["event_type"] == TAPPED:
            user = (event.get("context") or {}).get("user_id")
            self.place.on_tap(Tap(str(event["data"]["action"]), self._users.get(user or "")))
            return
        data = event["data"]
        if not self.entities.listing.find(data["entity_id"]):
            return
        before, shown = data.get("old_state"), _shown(data.get("new_state"))
        if shown is None:
            gone = self.entities.listing.look(data["entity_id"])
            self.tell([record for known in gone for record in self.reach.down(known.entry.id, "removed", self.now())])
            return
        self._know_user(shown)
        key = f"{(data['new_state'].get('context') or {}).get('id', '')}-{instant(shown.updated)}"
        self.tell(list(self.entities.changed(shown, self.now(), before["state"] if before else None, key)))

    def _know_user(self, shown: Shown) -> None:
        user = shown.attributes.get("user_id")
        if shown.domain == "person" and isinstance(user, str):
            for known in self.entities.listing.look(shown.id):
                self._users[user] = known.entry.id

    # --- commands ---

    async def order(self, command: Command) -> None:
        """Call the service that carries out a command, and wait for its answer."""
        entity, service = self._service(command)
        answer = await self._ask({
            "type": "call_service",
            "domain": service.domain,
            "service": service.name,
            "service_data": dict(service.data),
            "target": {"entity_id": entity},
        })  # fmt: skip
        try:
            said = await asyncio.wait_for(answer, self._within)
        except TimeoutError as error:
            raise Unsure(f"Home Assistant has not answered within {self._within:g} s.") from error
        if not said.get("success"):
            why = (said.get("error") or {}).get("message", "without a reason")
            raise SourceError(f"Home Assistant refused it: {str(why)[:200]}")

    def _service(self, command: Command) -> tuple[str, Service]:
        for entity in self.entities.listing.names_of(command.device):
            service = service_of(entity, command.command, command.value)
            if service is not None:
                return entity, service
        raise SourceError(
            f"{command.device} cannot be told to {command.command!r}: Home Assistant has no service for it."
        )

    # --- discovery ---

    def discover(self, seconds: float) -> list[Camera | Device]:
        """Return what Home Assistant has and the home does not list, within some seconds."""
        with Post(lambda _: None, threading.Event()) as self._post:
            asyncio.run(self._look(seconds))
        assert self.home is not None
        taken = set(self.home.by_id)
        unlisted = [shown for shown in self._found if not self.entities.listing.look(shown.id)]
        return [device for shown in unlisted if (device := found(shown, taken)) is not None]

    async def _look(self, seconds: float) -> None:
        self.reach.down("connection", "looking", self.now())
        talk = asyncio.create_task(self.converse())
        try:
            async with asyncio.timeout(seconds):
                while not self._found and not talk.done():  # noqa: ASYNC110  there is one who looks, and only for a moment
                    await asyncio.sleep(0.05)
        except TimeoutError:
            pass
        talk.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            try:
                await talk
            except (Lost, OSError, TimeoutError) as error:
                raise SourceError(f"{self.shown} cannot be reached: {str(error).replace('_', ' ')}.") from error


def _shown(given: object) -> Shown | None:
    """Return an entity as Home Assistant writes it, or None for what is none."""
    if not isinstance(given, Mapping) or not isinstance(given.get("entity_id"), str):
        return None
    changed, updated = moment_of(given.get("last_changed")), moment_of(given.get("last_updated"))
    if changed is None or updated is None:
        return None
    attributes = given.get("attributes")
    return Shown(given["entity_id"], str(given.get("state", "")), attributes if isinstance(attributes, Mapping) else {}, changed, updated)  # fmt: skip


def _encoded(message: Json) -> str:
    return msgspec.json.encode(message).decode()


def _decoded(text: str | bytes) -> Json:
    found: object = msgspec.json.decode(text)
    return found if isinstance(found, dict) else {}
