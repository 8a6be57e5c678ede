"""Frames: one picture of one camera at one time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from vision.zone import Box

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture: `image` is height x width x 3, BGR, uint8; `time` is aware; `camera` is its id in the home file."""

    image: Image
    time: datetime
    camera: str

    def __post_init__(self) -> None:
        if self.image.ndim != 3 or self.image.shape[2] != 3 or self.image.dtype != np.uint8:
            found = f"{self.image.shape} {self.image.dtype}"
            raise ValueError(f"expected an image of shape (height, width, 3) uint8, found {found}")
        if self.time.utcoffset() is None:
            raise ValueError(f"expected an aware time, found {self.time!r} without an offset")

    def crop(self, box: Box) -> Frame:
        """Return the part of the frame inside `box`, at least one pixel wide and high, as a view."""
        height, width = self.image.shape[:2]
        left, top = min(int(box[0] * width), width - 1), min(int(box[1] * height), height - 1)
        right, bottom = max(round(box[2] * width), left + 1), max(round(box[3] * height), top + 1)
        return replace(self, image=self.image[top:bottom, left:right])
