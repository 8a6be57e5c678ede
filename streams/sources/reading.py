"""Readings: what devices report, in the words in which the home lists them.

Every system has its own words for an open door: `contact: false`, `on`, `"open"`, `OPEN`. The home file lists which values
there are, so a raw value becomes the listed one that means the same. What means none of them is no reading, and is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.checks.reports import Values, values_of
from rules.home import Device
from rules.rule import Scalar

Raw = object

# What says that something is so (a door open, water there, somebody about), and what says that it is not.
_SO = frozenset(
    """on open opened opening unlocked unlock unlocking wet leak detected occupied occupancy motion smoke gas home true yes running
    active present connected plugged_in charging problem low vibration tampered armed playing cleaning heat pressed online
    not_fully_locked jammed""".split()
)
_NOT = frozenset(
    """off closed close shut locked lock locking dry clear none unoccupied no_motion away not_home false no idle inactive absent
    disconnected unplugged ok normal disarmed docked standby paused offline""".split()
)
# Words that other systems have for one that homes list.
_SAME = {
    "closing": "open",  # until it is closed
    "opening": "open",
    "locking": "unlocked",
    "unlocking": "locked",
    "not_fully_locked": "unlocked",
    "jammed": "unlocked",
    "error": "stuck",
    "returning": "cleaning",
    "arming": "disarmed",
    "pending": "armed_away",
    "heating": "heat",
    "cooling": "cool",
}
# Numbers that are the other way round: a contact that is made is a door that is closed.
_INVERTED = frozenset({"contact"})
_UNITS = {
    "°c": "C", "c": "C", "celsius": "C", "°f": "F", "f": "F", "fahrenheit": "F", "%": "%", "w": "W", "kw": "kW", "kwh": "kWh", "wh": "Wh",
}  # fmt: skip
_SCALES = {("W", "kW"): 0.001, ("kW", "W"): 1000.0, ("Wh", "kWh"): 0.001, ("kWh", "Wh"): 1000.0}
MOST_TEXT = 1000  # characters of a text that is kept


@dataclass(frozen=True, slots=True)
class Said:
    """What a device said of one property: the raw value, and its unit where it is told."""

    property: str
    value: Raw
    unit: str | None = None


def unit_of(text: str | None) -> str | None:
    """Return a unit as homes write it: `°C` is `C`."""
    return _UNITS.get(text.strip().lower(), text.strip()) if text else None


def reading(device: Device, attribute: str, said: Said) -> Scalar:
    """Return the value in the home's words, or None where it is none that the home lists."""
    values = values_of(device, attribute)
    if values is None:
        return _plain(said) if not device.attributes and not device.events else None
    return _fitting(values, said, device.unit)


def _fitting(values: Values, said: Said, unit: str | None) -> Scalar:
    match values:
        case "number":
            return _number(said, unit)
        case "text":
            return str(said.value)[:MOST_TEXT] if isinstance(said.value, str | int | float) else None
        case "boolean":
            return is_so(said)
        case _:
            return _listed(values, said)


def _plain(said: Said) -> Scalar:
    """Return a value of a device of which the home says nothing: numbers and words as they are, truths as on and off."""
    truth = is_so(said)
    if isinstance(said.value, bool):
        return None if truth is None else "on" if truth else "off"
    if isinstance(said.value, int | float):
        return said.value
    return said.value.lower()[:MOST_TEXT] if isinstance(said.value, str) else None


def _number(said: Said, unit: str | None) -> float | None:
    if isinstance(said.value, bool) or not isinstance(said.value, str | int | float):
        return None
    try:
        number = float(said.value)
    except ValueError:
        return None
    if not abs(number) < 1e15:  # not a number, or no measure of a home
        return None
    number = converted(number, unit_of(said.unit), unit_of(unit))
    return int(number) if number.is_integer() and not isinstance(said.value, float) else number


def converted(number: float, given: str | None, wanted: str | None) -> float:
    """Return a number in the unit that the home lists; where one of the two is not known, as it is."""
    match given, wanted:
        case "C", "F":
            return round(number * 9 / 5 + 32, 2)
        case "F", "C":
            return round((number - 32) * 5 / 9, 2)
        case str(), str() if (given, wanted) in _SCALES:
            return round(number * _SCALES[given, wanted], 6)
        case _:
            return number


def is_so(said: Said) -> bool | None:
    """Return whether a raw value says that something is so, or None where it says neither."""
    value = said.value
    if isinstance(value, str):
        word = _word(value)
        truth = True if word in _SO else False if word in _NOT else None
    else:
        truth = bool(value) if isinstance(value, bool | int) and value in (0, 1) else None
    return not truth if truth is not None and said.property in _INVERTED else truth


def _listed(values: tuple[str | int | float, ...], said: Said) -> Scalar:
    """Return the listed value that means the same as the raw one."""
    if isinstance(said.value, str):
        words = {_word(str(value)): value for value in values}
        word = _word(said.value)
        for each in (word, _SAME.get(word, "")):
            if each in words and said.property not in _INVERTED:
                return words[each]
    elif not isinstance(said.value, bool) and said.value in values:
        return next(value for value in values if value == said.value)
    truth = is_so(said)
    wanted = _SO if truth else _NOT
    return None if truth is None else next((value for value in values if _word(str(value)) in wanted), None)


def _word(text: str) -> str:
    return text.strip().lower().replace(" ", "_").replace("-", "_")


# --- which property is which attribute --------------------------------------------------------------------------

# What another system calls the attributes that homes list, the best first.
_CALLED = {
    "state": ("state", "contact", "lock_state", "occupancy", "presence", "water_leak", "smoke", "carbon_monoxide", "gas", "vibration",
              "moisture", "fan_state", "running_state"),
    "current_temperature": ("current_temperature", "local_temperature", "temperature"),
    "setpoint": ("setpoint", "occupied_heating_setpoint", "current_heating_setpoint", "occupied_cooling_setpoint"),
    "mode": ("mode", "system_mode", "fan_mode", "preset_mode"),
    "battery": ("battery", "battery_level"),
    "position": ("position", "current_position"),
    "volume": ("volume", "volume_level"),
    "power": ("power", "load_power"),
}  # fmt: skip
# What a sensor of one value measures, by the type of the device.
_MEASURED = {
    "temperature": ("temperature", "local_temperature", "device_temperature"),
    "humidity": ("humidity", "soil_moisture"),
    "co2": ("co2",), "power": ("power",), "energy": ("energy",), "light_level": ("illuminance", "illuminance_lux"),
    "lock": ("lock_state", "state"), "motion": ("occupancy", "presence", "motion"), "leak": ("water_leak", "moisture"),
    "smoke": ("smoke",), "gas": ("gas",), "air_quality": ("voc", "pm25"), "vibration": ("vibration",),
}  # fmt: skip
_ABOUT = frozenset({"linkquality", "last_seen", "update", "update_available", "battery", "battery_low", "voltage"})


def readings(device: Device, said: Mapping[str, Said]) -> Iterator[tuple[str, str, Scalar]]:
    """Yield attribute, property and value of everything said that the home lists; one property for each attribute."""
    for attribute in device.attributes or _assumed(said):
        for name in _candidates(device, attribute, said):
            value = reading(device, attribute, said[name])
            if value is not None:
                yield attribute, name, value
                break


def _assumed(said: Mapping[str, Said]) -> tuple[str, ...]:
    """Return the attributes of a device of which the home lists none."""
    return ("state",) if any(name in said for name in _CALLED["state"]) else ()


def _candidates(device: Device, attribute: str, said: Mapping[str, Said]) -> Iterator[str]:
    names = [attribute, *_CALLED.get(attribute, ())]
    if len(device.attributes) == 1 or attribute in ("state", "value"):
        names = [*_MEASURED.get(device.type, ()), *names, *_CALLED["state"]]
    yield from (name for name in dict.fromkeys(names) if name in said)
    if attribute == "value":  # what is left is what it measures, where there is only one
        left = [name for name in said if name not in _ABOUT and name not in device.attributes]
        yield from left if len(left) == 1 else ()
