"""Three days as Frigate and zigbee2mqtt tell them on a broker, and what the rule about Daisy's breakfast decides of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from rules.record import Record
from rules.rule import parse_rule
from rules.units import rfc3339
from streams.replay import Replay
from streams.sources.address import Address
from streams.sources.reach import CONNECTION, Reach
from streams.sources.topics import Topics
from tests.streams.sources.house import MAPLE, maple

ROOT = Path(__file__).parents[2]
DAYS = ROOT / "tests" / "streams" / "sources" / "days.jsonl"
RULE = ROOT / "docs" / "examples" / "daisy" / "rules.jsonl"
HOME = maple(pets=[*MAPLE["pets"], {"id": "pet.max", "name": "Max", "species": "dog"}])
BEGAN, ENDED = datetime.fromisoformat("2026-03-09T05:00:00Z"), datetime.fromisoformat("2026-03-11T20:00:00Z")


def heard() -> Iterator[Record]:
    """Yield the records of the days, with a look at the clock every few seconds after each message."""
    reach = Reach("maple", "mqtt")
    topics = Topics(HOME, Address("mqtt", "broker"), reach)
    yield from [*reach.down(CONNECTION, "connecting", BEGAN), *topics.begin(BEGAN), *reach.up(CONNECTION, BEGAN)]
    before = BEGAN
    for row in map(json.loads, DAYS.read_text().splitlines()):
        at = datetime.fromisoformat(row["at"])
        for seconds in range(1, 30):
            if before + timedelta(seconds=seconds) < at:
                yield from topics.wake(before + timedelta(seconds=seconds))
        payload = row["payload"] if isinstance(row["payload"], str) else json.dumps(row["payload"])
        yield from topics.receive(row["topic"], payload.encode(), at, retained=row.get("retained", False))
        before = at


def test_daisys_mornings_on_a_broker_are_decided_as_they_were() -> None:
    replay = Replay([HOME], [parse_rule(json.loads(RULE.read_text()))], None, ENDED)
    decided = [(rfc3339(firing.time), firing.verdict) for firing in replay.run([list(heard())])]
    assert decided == [
        ("2026-03-10T17:00:00Z", "fired"),  # only Max ate, and Daisy sniffed at the bowl
        ("2026-03-10T17:20:01.900Z", "resolved"),
        ("2026-03-11T17:00:00Z", "unknown"),  # the camera was off from 10:40
    ]


def test_a_day_on_a_broker_tells_what_happened_and_nothing_that_was_retained() -> None:
    rows = [(record.source, record.type, record.data) for record in heard() if record.source != "cam.kitchen"]
    said = [(source, data["value"]) for source, type, data in rows if type == "state" and "attribute" not in data]
    assert said == [
        ("contact.front", "closed"),
        ("light.hall", "off"),
        ("sensor.freezer", -18.4),
        ("contact.front", "open"),
        ("contact.front", "closed"),
        ("sensor.freezer", -18.1),
    ]
    assert [source for source, type, _ in rows if type == "event"] == []
