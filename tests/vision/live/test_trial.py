"""Laws of a trial: what a look takes is counted in seconds of the core, and one that fails takes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vision.detection import Detections, nothing
from vision.frame import Frame
from vision.live.trial import trial

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


class Working:
    """A detector each of whose looks takes so many seconds of the core, by a clock moved by hand; `None` fails."""

    labels: frozenset[str] = frozenset()

    def __init__(self, *takes: float | None) -> None:
        self._takes = iter(takes)
        self.spent = 0.0

    def detect(self, frame: Frame) -> Detections:
        if (taken := next(self._takes)) is None:
            raise RuntimeError("no memory")
        self.spent += taken
        return nothing()


def test_a_trial_tells_what_the_middle_look_takes_of_the_core_without_the_first() -> None:
    detector = Working(3.0, 0.1, 0.9, 0.2)
    assert trial(detector, NOW, lambda: detector.spent) == pytest.approx(0.2)


def test_a_look_that_fails_takes_nothing() -> None:
    assert trial(Working(None, None, None, None), NOW, lambda: 0.0) == 0.0
