"""A worker and the edges of its homes, on a real broker: what nobody watched is not said to be not there."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Thread

import pytest

from rules.rule import Rule, parse_rule
from streams.changes import put_record
from streams.embedded import system_clock
from streams.kafka.broker import Brokers
from streams.kafka.buffer import Buffer
from streams.kafka.edge import Edge
from streams.kafka.producer import Producer
from tests.streams.kafka.crew import Town, working
from tests.streams.logs import home

pytest.importorskip("faust", reason="Faust is not installed: pip install 'proactive[kafka]'")
PATIENCE = 2.0


def quiet(name: str) -> Rule:
    """Return the rule that something is to be seen within five seconds of its put."""
    when = {"op": "absent", "of": [{"type": "detection", "source": "cam.kitchen"}], "duration": "5s"}
    return parse_rule({"id": "quiet", "home": name, "when": when})


class Live:
    """An edge that runs in a thread, until it falls silent as if its power were cut."""

    def __init__(self, town: Town, folder: Path, name: str) -> None:
        producer = Producer(Brokers.at(town.broker))
        self.edge = Edge(name, Buffer(folder / f"{name}.db"), producer, town.names, feeds=[(name, "cam.kitchen")])
        self.edge.start()
        self._thread = Thread(target=self.edge.run)
        self._thread.start()

    def cut(self) -> None:
        """Let it fall silent: it says nothing when it ends."""
        self.edge.stop()
        self._thread.join()


def test_a_silent_edge_makes_its_home_unknown_and_nobody_else_waits_for_it(kafka: str, tmp_path: Path) -> None:
    homes = {name: home(name, lateness="0s") for name in ("maple", "oak", "elm")}
    town = Town(kafka, homes, partitions=1)
    maple, oak = Live(town, tmp_path, "maple"), Live(town, tmp_path, "oak")

    async def story() -> None:
        async with working([town.worker(tmp_path, patience=PATIENCE)]):
            await asyncio.to_thread(town.say, [put_record(quiet(name), system_clock()) for name in homes])
            await asyncio.to_thread(town.hear, town.names.heartbeats, lambda beats: len(beats) >= 6)
            maple.cut()
            firings = {firing["home"]: firing for firing in await town.firings(3)}
            assert {name: firing["verdict"] for name, firing in firings.items()} == {
                "maple": "unknown",  # nobody watched it
                "oak": "fired",  # its edge lives
                "elm": "fired",  # no edge was ever heard of: whoever feeds it vouches for itself
            }

    try:
        asyncio.run(story())
    finally:
        maple.cut()
        oak.cut()
