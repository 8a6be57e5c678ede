"""The law of serving with a broker: a rule of the store is decided by a worker, and a person hears of it once."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from proactive.notify.channel import Channels, Message
from proactive.notify.notifier import Notifier
from proactive.serving import Serving
from proactive.settings import Settings
from proactive.store import Store
from rules.home import parse_home
from rules.record import Record
from rules.units import instant
from streams.runtime import Runtime
from tests.streams.kafka.crew import PATIENCE, Town, working
from tests.streams.logs import record, ring

pytest.importorskip("faust", reason="Faust is not installed: pip install 'proactive[kafka]'")


class Phone:
    """A channel that keeps what it is given."""

    def __init__(self) -> None:
        self.heard: Counter[str] = Counter()
        self.rang = threading.Event()

    def send(self, message: Message, address: str | None = None) -> None:
        self.heard[message.id] += 1
        self.rang.set()


def test_what_workers_decide_of_a_rule_in_the_store_is_told_to_people_once(kafka: str, tmp_path: Path) -> None:
    people = [{"id": "person.greg", "name": "Greg", "role": "owner", "channels": ["console"]}]
    maple = parse_home({"home": "maple", "time_zone": "UTC", "lateness": "0s", "people": people})
    town, phone = Town(kafka, {"maple": maple}), Phone()
    settings = Settings(tmp_path, kafka=kafka, kafka_topics=town.names.prefix)

    async def story(store: Store) -> None:
        serving = Serving(store, settings, [], notifier=Notifier(store, settings, Channels(made={"console": phone})))
        async with working([town.worker(tmp_path)]):
            serve = asyncio.create_task(asyncio.to_thread(serving.serve, ring_later))
            assert await asyncio.to_thread(phone.rang.wait, PATIENCE)
            serving.stop.set()
            await serve

    def ring_later(runtime: Runtime) -> None:
        threading.Timer(3.0, lambda: runtime.ingest([bell()])).start()  # the rule goes to the topic within a second

    with Store(f"sqlite:///{tmp_path / 'proactive.db'}") as store:
        store.import_home(maple)
        notify = {"to": ["person.greg"], "message": "somebody is at the door"}
        store.put_rule(ring(notify=notify), at=instant(datetime.now(UTC)))
        asyncio.run(story(store))
        assert [each.evidence for each in store.firings("maple")] == [("bell",)]
    assert list(phone.heard.values()) == [1]


def bell() -> Record:
    return record("bell", datetime.now(UTC), "event", source="doorbell.front", data={"name": "pressed"})
