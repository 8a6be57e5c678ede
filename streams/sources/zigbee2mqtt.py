"""zigbee2mqtt: the devices of a Zigbee network on MQTT as states, events and health, and commands back to them.

`<base>/<name>` has what a device said as one JSON object; its `action` is a happening, everything else is how it is. What is
retained tells how it is, never that something happened. `bridge/devices` says what each device exposes, and in which unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from rules.home import Device
from rules.record import Record
from streams.source import Command, SourceError
from streams.sources.exposes import Exposed, Property, exposed
from streams.sources.listing import Known, Listing
from streams.sources.reach import Reach
from streams.sources.reading import Said
from streams.sources.reporting import events, states

BRIDGE = "zigbee2mqtt"
_DEVICES = msgspec.json.Decoder(list[Exposed])
_OBJECT = msgspec.json.Decoder(dict[str, object])

_SWITCHED = {
    "turn_on": "ON", "turn_off": "OFF", "open": "OPEN", "close": "CLOSE", "stop": "STOP", "lock": "LOCK", "unlock": "UNLOCK", "start": "ON",
    "toggle": "TOGGLE",
}  # fmt: skip
_SET = {
    "set_temperature": ("occupied_heating_setpoint", "current_heating_setpoint", "occupied_cooling_setpoint"),
    "set_mode": ("system_mode",), "set_preset": ("preset",), "set_brightness": ("brightness",), "set_position": ("position",),
}  # fmt: skip
_STEP = 10.0  # percent
_EXACT = frozenset(
    {"ON", "OFF", "LOCK", "UNLOCK"}
)  # a cover says OPEN once it is, which takes longer than it is waited for


@dataclass(frozen=True, slots=True)
class Order:
    """A command as it is published, and the property of which the device will tell once it took it, and what where that is sure."""

    name: str
    payload: dict[str, object]
    property: str
    value: object = None

    def is_taken(self, payload: bytes) -> bool:
        """Return whether a message of the device says that it took the command."""
        said = _OBJECT.decode(payload)
        return self.property in said and (self.value is None or self.value == said[self.property])


@dataclass
class Zigbee2Mqtt:
    """Turns messages below the base topic into records of a home's devices, and commands into messages."""

    listing: Listing
    reach: Reach
    exposed: dict[str, Exposed] = field(default_factory=dict)  # by friendly name
    _heard: dict[str, str] = field(default_factory=dict)  # friendly names by device

    topics = ("#",)

    def begin(self, now: datetime) -> list[Record]:
        """Listen from now on: every device that is known to zigbee2mqtt is told of."""
        devices = [entry.id for entry in self.listing.named() if isinstance(entry, Device)]
        return [record for device in devices for record in self._add(device, now)]

    def receive(self, topic: str, payload: bytes, now: datetime, *, retained: bool = False) -> list[Record]:
        """Return the records of a message; `topic` is without the base. Raise msgspec.DecodeError for what is none."""
        name, _, last = topic.rpartition("/")
        if topic == "bridge/state":
            return self._bridge(_is_online(payload), now)
        if topic == "bridge/devices":
            self.exposed = {each.friendly_name: each for each in _DEVICES.decode(payload)}
            return []
        if topic.startswith("bridge/") or last in {"set", "get"} or name.rpartition("/")[2] == "set":
            return []
        if last == "availability":
            return list(self._availability(name, _is_online(payload), now))
        return list(self._said(topic, _OBJECT.decode(payload), now, retained)) if payload else []

    def _add(self, device: str, now: datetime) -> list[Record]:
        return self.reach.add(device, "connection", BRIDGE, now=now)

    def _bridge(self, online: bool, now: datetime) -> list[Record]:
        return self.reach.up(BRIDGE, now) if online else self.reach.down(BRIDGE, "zigbee2mqtt_offline", now)

    def _availability(self, name: str, online: bool, now: datetime) -> Iterator[Record]:
        for known in self._known(name):
            yield from self._add(known.entry.id, now)
            yield from (
                self.reach.up(known.entry.id, now) if online else self.reach.down(known.entry.id, "device_offline", now)
            )

    def _said(self, name: str, given: Mapping[str, object], now: datetime, retained: bool) -> Iterator[Record]:
        about = {each.property: each for each in self._properties(name)}
        said = {key: _said(key, value, about.get(key)) for key, value in given.items()}
        for known in self._known(name):
            if isinstance(known.entry, Device):
                self._heard[known.entry.id] = name
                yield from self._add(known.entry.id, now)
                yield from states(self.listing.home.home, known, said, now, BRIDGE)
                if not retained:
                    yield from events(self.listing.home.home, known.entry, given.get("action"), now, BRIDGE)

    def _known(self, name: str) -> list[Known]:
        about = self.exposed.get(name)
        return self.listing.find(name, *([about.ieee_address] if about else []))

    def _properties(self, name: str) -> list[Property]:
        about = self.exposed.get(name)
        return list(about.properties()) if about else []

    # --- discovery and commands ---

    def discover(self) -> list[Device]:
        """Return the devices that the network has and the home does not list."""
        unlisted = [each for name, each in self.exposed.items() if not self.listing.look(name, each.ieee_address)]
        taken = set(self.listing.home.by_id)
        return [device for each in unlisted if (device := exposed(each, taken, BRIDGE)) is not None]

    def order(self, device: str, command: Command) -> Order:
        """Return what is published for a command to a device that is known here. Raise SourceError for what it cannot do."""
        name = self._name(device)
        known = {each.property: each for each in self._properties(name)}
        property, value = self._wanted(command, known)
        if property is None:
            raise SourceError(f"{device} cannot be told to {command.command!r}: zigbee2mqtt has nothing that does it.")
        about = known.get(property)
        if about is not None and not about.settable():
            raise SourceError(f"{device} cannot be told to {command.command!r}: zigbee2mqtt only reads its {property}.")
        return Order(name, {property: value}, property.removesuffix("_step"), value if value in _EXACT else None)

    def _name(self, device: str) -> str:
        """Return what a device is called here: as it was last heard of, else as the home names it, else as it is listed here."""
        named = self.listing.home.by_id[device].known_as.get(BRIDGE)
        listed = (name for name, about in self.exposed.items() for known in self.listing.look(name, about.ieee_address) if known.entry.id == device)  # fmt: skip
        return self._heard.get(device) or next(listed, None) or (named[0].partition("=")[0] if named else device)

    def _wanted(self, command: Command, known: Mapping[str, Property]) -> tuple[str | None, object]:
        """Return the property that a command sets, and to what."""
        if command.command in _SWITCHED:
            property = next((each.property for each in known.values() if each.switches()), "state")
            return property, known[property].word(_SWITCHED[command.command]) if property in known else _SWITCHED[
                command.command
            ]
        names = _SET.get(
            command.command, (command.command.removeprefix("set_"),) if command.command.startswith("set_") else ()
        )
        property = next((name for name in names if name in known), names[0] if names and not known else "")
        if property and command.value is not None:
            return property, _scaled(command.value, known.get(property))
        stepped, _, way = command.command.rpartition("_")
        if stepped in known and way in {"up", "down"}:
            step = float(command.value) if isinstance(command.value, int | float) else _STEP
            amount = _scaled(step, known[stepped])
            return f"{stepped}_step", amount if way == "up" or not isinstance(amount, int | float) else -amount
        return None, None


def _said(name: str, value: object, property: Property | None) -> Said:
    """Return what was said of a property: its unit as exposed, and a brightness in percent, as homes have it."""
    if name == "brightness" and isinstance(value, int | float):
        return Said(name, round(value / _brightest(property) * 100))
    return Said(name, value, property.unit if property else None)


def _brightest(property: Property | None) -> float:
    return (property.value_max if property else None) or 254


def _scaled(value: object, property: Property | None) -> object:
    """Return a number of percent in the device's own steps: a brightness of 40 % is 102 of 254."""
    if property is None or property.name != "brightness" or not isinstance(value, int | float):
        return value
    return round(value / 100 * _brightest(property))


def _is_online(payload: bytes) -> bool:
    """Return whether an availability says online, in either of its two forms."""
    return payload == b"online" or (payload.startswith(b"{") and _OBJECT.decode(payload).get("state") == "online")


def failure(payload: bytes, name: str) -> str:
    """Return why a command failed, where a line of zigbee2mqtt's log (`bridge/logging`) says so of this device."""
    try:
        line = _OBJECT.decode(payload)
    except msgspec.DecodeError:
        return ""
    text = str(line.get("message", ""))
    told = line.get("level") == "error" and "Publish 'set'" in text and f"'{name}' failed" in text
    return text.partition("failed: ")[2][:200] or "it failed" if told else ""
