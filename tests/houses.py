"""Homes for tests: one with everything in it, small enough to know by heart."""

from __future__ import annotations

from typing import Any

from rules.home import Home, parse_home

SQUARE = [[0.0, 0.4], [0.5, 0.4], [0.5, 1.0], [0.0, 1.0]]
OPEN = ["open", "closed"]

OAK: dict[str, Any] = {
    "home": "oak",
    "name": "Oak Lane",
    "time_zone": "America/Chicago",
    "location": {"latitude": 41.88, "longitude": -87.63},
    "quiet_hours": "22:30-06:30",
    "people": [
        {"id": "person.greg", "name": "Greg", "role": "owner, adult", "channels": ["phone.greg"]},
        {"id": "person.maya", "name": "Maya", "role": "partner", "aliases": ["mom"], "channels": ["phone.maya"]},
        {"id": "person.zoe", "name": "Zoe", "role": "daughter, 9"},
    ],
    "pets": [
        {"id": "pet.daisy", "name": "Daisy", "species": "dog", "looks": "cream"},
        {"id": "pet.max", "name": "Max", "species": "dog", "looks": "black"},
    ],
    "cameras": [
        {"id": "cam.kitchen", "name": "kitchen camera", "zones": {"food_bowls": SQUARE, "counter": SQUARE}},
        {"id": "cam.yard", "name": "yard camera", "zones": {"lawn": SQUARE, "gate": SQUARE}},
    ],
    "devices": [
        {"id": "contact.front", "type": "door", "name": "front door", "attributes": {"state": OPEN}},
        {"id": "contact.back", "type": "door", "name": "back door", "attributes": {"state": OPEN}},
        {"id": "cover.garage", "type": "garage_door", "name": "garage", "attributes": {"state": OPEN}},
        {"id": "lock.front", "type": "lock", "name": "front door", "attributes": {"state": ["locked", "unlocked"]}},
        {"id": "doorbell.front", "type": "doorbell", "name": "front", "events": ["pressed"]},
        {"id": "feeder.kitchen", "type": "feeder", "name": "kitchen feeder", "events": ["dispensed", "jammed"]},
        {
            "id": "sensor.freezer",
            "type": "temperature",
            "name": "freezer temperature",
            "attributes": {"value": "number"},
            "unit": "C",
        },
        {
            "id": "climate.main",
            "type": "thermostat",
            "name": "main",
            "attributes": {"current_temperature": "number", "mode": ["heat", "cool", "off"], "note": "text"},
            "unit": "C",
        },
        {
            "id": "car.tesla",
            "type": "car",
            "name": "Tesla",
            "attributes": {"plugged_in": "boolean", "battery": "number"},
        },
        {"id": "light.porch", "type": "light", "name": "porch", "attributes": {"state": ["on", "off"]}},
        {"id": "valve.water", "type": "valve", "name": "water", "attributes": {"state": OPEN}},
        {"id": "gadget.attic", "type": "gadget", "name": "attic gadget"},
    ],
    "calendars": [{"id": "calendar.family", "name": "family calendar"}],
    "groups": {"everyone": ["person.greg", "person.maya", "person.zoe"]},
    "default_speaker": "person.greg",
}


def oak(**changes: Any) -> Home:
    """Return the test home, with top-level keys of its file changed."""
    return parse_home({key: value for key, value in (OAK | changes).items() if value is not None})
