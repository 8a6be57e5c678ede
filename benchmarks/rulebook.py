"""Twenty rules of a home, every kind of condition among them, with the guards that people add."""

from __future__ import annotations

from random import Random
from typing import Any

EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def seen(camera: str, zone: str, subject: str | None = None, **where: Any) -> dict[str, Any]:
    """Return a pattern over detections."""
    pattern = {"type": "detection", "source": f"cam.{camera}", "where": {"zone": zone, **where}}
    return pattern | ({"subject": subject} if subject else {})


def turned(source: str, value: Any) -> dict[str, Any]:
    """Return a pattern over states."""
    return {"type": "state", "source": source, "where": {"value": value}}


def happened(source: str, name: str) -> dict[str, Any]:
    """Return a pattern over events."""
    return {"type": "event", "source": source, "where": {"name": name}}


ATE = seen("kitchen", "food_bowls", "pet.daisy", activity="eating")
AT_BOWL = seen("kitchen", "food_bowls", "pet.max")
FED = happened("feeder.kitchen", "dispensed")
BELL = happened("doorbell.front", "pressed")
STRANGER = seen("porch", "steps", "unknown", label="person")
IN_YARD = {"type": "detection", "source": "cam.yard", "subject": ["pet.daisy", "pet.max"]}
DOORS = {"type": "state", "source": ["contact.front", "contact.back"], "where": {"value": "open"}}
NIGHT = {"between": ["22:00", "06:00"]}


def rules_of(home: str, random: Random) -> list[dict[str, Any]]:
    """Return the twenty rules of a home as JSON; numbers and times differ from home to home."""
    noon, evening = f"{random.randint(11, 13)}:00", f"{random.randint(17, 20)}:30"
    minutes = random.choice(["5m", "10m", "15m"])
    book: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
        "absent-fed-by-noon": ({"op": "absent", "of": [FED, ATE], "window": {"from": "00:00", "until": noon}}, []),
        "absent-on-weekdays": (
            {
                "op": "absent",
                "of": [seen("yard", "lawn", "pet.max")],
                "window": {"from": evening, "until": "23:00", "days": EVERY_DAY[:5]},
            },
            [{"home": "anyone"}],
        ),
        "absent-for-hours": ({"op": "absent", "of": [IN_YARD], "duration": "6h", "per": "subject"}, []),
        "absent-sensor-silent": (
            {"op": "absent", "of": [{"type": "state", "source": "sensor.freezer"}], "duration": "45m"},
            [],
        ),
        "occurs-stranger-at-night": ({"op": "occurs", "of": [STRANGER], "cooldown": "30m"}, [NIGHT]),
        "occurs-lingers": ({"op": "occurs", "of": [seen("porch", "gate", label="person")], "lasting": "20s"}, []),
        "occurs-washer-waits": (
            {"op": "occurs", "of": [turned("appliance.washer", "finished")], "after": "15m"},
            [{"state": "appliance.washer", "is": "finished"}],
        ),
        "occurs-door-while-away": ({"op": "occurs", "of": [DOORS]}, [{"home": "nobody"}]),
        "occurs-hungry": (
            {"op": "occurs", "of": [AT_BOWL], "cooldown": "1h"},
            [{"not": {"seen": {"of": [FED], "since": "06:00"}}}, {"between": ["06:00", "22:00"]}],
        ),
        "sequence-bell-then-door": (
            {"op": "sequence", "first": [BELL], "then": [turned("contact.front", "open")], "within": minutes},
            [],
        ),
        "sequence-nobody-answers": (
            {
                "op": "sequence",
                "first": [BELL],
                "then": [turned("contact.front", "open")],
                "within": "2m",
                "missing": True,
            },
            [{"home": "anyone"}],
        ),
        "sequence-door-left-open": (
            {
                "op": "sequence",
                "first": [DOORS],
                "then": [DOORS | {"where": {"value": "closed"}}],
                "within": minutes,
                "missing": True,
                "per": "source",
            },
            [],
        ),
        "holds-garage-open": (
            {"op": "holds", "state": {"state": "cover.garage", "is": "open"}, "lasting": minutes},
            [{"any": [{"sun": "down"}, {"home": "nobody"}]}],
        ),
        "holds-open-and-empty": (
            {
                "op": "holds",
                "state": {
                    "all": [
                        {"any": [{"state": "contact.front", "is": "open"}, {"state": "contact.back", "is": "open"}]},
                        {"home": "nobody"},
                    ]
                },
                "lasting": "1m",
            },
            [],
        ),
        "holds-freezer-warm": (
            {"op": "holds", "state": {"state": "sensor.freezer", "above": random.randint(-14, -10)}, "lasting": "1h"},
            [],
        ),
        "count-bell": ({"op": "count", "of": [BELL], "at_least": 3, "within": "1h"}, []),
        "count-bowl-visits": (
            {"op": "count", "of": [ATE, AT_BOWL], "at_least": 4, "within": "6h", "per": "subject"},
            [{"days": EVERY_DAY}],
        ),
        "at-ten-unlocked": (
            {"op": "at", "time": f"22:{random.randint(0, 59):02d}"},
            [{"state": "lock.front", "is": "unlocked"}],
        ),
        "at-sunset-garage": (
            {"op": "at", "sun": "sunset", "offset": "30m"},
            [{"any": [{"home": "nobody"}, {"not": {"state": "cover.garage", "is": "closed"}}]}],
        ),
        "any-alarm": (
            {
                "op": "any",
                "conditions": [
                    {"op": "occurs", "of": [turned("leak.basement", "wet")]},
                    {"op": "count", "of": [STRANGER], "at_least": 2, "within": "30m"},
                ],
            },
            [],
        ),
    }
    return [_rule(home, name, when, guards) for name, (when, guards) in book.items()]


def _rule(home: str, name: str, when: dict[str, Any], guards: list[dict[str, Any]]) -> dict[str, Any]:
    notify = {"to": ["person.ann"], "message": name.replace("-", " "), "urgency": "normal"}
    return {
        "id": f"{name}.{home}",
        "home": home,
        "owner": "person.ann",
        "when": when,
        "while": guards,
        "notify": notify,
    }
