"""Pictures that show nothing: too dark, covered, or frozen. What one frame, or a run of equal ones, tells by itself.

A sensor is never still: two exposures of it differ in their noise, so equal pictures are one picture sent again. Only
encoders that spare what has not changed, and snapshots asked for faster than they are taken, repeat themselves too. They do
so again and again, which a camera that hangs does not: a stream whose habit that is gets more patience.
"""

from __future__ import annotations

import zlib
from collections import deque
from datetime import datetime, timedelta

import cv2
import numpy as np

from vision.detection import Floats
from vision.frame import Image

_DARK = 40.0  # grey level: where nearly nothing in the picture is brighter, nothing is found in it
_BRIGHT = 0.02  # of the picture
_FLAT = 1.0  # grey levels of detail, which noise alone leaves in a picture of nothing
_FADED = 0.3  # of the detail that the camera's picture usually has: what breath on the lens, or a cloth, leaves
EDGE = 9  # rows of a thumbnail's 90
_SLOWLY = 0.02  # how fast the usual detail follows, a frame

SUSPECT = timedelta(seconds=1)
LONGEST = timedelta(seconds=60)
_HABIT = 3  # runs of equal pictures that make a habit
_RECENT = timedelta(minutes=10)


def inner(thumb: Floats) -> Floats:
    """Return a thumbnail without its upper and lower edge, where cameras write their name and the time over any picture."""
    return thumb[EDGE:-EDGE]


def is_dark(thumb: Floats) -> bool:
    """Return whether hardly a pixel of the thumbnail is bright enough to show anything."""
    return bool((inner(thumb) >= _DARK).mean() < _BRIGHT)


def detail(thumb: Floats) -> float:
    """Return by how many grey levels pixels differ from what is around them, on average."""
    return float(np.abs(inner(cv2.subtract(thumb, cv2.GaussianBlur(thumb, (0, 0), 2)).astype(np.float32))).mean())


class Cover:
    """Says whether a lens is covered or blurred, by the detail that its pictures usually have."""

    def __init__(self) -> None:
        self._usual: float | None = None

    def receive(self, thumb: Floats) -> bool:
        """Return whether this picture shows next to nothing."""
        now = detail(thumb)
        if now < max(_FLAT, _FADED * (self._usual or 0.0)):
            return True
        self._usual = now if self._usual is None else self._usual + _SLOWLY * (now - self._usual)
        return False


class Freeze:
    """Says since when a stream has been showing one and the same picture, once that is longer than it does by habit."""

    def __init__(self) -> None:
        self._print = 0
        self._since: datetime | None = None
        self._last: datetime | None = None
        self._runs: deque[tuple[datetime, timedelta]] = deque(maxlen=50)

    def receive(self, time: datetime, image: Image) -> datetime | None:
        """Return since when the picture has been the same, or None where that means nothing."""
        now = zlib.crc32(np.ascontiguousarray(image[::8, ::8]).tobytes())
        if self._since is None or now != self._print:
            self._end(time)
            self._print, self._since = now, time
        self._last = time
        return self._since if time - self._since >= self._patience(time) else None

    def _end(self, time: datetime) -> None:
        if self._since and self._last and self._last > self._since:
            self._runs.append((time, min(self._last - self._since, LONGEST / 2)))

    def _patience(self, time: datetime) -> timedelta:
        runs = sorted((run for at, run in self._runs if time - at <= _RECENT), reverse=True)
        return max(SUSPECT, 2 * runs[_HABIT - 1]) if len(runs) >= _HABIT else SUSPECT
