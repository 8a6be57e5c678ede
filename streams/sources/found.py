"""Found: the entry of a home that an entity of Home Assistant would make."""

from __future__ import annotations

from rules.home import Device
from streams.sources.entity import SYSTEM, Shown
from streams.sources.reading import unit_of

_SWITCHED = ("on", "off")
# Types and states by domain, and of sensors by their device class.
_DOMAINS: dict[str, tuple[str, tuple[str, ...]]] = {
    "light": ("light", _SWITCHED), "switch": ("switch", _SWITCHED), "fan": ("fan", _SWITCHED), "lock": ("lock", ("locked", "unlocked")),
    "media_player": ("tv", _SWITCHED), "vacuum": ("vacuum", ("docked", "cleaning", "stuck")),
    "alarm_control_panel": ("alarm", ("armed_home", "armed_away", "disarmed", "triggered")), "climate": ("thermostat", ()),
}  # fmt: skip
_BINARY: dict[str, tuple[str, tuple[str, ...]]] = {
    "door": ("door", ("open", "closed")), "window": ("window", ("open", "closed")), "garage_door": ("garage_door", ("open", "closed")),
    "opening": ("door", ("open", "closed")), "motion": ("motion", _SWITCHED), "occupancy": ("motion", _SWITCHED),
    "presence": ("motion", _SWITCHED), "moisture": ("leak", ("wet", "dry")), "smoke": ("smoke", _SWITCHED), "gas": ("gas", _SWITCHED),
    "carbon_monoxide": ("gas", _SWITCHED), "lock": ("lock", ("unlocked", "locked")), "vibration": ("vibration", _SWITCHED),
}  # fmt: skip
_COVERS = {"garage": "garage_door", "gate": "gate", "door": "door", "window": "window"}
_SENSORS = {"temperature": "temperature", "humidity": "humidity", "carbon_dioxide": "co2", "power": "power", "illuminance": "light_level"}  # fmt: skip
_EVENTS = {"doorbell": "doorbell", "button": "button"}


def found(shown: Shown, taken: set[str]) -> Device | None:
    """Return the entry that an entity would make, under an id that is not taken; None for what a home has no use for."""
    made = _made(shown)
    if made is None:
        return None
    id, number = shown.id, 2
    while id in taken:
        id, number = f"{shown.id}_{number}", number + 1
    taken.add(id)
    name = shown.attributes.get("friendly_name")
    given = name if isinstance(name, str) and name else shown.id.partition(".")[2].replace("_", " ")
    words = " ".join("".join(c if c.isprintable() else " " for c in given).split())
    return Device.model_validate({"id": id, "name": words[:100], "known_as": {SYSTEM: shown.id}, **made})


def _made(shown: Shown) -> dict[str, object] | None:
    kind = str(shown.attributes.get("device_class", ""))
    if shown.domain == "climate":
        modes = shown.attributes.get("hvac_modes")
        listed = [str(mode) for mode in modes] if isinstance(modes, list) else ["heat", "off"]
        return {"type": "thermostat", "attributes": {"current_temperature": "number", "mode": listed, "setpoint": "number"}, "unit": "C"}  # fmt: skip
    if shown.domain == "cover":
        return {"type": _COVERS.get(kind, "blinds"), "attributes": {"state": ["open", "closed"]}}
    if shown.domain == "binary_sensor" and kind in _BINARY:
        type, states = _BINARY[kind]
        return {"type": type, "attributes": {"state": states}}
    if shown.domain == "sensor" and kind in _SENSORS:
        unit = shown.attributes.get("unit_of_measurement")
        return {"type": _SENSORS[kind], "attributes": {"value": "number"}, "unit": unit_of(str(unit)) if unit else None}
    if shown.domain == "event" and kind in _EVENTS:
        names = shown.attributes.get("event_types")
        return {"type": _EVENTS[kind], "events": [str(name) for name in names] if isinstance(names, list) else []}
    if shown.domain in _DOMAINS:
        type, states = _DOMAINS[shown.domain]
        return {"type": type, "attributes": {"state": states}}
    return None
