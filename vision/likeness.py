"""Likeness: which of the taught pictures a zone looks like now, and how surely.

A zone is cut out, made 16 x 16 and told by its colours, with brightness relative to the whole picture's, so that a cloud is no meal. How far
two zones differ is the mean difference over the squares. The measure of it is taken from the taught pictures themselves: the
least that two of different values differ is 1. A zone is like a value when it is within `LIKE` of one of its pictures and at
least `APART` further from all others. So nothing is told of pictures that are too alike, of a hand over the bowl, or of the dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np

from vision.detection import Floats
from vision.frame import Image
from vision.zone import Point

LIKE = 0.45
APART = 0.3
TELLING = (
    4.0  # grey levels by which pictures of two values have to differ: less is a camera's noise and its compression
)
DARK = 24.0  # the mean grey level of a picture in which a zone shows nothing
_SIDE = 16
_COLOUR = 2.0  # a and b span about half of what L does, and stay when a lamp is dimmed


@dataclass(frozen=True, slots=True)
class Likeness:
    """Which value a zone looks like, None where it is like none of them, and how surely, in 0..1."""

    value: str | None
    confidence: float = 0.0


def appearance(image: Image, polygon: Sequence[Point]) -> Floats | None:
    """Return what a zone of a picture looks like, as (16, 16, 3) of L, a and b (twice), 0 outside of the zone; None in the dark."""
    light = float(cv2.cvtColor(np.ascontiguousarray(image[::8, ::8]), cv2.COLOR_BGR2GRAY).mean())
    if light < DARK:
        return None
    cut, inside = _cut(image, polygon)
    lab = cv2.cvtColor(cv2.resize(cut, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2LAB)
    told = lab.astype(np.float32)
    told *= (128 / light, _COLOUR, _COLOUR)
    return (told * inside[..., None]).astype(np.float32)


def _cut(image: Image, polygon: Sequence[Point]) -> tuple[Image, Floats]:
    """Return the rectangle around a zone, and which of its squares are inside (1) and which are not (0)."""
    height, width = image.shape[:2]
    points = np.array(polygon, np.float64) * (width, height)
    low, high = np.floor(points.min(0)).astype(int), np.ceil(points.max(0)).astype(int)
    left, top = min(low[0], width - 1), min(low[1], height - 1)
    right, bottom = max(high[0], left + 1), max(high[1], top + 1)
    mask = np.zeros((_SIDE, _SIDE), np.uint8)
    scale = _SIDE / np.array([right - left, bottom - top])
    cv2.fillPoly(mask, [((points - (left, top)) * scale).round().astype(np.int32)], 1)
    return image[top:bottom, left:right], mask.astype(np.float32)


def difference(a: Floats, b: Floats) -> float:
    """Return by how much two appearances of a zone differ, in grey levels over the squares inside it."""
    inside = max(int(((a != 0) | (b != 0)).any(2).sum()), 1)
    return float(np.abs(a - b).sum() / (3 * inside))


class Judge:
    """Tells what value a zone shows, by pictures of two values at least."""

    def __init__(self, taught: Mapping[str, Sequence[Floats]]) -> None:
        assert len(taught) > 1, "a zone that always looks the same tells nothing"
        assert all(taught.values()), "each value needs a picture"
        self._taught = {value: tuple(pictures) for value, pictures in taught.items()}
        self.apart = least_apart(self._taught)

    @property
    def is_telling(self) -> bool:
        """Return whether the pictures of different values differ by more than a camera's noise."""
        return self.apart >= TELLING

    def judge(self, seen: Floats) -> Likeness:
        """Return the value that the zone looks like."""
        if not self.is_telling:
            return Likeness(None)
        far = {value: _nearest(seen, pictures) / self.apart for value, pictures in self._taught.items()}
        (best, near), (_, second), *_ = sorted(far.items(), key=lambda item: item[1])
        sure = near <= LIKE and second - near >= APART
        return Likeness(best, round(second / (near + second), 2)) if sure else Likeness(None)


def least_apart(taught: Mapping[str, Sequence[Floats]]) -> float:
    """Return the least by which two pictures of different values differ."""
    return min(
        difference(a, b)
        for one, other in combinations(sorted(taught), 2)
        for a in taught[one]
        for b in taught[other]
    )  # fmt: skip


def _nearest(seen: Floats, pictures: Iterable[Floats]) -> float:
    return min(difference(seen, picture) for picture in pictures)
