"""A worker's figures for Prometheus, on a port of this machine: what it folded, and what waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from proactive import clock
from proactive.error import ProactiveError
from rules.units import SECOND

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

    from streams.kafka.share import Share

HOST = "127.0.0.1"
OVERDUE = "proactive_worker_deadline_overdue_seconds"


class Figures:
    """A collector of prometheus_client: reads a share, from whichever thread asks."""

    def __init__(self, share: Share, now: Callable[[], int] = clock.now) -> None:
        self._share, self._now = share, now

    def collect(self) -> Iterable[Metric]:
        """Yield what has been done since the worker began, and how it stands."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        said = "What became of records since the worker began; the names are in streams/README.md."
        done = CounterMetricFamily("proactive_worker_records", said, labels=["outcome"])
        for outcome, count in sorted(dict(self._share.counts).items()):
            done.add_metric([outcome], count)
        owned = len(self._share.partitions)
        yield done
        yield GaugeMetricFamily("proactive_worker_partitions", "Partitions that this worker has.", value=owned)
        unsent = self._share.unsent
        yield GaugeMetricFamily("proactive_worker_unsent", "Messages that the broker has not taken yet.", value=unsent)
        overdue = 0 if self._share.due is None else max(0, self._now() - self._share.due) / SECOND
        yield GaugeMetricFamily(OVERDUE, "How long ago the oldest pending deadline was due.", value=overdue)


@contextmanager
def shown(share: Share, port: int) -> Iterator[int]:
    """Answer Prometheus on a port of the loopback, 0 for any that is free, and yield which; raise ProactiveError if it is taken."""
    from prometheus_client import CollectorRegistry, start_http_server

    registry = CollectorRegistry()
    registry.register(Figures(share))
    try:
        server, thread = start_http_server(port, addr=HOST, registry=registry)
    except OSError as error:
        raise ProactiveError(f"Metrics cannot be shown on {HOST}:{port}: {error}. Choose another port.") from error
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
