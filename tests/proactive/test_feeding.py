"""Sources of many kinds through one edge: one that floods is shed, and the others do not feel it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from proactive.feeding import feeding
from proactive.listed import LOOK, Listed
from proactive.store import Store
from rules.record import Record
from streams.kafka.broker import Brokers
from streams.kafka.buffer import Buffer
from streams.kafka.edge import Edge
from streams.kafka.producer import Producer
from streams.kafka.topics import create, topics
from streams.source import Command, Deliver
from streams.valve import BURST
from tests.brokers import names, records_on
from tests.streams.kafka.edges import Hands
from tests.streams.logs import MORNING, home, record

FLOOD = 20_000  # records within two seconds of their time


class Teller:
    """A source that tells what it is given and then has nothing more to tell."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records, self.told = records, threading.Event()

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        deliver(self.records)
        self.told.set()

    def send(self, command: Command) -> None:
        raise NotImplementedError


def test_a_device_that_floods_is_shed_but_for_its_newest_state_and_others_are_not(
    kafka: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mine = names()
    create(Brokers.at(kafka), topics(mine, 1))
    flood = Teller([reading(number) for number in range(FLOOD)])
    others = Teller([record(f"seen-{number}", MORNING + timedelta(seconds=number)) for number in range(50)])
    with Producer(Brokers.at(kafka)) as producer, Buffer(tmp_path / "edge.db") as buffer:
        edge = Edge("edge", buffer, producer, mine, clock=Hands())
        with feeding(edge, lambda: {"maple": home()}, [flood, others]):
            assert flood.told.wait(30) and others.told.wait(30)
    # Each once: an edge may say again what it is not sure of.
    found = list({each.id: each for each in records_on(kafka, mine)}.values())
    counts = Counter(each.source for each in found)
    assert counts["cam.kitchen"] == 50
    assert BURST <= counts["cover.garage"] < BURST + 200
    assert f"garage-{FLOOD - 1}" in {each.id for each in found}
    assert "cover.garage of maple floods" in caplog.text


def test_what_homes_list_is_read_again_when_somebody_changed_it(tmp_path: Path) -> None:
    time = [0.0]
    with Store(f"sqlite:///{tmp_path / 'proactive.db'}") as store:
        store.import_home(home())
        listed = Listed(store, lambda: time[0])
        first = listed()
        store.import_home(home("birch"))
        assert listed() is first
        time[0] += LOOK
        assert listed() == {"maple": home(), "birch": home("birch")}
        again, time[0] = listed(), 10.0
        assert listed() is again


def reading(number: int) -> Record:
    time = MORNING + timedelta(microseconds=100 * number)
    return record(f"garage-{number}", time, "state", source="cover.garage", data={"value": number})
