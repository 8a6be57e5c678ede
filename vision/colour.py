"""Colour: what a picture's pixels say about a coat, and whether there is colour in the picture at all.

Lab keeps lightness apart from hue, so that a lamp mostly moves one number. A box holds floor and wall in its corners; the ellipse in its middle is nearly all animal.
"""

from __future__ import annotations

from functools import cache
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detection import Floats
from vision.frame import Frame, Image
from vision.look import Lab, Look, Reason
from vision.zone import Box

Doubles = NDArray[np.float64]

ELLIPSE = 0.64, 0.72  # its axes, in widths and heights of the box
SIDE = 64  # pixels of the thumbnail that is measured: a median needs no more
LEAST = 12  # pixels that a side of a crop must have to be measured
COLOURLESS = 1.5  # how far hues may stray, beyond what lightness explains, in a picture without colour (JPEG's noise)
DARK = 20.0  # the lightness that a tenth of a lit picture exceeds, even of a dim room


def look_of(frame: Frame, box: Box) -> Look:
    """Return how the animal in the box looks in this frame."""
    why = _blindness(_lab(frame.image))
    if why is not None:
        return Look(None, why)
    seen = coat(frame.crop(box).image)
    return Look(seen) if seen else Look(None, "too_small")


def coat(crop: Image) -> Lab | None:
    """Return the median Lab in the middle of an animal's crop (height, width, 3, BGR), or None when it is too small."""
    if min(crop.shape[:2]) < LEAST:
        return None
    lightness, a, b = np.median(_lab(crop)[_middle()], axis=0).tolist()
    return lightness, a, b


def has_colour(image: Image) -> bool:
    """Return whether a picture has colours: an infrared camera's has none, or one tint that follows the lightness."""
    return _is_coloured(_lab(image))


def is_dark(image: Image) -> bool:
    """Return whether so little light is in a picture that every coat looks black."""
    return _is_dark(_lab(image))


def _blindness(lab: Floats) -> Reason | None:
    """Return why no coat can be told in a picture, of which this is the thumbnail, or None."""
    if _is_dark(lab):
        return "too_dark"
    return None if _is_coloured(lab) else "no_colour"


def _is_dark(lab: Floats) -> bool:
    return bool(np.percentile(lab[..., 0], 90) < DARK)


def _is_coloured(lab: Floats) -> bool:
    lightness, a, b = lab.reshape(-1, 3).astype(np.float64).T
    return max(_beyond(lightness, a), _beyond(lightness, b)) > COLOURLESS


def _beyond(lightness: Doubles, hue: Doubles) -> float:
    """Return how far a hue strays beyond what a straight line over the lightness explains (standard deviation)."""
    spread, varied = lightness - lightness.mean(), hue - hue.mean()
    slope = (spread @ varied) / ((spread @ spread) or 1.0)
    return float((varied - slope * spread).std())


def _lab(image: Image) -> Floats:
    """Return a thumbnail of the picture in Lab, SIDE x SIDE x 3."""
    # Of a large picture every k-th pixel is enough, and ten times as quick as to average them all.
    step = max(min(image.shape[:2]) // (2 * SIDE), 1)
    small = cv2.resize(image[::step, ::step], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return cast(Floats, cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2Lab))


@cache
def _middle() -> NDArray[np.bool_]:
    """Return which pixels of the thumbnail lie in the ellipse."""
    y, x = (np.mgrid[0:SIDE, 0:SIDE] + 0.5) * 2 / SIDE - 1
    return cast(NDArray[np.bool_], (x / ELLIPSE[0]) ** 2 + (y / ELLIPSE[1]) ** 2 <= 1)


def hex_of(coat: Lab) -> str:
    """Return a colour as sRGB in hexadecimal, `#c8a27b`, fit to be shown."""
    lab = np.array([[coat]], np.float32)
    blue, green, red = np.clip(np.rint(cv2.cvtColor(lab, cv2.COLOR_Lab2BGR)[0, 0] * 255), 0, 255).astype(int).tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"
