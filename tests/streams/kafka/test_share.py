"""Laws of a worker's share, whatever hands records on: in any order, some never, some twice, to another log than before.

Faust can throw away what it took from the broker at the end of a recovery, and hands on again what was folded before a
crash. Here that is done on purpose, on a real broker's topic, much worse than Faust does it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from rules.units import MINUTE, SECOND, instant
from streams.changes import put_record
from streams.kafka.binding import Message, from_message, to_message
from streams.kafka.broker import Brokers
from streams.kafka.pulse import LEAP, PROOF, Pulse
from streams.kafka.shard import Row
from streams.kafka.stretch import Said, Stretches
from tests.streams.kafka.bench import Bench, Table, rung
from tests.streams.kafka.crew import Town
from tests.streams.kafka.town import partition
from tests.streams.logs import at, home, ring, tick

pytest.importorskip("aiokafka", reason="aiokafka is not installed: pip install 'proactive[kafka]'")


class Killed(Exception):
    """The process is no more."""


class MortalTable(Table):
    """Rows in memory; the process is killed once rows were kept so many times."""

    def __init__(self, keeps: int = 1_000) -> None:
        super().__init__()
        self.keeps = keeps

    async def keep(self, partition: int, rows: Sequence[Row]) -> None:
        await super().keep(partition, rows)
        self.keeps -= 1
        if not self.keeps:
            raise Killed


@pytest.fixture(scope="module")
def filled(kafka: str) -> tuple[Town, set[str]]:
    """Return a town whose topic has some thousand records in one partition, and the ids of what they decide."""
    made = partition(homes=3, records=2_500)
    town = Town(kafka, made.homes, partitions=1)
    town.say(made.records)
    return town, {firing.id for firing in made.firings()}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_never_handed_on_is_read_and_what_comes_twice_changes_nothing(
    filled: tuple[Town, set[str]], seed: int
) -> None:
    (town, decided), random = filled, Random(seed)
    bench = Bench(town)

    async def story() -> None:
        log, reached = bench.log(), 0
        while reached < len(log) - 1:
            reached = min(reached + random.randrange(1, 400), len(log) - 1)
            some = log[max(0, reached - random.randrange(600)) : reached + 1]
            await bench.share.receive(0, [each for each in some[:-1] if random.random() < 0.8] + some[-1:])

    asyncio.run(bench.during(story))
    assert bench.firings() == decided
    assert bench.share.counts["filled"] and bench.share.counts["repeated"]
    assert bench.share.counts["fired"] == len(decided)


def test_the_last_record_alone_is_enough_for_all_before_it(filled: tuple[Town, set[str]]) -> None:
    town, decided = filled
    bench = Bench(town)
    asyncio.run(bench.during(lambda: bench.share.receive(0, bench.log()[-1:])))
    assert bench.firings() == decided


def test_each_record_handed_on_ten_times_is_folded_once(filled: tuple[Town, set[str]]) -> None:
    town, decided = filled
    bench = Bench(town)

    async def story() -> None:
        log = bench.log()
        for start in range(0, len(log), 500):
            for _ in range(10):
                await bench.share.receive(0, log[start : start + 500])

    asyncio.run(bench.during(story))
    assert (bench.firings(), bench.share.counts["fired"]) == (decided, len(decided))


def test_another_process_goes_on_from_the_rows_wherever_they_were_made(filled: tuple[Town, set[str]]) -> None:
    town, decided = filled
    first = Bench(town)
    log = first.log()

    async def half() -> None:
        await first.share.receive(0, log[:1500])
        await first.share.keep(first.share.shards[0])
        await first.share.receive(0, log[1500:1800])  # and is killed: nothing of this is kept

    asyncio.run(first.during(half))
    second = Bench(town, first.table)
    asyncio.run(second.during(lambda: second.share.receive(0, log[-1:])))
    assert first.firings() | second.firings() == decided
    assert second.share.counts["folded"] == len(log) - 1500


@pytest.mark.parametrize("keeps", [1, 2])
def test_a_process_that_dies_at_a_row_has_said_what_the_row_says_was_said(
    filled: tuple[Town, set[str]], keeps: int
) -> None:
    town, decided = filled
    table = MortalTable()
    first = Bench(town, table, slow=True)
    log = first.log()

    async def until_killed() -> None:
        await first.share.receive(0, log[:500])
        await first.share.keep(first.share.shards[0])
        await first.share.receive(0, log[500:1500])
        table.keeps = keeps  # a row of homes, or the partition's after it
        await first.share.keep(first.share.shards[0])

    with pytest.raises(Killed):
        asyncio.run(first.during(until_killed))
    second = Bench(town, table)
    asyncio.run(second.during(lambda: second.share.receive(0, log[-1:])))
    assert second.share.counts["fired"] < len(decided)
    assert first.firings() | second.firings() == decided


def test_what_no_home_can_use_is_kept_aside_before_a_row_says_that_it_was_read(kafka: str) -> None:
    town = Town(kafka, {"maple": home()}, partitions=1)
    town.say([Message(b"maple", b"{"), Message(b"maple", b"{")])
    bench = Bench(town, MortalTable(keeps=1), slow=True)

    async def until_killed() -> None:
        await bench.share.receive(0, bench.log())
        await bench.share.keep(bench.share.shards[0])

    with pytest.raises(Killed):
        asyncio.run(bench.during(until_killed))
    assert [parcel.topic for parcel in bench.said] == [town.names.dead] * 2


def test_a_partition_that_went_to_another_worker_is_left_alone(filled: tuple[Town, set[str]]) -> None:
    bench = Bench(filled[0])
    bench.share.own([])
    asyncio.run(bench.during(lambda: bench.share.receive(0, bench.log())))
    assert bench.said == []


def test_a_store_that_fails_costs_nothing_but_time(kafka: str, tmp_path: Path) -> None:
    town = Town(kafka, {"maple": home(lateness="0s")}, partitions=1)
    town.say([put_record(ring(), at("08:00")), rung(1), tick(at("08:10"))])
    bench, asked = Bench(town), list[str]()

    def find(name: str) -> object:
        asked.append(name)
        if len(asked) == 1:
            raise OSError("the database is away")
        return town.homes.get(name)

    bench.share._find_home = find  # type: ignore[assignment]

    async def story() -> None:
        await bench.share.receive(0, bench.log())
        await bench.share.receive(0, bench.log()[-1:])

    asyncio.run(bench.during(story))
    assert len(bench.firings()) == 1


def test_a_home_that_is_edited_counts_at_once_and_whoever_goes_on_begins_with_it(kafka: str) -> None:
    town = Town(kafka, {"maple": home(lateness="0s", cameras=[])}, partitions=1)
    town.say([put_record(ring(), at("08:00")), rung(1), tick(at("08:10"))])
    bench = Bench(town)

    async def story() -> None:
        await bench.share.receive(0, bench.log())
        await bench.share.adopt(home(lateness="0s"), instant(at("08:10")))

    asyncio.run(bench.during(story))
    said = [from_message(p.key, p.value, p.headers) for p in bench.said if p.topic == town.names.records]
    assert [(each.source, each.data["status"]) for each in said] == [
        ("cam.kitchen", "offline"),
        ("cam.kitchen", "online"),
    ]
    town.homes["maple"] = home(lateness="0s")
    town.say([rung(2), tick(at("08:20"))])
    second = Bench(town, bench.table)
    asyncio.run(second.during(lambda: second.share.receive(0, second.log())))
    assert (second.share.counts["folded"], len(second.firings())) == (2, 1)
    assert not any(p.topic == town.names.records for p in second.said)


def test_a_home_that_is_edited_while_its_partition_begins_counts_as_it_is_listed_now(kafka: str) -> None:
    town = Town(kafka, {"maple": home(cameras=[])}, partitions=1)
    town.say([put_record(ring(), at("08:00")), rung(1)])
    first = Bench(town)
    log = first.log()

    async def fold_and_keep() -> None:
        await first.share.receive(0, log)
        await first.share.keep(first.share.shards[0])

    asyncio.run(first.during(fold_and_keep))
    edits = [home()]

    class Edited(Stretches):
        """A topic whose home is edited while somebody waits for the first answer."""

        async def first(self, partition: int, offset: int) -> Said | None:
            if edits:
                await second.share.adopt(edits.pop(), instant(at("08:10")))
            return await super().first(partition, offset)

    second = Bench(town, first.table, stretches=Edited(Brokers.at(kafka), town.names.records, 0.02))
    asyncio.run(second.during(lambda: second.share.receive(0, log)))
    said = [from_message(p.key, p.value, p.headers) for p in second.said if p.topic == town.names.records]
    assert {each.source for each in said} == {"cam.kitchen"}


# --- time -------------------------------------------------------------------------------------------------------


def test_ticks_never_go_back_and_come_each_minute_and_at_deadlines() -> None:
    pulse = Pulse()
    assert pulse.is_due(0, None, 100 * SECOND)
    pulse.ticked(0, 100 * SECOND)
    assert not pulse.is_due(0, None, 100 * SECOND + MINUTE - 1)
    assert pulse.is_due(0, None, 100 * SECOND + MINUTE)
    assert pulse.is_due(0, 110 * SECOND, 110 * SECOND) and not pulse.is_due(0, 110 * SECOND, 110 * SECOND - 1)
    assert not pulse.is_due(0, 90 * SECOND, 105 * SECOND)  # told, and folded soon
    assert not pulse.is_due(0, 110 * SECOND, 100 * SECOND - 60 * MINUTE)  # the clock was set back an hour


def test_a_clock_that_is_set_forward_an_hour_is_believed_when_it_has_stayed_there() -> None:
    pulse, hour = Pulse(), 60 * MINUTE
    assert pulse.believe(hour, 0) == hour
    assert pulse.believe(hour + LEAP, SECOND) == hour + LEAP
    assert pulse.believe(3 * hour, 2 * SECOND) is None
    assert pulse.believe(hour + 3 * SECOND, 3 * SECOND) == hour + 3 * SECOND  # it was set right
    assert pulse.believe(3 * hour, 4 * SECOND) is None
    assert pulse.believe(3 * hour + PROOF, 4 * SECOND + PROOF) == 3 * hour + PROOF


def test_a_record_ahead_of_kafkas_clock_decides_nothing_however_often_it_is_replayed(kafka: str) -> None:
    town = Town(kafka, {"maple": home(lateness="0s")}, partitions=1)
    bench = Bench(town)
    late = to_message(rung(1))
    said = [Said(0, 0, late.key, late.value, late.headers)]
    asyncio.run(bench.during(lambda: bench.share.receive(0, said)))
    assert [dict(parcel.headers)["dead_reason"] for parcel in bench.said] == [b"ahead_of_clock"]
    assert bench.share.shards[0].cursor == 0
    assert not bench.share.shards[0].engines
