"""Made animals: a coloured room with ellipses for animals, since what is tested is colours and not photographs."""

from __future__ import annotations

import cv2
import numpy as np

from vision.frame import Image
from vision.zone import Box

CREAM = (170, 205, 225)  # BGR, in daylight
BLACK = (32, 30, 30)
BROWN = (45, 70, 110)


def room(*animals: tuple[Box, tuple[int, int, int]], light: float = 1.0, seed: int = 0) -> Image:
    """Return a picture of 640 x 360 with an animal of a colour in each box, in so much light, with a sensor's noise."""
    noise = np.random.default_rng(seed).normal(0, 6, (360, 640, 3))
    picture = np.full((360, 640, 3), (120, 140, 150), np.uint8)
    picture[240:] = (60, 110, 160)
    picture[40:140, 40:200] = (160, 90, 60)
    for (x1, y1, x2, y2), colour in animals:
        centre = round((x1 + x2) * 320), round((y1 + y2) * 180)
        cv2.ellipse(picture, centre, (round((x2 - x1) * 300), round((y2 - y1) * 170)), 0, 0, 360, colour, cv2.FILLED)
    return (picture * light + noise).clip(0, 255).astype(np.uint8)


def without_colour(image: Image) -> Image:
    """Return the picture as an infrared camera gives it."""
    return np.repeat(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[..., None], 3, axis=2)
