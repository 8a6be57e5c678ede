"""Zones: named polygons of a camera's picture, in 0..1, and how boxes lie over them. Pure geometry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.bowl import holds_food, holds_water

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # x1, y1, x2, y2 in 0..1 of the picture's width and height

_LAST = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Zone:
    """A named polygon, its points in 0..1 of the picture's width and height."""

    name: str
    polygon: tuple[Point, ...]

    @property
    def is_bowl(self) -> bool:
        """Return whether the name says that food stands here: `food_bowls`, `dish`, `cat feeder`; not `water_bowl`."""
        return holds_food(self.name)

    @property
    def is_water(self) -> bool:
        """Return whether the name says that water stands here: `water_bowl`, `drinking fountain`; not `water_heater`."""
        return holds_water(self.name)


def zones_of(polygons: Mapping[str, Sequence[Point]]) -> tuple[Zone, ...]:
    """Return the zones of a camera in the home file."""
    return tuple(Zone(name, tuple(points)) for name, points in polygons.items())


def anchor(box: Box) -> Point:
    """Return the bottom centre of a box, where its subject stands; inside the picture also where the box is cut off."""
    return (box[0] + box[2]) / 2, min(box[3], _LAST)


def corners(box: Box) -> tuple[tuple[float, float], ...]:
    """Return a box as a polygon."""
    x1, y1, x2, y2 = box
    return (x1, y1), (x2, y1), (x2, y2), (x1, y2)


def area(polygon: Sequence[Point]) -> float:
    """Return the area of a polygon by the shoelace formula."""
    following = (*polygon[1:], *polygon[:1])
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(polygon, following, strict=True))) / 2


def middle(polygon: Sequence[Point]) -> Point:
    """Return the middle of the rectangle around a polygon."""
    xs, ys = zip(*polygon, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def contains(polygon: Sequence[Point], point: Point) -> bool:
    """Return whether the point lies in the polygon, by the crossings of a ray to the right."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(polygon, (*polygon[1:], *polygon[:1]), strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def share_covered(zone: Zone, box: Box) -> float:
    """Return the share (0..1) of the zone's area that the box covers."""
    (x1, y1, x2, y2), whole = extent(zone.polygon)
    if not whole or box[2] <= x1 or x2 <= box[0] or box[3] <= y1 or y2 <= box[1]:
        return 0.0
    if box[0] <= x1 and x2 <= box[2] and box[1] <= y1 and y2 <= box[3]:
        return 1.0
    return area(clip(zone.polygon, box)) / whole


@lru_cache(maxsize=1024)
def extent(polygon: tuple[Point, ...]) -> tuple[Box, float]:
    """Return the box around a polygon, and its area."""
    xs, ys = zip(*polygon, strict=True)
    return (min(xs), min(ys), max(xs), max(ys)), area(polygon)


def clip(polygon: Sequence[Point], box: Box) -> Sequence[Point]:
    """Return the part of the polygon inside the box, by Sutherland and Hodgman; empty when they do not meet."""
    x1, y1, x2, y2 = box
    for axis, bound, side in ((0, x1, 1), (0, x2, -1), (1, y1, 1), (1, y2, -1)):
        polygon = _cut(polygon, axis, bound, side)
    return polygon


def _cut(polygon: Sequence[Point], axis: int, bound: float, side: int) -> Sequence[Point]:
    """Return the part of the polygon beyond (side 1) or before (side -1) `bound` on an axis (0 is x, 1 is y)."""
    kept: list[Point] = []
    for start, end in zip((*polygon[-1:], *polygon[:-1]), polygon, strict=True):
        a, b = (start[axis] - bound) * side, (end[axis] - bound) * side
        if (a < 0) != (b < 0):
            t = a / (a - b)
            kept.append((start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])))
        if b >= 0:
            kept.append(end)
    return kept
