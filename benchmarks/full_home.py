"""A home that has been lived in: 500 rules, two weeks of 50,000 records, what was told of it; the same each time."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING, Any

from proactive.notification import Notification, notification_id
from rules.firing import Firing, firing_id, occurrence_id
from rules.home import Home, parse_home
from rules.record import Record
from rules.rule import Rule, parse_rule
from rules.units import DAY, HOUR, MINUTE, SECOND, moment

if TYPE_CHECKING:
    from proactive.store import Store
    from streams.log import Log

NAME, OWNER, ZONE = "full", "person.ida", "America/Chicago"
DAYS = 14
_CAMERAS = ("kitchen", "yard", "porch", "hall", "garage", "drive")
_ZONES = ("food_bowls", "gate", "steps")
_SQUARE = [[0.1, 0.4], [0.5, 0.4], [0.5, 0.9], [0.1, 0.9]]
_DOORS = tuple(f"contact.door_{number}" for number in range(1, 13))
_PETS = ("daisy", "rex", "tom")


def full_home() -> Home:
    """Return a home of six cameras, twelve doors, sensors, three pets and four people."""
    cameras = [
        {"id": f"cam.{each}", "name": f"{each} camera", "zones": dict.fromkeys(_ZONES, _SQUARE)} for each in _CAMERAS
    ]
    doors: list[dict[str, Any]] = [
        {"id": id, "type": "door", "name": f"door {number}", "attributes": {"state": ["open", "closed"]}}
        for number, id in enumerate(_DOORS, 1)
    ]
    bell = {"id": "doorbell.front", "type": "doorbell", "name": "front doorbell", "events": ["pressed"]}
    freezer = {
        "id": "sensor.freezer",
        "type": "temperature",
        "name": "freezer",
        "attributes": {"state": "number"},
        "unit": "C",
    }
    return parse_home(
        {
            "home": NAME,
            "name": "Full house",
            "time_zone": ZONE,
            "people": [
                {"id": OWNER, "name": "Ida", "role": "owner"},
                {"id": "person.ben", "name": "Ben", "role": "member"},
                {"id": "person.zoe", "name": "Zoe", "role": "child"},
                {"id": "person.max", "name": "Max", "role": "member"},
            ],
            "pets": [{"id": f"pet.{name}", "name": name.capitalize(), "species": "dog"} for name in _PETS],
            "cameras": cameras,
            "devices": [*doors, bell, freezer],
        }
    )


def rules(count: int) -> Iterator[Rule]:
    """Yield rules of the kinds that families make."""
    for number in range(count):
        yield parse_rule(
            {
                "id": f"rule-{number:03}",
                "home": NAME,
                "owner": OWNER,
                "said": f"tell me about thing {number}",
                "when": _when(number),
                "notify": {"to": [OWNER], "message": f"Thing {number} is to be looked at"},
            }
        )


def _when(number: int) -> dict[str, Any]:
    camera, zone = f"cam.{_CAMERAS[number % 6]}", _ZONES[number // 6 % 3]
    seen = {
        "type": "detection",
        "source": camera,
        "subject": f"pet.{_PETS[number % 3]}",
        "where": {"activity": "at", "zone": zone},
    }
    door = _DOORS[number % len(_DOORS)]
    opened = {"type": "state", "source": door, "where": {"value": "open"}}
    match number % 5:
        case 0:
            return {"op": "absent", "of": [seen], "window": {"from": "00:00", "until": f"{9 + number % 12:02}:00"}}
        case 1:
            return {"op": "occurs", "of": [seen], "cooldown": "10m"}
        case 2:
            return {"op": "holds", "state": {"state": door, "is": "open"}, "lasting": "10m"}
        case 3:
            return {"op": "at", "time": f"{7 + number % 15:02}:{number % 60:02}"}
        case _:
            return {"op": "count", "of": [opened], "at_least": 3, "within": "1h"}


def records(count: int, until: int, seed: int = 7) -> Iterator[Record]:
    """Yield so many records of the last days, in order of time: most of them cameras', in episodes."""
    random, made = Random(seed), 0
    step = DAYS * DAY // (count // 3)
    time = until - DAYS * DAY
    while made < count:
        time += random.randrange(step // 2, step * 3 // 2)
        for record in _happening(made, min(time, until - MINUTE), random):
            made += 1
            yield record


def _happening(number: int, time: int, random: Random) -> list[Record]:
    kind = random.random()
    if kind < 0.66:
        return _episode(number, time, random)
    if kind < 0.86:
        return [_state(number, time, random.choice(_DOORS), random.choice(("open", "closed")))]
    if kind < 0.96:
        return [_state(number, time, "sensor.freezer", round(random.gauss(-18, 1), 1))]
    if kind < 0.98:
        return [_record(number, time, "event", "doorbell.front", {"name": "pressed"})]
    camera = f"cam.{random.choice(_CAMERAS)}"
    gone = {"status": "offline", "reason": random.choice(("no_picture", "too_dark", "covered"))}
    back = time + random.randrange(MINUTE, HOUR)
    return [
        _record(number, time, "health", camera, gone),
        _record(number + 1, back, "health", camera, {"status": "online"}),
    ]


def _episode(number: int, time: int, random: Random) -> list[Record]:
    camera, pet = f"cam.{random.choice(_CAMERAS)}", random.random() < 0.6
    subject = f"pet.{random.choice(_PETS)}" if pet else random.choice((None, "unknown", "person.ben", "person.zoe"))
    said = {
        "label": "dog" if pet else "person",
        "activity": "at",
        "zone": random.choice(_ZONES),
        "episode": f"e-{number}",
    }
    return [
        _record(
            number + step,
            time + step * 4 * SECOND,
            "detection",
            camera,
            {**said, "phase": phase, "confidence": 0.87},
            subject,
        )
        for step, phase in enumerate(("start", "update", "update", "end"))
    ]


def _state(number: int, time: int, source: str, value: str | float) -> Record:
    return _record(number, time, "state", source, {"value": value})


def _record(number: int, time: int, kind: Any, source: str, data: dict[str, Any], subject: str | None = None) -> Record:
    return Record(
        id=f"k-{number:06}", type=kind, time=moment(time), source=source, subject=subject, home=NAME, data=data
    )


def firings(count: int, until: int, number_of_rules: int) -> Iterator[tuple[Firing, list[Notification]]]:
    """Yield what was told in the same days, each with the notification of the owner."""
    for number in range(count):
        rule, time = f"rule-{number % number_of_rules:03}", until - DAYS * DAY + number * (DAYS * DAY // count)
        occurrence = occurrence_id(NAME, rule, str(number))
        firing = Firing(
            id=firing_id(occurrence, "fired"), occurrence=occurrence, rule=rule, home=NAME, time=time, verdict="fired",
            evidence=(f"k-{number:06}",),
        )  # fmt: skip
        told = Notification(
            id=notification_id(firing.id, OWNER), home=NAME, firing=firing.id, rule=rule, person=OWNER, urgency="normal",
            title=f"Thing {number}", body="Look at it", time=time, created_at=time, due_at=time, state="sent", sent_at=time,
        )  # fmt: skip
        yield firing, [told]


def live_in(store: Store, log: Log, now: int, number_of_rules: int, number_of_records: int) -> Home:
    """Keep the home, its rules, its records up to now and what was told in a store and a log."""
    home = full_home()
    store.import_home(home)
    for rule in rules(number_of_rules):
        store.put_rule(rule, who=OWNER, at=now - DAYS * DAY)
    found = sorted(records(number_of_records, now), key=lambda record: (record.time, record.id))
    for at in range(0, len(found), 5_000):
        log.append(found[at : at + 5_000])
    store.record_firings(list(firings(2_000, now, number_of_rules)), now=now)
    return home
