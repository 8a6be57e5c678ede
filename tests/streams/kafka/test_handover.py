"""A source that goes from one edge to another is blind for as long as neither watched it, and no longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.units import SECOND, instant
from streams.kafka.buffer import Fed
from streams.kafka.handover import unwatched
from streams.kafka.heartbeat import Heartbeat
from streams.kafka.vigil import SLACK
from tests.brokers import records_on
from tests.streams.kafka.edges import Bench
from tests.streams.kafka.test_edge import health
from tests.streams.logs import MORNING, record

NOON = instant(MORNING)


def beat(until: int, edge: str = "cellar", home: str = "maple", told: int = 0) -> Heartbeat:
    return Heartbeat(home=home, edge=edge, until=until, since=0, sources={"cam.kitchen": told})


def blind(*beats: Heartbeat, begun: int = NOON) -> list[float]:
    """Return from when to when the kitchen's camera is said to be blind, in seconds before noon."""
    fed = Fed("maple", "cam.kitchen", NOON, online=True, begun=begun)
    return [(NOON - instant(each.time)) / SECOND for each in unwatched([fed], beats)]


def test_what_nobody_watched_between_two_edges_is_blind() -> None:
    assert blind(beat(NOON - 600 * SECOND)) == [600, 0]
    assert blind(beat(NOON - 600 * SECOND), beat(NOON - 60 * SECOND, "attic")) == [60, 0]
    assert blind(beat(NOON - 600 * SECOND, told=NOON - 590 * SECOND)) == [589.999999, 0]
    assert blind(beat(NOON - 600 * SECOND, told=NOON + 9 * SECOND)) == [600, 0]


def test_an_edge_that_watches_on_leaves_no_gap_and_others_homes_and_sources_do_not_matter() -> None:
    assert blind() == []
    assert blind(beat(NOON - SLACK)) == blind(beat(NOON + SECOND)) == []
    assert blind(beat(NOON - 600 * SECOND, home="oak")) == []
    assert unwatched([Fed("maple", "cam.yard", NOON, online=True, begun=NOON)], [beat(NOON - 600 * SECOND)]) == []


@pytest.mark.parametrize("second", ["attic", "cellar"])
def test_an_edge_that_takes_over_from_another_or_lost_its_disk_says_the_gap_before_anything_else(
    kafka: str, tmp_path: Path, second: str
) -> None:
    first = Bench(kafka, tmp_path / "1", name="cellar")
    first.make_topics()
    first.edge.start()
    first.edge.deliver([record("seen")])
    first.watch(60)
    first.edge.step()
    first.clock.pass_(1)
    first.edge.step()  # a heartbeat that vouches for all of it: until 59 s
    later = Bench(kafka, tmp_path / "2", name=second, feeds=[("maple", "cam.kitchen")], names=first.names)
    later.clock.pass_(900)
    later.edge.start()
    later.edge.deliver([record("starting", later.clock(), "health", data={"status": "offline"})])
    later.edge.step()
    found = health(records_on(kafka, first.names))
    assert found == [
        ("cam.kitchen", "offline", 59.0),
        ("cam.kitchen", "online", 899.999999),
        ("cam.kitchen", "offline", 900.0),
    ]
    later.edge.step()
    assert len(health(records_on(kafka, first.names))) == 3
    first.producer.close()
    later.producer.close()
