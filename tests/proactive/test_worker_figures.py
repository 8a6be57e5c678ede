"""What a worker shows to Prometheus."""

from __future__ import annotations

from collections.abc import Awaitable

import httpx
import pytest

from proactive.error import ProactiveError
from proactive.worker_figures import HOST, shown
from streams.kafka.broker import Brokers
from streams.kafka.outlet import Outlet, Parcel
from streams.kafka.share import Share
from streams.kafka.stretch import Stretches
from streams.kafka.topics import Names
from tests.streams.kafka.bench import Table


async def never(parcel: Parcel) -> Awaitable[object]:
    raise AssertionError(f"nobody runs this outlet, but it sent {parcel}")


@pytest.fixture
def share() -> Share:
    outlet = Outlet(never)
    outlet.put(Parcel("firings", b"maple", b"{}"))
    share = Share(Names(), lambda home: None, Table(), outlet, Stretches(Brokers.at(), Names().records))
    share.own([0, 3])
    share.counts["folded"] += 7
    return share


def test_figures_of_a_worker_are_shown_while_it_works(share: Share) -> None:
    with shown(share, 0) as port:
        lines = httpx.get(f"http://{HOST}:{port}/metrics").text.splitlines()
        assert 'proactive_worker_records_total{outcome="folded"} 7.0' in lines
        assert {"proactive_worker_partitions 2.0", "proactive_worker_unsent 1.0"} <= set(lines)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://{HOST}:{port}/metrics")


def test_a_port_that_is_taken_is_said(share: Share) -> None:
    with (
        shown(share, 0) as port,
        pytest.raises(ProactiveError, match=f"{port}.*Choose another port"),
        shown(share, port),
    ):
        pass
