"""Days at the oak home for tests: records by their local time, and rules that speak of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count

from rules.record import Record, from_json
from rules.rule import Rule, parse_rule
from tests.houses import oak

HOME = oak()
EATING = {"type": "detection", "source": "cam.kitchen", "subject": "pet.daisy", "where": {"activity": "eating"}}
BELL = {"type": "event", "source": "doorbell.front", "where": {"name": "pressed"}}
OPENS = {"type": "state", "source": "cover.garage", "where": {"value": "open"}}
FED = {"op": "absent", "of": [EATING], "window": {"from": "00:00", "until": "12:00"}}
LEFT_OPEN = {"op": "holds", "state": {"state": "cover.garage", "is": "open"}, "lasting": "10m"}

_numbers: Iterator[int] = count()


def at(local: str) -> str:
    """Return `9 08:12` (a day of March 2026 and a time in Chicago) as RFC 3339; summer time begins on the 8th."""
    day, clock = local.split()
    return datetime.fromisoformat(f"2026-03-{int(day):02d}T{clock}-05:00").isoformat()


def record(local: str, type: str, source: str | None = None, subject: str | None = None, **data: object) -> Record:
    """Return a record of the home at a local time."""
    value = {"id": str(data.pop("id", f"r{next(_numbers)}")), "type": type, "time": at(local), "home": HOME.home}
    named = {"source": source, "subject": subject, "data": data}
    return from_json(value | {key: given for key, given in named.items() if given})


def tick(local: str) -> Record:
    """Return the passing of time."""
    return record(local, "tick")


def eats(local: str, **data: str) -> Record:
    """Return Daisy seen eating."""
    return record(local, "detection", "cam.kitchen", "pet.daisy", activity="eating", **data)


def rings(local: str) -> Record:
    """Return the doorbell pressed."""
    return record(local, "event", "doorbell.front", name="pressed")


def garage(local: str, value: str) -> Record:
    """Return a report of the garage door."""
    return record(local, "state", "cover.garage", value=value)


def person(local: str, who: str, value: str) -> Record:
    """Return where somebody is."""
    return record(local, "state", who, value=value)


def camera(local: str, status: str) -> Record:
    """Return the health of the kitchen camera."""
    return record(local, "health", "cam.kitchen", status=status)


def rule(when: object, **more: object) -> Rule:
    """Return a rule of the home."""
    return parse_rule({"id": "r", "home": HOME.home, "when": when, **{k.rstrip("_"): v for k, v in more.items()}})


def puts(local: str, put: Rule, **changes: object) -> Record:
    """Return the record that puts a rule, with some keys changed."""
    return record(local, "rule.put", rule=put.as_json() | changes)


def drops(local: str, dropped: Rule) -> Record:
    """Return the record that drops a rule."""
    return record(local, "rule.drop", rule=dropped.id)
