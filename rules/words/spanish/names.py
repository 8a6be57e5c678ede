"""Names in Spanish: what kind of thing it is, with its gender, and the name that the home gave it.

A name in another language cannot be put into Spanish soundly, so it stands as it is, in quotes, after the noun of its
kind: `la puerta «front door»`. A name that has the noun in it needs neither: `la puerta principal`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rules.home import Calendar, Camera, Device, Home, Person, Pet
from rules.words.names import plain
from rules.words.spanish.times import joined

_FEMALE = "la"
_NOUNS: dict[str, str] = {
    "alarm": "la alarma", "blinds": "la persiana", "door": "la puerta", "doorbell": "el timbre", "fan": "el ventilador", "garage_door": "la puerta",
    "gate": "la verja", "humidity": "la humedad", "leak": "el sensor de fugas", "light": "la luz", "lock": "la cerradura", "microphone": "el micrófono", "phone": "el teléfono",
    "thermostat": "el termostato", "tv": "la televisión", "vacuum": "la aspiradora", "window": "la ventana", "appliance_door": "la puerta", "temperature": "la temperatura",
    "co2": "el nivel de CO2", "washing_machine": "la lavadora", "dryer": "la secadora", "dishwasher": "el lavavajillas", "switch": "el interruptor",
    "motion": "el sensor de movimiento", "container": "el recipiente", "power": "la corriente", "car": "el coche", "glucose": "la glucosa", "smoke": "el detector de humo",
    "feeder": "el comedero automático", "speaker": "el altavoz", "valve": "la válvula", "stove": "la cocina", "oven": "el horno", "weather": "el tiempo", "mode": "el modo",
    "sensor": "el sensor", "camera": "la cámara",
}  # fmt: skip
_UNITS = {"C": " °C", "F": " °F", "%": " %"}


@dataclass(frozen=True, slots=True)
class Named:
    """A subject in words, whether it is feminine, and whether it is a person or animal, which takes "a"."""

    text: str
    female: bool = False
    living: bool = False

    def agree(self, word: str) -> str:
        """Return an adjective as it agrees: `abierto` of a door is `abierta`."""
        first, space, rest = word.partition(" ")
        return f"{first[:-1]}a{space}{rest}" if self.female and first.endswith("o") else word


def named(source: str, home: Home) -> Named:
    """Return what a person, pet, camera, device or calendar is called; an id that is not listed stands as it is."""
    entry = home.by_id.get(source)
    match entry:
        case Person() | Pet():
            return Named(entry.name or source, living=True)
        case Device():
            return _thing(_NOUNS.get(entry.type, "el aparato"), entry.name or plain(source.rpartition(".")[2]))
        case Camera():
            return _thing("la cámara", entry.name or plain(source.rpartition(".")[2]))
        case Calendar():
            return _thing("el calendario", entry.name or source)
        case None:
            return Named(source)


def _thing(noun: str, name: str) -> Named:
    article, _, kind = noun.partition(" ")
    own = _folded(kind.split()[0]) in _folded(name).split()
    return Named(f"{article} {name}" if own else f"{noun} «{name}»", article == _FEMALE)


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def several(sources: Iterable[str], home: Home, last: str) -> Named:
    """Return several names joined with `y` or `o`; feminine where all are."""
    found = [named(source, home) for source in sources]
    return Named(
        joined((one.text for one in found), last),
        bool(found) and all(one.female for one in found),
        any(one.living for one in found),
    )


def to_all(people: Iterable[str], home: Home) -> str:
    """Return `a Greg y a Maya`."""
    return joined(f"a {named(person, home).text}" for person in people)


def number(value: float, unit: str | None) -> str:
    """Return a number with the unit of its device, and a decimal comma: `4,5 °C`."""
    return f"{value}".replace(".", ",") + (_UNITS.get(unit, f" {unit}") if unit else "")
