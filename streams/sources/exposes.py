"""Exposes: what zigbee2mqtt says that a device can tell and do, and the entry of a home that it would make."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from rules.home import AttributeKind, Device
from streams.sources.reading import unit_of

_TELLS, _TAKES = 1, 2  # bits of `access`
_ASIDE = frozenset({"linkquality", "voltage", "battery_low", "tamper", "update", "device_temperature", "action"})


class Property(msgspec.Struct, kw_only=True):
    """Something that a device exposes; a light, a lock or a cover has `features` of its own."""

    type: str
    name: str = ""
    property: str = ""
    access: int = 0
    unit: str | None = None
    values: list[str | int | float] = []
    value_on: str | int | bool | None = None
    value_off: str | int | bool | None = None
    value_max: float | None = None
    features: list[Property] = []

    def settable(self) -> bool:
        """Return whether a command can set it."""
        return bool(self.access & _TAKES)

    def readable(self) -> bool:
        """Return whether the device tells it."""
        return bool(self.access & _TELLS)

    def switches(self) -> bool:
        """Return whether it is what is turned on, opened or locked."""
        return (self.name == "state" and self.type == "binary") or (self.name == "state" and bool(self.values))

    def word(self, wanted: str) -> str | int | bool:
        """Return how the device itself says a word such as `ON`: what exposes other words for on and off is told those."""
        own = {"ON": self.value_on, "OFF": self.value_off}.get(wanted)
        known = {str(value) for value in (self.value_on, self.value_off, *self.values)}
        return wanted if wanted in known or own is None else own


class Definition(msgspec.Struct):
    """What kind of device it is."""

    exposes: list[Property] = []
    description: str = ""


class Exposed(msgspec.Struct):
    """A device of `bridge/devices`."""

    ieee_address: str
    friendly_name: str = ""
    type: str = ""
    definition: Definition | None = None

    def properties(self) -> Iterator[Property]:
        """Yield everything it exposes, features included."""
        for each in self.definition.exposes if self.definition else ():
            yield from each.features if each.features and each.type != "composite" else (each,)

    def kinds(self) -> set[str]:
        """Return what it is: `light`, `lock`, `contact`, `temperature`."""
        exposes = self.definition.exposes if self.definition else []
        return {each.type for each in exposes if each.features} | {each.name for each in self.properties()}


# What a device is by what it exposes, the most telling first: its type in a home, and what its `state` may be.
_TYPES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("lock", "lock", ("locked", "unlocked")),
    ("light", "light", ("on", "off")),
    ("cover", "blinds", ("open", "closed")),
    ("climate", "thermostat", ()),
    ("fan", "fan", ("on", "off")),
    ("contact", "door", ("open", "closed")),
    ("water_leak", "leak", ("wet", "dry")),
    ("smoke", "smoke", ("on", "off")),
    ("gas", "gas", ("on", "off")),
    ("carbon_monoxide", "gas", ("on", "off")),
    ("occupancy", "motion", ("on", "off")),
    ("presence", "motion", ("on", "off")),
    ("vibration", "vibration", ("on", "off")),
    ("switch", "switch", ("on", "off")),
    ("temperature", "temperature", ()),
    ("humidity", "humidity", ()),
    ("co2", "co2", ()),
    ("illuminance", "light_level", ()),
    ("action", "button", ()),
)
_MEASURES = ("temperature", "humidity", "co2", "illuminance")


def exposed(about: Exposed, taken: set[str], system: str) -> Device | None:
    """Return the entry that a device would make, under an id that is not taken; None for what a home has no use for."""
    kinds = about.kinds()
    found = next(((type, states) for kind, type, states in _TYPES if kind in kinds), None)
    if found is None or about.type == "Coordinator":
        return None
    type, states = found
    name = re.sub(r"[\W_]+", " ", about.friendly_name).strip() or about.ieee_address
    id = _id(type, name, taken)
    attributes, unit = _attributes(about, type, states)
    events = [str(value) for each in about.properties() if each.name == "action" for value in each.values]
    given = {"id": id, "type": type, "name": name, "unit": unit, "attributes": attributes, "events": events}
    return Device.model_validate({**given, "known_as": {system: about.friendly_name}})


def _id(type: str, name: str, taken: set[str]) -> str:
    word = f"{type}.{re.sub(r'[^a-z0-9]+', '_', name.lower()).strip('_') or 'device'}"
    number = 2
    id = word
    while id in taken:
        id, number = f"{word}_{number}", number + 1
    taken.add(id)
    return id


def _attributes(about: Exposed, type: str, states: tuple[str, ...]) -> tuple[dict[str, AttributeKind | tuple[str, ...]], str | None]:  # fmt: skip
    properties = {each.name: each for each in about.properties() if each.name not in _ASIDE}
    if type == "thermostat":
        modes = (
            tuple(str(value) for value in properties["system_mode"].values)
            if "system_mode" in properties
            else ("heat", "off")
        )
        return {"current_temperature": "number", "mode": modes, "setpoint": "number"}, "C"
    if (not states and type in _MEASURES) or type == "light_level":
        measured = properties["illuminance" if type == "light_level" else type]
        return {"value": "number"}, unit_of(measured.unit)
    more = {name: "number" for name in ("brightness", "position", "power", "battery") if name in properties}
    return {**({"state": states} if states else {}), **more}, None  # type: ignore[dict-item]  # literals
