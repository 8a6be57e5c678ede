"""Laws of continuity: a broker that lost everything is noticed, however much it has again, and nothing that it has is skipped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from rules.record import Record
from streams.changes import put_record
from streams.kafka.binding import Message
from streams.kafka.continuity import OtherLogError, fingerprint
from streams.kafka.stretch import Said
from tests.brokers import NAMED, Tansu
from tests.streams.kafka.bench import Bench, rung
from tests.streams.kafka.crew import Town
from tests.streams.logs import at, home, ring, tick

pytest.importorskip("aiokafka", reason="aiokafka is not installed: pip install 'proactive[kafka]'")

TEN = at("08:10")


class Phoenix:
    """A broker that loses everything and is filled anew, and a share of the partition that it has."""

    def __init__(self, broker: Tansu) -> None:
        self.broker = broker
        self.town = Town(broker.address, {"maple": home(lateness="0s")}, partitions=1)
        self.bench = Bench(self.town)
        self.share = self.bench.share

    def live(self, last: Record | Message) -> list[Said]:
        """Let three rings and `last` stand on the topic, the last at offset 4; return the log."""
        self.town.say([put_record(ring(), at("08:00")), rung(1), rung(2), rung(3), last])
        return self.bench.log()

    def rise(self, *rest: Record | Message) -> list[Said]:
        """Lose everything; let four rings, the rest, which begins at offset 4, and a tick stand there; return the log."""
        self.broker.kill()
        self.broker.start()
        again = Town(self.broker.address, self.town.homes, self.town.names, partitions=1)
        again.say([rung(11), rung(12), rung(13), rung(14), *rest, tick(at("09:00"))])
        return self.bench.log()


@pytest.fixture
def phoenix() -> Iterator[Phoenix]:
    if NAMED:
        pytest.skip("the broker that is named is not ours to empty")
    with Tansu() as broker:
        yield Phoenix(broker)


@pytest.mark.parametrize(
    ("last", "same"),
    [
        (rung(4), rung(15)),
        (rung(4), rung(4)),  # an edge sends again what it was not told that the broker had
        (tick(TEN), tick(TEN)),
        (Message(b"maple", b"{"), rung(15)),
        (Message(b"maple", b"{"), Message(b"maple", b"}")),
    ],
    ids=["another", "sent again", "a tick sent again", "no record", "none of them a record"],
)
def test_a_log_that_has_as_many_records_as_the_lost_one_is_folded_from_its_beginning(
    phoenix: Phoenix, last: Record | Message, same: Record | Message
) -> None:
    async def story() -> None:
        await phoenix.share.receive(0, phoenix.live(last))
        new = phoenix.rise(same, rung(20))
        phoenix.share.doubt()
        await phoenix.share.receive(0, new[5:])

    asyncio.run(phoenix.bench.during(story))
    assert {1, 2, 3, 11, 12, 13, 14, 20} <= set(phoenix.bench.rings())


def test_a_worker_that_noticed_nothing_keeps_no_state_of_two_logs_and_folds_what_it_skipped(phoenix: Phoenix) -> None:
    async def story() -> None:
        await phoenix.share.receive(0, phoenix.live(rung(4)))
        await phoenix.share.keep(phoenix.share.shards[0])
        kept = dict(phoenix.bench.table.rows)
        new = phoenix.rise(rung(15), rung(20), rung(21))
        await phoenix.share.receive(0, new[5:7])
        with pytest.raises(OtherLogError, match="Partition 0 is not the one it was at offset 4"):
            await phoenix.share.keep(phoenix.share.shards[0])
        assert phoenix.bench.table.rows == kept
        assert phoenix.bench.rings() == [1, 2, 3, 4, 20]
        await phoenix.share.receive(0, new[7:])
        await phoenix.share.keep(phoenix.share.shards[0])

    asyncio.run(phoenix.bench.during(story))
    assert phoenix.bench.rings() == [1, 2, 3, 4, 11, 12, 13, 14, 15, 20, 21]


def test_whoever_goes_on_from_the_rows_of_a_lost_log_begins_with_the_new_one(phoenix: Phoenix) -> None:
    async def story() -> None:
        await phoenix.share.receive(0, phoenix.live(rung(4)))
        await phoenix.share.keep(phoenix.share.shards[0])

    asyncio.run(phoenix.bench.during(story))
    new = phoenix.rise(rung(15), rung(20))
    second = Bench(phoenix.town, phoenix.bench.table)
    asyncio.run(second.during(lambda: second.share.receive(0, new[5:])))
    assert second.rings() == [4, 11, 12, 13, 14, 15, 20]


def test_a_log_that_is_as_it_was_is_folded_on_from_where_it_was_whatever_is_doubted(kafka: str) -> None:
    bench = Bench(Town(kafka, {"maple": home(lateness="0s")}, partitions=1))
    bench.town.say([put_record(ring(), at("08:00")), *map(rung, range(1, 10)), tick(TEN)])

    async def story() -> None:
        for each in bench.log():
            bench.share.doubt()
            await bench.share.receive(0, [each])
            await bench.share.keep(bench.share.shards[0])

    asyncio.run(bench.during(story))
    assert bench.rings() == list(range(1, 10))
    assert bench.share.counts["folded"] == 11


def test_a_fingerprint_is_of_the_message_and_of_when_it_was_taken() -> None:
    said = Said(7, 1_000, b"maple", b"{}")
    others = [said._replace(timestamp=2_000), said._replace(key=b"oak"), said._replace(value=None)]
    assert fingerprint(said) == fingerprint(said._replace(offset=8, headers=(("a", b"b"),)))
    assert len({fingerprint(each) for each in (said, *others)}) == 4
