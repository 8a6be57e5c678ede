"""Trials: what a look takes on this machine, known before there is a camera to look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from statistics import median
from time import process_time

import numpy as np

from vision.detector import Detector
from vision.frame import Frame

_SIZE = (360, 640, 3)
_LOOKS = 3


def trial(detector: Detector, now: datetime, spent: Callable[[], float] = process_time) -> float:
    """Return the seconds of a core that a look takes, 0 where that cannot be said. The first look of all, which is slow, does not count.

    Not by the clock: while a machine starts, a look takes many times as long as it takes of the core, and cameras would get their turns
    as if it always did.
    """
    noise = np.random.default_rng(0).integers(0, 255, _SIZE, np.uint8)
    picture = Frame(noise, now, "trial")
    return median([_taken(detector, picture, spent) for _ in range(1 + _LOOKS)][1:])


def _taken(detector: Detector, picture: Frame, spent: Callable[[], float]) -> float:
    began = spent()
    try:
        detector.detect(picture)
    except Exception:  # noqa: BLE001  a detector that fails is told of by the camera whose picture it fails on
        return 0.0
    return spent() - began
