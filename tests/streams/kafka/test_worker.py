"""Laws of a worker on a real broker: what is said is decided, once for whoever knows firings by their ids."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rules.record import Record
from rules.units import SECOND
from streams.changes import drop_record, put_record
from streams.kafka.binding import Message
from tests.streams.kafka.crew import Town, working
from tests.streams.logs import home, record, ring

pytest.importorskip("faust", reason="Faust is not installed: pip install 'proactive[kafka]'")


def now(seconds: float = 0.0) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def rung(id: str, time: datetime, name: str = "maple") -> Record:
    return record(id, time, "event", source="doorbell.front", home=name, data={"name": "pressed"})


def test_what_happens_is_decided_without_waiting_for_the_next_record(kafka: str, tmp_path: Path) -> None:
    town = Town(kafka, {"maple": home(lateness="1s"), "birch": home("birch", lateness="1s")})

    async def story() -> None:
        async with working([town.worker(tmp_path)]):
            await asyncio.to_thread(town.say, [put_record(ring(), now()), rung("bell", now(0.001))])
            [firing] = await town.firings(1)
            assert (firing["rule"], firing["home"], firing["evidence"]) == ("ring", "maple", ["bell"])

    asyncio.run(story())


def test_what_is_no_record_is_kept_aside_with_its_reason_and_stops_nobody(kafka: str, tmp_path: Path) -> None:
    town = Town(kafka, {"maple": home(lateness="0s")})
    bad: list[Record | Message] = [
        Message(b"maple", b"{"),
        rung("early", now(3600)),
        rung("strange", now(), "elm"),
        Record(id="no rule", type="rule.put", time=now(), home="maple", data={"rule": {"id": "x"}}),
    ]

    async def story() -> None:
        town.say([put_record(ring(), now()), *bad, rung("bell", now())])
        async with working([town.worker(tmp_path)]):
            [firing] = await town.firings(1)
            assert firing["evidence"] == ["bell"]
            dead = await asyncio.to_thread(town.hear, town.names.dead, lambda found: len(found) >= 4)
            reasons = [dict(message.headers)["dead_reason"].decode() for message in dead]
            assert sorted(reasons) == ["ahead_of_clock", "missing", "not_json", "unknown_home"]
            assert {int(dict(message.headers)["dead_offset"]) for message in dead} <= set(range(6))
            assert b"{" in [message.value for message in dead]

    asyncio.run(story())


def test_the_topic_of_rules_has_the_last_put_of_each_and_an_end_for_what_was_dropped(
    kafka: str, tmp_path: Path
) -> None:
    town = Town(kafka, {"maple": home()})
    later = ring(notify={"to": ["person.greg"], "message": "the door"})

    async def story() -> None:
        town.say([put_record(ring(), now(-2)), put_record(later, now(-1)), put_record(ring(id="other"), now(-1))])
        town.say([drop_record("maple", "other", now())])
        async with working([town.worker(tmp_path)]):
            said = await asyncio.to_thread(town.hear, town.names.rules, lambda found: len(found) >= 4)
            last = {message.key.decode(): message.value for message in said}
            assert last["maple/other"] is None
            assert json.loads(last["maple/ring"])["data"]["rule"]["notify"]["message"] == "the door"

    asyncio.run(story())


def test_a_worker_that_is_stopped_and_started_goes_on_from_its_rows(kafka: str, tmp_path: Path) -> None:
    town = Town(kafka, {"maple": home(lateness="0s")})

    async def story() -> None:
        first = town.worker(tmp_path / "a")
        async with working([first]):
            town.say([put_record(ring(), now(-60)), rung("one", now(-50))])
            await town.firings(1)
        assert first.share.counts["folded"] >= 2
        town.say([rung("two", now())])
        second = town.worker(tmp_path / "b")
        async with working([second]):
            firings = await town.firings(2)
            assert sorted(firing["evidence"][0] for firing in firings) == ["one", "two"]
            assert second.share.counts["folded"] < first.share.counts["folded"] + 12

    asyncio.run(story())


def test_a_worker_waits_for_a_silent_edge_as_long_as_it_is_told(kafka: str, tmp_path: Path) -> None:
    listening = Town(kafka, {}).worker(tmp_path, patience=2.0).share._listening
    assert listening is not None
    assert listening._vigil._patience == 2 * SECOND
