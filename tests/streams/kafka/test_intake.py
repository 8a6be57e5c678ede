"""Laws of the intake: a worker is handed everything once, and a next one begins where it ended."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rules.record import Record
from streams.changes import put_record
from tests.streams.kafka.crew import Town, working
from tests.streams.logs import home, record, ring

pytest.importorskip("faust", reason="Faust is not installed: pip install 'proactive[kafka]'")

NOW = datetime.now(UTC)


def rings(number: int) -> list[Record]:
    """Return rings a millisecond apart, a minute ago."""
    times = [NOW - timedelta(seconds=60) + timedelta(milliseconds=at) for at in range(number)]
    return [
        record(f"bell-{at}", time, "event", source="doorbell.front", home="maple", data={"name": "pressed"})
        for at, time in enumerate(times)
    ]


def committed(town: Town) -> int:
    """Return how many offsets the workers' group has behind it, of all partitions."""
    from kafka import KafkaConsumer, TopicPartition

    group = f"{town.names.prefix}-worker"
    consumer = KafkaConsumer(bootstrap_servers=town.broker, group_id=group, enable_auto_commit=False)
    try:
        places = [TopicPartition(town.names.records, number) for number in range(town.partitions)]
        return sum(consumer.committed(place) or 0 for place in places)
    finally:
        consumer.close()


def test_everything_is_handed_on_once_and_what_was_folded_is_committed(kafka: str, tmp_path: Path) -> None:
    town = Town(kafka, {"maple": home(lateness="0s")})
    said = [put_record(ring(), NOW - timedelta(seconds=90)), *rings(3_000)]
    town.say(said)
    worker = town.worker(tmp_path)

    async def story() -> None:
        async with working([worker]):
            await town.firings(3_000)

    asyncio.run(story())
    counts = worker.share.counts
    assert counts["folded"] >= len(said)  # and the ticks
    assert counts["repeated"] == 0
    assert len(said) <= committed(town) <= counts["folded"]
