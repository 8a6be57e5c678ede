"""Vitals: how the process that serves is doing, as figures for Prometheus; and what they mean, as sentences for `doctor`.

What is counted here counts from the start of the process, as Prometheus expects of a counter. What waits is read when it is asked
for, so that a gauge is never older than the question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from proactive import clock
from proactive.intake import Intake
from rules.units import MINUTE, SECOND, instant
from rules.words.times import length
from streams.embedded import Embedded
from streams.runtime import Runtime
from streams.source import Standing

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
CONNECTED, TOLD = f"{PREFIX}source_connected", f"{PREFIX}source_told_seconds"
UNREADABLE, UNLISTED = f"{PREFIX}source_unreadable", f"{PREFIX}source_unlisted"
LONG = 60.0  # seconds of lag, or past a deadline, from which on something is wrong


class Vitals:
    """A collector of prometheus_client for a started runtime, its intake, and the sources that say how they are doing."""

    def __init__(
        self,
        runtime: Runtime,
        intake: Intake,
        now: Callable[[], int] = clock.now,
        standings: Callable[[], Sequence[Standing]] = tuple,
    ) -> None:
        self._runtime, self._intake, self._now, self._standings = runtime, intake, now, standings

    def collect(self) -> Iterable[Metric]:
        """Yield the figures as they are now; of decisions where they are made in this process."""
        from prometheus_client.core import CounterMetricFamily

        records = CounterMetricFamily(f"{PREFIX}records", "Records by what became of them.", labels=["result"])
        yield _labelled(records, self._intake.counts)
        if isinstance(self._runtime, Embedded):
            yield from _decisions(self._runtime, self._now())
        yield from _sources(self._standings(), self._now())


def _sources(standings: Sequence[Standing], now: int) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    label = ["source"]
    connected = GaugeMetricFamily(CONNECTED, "Whether a source is connected.", labels=[*label, "why"])
    told = GaugeMetricFamily(TOLD, "How long ago a source told something last.", labels=label)
    unreadable = CounterMetricFamily(UNREADABLE, "Messages of a source that could not be read.", labels=label)
    unlisted = GaugeMetricFamily(UNLISTED, "Names that a source told of and the home does not list.", labels=label)
    for each in standings:
        connected.add_metric([each.source, each.why], float(each.connected))
        unreadable.add_metric([each.source], each.unreadable)
        unlisted.add_metric([each.source], each.unlisted)
        if each.told is not None:
            told.add_metric([each.source], max(0, now - instant(each.told)) / SECOND)
    yield from (connected, told, unreadable, unlisted)


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


def registry_of(
    store: Store,
    runtime: Runtime,
    intake: Intake,
    now: Callable[[], int],
    standings: Callable[[], Sequence[Standing]] = tuple,
) -> CollectorRegistry:
    """Return what is shown to Prometheus: the vitals, how telling and acting go, and the process itself."""
    from prometheus_client import CollectorRegistry, ProcessCollector

    from proactive.notify.health import Figures

    registry = CollectorRegistry()
    registry.register(Vitals(runtime, intake, now, standings))
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


def sources_said(shown: str) -> Iterator[tuple[str, bool, str, str]]:
    """Yield of each source what figures say: its address, whether all is well, a sentence, and what to do."""
    found = _read(shown)
    for source, why, connected in _connections(shown):
        told = found.get(f'{TOLD}{{"{source}"}}')
        last = "told nothing yet" if told is None else f"told something {_ago(told)} ago"
        if not connected:
            yield (
                source,
                False,
                f"not connected ({why.replace('_', ' ')}), {last}",
                "Check that it runs, and the address.",
            )
            continue
        unreadable, unlisted = (
            int(found.get(f'{name}{{"{source}"}}', 0)) for name in (f"{UNREADABLE}_total", UNLISTED)
        )
        known = f"; {unlisted} names there are not listed: proactive home discover" if unlisted else ""
        if unreadable:
            yield (
                source,
                False,
                f"connected, {last}; {unreadable:,} messages could not be read",
                "See what `serve` said.",
            )
        else:
            yield source, True, f"connected, {last}{known}", ""


def _connections(shown: str) -> Iterator[tuple[str, str, bool]]:
    from prometheus_client.parser import text_string_to_metric_families

    for family in text_string_to_metric_families(shown):
        if family.name == CONNECTED:
            yield from ((each.labels["source"], each.labels["why"], each.value == 1.0) for each in family.samples)


def _ago(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 60 else _long(seconds)


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
