"""Pictures for tests: drawn or of noise, as frames of one camera."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from vision.frame import Frame, Image

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def at(image: Image, seconds: float = 0) -> Frame:
    """Return the image as a frame of the hall, some seconds after noon."""
    return Frame(image, NOON + timedelta(seconds=seconds), "cam.hall")


def noisy(size: tuple[int, int]) -> Image:
    """Return noise of that height and width, the same for the same size."""
    return np.random.default_rng(size).integers(0, 256, (*size, 3), dtype=np.uint8)
