"""Trials: what a look takes on this machine, known before there is a camera to look at."""

from __future__ import annotations

from datetime import datetime
from statistics import median
from time import perf_counter

import numpy as np

from vision.detector import Detector
from vision.frame import Frame

_SIZE = (360, 640, 3)
_LOOKS = 3


def trial(detector: Detector, now: datetime) -> float:
    """Return the seconds that a look takes, 0 where that cannot be said. The first look of all, which is slow, does not count."""
    noise = np.random.default_rng(0).integers(0, 255, _SIZE, np.uint8)
    picture = Frame(noise, now, "trial")
    return median([_timed(detector, picture) for _ in range(1 + _LOOKS)][1:])


def _timed(detector: Detector, picture: Frame) -> float:
    began = perf_counter()
    try:
        detector.detect(picture)
    except Exception:  # noqa: BLE001  a detector that fails is told of by the camera whose picture it fails on
        return 0.0
    return perf_counter() - began
