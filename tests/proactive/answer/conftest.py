"""Three days of the house at the harbor, told by hand: what its cameras, devices and people reported, and when they were off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from proactive.answer.answer import Answer
from proactive.answer.answering import answer
from proactive.answer.archive import Archive, Recorded
from proactive.language.fact import Fact
from proactive.language.local.question.reading import query_of
from proactive.language.request import Request
from proactive.notification import Notification
from rules.home import Home
from rules.record import Record, from_json
from rules.rule import Rule
from rules.units import instant, moment
from tests.proactive.language.test_judged import HOMES

HARBOR = HOMES["harbor"]
ZONE = ZoneInfo("America/New_York")

Ask = Callable[..., Answer]


def at(text: str) -> int:
    """Return a time of the house at the harbor, such as `2026-03-11 07:30`, as an instant."""
    return instant(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def told(home: Home, lines: str) -> list[Record]:
    """Return the records of lines such as `2026-03-09 07:30 contact.front open`; ids are the numbers of the lines.

    A camera's line has a subject or a label, then `key=value`; `offline` and `online` are health; `tick` has no source.
    """
    rows = [line.split() for line in lines.strip().splitlines() if line.strip()]
    return [_record(home, number, row) for number, row in enumerate(rows)]


def _record(home: Home, number: int, row: Sequence[str]) -> Record:
    day, clock, source, *rest = row
    time = moment(
        instant(datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZoneInfo(home.time_zone)))
    ).isoformat()
    base: dict[str, Any] = {"id": f"r{number}", "home": home.home, "time": time}
    if source == "tick":
        return from_json(base | {"type": "tick"})
    base["source"] = source
    if rest[0] in ("online", "offline"):
        return from_json(base | {"type": "health", "data": {"status": rest[0]}})
    data = dict(pair.split("=", 1) for pair in rest[1:])
    if source.startswith("cam."):
        subject = {} if rest[0] in ("person", "car", "dog", "cat") else {"subject": rest[0]}
        label = {"label": rest[0]} if not subject else {"label": "person"} if rest[0] == "unknown" else {}
        return from_json(base | {"type": "detection", **subject, "data": {**label, **data}})
    if source.startswith(("doorbell.", "feeder.", "mic.")):
        return from_json(base | {"type": "event", "data": {"name": rest[0]}})
    return from_json(base | {"type": "state", "data": {"value": _value(rest[0]), **data}})


def _value(text: str) -> str | float | int | bool:
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


THREE_DAYS = """
2026-03-09 00:00 tick
2026-03-09 00:00 contact.front closed
2026-03-09 00:00 contact.back closed
2026-03-09 00:00 contact.patio closed
2026-03-09 00:00 cover.garage closed
2026-03-09 00:00 lock.front locked
2026-03-09 00:00 lock.back locked
2026-03-09 00:00 sensor.freezer -18
2026-03-09 00:00 person.nora home
2026-03-09 00:00 person.tom home
2026-03-09 00:00 person.ivy home
2026-03-09 00:00 person.sam home
2026-03-09 06:00 cam.porch online
2026-03-09 06:00 cam.yard online
2026-03-09 06:00 cam.drive online
2026-03-09 06:00 cam.living_room online
2026-03-09 06:00 doorbell.front online
2026-03-09 07:42 cam.kitchen pet.biscuit activity=eating zone=food_bowls episode=k1 phase=start snapshot=pictures/k1.jpg
2026-03-09 07:43 cam.kitchen pet.biscuit activity=eating zone=food_bowls episode=k1 phase=update
2026-03-09 07:44 cam.kitchen pet.biscuit activity=eating zone=food_bowls episode=k1 phase=end
2026-03-09 08:00 person.tom away
2026-03-09 08:10 person.nora away
2026-03-09 08:15 person.ivy away
2026-03-09 08:15 person.sam away
2026-03-09 11:05 doorbell.front pressed
2026-03-09 11:06 cam.porch unknown zone=porch episode=p1 phase=start
2026-03-09 11:08 cam.porch unknown zone=porch episode=p1 phase=end
2026-03-09 15:30 person.ivy home
2026-03-09 15:31 contact.front open
2026-03-09 15:32 contact.front closed
2026-03-09 17:45 person.nora home
2026-03-09 18:05 cam.yard pet.pepper zone=lawn episode=y1 phase=start
2026-03-09 18:20 cam.yard pet.pepper zone=lawn episode=y1 phase=end
2026-03-09 19:10 person.tom home
2026-03-09 20:00 sensor.freezer -16
2026-03-10 07:30 cam.kitchen pet.biscuit activity=eating zone=food_bowls episode=k2 phase=start
2026-03-10 07:33 cam.kitchen pet.biscuit activity=eating zone=food_bowls episode=k2 phase=end
2026-03-10 07:50 person.sam home
2026-03-10 09:00 person.nora away
2026-03-10 10:00 lock.back unlocked
2026-03-10 10:01 cam.kitchen person.tom episode=k3 phase=start
2026-03-10 10:01 contact.back open
2026-03-10 10:02 cam.kitchen person.tom episode=k3 phase=end
2026-03-10 10:31 contact.back closed
2026-03-10 12:00 sensor.freezer -11
2026-03-10 13:00 feeder.olive dispensed
2026-03-10 14:15 cam.drive car zone=driveway episode=d1 phase=start
2026-03-10 14:20 cam.drive car zone=driveway episode=d1 phase=end
2026-03-10 18:00 sensor.freezer -18
2026-03-10 18:30 person.nora home
2026-03-10 22:15 person.ivy away
2026-03-10 23:40 person.ivy home
2026-03-11 07:05 contact.back open
2026-03-11 07:20 contact.back closed
2026-03-11 08:00 cover.garage open
2026-03-11 10:40 cam.kitchen offline
2026-03-11 11:20 cam.kitchen online
2026-03-11 12:00 cam.living_room pet.pepper zone=couch episode=l1 phase=start
2026-03-11 14:00 contact.patio offline
2026-03-11 14:30 person.sam away
2026-03-11 14:58 cam.living_room pet.pepper zone=couch episode=l1 phase=update
2026-03-11 15:00 tick
"""


@pytest.fixture(scope="session")
def archive() -> Archive:
    """Return the three days as an archive, which ends on Wednesday at three in the afternoon."""
    return Recorded(told(HARBOR, THREE_DAYS), "harbor")


@pytest.fixture
def ask(archive: Archive) -> Ask:
    """Return a function that asks as Nora on Wednesday at three, unless it is told otherwise."""

    def ask(
        text: str,
        who: str = "person.nora",
        now: str = "2026-03-11 15:00",
        of: Archive = archive,
        rules: Sequence[Rule] = (),
        notices: Sequence[Notification] | None = (),
        home: Home = HARBOR,
        facts: Sequence[Fact] = (),
    ) -> Answer:
        found = query_of(Request(text, home, who, now=moment(at(now)), rules=tuple(rules)))
        assert found.query is not None, found.reply
        return answer(found.query, of, home, at(now), asker=who, rules=rules, notices=notices, facts=facts)

    return ask
