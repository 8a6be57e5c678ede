"""Laws of an installation whose rules are decided by workers: what is told goes to the topic, what is decided comes back."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rules.firing import Firing
from rules.record import Record
from rules.rule import Rule
from streams.changes import put_record
from streams.kafka.binding import HEADERS
from streams.kafka.broker import Brokers
from streams.kafka.parcels import rule_parcel
from streams.kafka.producer import Producer, Sent
from streams.kafka.remote import Remote
from streams.kafka.rulebook import read_rules
from streams.log import Log
from tests.brokers import records_on
from tests.streams.kafka.crew import PATIENCE, Town, working
from tests.streams.logs import fed_by_noon, home, record, ring

pytest.importorskip("faust", reason="Faust is not installed: pip install 'proactive[kafka]'")


class Taker:
    """Takes firings, badly the first `refuse` times."""

    def __init__(self, refuse: int = 0) -> None:
        self.firings: list[Firing] = []
        self.refused = 0
        self._refuse = refuse
        self._came = threading.Condition()

    def __call__(self, firings: Sequence[Firing]) -> None:
        if self.refused < self._refuse:
            self.refused += 1
            raise OSError("the disk is full")
        with self._came:
            self.firings += firings
            self._came.notify_all()

    def wait(self, enough: Callable[[], bool]) -> None:
        with self._came:
            assert self._came.wait_for(enough, PATIENCE), self.firings


def remote(town: Town, log: Log, taker: Taker | None) -> Remote:
    return Remote(Brokers.at(town.broker), town.names, log, town.homes.values(), taker, name="copy", idempotent=False)


def now(seconds: float = 0.0) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def rung(id: str, when: datetime, name: str = "maple") -> Record:
    return record(id, when, "event", source="doorbell.front", home=name, data={"name": "pressed"})


def test_a_rule_that_is_put_decides_what_happens_and_whoever_takes_it_badly_is_told_again(
    kafka: str, tmp_path: Path
) -> None:
    town = Town(kafka, {"maple": home(lateness="0s")})
    taker = Taker(refuse=1)

    async def story() -> None:
        with Log(tmp_path / "log.db") as log, remote(town, log, taker) as here:
            async with working([town.worker(tmp_path)]):
                here.put_rule(ring())
                told = here.ingest([rung("bell", now()), rung("elm", now(), "elm"), rung("early", now(3600))])
                assert told.fates == ("taken", "unknown_home", "ahead_of_clock")
                await asyncio.to_thread(taker.wait, lambda: bool(taker.firings))
                assert (taker.firings[0].evidence, taker.refused) == (("bell",), 1)
                assert [each.id for each in log.records("maple", ["bell"])] == ["bell"]
                assert log.aside() == [("ahead_of_clock", 1), ("unknown_home", 1)]

    asyncio.run(story())


def test_a_rule_is_put_with_the_past_that_the_copy_of_the_log_has(kafka: str, tmp_path: Path) -> None:
    town = Town(kafka, {"maple": home(lateness="0s", time_zone="UTC")})
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    eaten = record("meal", midnight + timedelta(seconds=1))
    with Log(tmp_path / "log.db") as log:
        log.append([eaten])
        with remote(town, log, None) as here:
            when = fed_by_noon().as_json()["when"] | {"window": {"from": "00:00", "until": "24:00"}}
            here.put_rule(Rule.model_validate(fed_by_noon().as_json() | {"when": when}))
    [put] = records_on(kafka, town.names)
    assert [each["id"] for each in put.data["history"]] == ["meal"]


def test_what_is_in_force_is_read_from_the_topic_of_rules(kafka: str, tmp_path: Path) -> None:
    town = Town(kafka, {"maple": home(lateness="0s")})

    async def story() -> None:
        with Log(tmp_path / "log.db") as log, remote(town, log, None) as here:
            here.put_rule(ring())
            here.put_rule(ring(id="other"))
            here.drop_rule("maple", "other")
            async with working([town.worker(tmp_path)]):
                until = time.monotonic() + PATIENCE
                while read_rules(Brokers.at(kafka), town.names.rules) != {("maple", "ring"): ring()}:
                    assert time.monotonic() < until
                    await asyncio.sleep(0.2)
        with Log(tmp_path / "other.db") as log, remote(town, log, None) as again:
            assert again.rules() == {("maple", "ring"): ring()}

    asyncio.run(story())


def test_an_erased_home_leaves_no_rule_on_their_topic_and_what_is_still_told_of_it_is_kept_nowhere(
    kafka: str, tmp_path: Path
) -> None:
    town = Town(kafka, {"maple": home(), "oak": home("oak")})
    standing = [put_record(ring(each, id=id), now()) for each, id in (("maple", "a"), ("maple", "b"), ("oak", "a"))]
    brokers, topic = Brokers.at(kafka), town.names.rules
    with Producer(brokers, idempotent=False) as producer:
        for each in standing:
            at = producer.partition_of(topic, each.home or "")
            parcel = rule_parcel(town.names, at, each)
            producer.send([Sent(topic, parcel.value, parcel.key, at, HEADERS)])
    with Log(tmp_path / "log.db") as log, remote(town, log, None) as here:
        here.adopt([town.homes["oak"]])
        here.erase("maple")
        assert here.rules().keys() == read_rules(brokers, topic).keys() == {("oak", "a")}
        late = here.ingest([rung("bell", now()), rung("elm", now(), "elm")])
        assert late.fates == ("unknown_home", "unknown_home") and log.aside() == [("unknown_home", 1)]
        here.erase("maple")
        here.adopt(town.homes.values())
        assert here.ingest([rung("back", now())]).fates == ("taken",)
