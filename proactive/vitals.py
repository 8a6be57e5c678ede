"""Vitals: how the process that serves is doing, as figures for Prometheus; and what they mean, as sentences for `doctor`.

What is counted here counts from the start of the process, as Prometheus expects of a counter. What waits is read when it is asked
for, so that a gauge is never older than the question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from proactive import clock
from proactive.intake import Intake
from rules.units import MINUTE, SECOND
from rules.words.times import length
from streams.embedded import Embedded
from streams.runtime import Runtime

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import CounterMetricFamily
    from prometheus_client.metrics_core import Metric

    from proactive.store import Store

PREFIX = "proactive_"
LAG, OVERDUE, UNTOLD = (
    f"{PREFIX}lag_seconds",
    f"{PREFIX}deadline_overdue_seconds",
    f"{PREFIX}oldest_undelivered_seconds",
)
FAULTS = f"{PREFIX}faults"
LONG = 60.0  # seconds of lag, or past a deadline, from which on something is wrong


class Vitals:
    """A collector of prometheus_client for a started runtime and its intake."""

    def __init__(self, runtime: Runtime, intake: Intake, now: Callable[[], int] = clock.now) -> None:
        self._runtime, self._intake, self._now = runtime, intake, now

    def collect(self) -> Iterable[Metric]:
        """Yield the figures as they are now; of decisions where they are made in this process."""
        from prometheus_client.core import CounterMetricFamily

        records = CounterMetricFamily(f"{PREFIX}records", "Records by what became of them.", labels=["result"])
        yield _labelled(records, self._intake.counts)
        if isinstance(self._runtime, Embedded):
            yield from _decisions(self._runtime, self._now())


def _decisions(runtime: Embedded, now: int) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    waiting, lag = runtime.lag(now)
    yield _labelled(CounterMetricFamily(f"{PREFIX}firings", "Firings by verdict.", labels=["verdict"]), runtime.fired)
    faults = sum(runtime.troubles.failed.values())
    yield CounterMetricFamily(FAULTS, "Times that a rule met a fault of the program.", value=faults)
    yield GaugeMetricFamily(f"{PREFIX}records_waiting", "Records that are kept and not folded yet.", value=waiting)
    yield GaugeMetricFamily(LAG, "How long the oldest of them waits.", value=lag / SECOND)
    overdue = runtime.overdue(now) / SECOND
    yield GaugeMetricFamily(OVERDUE, "How long ago the oldest pending deadline was due.", value=overdue)


def _labelled(family: CounterMetricFamily, counts: Mapping[str, int]) -> CounterMetricFamily:
    for label, count in sorted(counts.items()):
        family.add_metric([label], count)
    return family


def registry_of(store: Store, runtime: Runtime, intake: Intake, now: Callable[[], int]) -> CollectorRegistry:
    """Return what is shown to Prometheus: the vitals, how telling and acting go, and the process itself."""
    from prometheus_client import CollectorRegistry, ProcessCollector

    from proactive.notify.health import Figures

    registry = CollectorRegistry()
    registry.register(Vitals(runtime, intake, now))
    registry.register(Figures(store, now))
    ProcessCollector(registry=registry)
    return registry


def complaints(shown: str) -> Iterator[tuple[str, str]]:
    """Yield what figures as Prometheus reads them say is wrong: a sentence, and what to do; nothing where all is well."""
    found = _read(shown)
    if (lag := found.get(LAG, 0.0)) > LONG:
        yield (
            f"what comes in is {_long(lag)} behind",
            "This machine is too slow for what it is told, or its disk is full.",
        )
    if (late := found.get(OVERDUE, 0.0)) > LONG:
        yield (
            f"a deadline that was due {_long(late)} ago is not decided",
            "See what `proactive serve` said; start it again.",
        )
    if faults := found.get(f"{FAULTS}_total", 0.0):
        yield f"faults of the program that rules met since it started: {faults:,.0f}", "The lines below say which."
    for result, words, advice in _KINDS:
        if count := found.get(f'{PREFIX}records_total{{"{result}"}}', 0.0):
            yield f"records {words} since it started: {count:,.0f}", advice


_KINDS = (
    ("refused", "refused", "Whoever handed them in was told why."),
    ("ahead_of_clock", "ahead of the clock here", "Check the clock of the source, and of this machine."),
    ("shed", "shed of sources that flood", "Look why it repeats itself."),
)


def _read(shown: str) -> dict[str, float]:
    """Return the samples by name, and by name and label where they have one."""
    from prometheus_client.parser import text_string_to_metric_families

    samples = [sample for family in text_string_to_metric_families(shown) for sample in family.samples]
    return {
        each.name + "".join(f'{{"{value}"}}' for value in each.labels.values()): float(each.value) for each in samples
    }


def _long(seconds: float) -> str:
    return length(max(int(seconds * SECOND) // MINUTE, 1) * MINUTE)
