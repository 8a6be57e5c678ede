"""Topics: what the messages of one broker mean for one home, by what wrote them. Pure: the caller says what the time is.

Frigate, zigbee2mqtt and Home Assistant's statestream have a prefix each; what the home file names with `mqtt` is a topic of
its own: a device's, or a tracker's of a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from rules.home import Camera, Device, Home, Person
from rules.record import Record
from streams.source import Command, NotMine, SourceError, Tap
from streams.sources.address import Address
from streams.sources.entity import SYSTEM as HA
from streams.sources.entity import Entities
from streams.sources.frigate import BRIDGE as FRIGATE
from streams.sources.frigate import Frigate
from streams.sources.listing import Known, Listing
from streams.sources.presence import Presence
from streams.sources.reach import Reach
from streams.sources.reading import Said
from streams.sources.reporting import events, states
from streams.sources.statestream import Statestream
from streams.sources.whereabouts import is_home, used_key
from streams.sources.zigbee2mqtt import BRIDGE as ZIGBEE
from streams.sources.zigbee2mqtt import Zigbee2Mqtt, failure

SYSTEM = "mqtt"
_NAMES = ("event", "action", "event_type", "state")  # of an event, in a plain topic's object


class _System(Protocol):
    """What turns the messages below a prefix into records."""

    @property
    def topics(self) -> tuple[str, ...]: ...

    def receive(self, topic: str, payload: bytes, now: datetime, *, retained: bool = False) -> list[Record]: ...


class _Action(msgspec.Struct):
    """A tap as an automation hands it on."""

    action: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A command as it is published: where, what, and what says that it was taken, or (a text) that it was not."""

    topic: str
    payload: bytes
    answered: Callable[[str, bytes], bool | str]


class Topics:
    """The topics of one broker for one home."""

    def __init__(self, home: Home, address: Address, reach: Reach) -> None:
        option = address.option
        away, stale = (timedelta(microseconds=address.duration(*each)) for each in (("away_after", "5m"), ("stale_after", "0s")))  # fmt: skip
        self.home, self._reach = home, reach
        self.presence = Presence(home.home, SYSTEM, reach, away, stale or None)
        self.frigate = Frigate(Listing(home, FRIGATE, (Camera,)), reach)
        self.zigbee = Zigbee2Mqtt(Listing(home, ZIGBEE, (Device,)), reach)
        self.plain = Listing(home, SYSTEM, ())
        self.entities = Entities(Listing(home, HA, (Device, Person)), reach, self.presence)
        self.taps = option("taps", "proactive/taps")
        self._zigbee, self._stream = option("zigbee2mqtt", ZIGBEE), option("statestream")
        self._systems: dict[str, _System] = {}
        self._bridges: dict[str, str] = {}
        for prefix, system, bridge in (
            (option("frigate", FRIGATE), self.frigate, FRIGATE),
            (self._zigbee, self.zigbee, ZIGBEE),
            (self._stream, Statestream(self.entities), ""),
        ):
            if prefix:
                self._systems[prefix], self._bridges[prefix] = system, bridge

    def subscriptions(self) -> list[str]:
        """Return the topics to subscribe to."""
        below = [f"{prefix}/{topic}" for prefix, system in self._systems.items() for topic in system.topics]
        return [*below, *(name for entry in self.plain.named() for name in self.plain.names_of(entry.id)), self.taps]

    def begin(self, now: datetime) -> list[Record]:
        """Return what is told when listening begins: of the bridges it must be heard that they live."""
        found = [record for bridge in (FRIGATE, ZIGBEE) for record in self._reach.down(bridge, "not_heard", now)]
        found += [*self.frigate.begin(now), *self.zigbee.begin(now)]
        found += self.entities.begin(now) if self._stream else []
        return found + [record for entry in self.plain.named() for record in self._reach.add(entry.id, "connection", now=now)]  # fmt: skip

    def end(self, now: datetime) -> list[Record]:
        """Return what ends when listening does."""
        self.presence.forget()
        for system in self._systems.values():
            if isinstance(system, Statestream):
                system.forget()
        return self.frigate.end(now)

    def wake(self, now: datetime) -> list[Record]:
        """Return the meals and leavings that have lasted by now."""
        return [*self.frigate.wake(now), *self.presence.wake(now)]

    def receive(self, topic: str, payload: bytes, now: datetime, *, retained: bool = False) -> Iterator[Record]:
        """Yield the records of a message. Raise msgspec.DecodeError or ValueError for one that is not as its system writes it."""
        for prefix, system in self._systems.items():
            if topic.startswith(f"{prefix}/"):
                rest = topic[len(prefix) + 1 :]
                if not retained and self._lives(rest):
                    yield from self._reach.up(self._bridges[prefix], now)
                yield from system.receive(rest, payload, now, retained=retained)
        for known in self.plain.look(topic):
            if isinstance(known.entry, Person):
                yield from self._whereabouts(known, topic, payload, now, retained)
            elif isinstance(known.entry, Device):
                yield from self._plainly(known, known.entry, payload, now, retained)

    def left_out(self) -> Counter[str]:
        """Return how often each name was told of that the home does not list."""
        return self.frigate.listing.left_out + self.zigbee.listing.left_out + self.entities.listing.left_out

    def tap(self, topic: str, payload: bytes) -> Tap | None:
        """Return the tap that a message hands on, or None where it is none. Raise msgspec.DecodeError."""
        if topic != self.taps:
            return None
        action = msgspec.json.decode(payload, type=_Action)
        return Tap(action.action, action.person)

    @staticmethod
    def _lives(rest: str) -> bool:
        """Return whether a message says that its bridge lives: any that the bridge itself sends, but of itself it says so."""
        return rest not in {"available", "bridge/state"} and not rest.endswith(("/availability", "/set", "/get"))

    def _plainly(self, known: Known, device: Device, payload: bytes, now: datetime, retained: bool) -> Iterator[Record]:
        given = _decoded(payload)
        said = given if isinstance(given, dict) else {"state": given}
        yield from states(self.home.home, known, {name: Said(name, each) for name, each in said.items()}, now, SYSTEM)
        if not retained:
            name = next((said[key] for key in _NAMES if key in said), None)
            yield from events(self.home.home, device, name, now, SYSTEM)

    def _whereabouts(self, known: Known, topic: str, payload: bytes, now: datetime, retained: bool) -> Iterator[Record]:
        kind, _, user = (known.attribute or "").partition(":")
        if kind == "key":
            if not retained and used_key(payload, user):
                yield from self.presence.seen(known.entry.id, topic, home=True, time=now, key=True)
        elif (here := is_home(payload, self.home)) is not None:
            yield from self.presence.seen(known.entry.id, topic, here, now)

    # --- the way back ---

    def order(self, command: Command) -> Order:
        """Return what is published for a command. Raise SourceError where its device takes none through this broker."""
        device = self.home.by_id[command.device]
        if self._stream and HA in device.known_as:
            return self._stated(command, device.known_as[HA][0].partition("=")[0])
        if SYSTEM in device.known_as:
            raise SourceError(f"{command.device} is a plain topic, which takes no commands.")
        if not self._zigbee:
            raise NotMine(f"{command.device} is not known to what writes to this broker.")
        return self._zigbeed(command)

    def _zigbeed(self, command: Command) -> Order:
        order = self.zigbee.order(command.device, command)
        name, log = f"{self._zigbee}/{order.name}", f"{self._zigbee}/bridge/logging"

        def answered(topic: str, payload: bytes) -> bool | str:
            return failure(payload, order.name) if topic == log else topic == name and order.is_taken(payload)

        return Order(f"{name}/set", msgspec.json.encode(order.payload), answered)

    def _stated(self, command: Command, entity: str) -> Order:
        """Return an order for an automation of Home Assistant; the entity's next state says that it was carried out."""
        below = f"{self._stream}/{entity.replace('.', '/', 1)}"
        payload = {"command": command.command, "value": command.value, "entity_id": entity}
        return Order(f"{below}/set", msgspec.json.encode(payload), lambda topic, _: topic == f"{below}/state")

    def discover(self) -> list[Camera | Device]:
        """Return what was heard of and the home does not list."""
        return [*self.frigate.discover(), *self.zigbee.discover()]


def _decoded(payload: bytes) -> object:
    try:
        found: object = msgspec.json.decode(payload)
    except msgspec.DecodeError:
        return payload.decode("utf-8", "replace")
    return found
