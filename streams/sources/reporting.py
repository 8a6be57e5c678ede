"""Reporting: what a device said as records of the home, whichever system carried it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from rules.home import Device
from rules.record import Record
from rules.units import instant
from streams.sources.listing import Known
from streams.sources.reading import Said, readings, unit_of

# What is pressed once, whatever a system calls it.
_ONCE = frozenset(
    "single press pressed on ring click short_press short_release initial_press toggle button_press".split()
)


def states(home: str, known: Known, said: Mapping[str, Said], time: datetime, system: str, told_at: str = "") -> Iterator[Record]:  # fmt: skip
    """Yield a state for each attribute that the home lists and of which something was said.

    `told_at` makes the ids those of this telling, where the time is not that of the change.
    """
    device = known.entry
    if not isinstance(device, Device):
        return
    if known.attribute is not None:  # this name is about one attribute only: whatever it says is said of that
        own = said.get(known.attribute) or said.get("state") or next(iter(said.values()), None)
        said = {known.attribute: own} if own is not None else {}
    for attribute, name, value in readings(device, said):
        data: dict[str, object] = {"value": value}
        if attribute != "state" and len(device.attributes) != 1:
            data["attribute"] = attribute
        if isinstance(value, int | float) and not isinstance(value, bool):
            unit = unit_of(device.unit) or unit_of(said[name].unit)
            data |= {"unit": unit} if unit and _measures(device, attribute) else {}
        id = f"{system}-{device.id}-{attribute}-{told_at or instant(time)}"
        yield Record(id=id, type="state", time=time, home=home, source=device.id, data=data)


def _measures(device: Device, attribute: str) -> bool:
    """Say whether the unit of a device is that of an attribute: of a thermostat's mode or a phone's battery it is not."""
    return len(device.attributes) <= 1 or attribute in {"value", "state", "setpoint", "current_temperature"}


def events(home: str, device: Device, name: object, time: datetime, system: str, id: str = "") -> Iterator[Record]:
    """Yield what happened at a device, by the name that the home lists; nothing where it lists none that is meant."""
    told = event_name(device, str(name)) if isinstance(name, str) and name else None
    if told is not None:
        id = id or f"{system}-{device.id}-{told}-{instant(time)}"
        yield Record(id=id, type="event", time=time, home=home, source=device.id, data={"name": told})


def event_name(device: Device, name: str) -> str | None:
    """Return the event of a device that is meant: of the same name, or its only one where something was pressed once."""
    word = name.lower().replace(" ", "_")
    if word in device.events:
        return word
    if len(device.events) == 1 and word in _ONCE:
        return device.events[0]
    return word if not device.events and not device.attributes else None
