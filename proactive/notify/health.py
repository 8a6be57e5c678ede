"""How telling and acting go: sentences for `proactive doctor`, and figures for Prometheus, both from the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from proactive import clock
from proactive.store import Store
from proactive.store.standing import Standing
from rules.units import MINUTE, SECOND
from rules.words.times import length

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

LONG = 5 * MINUTE  # for which nobody minds that something has not been told


def troubles(found: Standing, now: int) -> Iterator[tuple[str, str]]:
    """Yield what is wrong, each as a sentence and what to do about it; nothing where all is well."""
    if found.oldest is not None and now - found.oldest >= LONG:
        why = f" Last: {found.failure}." if found.failure else ""
        advice = "Check the channel." if found.failure else "Start `proactive serve`: it is what tells people."
        yield f"something to tell has waited for {length((now - found.oldest) // MINUTE * MINUTE)}.{why}", advice
    if count := found.notifications.get("failed", 0):
        yield (
            f"{_counted(count, 'notification')} reached nobody",
            "See `proactive ask`, and give the person a channel that works.",
        )
    if count := found.attempts["unended"]:
        yield f"{_counted(count, 'attempt')} ended with the process, so that somebody may have been told twice", ""
    for state, words in (("failed", "to a device failed"), ("unsure", "may or may not have been done")):
        if count := found.deeds.get(state, 0):
            yield f"{_counted(count, 'command')} {words}", "Look at the device and its source."


def _counted(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"


class Figures:
    """A collector of prometheus_client: reads the store when it is asked, so that a restart loses no count."""

    def __init__(self, store: Store, now: Callable[[], int] = clock.now) -> None:
        self._store, self._now = store, now

    def collect(self) -> Iterable[Metric]:
        """Yield the figures of all homes."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        now = self._now()
        found = self._store.standing(now)
        attempts = CounterMetricFamily(
            "proactive_delivery_attempts", "Attempts at notifications, by how they ended.", labels=["outcome"]
        )
        states = GaugeMetricFamily("proactive_notifications", "Notifications, by state.", labels=["state"])
        channels = CounterMetricFamily(
            "proactive_deliveries", "Deliveries that arrived, by channel.", labels=["channel"]
        )
        deeds = GaugeMetricFamily(
            "proactive_deeds", "Commands that firings gave to devices, by state.", labels=["state"]
        )
        told = ((attempts, found.attempts), (channels, found.channels), (states, found.notifications))
        for family, counts in (*told, (deeds, found.deeds)):
            for label, count in sorted(counts.items()):
                family.add_metric([label], count)
        age = 0.0 if found.oldest is None else max(now - found.oldest, 0) / SECOND
        oldest = GaugeMetricFamily(
            "proactive_oldest_undelivered_seconds", "How long the oldest notification that is due waits.", value=age
        )
        return [attempts, channels, states, deeds, oldest]


def register(store: Store, registry: CollectorRegistry) -> None:
    """Let a registry of prometheus_client show the figures of a store."""
    registry.register(Figures(store))
