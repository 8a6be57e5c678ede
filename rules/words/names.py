"""Names: how a family calls what the home file lists. An id that is not listed stands as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.home import Calendar, Camera, Device, Entry, Home, Person, Pet
from rules.words.times import joined

# Names that say where a device is and not what it is: "front" is the doorbell, "main" the thermostat.
_NOUNS = {
    "alarm": "alarm",
    "blinds": "blinds",
    "door": "door",
    "doorbell": "doorbell",
    "fan": "fan",
    "garage_door": "door",
    "gate": "gate",
    "humidity": "humidity",
    "leak": "leak sensor",
    "light": "light",
    "lock": "lock",
    "microphone": "microphone",
    "phone": "phone",
    "thermostat": "thermostat",
    "tv": "TV",
    "vacuum": "vacuum",
    "window": "window",
}
_OWNED = re.compile(r"\w+'s ")  # what belongs to somebody by name takes no article: "Olive's feeder"
_UNITS = {"C": " °C", "F": " °F", "%": " %"}


def called(source: str, home: Home) -> str:
    """Return what a person, pet, camera, device or calendar is called, with `the` where one says it."""
    entry = home.by_id.get(source)
    match entry:
        case None:
            return source
        case Person() | Pet():
            return entry.name or source
        case Device():
            name = _device(entry, home)
            return name if _OWNED.match(name) else f"the {name}"
        case Camera() | Calendar():
            return f"the {_plain(entry)}"


def _plain(entry: Entry) -> str:
    return entry.name.removeprefix("the ") or plain(entry.id.rpartition(".")[2])


def _device(device: Device, home: Home) -> str:
    name = _plain(device)
    noun = _NOUNS.get(device.type, "")
    if not noun and _shared(device, home):
        noun = device.type.replace("_", " ")
    known = set(name.casefold().split())
    return name if not noun or noun.split()[0].casefold() in known else f"{name} {noun}"


def _shared(device: Device, home: Home) -> bool:
    return any(other.id != device.id and other.name == device.name for other in home.devices)


def any_of(sources: Iterable[str], home: Home) -> str:
    """Return the names joined with `or`."""
    return joined((called(source, home) for source in sources), "or")


def all_of(sources: Iterable[str], home: Home) -> str:
    """Return the names joined with `and`."""
    return joined(called(source, home) for source in sources)


def plain(word: object) -> str:
    """Return a name of the rule language as words: `food_bowls` as `food bowls`."""
    if isinstance(word, bool):
        return "true" if word else "false"
    return "nothing" if word is None else str(word).replace("_", " ")


def number(value: float, unit: str | None) -> str:
    """Return a number with the unit of its device: `4 °C`."""
    return f"{value}{_UNITS.get(unit, f' {unit}') if unit else ''}"
