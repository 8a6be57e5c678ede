"""A replay of the topic gives what the workers gave, byte for byte, and says where it begins."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from proactive.cli.main import main
from rules.record import Record
from streams.changes import put_record
from streams.kafka.broker import Brokers
from streams.kafka.topic_replay import Beginning, TopicReplay
from tests.brokers import read_all
from tests.streams.kafka.crew import Town, working
from tests.streams.logs import home, record, ring

pytest.importorskip("faust", reason="Faust is not installed: pip install 'proactive[kafka]'")
HOMES = {name: home(name, lateness="0s") for name in ("maple", "oak", "elm")}
BEGAN = datetime.now(UTC) - timedelta(seconds=60)


def bells(numbers: Iterable[int]) -> list[Record]:
    """Return a ring of each home's bell, for each number."""
    data = {"name": "pressed"}
    return [
        record(
            f"{name}-{number}",
            BEGAN + timedelta(seconds=number),
            "event",
            source="doorbell.front",
            home=name,
            data=data,
        )
        for number in numbers
        for name in HOMES
    ]


def told(town: Town) -> list[bytes]:
    """Return the firings on the topic as lines, each once, in order of `(time, home, rule)`."""
    lines = {message.value for message in read_all(town.broker, town.names.firings)}
    return sorted(lines, key=lambda line: [json.loads(line)[name] for name in ("time", "home", "rule")])


@pytest.fixture(scope="module")
def town(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Return a town whose workers have folded what it said, in two parts, and have kept their state after the first."""
    town = Town(kafka, HOMES, partitions=2)
    folder = tmp_path_factory.mktemp("workers")

    async def work(part: list[Record], name: str, firings: int) -> None:
        async with working([town.worker(folder / name)]):
            await asyncio.to_thread(town.say, part)
            await town.firings(firings)

    asyncio.run(work([*(put_record(ring(name), BEGAN) for name in HOMES), *bells(range(1, 6))], "a", 15))
    return town


def test_the_firings_of_a_replay_are_those_on_the_topic(town: Town) -> None:
    begun: list[Beginning] = []
    replayed = TopicReplay(Brokers.at(town.broker), town.names, HOMES.get, begun=begun.append).run()
    assert [firing.encode() for firing in replayed] == told(town)
    assert [(each.partition, each.start, each.offset) for each in begun] == [(0, "oldest", 0), (1, "oldest", 0)]


def test_from_the_state_only_what_came_after_it_is_decided(town: Town) -> None:
    begun: list[Beginning] = []
    town.say(bells([30]))
    replay = TopicReplay(Brokers.at(town.broker), town.names, HOMES.get, "state", begun.append)
    # Nothing ticks after the last ring, and without a lateness it waits for the time to pass it.
    town.say([record("later", BEGAN + timedelta(seconds=31), home=name) for name in HOMES])
    assert [(firing.home, firing.evidence) for firing in replay.run()] == [
        (name, (f"{name}-30",)) for name in sorted(HOMES)
    ]
    assert {each.start for each in begun} == {"state"}


def test_the_command_says_where_it_begins_and_what_it_could_not_use(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "homes.jsonl"
    file.write_text("".join(home.model_dump_json(exclude_defaults=True) + "\n" for home in HOMES.values()))
    monkeypatch.setenv("PROACTIVE_KAFKA", town.broker)
    assert main(["replay", "--topic", f"{town.names.prefix}.records", "--home", str(file)]) == 0
    said = capfdbinary.readouterr()
    assert set(told(town)) <= set(said.out.splitlines())
    assert b"Partition 0 begins with the oldest record, at offset 0." in said.err


@pytest.mark.parametrize("more", [["--rules", "r.jsonl"], ["--until", "2026-03-09T00:00:00Z"]])
def test_a_topic_has_its_own_rules_and_times(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--home", "h.yaml", *more, "--topic"]) == 2
    assert "--topic has its own" in capsys.readouterr().err


def test_neither_a_log_nor_a_topic_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--home", "h.yaml"]) == 2
    assert "expected --rules and --log, or --topic" in capsys.readouterr().err
