"""Records and rules for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from rules.home import Home, parse_home
from rules.record import Kind, Record, encode
from rules.rule import Rule, parse_rule

MORNING = datetime(2026, 3, 9, 11, 2, 3, tzinfo=UTC)
EATING = {"label": "dog", "activity": "eating", "zone": "food_bowls"}


def home(name: str = "maple", **more: Any) -> Home:
    cameras = [{"id": "cam.kitchen", "name": "kitchen camera"}]
    devices = [{"id": "cover.garage", "name": "garage", "attributes": {"state": ["open", "closed"]}}]
    value = {"home": name, "time_zone": "America/Chicago", "cameras": cameras, "devices": devices}
    return parse_home(value | more)


def record(id: str, time: datetime = MORNING, /, type: Kind = "detection", **more: Any) -> Record:
    given: dict[str, Any] = {"source": "cam.kitchen", "home": "maple"}
    if type == "detection":
        given["data"] = dict(EATING)
    return Record(id=id, type=type, time=time, **(given | more))


def tick(time: datetime, id: str = "") -> Record:
    return Record(id=id or f"tick-{time.isoformat()}", type="tick", time=time)


def line(id: str, time: datetime = MORNING) -> bytes:
    return encode(record(id, time))


def at(text: str, day: int = 9) -> datetime:
    """Return a local time in Chicago's summer, such as `12:00`, in March 2026."""
    hours, minutes, *seconds = (int(part) for part in text.split(":"))
    midnight = datetime(2026, 3, day, 5, tzinfo=UTC)
    return midnight + timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))


def fed_by_noon(home: str = "maple", **more: Any) -> Rule:
    """Return the rule that Daisy is fed by noon."""
    pattern = {"type": "detection", "source": "cam.kitchen", "where": {"activity": "eating"}}
    window = {"from": "00:00", "until": "12:00"}
    when = {"op": "absent", "of": [pattern], "window": window}
    return parse_rule({"id": "daisy-fed", "home": home, "when": when} | more)


def ring(home: str = "maple", **more: Any) -> Rule:
    """Return the rule that says when somebody rings."""
    when = {"op": "occurs", "of": [{"type": "event", "source": "doorbell.front"}]}
    return parse_rule({"id": "ring", "home": home, "when": when} | more)
