"""The motion gate: which frames of a camera are worth a detector's time.

A look costs a hundred times what comparing thumbnails does. A frame is looked at when something has changed since the last
look, while something that moves by itself was there at the last look, and every two seconds in any case, since what comes in
slowly, or lay there all the time, changes nothing from frame to frame.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import cv2
import numpy as np

from vision.detection import Detections, Floats
from vision.frame import Image
from vision.live.picture import inner
from vision.track import ANIMAL, group_of

SIZE = (160, 90)
_LEVELS = 14.0  # grey levels by which a thumbnail's pixel changes when something comes; noise is averaged to one or two
_PIXELS = 5  # of the thumbnail's 14400: an animal of two hundredths of the picture's width
EVERY = timedelta(seconds=1.6)  # at least: with the frame that it waits for, within two seconds
STILL = timedelta(minutes=1)  # who has not moved for that long (asleep, or a coat on a chair) is looked at `EVERY`
_LIVELY = frozenset({ANIMAL, "person", "bird"})


def thumbnail(image: Image) -> Floats:
    """Return the picture in grey, 90 x 160, float32 in 0..255."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    # To halve a picture is so quick, and to scale it by an odd factor so slow, that this takes a quarter of the time.
    while grey.shape[1] >= 4 * SIZE[0] and grey.shape[0] >= 4 * SIZE[1]:
        height, width = grey.shape[0] // 2, grey.shape[1] // 2
        grey = cv2.resize(grey[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
    return cv2.resize(grey, SIZE, interpolation=cv2.INTER_AREA).astype(np.float32)


def is_lively(label: str) -> bool:
    """Return whether what has that label moves by itself."""
    return group_of(label) in _LIVELY


class MotionGate:
    """Says of each frame of one camera whether to look; is told what each look found."""

    def __init__(self) -> None:
        self._seen: Floats | None = None
        self._looked: datetime | None = None
        self._moved: datetime | None = None
        self._lively = False

    def receive(self, time: datetime, thumb: Floats) -> bool:
        """Return whether this frame is to be looked at."""
        if self._seen is None or self._looked is None:
            self._moved = time
            return True
        if moves(self._seen, thumb):
            self._moved = time
            return True
        awake = self._lively and self._moved is not None and time - self._moved < STILL
        return awake or time - self._looked >= EVERY

    def looked(self, time: datetime, thumb: Floats, found: Detections) -> None:
        """Take what a look at that frame found."""
        self._seen, self._looked = thumb, time
        self._lively = any(is_lively(label) for label in found.label)

    def reset(self) -> None:
        """Forget the last look: the picture was away."""
        self._seen = self._looked = self._moved = None
        self._lively = False


def moves(before: Floats, now: Floats) -> bool:
    """Return whether something moved between two thumbnails; a lamp or a cloud that dims all of it alike did not."""
    change = inner(now) - inner(before)
    change -= float(np.median(change[::4, ::4]))
    return int((np.abs(change) > _LEVELS).sum()) >= _PIXELS
