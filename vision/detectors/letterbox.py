"""Letterboxes: a picture of any size put into the size that a model was made for, and its boxes taken out again."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from vision.detection import Floats
from vision.frame import Image

_GREY = 114  # what YOLO was trained to see around a letterboxed picture


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a picture was put into a square: scaled by `scale`, then moved right and down by `left` and `top` pixels."""

    image: Image
    scale: float
    left: int
    top: int

    def undo(self, xyxy: Floats, width: int, height: int) -> Floats:
        """Return boxes in pixels of the square as boxes in 0..1 of the picture."""
        moved = (xyxy - np.array([self.left, self.top] * 2, np.float32)) / self.scale
        return (moved / np.array([width, height] * 2, np.float32)).clip(0, 1).astype(np.float32)


def letterbox(image: Image, size: tuple[int, int]) -> Letterbox:
    """Return the picture scaled to fit into `size` (height, width), centred on grey."""
    height, width = image.shape[:2]
    scale = min(size[0] / height, size[1] / width)
    inner = max(round(width * scale), 1), max(round(height * scale), 1)
    left, top = (size[1] - inner[0]) // 2, (size[0] - inner[1]) // 2
    square = np.full((*size, 3), _GREY, np.uint8)
    square[top : top + inner[1], left : left + inner[0]] = cv2.resize(image, inner)
    return Letterbox(square, scale, left, top)
