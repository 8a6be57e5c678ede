"""Variations: a clip as another camera might have taken it, so that what is seen in it is not owed to this one's pixels.

Each keeps what happens, and when; `zones` says where a point of the picture then lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import cv2
import numpy as np

from rules.home import Camera
from vision.frame import Frame, Image
from vision.source import FrameSource
from vision.zone import Point

Place = Callable[[Point], Point]
Redraw = Callable[[Image], Image]
CROP = 0.06  # of the picture, at each side


def same_place(point: Point) -> Point:
    return point


@dataclass(frozen=True, slots=True)
class Variation:
    """How each picture is redrawn, where its points go, and of how many frames one is kept."""

    redraw: Redraw
    place: Place = same_place
    every: int = 1

    def camera(self, camera: Camera) -> Camera:
        """Return the camera with its zones where they lie in the varied picture."""
        zones = {name: [self.place(point) for point in points] for name, points in camera.zones.items()}
        return camera.model_copy(update={"zones": zones})


@dataclass(frozen=True, slots=True)
class Varied:
    """A source whose frames are varied."""

    source: FrameSource
    variation: Variation

    @property
    def length(self) -> timedelta | None:
        return self.source.length

    def __iter__(self) -> Iterator[Frame]:
        for number, frame in enumerate(self.source):
            if number % self.variation.every == 0:
                yield replace(frame, image=self.variation.redraw(frame.image))


def _mirrored(image: Image) -> Image:
    return np.ascontiguousarray(image[:, ::-1])


def _darker(image: Image) -> Image:
    """Return the picture of a dim room: a quarter of the light, and the sensor's noise with it."""
    light = (image / 255.0) ** 1.4 * 120 + np.random.default_rng(1).normal(0, 4, image.shape)
    return light.clip(0, 255).astype(np.uint8)


def _noisy(image: Image) -> Image:
    noise = np.random.default_rng(int(image[0, 0, 0])).normal(0, 14, image.shape)
    return (image + noise).clip(0, 255).astype(np.uint8)


def _cropped(image: Image) -> Image:
    height, width = image.shape[:2]
    top, left = round(height * CROP), round(width * CROP)
    return np.ascontiguousarray(image[top : height - top, left : width - left])


def _within_crop(point: Point) -> Point:
    x, y = (min(max((value - CROP) / (1 - 2 * CROP), 0.0), 1.0) for value in point)
    return x, y


def _half_size(image: Image) -> Image:
    small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)


def _farther(image: Image) -> Image:
    """Return the picture of a camera twice as far away: all of it in the middle, and around it what has no shape."""
    height, width = image.shape[:2]
    around = cv2.resize(cv2.resize(image, (4, 4), interpolation=cv2.INTER_AREA), (width, height))
    top, left = height // 4, width // 4
    around[top : top + height // 2, left : left + width // 2] = cv2.resize(
        image, (width // 2, height // 2), interpolation=cv2.INTER_AREA
    )
    return around.astype(np.uint8, copy=False)


def _encoded_again(image: Image) -> Image:
    _, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 25])
    again = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    assert again is not None, "what was just encoded can be decoded"
    return again.astype(np.uint8, copy=False)


def _infrared(image: Image) -> Image:
    return np.repeat(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[..., None], 3, axis=2).astype(np.uint8, copy=False)


VARIATIONS = {
    "mirrored": Variation(_mirrored, lambda point: (1 - point[0], point[1])),
    "darker": Variation(_darker),
    "noisy": Variation(_noisy),
    "cropped": Variation(_cropped, _within_crop),
    "half_size": Variation(_half_size),
    "farther": Variation(_farther, lambda point: (0.25 + point[0] / 2, 0.25 + point[1] / 2)),
    "encoded_again": Variation(_encoded_again),
    "infrared": Variation(_infrared),
    "half_as_often": Variation(np.copy, every=2),
}
