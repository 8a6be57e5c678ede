"""A home with Frigate, zigbee2mqtt and Home Assistant, and messages as these write them, made by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from rules.home import Home, parse_home
from rules.record import Record

NOON = datetime(2026, 3, 9, 17, 0, tzinfo=UTC)  # in Chicago
SQUARE = [[0.0, 0.4], [0.5, 0.4], [0.5, 1.0], [0.0, 1.0]]

MAPLE: dict[str, Any] = {
    "home": "maple",
    "name": "Maple Street",
    "time_zone": "America/Chicago",
    "lateness": "0s",
    "location": {"latitude": 41.88, "longitude": -87.63},
    "people": [
        {"id": "person.greg", "name": "Greg", "role": "owner", "channels": ["console"], "known_as": {"mqtt": "owntracks/greg/phone"}},
        {"id": "person.maya", "name": "Maya", "role": "partner", "known_as": {"ha": "person.maya"}},
    ],
    "pets": [{"id": "pet.daisy", "name": "Daisy", "species": "dog"}],
    "cameras": [
        {"id": "cam.kitchen", "name": "kitchen camera", "zones": {"food_bowls": SQUARE}, "known_as": {"frigate": "kitchen"}},
        {"id": "cam.front", "name": "front camera", "zones": {"porch": SQUARE, "drive": SQUARE}, "known_as": {"frigate": "front_door"}},
    ],
    "devices": [
        {"id": "contact.front", "type": "door", "name": "front door", "attributes": {"state": ["open", "closed"]}, "known_as": {"zigbee2mqtt": "hall/front door"}},
        {"id": "light.hall", "type": "light", "name": "hallway", "attributes": {"state": ["on", "off"], "brightness": "number"}, "known_as": {"zigbee2mqtt": "hall lamp"}},
        {"id": "sensor.freezer", "type": "temperature", "name": "freezer temperature", "attributes": {"value": "number"}, "unit": "C", "known_as": {"zigbee2mqtt": "freezer"}},
        {"id": "leak.bath", "type": "leak", "name": "bathroom", "attributes": {"state": ["wet", "dry"]}, "known_as": {"zigbee2mqtt": "bath leak"}},
        {"id": "feeder.daisy", "type": "feeder", "name": "Daisy's feeder", "events": ["dispensed"], "known_as": {"zigbee2mqtt": "feeder"}},
        {"id": "button.bed", "type": "button", "name": "bedside button", "events": ["single", "double"], "known_as": {"zigbee2mqtt": "bed"}},
        {"id": "lock.front", "type": "lock", "name": "front door", "attributes": {"state": ["locked", "unlocked"]}, "known_as": {"ha": "lock.front"}},
    ],
}  # fmt: skip


def maple(**more: Any) -> Home:
    return parse_home(MAPLE | more)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def unix(seconds: float) -> float:
    return NOON.timestamp() + seconds


def tracked(id: str, camera: str, label: str, start: float, at: float, zones: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:  # fmt: skip
    """Return a tracked object; times are seconds from noon."""
    given = {
        "id": id, "camera": camera, "label": label, "frame_time": unix(at), "start_time": unix(start), "end_time": None, "sub_label": None,
        "top_score": 0.87, "score": 0.84, "false_positive": False, "box": [424, 500, 536, 712], "area": 23744, "current_zones": list(zones),
        "entered_zones": list(zones), "has_clip": True, "has_snapshot": True, "stationary": False, "snapshot": {"frame_time": unix(at)},
    }  # fmt: skip
    return given | more


def change(kind: str, after: dict[str, Any], before: dict[str, Any] | None = None) -> bytes:
    return json.dumps({"type": kind, "before": before or after, "after": after}).encode()


def told(records: list[Record]) -> list[tuple[Any, ...]]:
    """Return records as rows: source, what, and the words that matter."""
    return [(record.source, record.type, *_words(record)) for record in records]


def _words(record: Record) -> tuple[Any, ...]:
    data = record.data
    match record.type:
        case "detection":
            who = (record.subject,) if record.subject else ()
            return (data["activity"], data["phase"], *((data["zone"],) if "zone" in data else ()), *who)
        case "state":
            return (data.get("attribute", "state"), data["value"])
        case "health":
            return (data["status"], *((data["reason"],) if "reason" in data else ()))
        case _:
            return (data["name"],)
