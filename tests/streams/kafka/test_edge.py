"""An edge loses nothing that it took, keeps the order of each home, and says when nobody watched."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from rules.record import Record
from rules.units import SECOND, instant
from streams.kafka.broker import BrokerError, Brokers
from streams.kafka.buffer import BufferFull
from streams.kafka.heartbeat import Heartbeat, from_message
from streams.kafka.topics import create, topics
from tests.brokers import Tansu, names, read_all, records_on
from tests.streams.kafka.edges import Bench, numbered
from tests.streams.logs import MORNING, record, tick

KILLS = 3


@pytest.fixture
def bench(kafka: str, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(kafka, tmp_path)
    bench.make_topics()
    yield bench
    bench.producer.close()


def ids(records: Sequence[Record], home: str) -> list[str]:
    """Return the ids of a home's records as they came first: some may be there twice."""
    return list(dict.fromkeys(each.id for each in records if each.home == home))


def health(records: Sequence[Record]) -> list[tuple[str | None, str, float]]:
    """Return the health reports: the source, the status, and the seconds since the morning."""
    return [
        (each.source, str(each.data["status"]), (each.time - MORNING).total_seconds())
        for each in records
        if each.type == "health"
    ]


def heartbeats(bench: Bench) -> list[Heartbeat]:
    return [from_message(each.value) for each in read_all(bench.address, bench.names.heartbeats)]


def test_what_was_told_is_on_the_topic_in_the_order_of_each_home(bench: Bench) -> None:
    told = [numbered(number, home) for number in range(50) for home in ("maple", "oak")]
    bench.edge.start()
    bench.edge.deliver(told)
    bench.edge.step()
    found = records_on(bench.address, bench.names)
    assert ids(found, "maple") == [f"maple-{number}" for number in range(50)]
    assert ids(found, "oak") == [f"oak-{number}" for number in range(50)]
    assert bench.edge.report().waiting == 0


def test_what_is_told_while_the_broker_is_away_comes_when_it_is_back(tmp_path: Path) -> None:
    with Tansu() as broker:
        bench = Bench(broker.address, tmp_path, patience=2.0)
        bench.make_topics()
        bench.edge.start()
        bench.edge.deliver([numbered(0, "maple")])
        bench.edge.step()
        broker.kill()
        bench.edge.deliver([numbered(number, "maple") for number in range(1, 4)])
        bench.producer.close(0)
        with pytest.raises(BrokerError):
            bench.edge.step()
        assert bench.edge.report().waiting == 3
        broker.start()  # empty: what it had is gone, and so are its topics
        bench.make_topics()
        bench.edge.step()
        assert ids(records_on(broker.address, bench.names), "maple") == ["maple-1", "maple-2", "maple-3"]
        bench.producer.close()


def test_an_edge_that_is_killed_loses_nothing_and_keeps_the_order(kafka: str, tmp_path: Path) -> None:
    mine, chance, done = names(), random.Random(7), 0
    create(Brokers.at(kafka), topics(mine, 2))
    for _ in range(KILLS):
        done = deliver_until_killed(kafka, mine.prefix, tmp_path, done, chance.randrange(20, 300))
    bench = Bench(kafka, tmp_path)
    bench.edge._names = mine
    bench.edge.step()
    found = records_on(kafka, mine)
    for home in ("maple", "oak"):
        first = ids([each for each in found if each.type == "detection"], home)
        assert first[:done] == [f"{home}-{number}" for number in range(done)]
    assert set(Counter(each.id for each in found).values()) <= set(range(1, KILLS + 2))
    bench.producer.close()


def deliver_until_killed(address: str, prefix: str, folder: Path, since: int, count: int) -> int:
    """Run an edge until it said that it took `count` records more; return how many it took in all."""
    command = [sys.executable, "-m", "tests.streams.kafka.edges", address, prefix, str(folder), str(since)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [int(next(process.stdout)) for _ in range(count)]
        process.kill()
        rest = [int(line) for line in process.stdout if line.endswith("\n")]
    return (said + rest)[-1] + 1


def test_a_full_buffer_takes_no_more_and_says_so(kafka: str, tmp_path: Path) -> None:
    bench = Bench(kafka, tmp_path, limit=1_000)
    bench.make_topics()
    bench.edge.start()
    bench.edge.deliver([numbered(number, "maple") for number in range(4)])
    with pytest.raises(BufferFull, match="4 records wait for Kafka"):
        bench.edge.deliver([numbered(number, "maple") for number in range(4, 8)])
    assert bench.edge.report().waiting == 4
    bench.edge.step()
    bench.edge.deliver([numbered(number, "maple") for number in range(4, 8)])
    bench.edge.step()
    assert len(ids(records_on(kafka, bench.names), "maple")) == 8
    bench.producer.close()


def test_a_record_that_the_broker_never_takes_is_set_aside_and_stops_nothing(bench: Bench) -> None:
    bench.edge.start()
    large = record("large", data={"label": "x" * (3 << 20)})
    bench.edge.deliver([numbered(0, "maple"), large, numbered(1, "maple")])
    bench.edge.step()
    assert ids(records_on(bench.address, bench.names), "maple") == ["maple-0", "maple-1"]
    assert bench.edge.report().aside == {"refused": 1}


def test_a_time_that_is_yet_to_come_and_what_is_no_report_are_set_aside(bench: Bench) -> None:
    bench.edge.start()
    bench.edge.deliver([record("early", MORNING + timedelta(seconds=61)), tick(MORNING), numbered(0, "maple")])
    assert bench.edge.report().aside == {"ahead_of_clock": 1, "not_a_report": 1}
    assert bench.edge.report().waiting == 1


def test_after_a_stop_each_source_that_was_online_is_blind_for_that_time(bench: Bench) -> None:
    bench.edge.start()
    bench.edge.deliver(
        [record("seen"), record("off", MORNING, "health", source="cam.yard", data={"status": "offline"})]
    )
    bench.watch(60)
    bench.edge.step()
    bench.clock.pass_(600)
    bench.again().start()
    bench.edge.deliver([numbered(660_000, "maple")])
    bench.edge.step()
    found = records_on(bench.address, bench.names)
    # Until 60 s somebody watched; what happened in the last two seconds of it may have been on its way.
    assert health(found)[1:] == [("cam.kitchen", "offline", 58.0), ("cam.kitchen", "online", 660.0)]
    assert found[-1].id == "maple-660000"


def test_a_machine_that_slept_did_not_watch(bench: Bench) -> None:
    bench.edge.start()
    bench.edge.deliver([record("seen")])
    bench.edge.watch()
    bench.clock.pass_(600)
    bench.edge.watch()
    bench.edge.step()
    found = records_on(bench.address, bench.names)
    assert health(found) == [("cam.kitchen", "offline", 0.000001), ("cam.kitchen", "online", 600.0)]


def test_a_clock_that_is_set_ahead_and_back_blinds_no_longer_than_that(bench: Bench) -> None:
    bench.edge.start()
    bench.edge.deliver([record("seen")])
    bench.watch(60)
    bench.clock.pass_(3600)
    bench.watch(5)
    bench.edge.deliver([record("early", bench.clock.now)])
    bench.clock.pass_(-3600)
    bench.watch(1)
    bench.edge.deliver([record("late", bench.clock.now)])
    back = instant(bench.clock.now)
    bench.edge.step()
    bench.clock.pass_(1)
    bench.edge.step()
    found = records_on(bench.address, bench.names)
    # What is told of a time yet to come is set aside by whoever folds the topic.
    told = [(status, round(time, 3)) for _, status, time in health(found) if time < 3600]
    assert (told[0], told[-1]) == (("offline", 58.0), ("online", 66.0))
    beat = heartbeats(bench)[-1]
    assert (beat.until, beat.since) == (back - SECOND, back)
    assert beat.sources == {"cam.kitchen": back + 1}


def test_an_edge_whose_clock_was_set_back_while_it_was_stopped_goes_on(bench: Bench) -> None:
    bench.edge.start()
    bench.edge.deliver([record("seen"), record("early", MORNING + timedelta(seconds=50))])
    bench.watch(60)
    bench.clock.pass_(-3600)
    bench.again().start()
    bench.watch(1)
    bench.edge.step()
    told = [(status, round(time, 3)) for _, status, time in health(records_on(bench.address, bench.names))]
    assert told == [("offline", -3540.0), ("online", -3540.0)]
    assert heartbeats(bench)[-1].since == instant(MORNING) - 3540 * SECOND


def test_a_broker_that_was_away_blinds_nobody(bench: Bench) -> None:
    bench.edge.start()
    bench.edge.deliver([record("seen")])
    bench.watch(600)
    bench.edge.step()
    assert health(records_on(bench.address, bench.names)) == []


def test_a_heartbeat_vouches_for_what_is_with_the_broker_and_names_what_is_online(bench: Bench) -> None:
    bench.edge.start()
    yard = record("off", MORNING, "health", source="cam.yard", data={"status": "offline"})
    bench.edge.deliver([record("seen"), yard])
    bench.clock.pass_(30)
    bench.edge.step()  # the first is sent before what waits, which was told in the morning
    bench.clock.pass_(1)
    bench.edge.step()
    beats = heartbeats(bench)
    assert [(beat.until - instant(MORNING)) // SECOND for beat in beats] == [-2, 29]
    assert {(beat.home, beat.edge, beat.since, *beat.sources) for beat in beats} == {
        ("maple", "edge-1", instant(MORNING), "cam.kitchen")
    }


def test_a_camera_of_which_one_zone_is_dark_is_online(bench: Bench) -> None:
    bench.edge.start()
    dark = {"status": "offline", "zone": "food_bowls"}
    bench.edge.deliver([record("seen"), record("dark", MORNING, "health", data=dark)])
    bench.edge.step()
    bench.clock.pass_(1)
    bench.edge.step()
    assert list(heartbeats(bench)[-1].sources) == ["cam.kitchen"]


def test_a_camera_that_never_told_anything_has_heartbeats_too(kafka: str, tmp_path: Path) -> None:
    bench = Bench(kafka, tmp_path, feeds=[("maple", "cam.yard")])
    bench.make_topics()
    bench.edge.start()
    bench.edge.step()
    assert [beat.sources for beat in heartbeats(bench)] == [{"cam.yard": 0}]
    bench.producer.close()


def test_a_disk_that_is_full_ends_nothing_and_what_waits_is_sent_when_there_is_space(bench: Bench) -> None:
    bench.edge.start()
    bench.edge.deliver([numbered(0, "maple")])
    disk = bench.edge._buffer._db
    bench.edge.stop()  # what waits is sent once, and `run` returns
    disk.execute("PRAGMA query_only = ON")
    bench.edge.run()
    assert (bench.edge.report().waiting, "Free some space" in bench.edge.report().trouble) == (1, True)
    disk.execute("PRAGMA query_only = OFF")
    bench.edge.run()
    assert (bench.edge.report().waiting, bench.edge.report().trouble) == (0, "")
    assert ids(records_on(bench.address, bench.names), "maple") == ["maple-0"]
