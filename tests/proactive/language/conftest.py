"""One home for the tests of language: two dogs and a cat, doors of several kinds, and a few things that report numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from proactive.language.outcome import Outcome
from proactive.language.understand import understand
from rules.home import Home, parse_home

SQUARE = [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0]]
OPEN = {"state": ["open", "closed"]}
DONE = {"state": ["idle", "running", "finished"]}
ON = {"state": ["on", "off"]}
NOW = datetime(2026, 3, 9, 15, tzinfo=UTC)  # ten in the morning in this home, a Monday

HOME: dict[str, Any] = {
    "home": "birch",
    "time_zone": "America/Chicago",
    "location": {"latitude": 41.9, "longitude": -87.6},
    "quiet_hours": "22:30-06:30",
    "default_speaker": "person.ann",
    "people": [
        {"id": "person.ann", "name": "Ann", "role": "owner", "aliases": ["me"], "channels": ["console"]},
        {"id": "person.bruno", "name": "Bruno", "role": "partner", "aliases": ["dad", "my husband"], "channels": ["console"]},
        {"id": "person.cleo", "name": "Cleo", "role": "child", "aliases": ["my daughter"]},
        {"id": "person.dario", "name": "Dario", "role": "child"},
    ],
    "groups": {"the kids": ["person.cleo", "person.dario"]},
    "pets": [
        {"id": "pet.daisy", "name": "Daisy", "species": "dog", "looks": "golden retriever, cream coat, red collar"},
        {"id": "pet.otto", "name": "Otto", "species": "dog", "looks": "black labrador"},
        {"id": "pet.mimi", "name": "Mimi", "species": "cat", "looks": "grey tabby"},
    ],
    "cameras": [
        {"id": "cam.kitchen", "name": "kitchen camera", "sees": "food bowls, counter", "zones": {"food_bowls": SQUARE, "counter": SQUARE}},
        {"id": "cam.front_door", "name": "front door camera", "sees": "porch", "zones": {"porch": SQUARE}},
        {"id": "cam.living_room", "name": "living room camera", "sees": "couch", "zones": {"couch": SQUARE}},
        {"id": "cam.drive", "name": "driveway camera", "zones": {"driveway": SQUARE}},
    ],
    "devices": [
        {"id": "cover.left", "type": "garage_door", "name": "garage left", "aliases": ["left garage door"], "attributes": OPEN},
        {"id": "cover.right", "type": "garage_door", "name": "garage right", "aliases": ["right garage door"], "attributes": OPEN},
        {"id": "contact.front", "type": "door", "name": "front door", "attributes": OPEN},
        {"id": "contact.back", "type": "door", "name": "back door", "attributes": OPEN},
        {"id": "lock.front", "type": "lock", "name": "front door", "attributes": {"state": ["locked", "unlocked"]}},
        {"id": "contact.kitchen", "type": "window", "name": "kitchen window", "attributes": OPEN},
        {"id": "contact.fridge", "type": "appliance_door", "name": "fridge", "attributes": OPEN},
        {"id": "sensor.freezer", "type": "temperature", "name": "freezer temperature", "attributes": {"value": "number"}, "unit": "F"},
        {"id": "sensor.office", "type": "temperature", "name": "office temperature", "attributes": {"value": "number"}, "unit": "F"},
        {"id": "sensor.cellar", "type": "humidity", "name": "cellar humidity", "attributes": {"value": "number"}, "unit": "%"},
        {"id": "appliance.washer", "type": "washing_machine", "name": "washer", "aliases": ["laundry"], "attributes": DONE},
        {"id": "leak.cellar", "type": "leak", "name": "cellar", "attributes": {"state": ["wet", "dry"]}},
        {"id": "motion.hall", "type": "motion", "name": "hallway", "attributes": ON},
        {"id": "light.porch", "type": "light", "name": "porch", "attributes": ON},
        {"id": "doorbell.front", "type": "doorbell", "name": "front", "events": ["pressed"]},
        {"id": "car.van", "type": "car", "name": "van", "attributes": {"plugged_in": "boolean", "battery": "number"}},
        {"id": "contact.bin", "type": "container", "name": "dog food bin", "attributes": OPEN},
    ],
}  # fmt: skip

Say = Callable[[str], Outcome]


@pytest.fixture(scope="session")
def birch() -> Home:
    """Return the home of these tests."""
    return parse_home(HOME)


@pytest.fixture(scope="session")
def say(birch: Home) -> Say:
    """Return a function that reads what Ann says at ten in the morning."""
    return lambda text: understand(text, None, birch, now=NOW)
