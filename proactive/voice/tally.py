"""Tally: what became of turns at microphones, how long people waited, and what understanding ahead saved; for Prometheus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

Result = Literal["said", "doubtful", "nobody", "left", "failed", "busy"]
_PREFIX = "proactive_voice_"


class Tally:
    """Counts from the start of the process. Any thread may count."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.turns: Counter[Result] = Counter()
        self.guesses: Counter[str] = Counter()
        self.saved = 0.0
        self.answered, self.waited = 0, 0.0

    def turn(self, result: Result) -> None:
        """Count what became of a turn."""
        with self._lock:
            self.turns[result] += 1

    def answer(self, waited: float) -> None:
        """Count the seconds from the end of a turn to its answer."""
        with self._lock:
            self.answered += 1
            self.waited += waited

    def guess(self, tried: int, right: int, saved: float) -> None:
        """Count what understanding ahead was worth in one turn: texts tried, of them right, and the seconds saved."""
        with self._lock:
            self.guesses["right"] += right
            self.guesses["wrong"] += tried - right
            self.saved += saved

    def collect(self) -> Iterable[Metric]:
        """Yield the figures as they are now."""
        from prometheus_client.core import CounterMetricFamily, SummaryMetricFamily

        with self._lock:
            turns = CounterMetricFamily(
                f"{_PREFIX}turns", "Turns at a microphone by what became of them.", labels=["result"]
            )
            for result, count in sorted(self.turns.items()):
                turns.add_metric([result], count)
            guesses = CounterMetricFamily(f"{_PREFIX}guesses", "Texts that were understood ahead.", labels=["result"])
            for kind, count in sorted(self.guesses.items()):
                guesses.add_metric([kind], count)
            yield turns
            yield guesses
            yield CounterMetricFamily(f"{_PREFIX}saved_seconds", "What understanding ahead saved.", value=self.saved)
            words = "From the end of a turn to its answer."
            yield SummaryMetricFamily(
                f"{_PREFIX}answer_seconds", words, count_value=self.answered, sum_value=self.waited
            )
