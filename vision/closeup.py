"""Close-ups: a second look at zones that are small in the picture.

Detectors scale a picture down to a few hundred pixels, where a cat at a far bowl is a smudge. Cut out, the same cat fills
the input. A close-up costs as much as the whole picture, so it is taken only where something has changed since the zone was
last found empty, and only while the whole picture shows no animal there. What stays, asleep or quietly eating, stays
different from the empty zone, and so is looked at again in every frame.

An animal that goes away from the camera, or half behind something, becomes such a smudge too. Where one was found a moment ago
and the whole picture shows none any more, its place is looked at closer as well, for at most five seconds: what only
close-ups show may be a cushion.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import cv2
import numpy as np

from vision.detection import CLEAR, Detection, Detections, Floats, detections_of
from vision.detector import Detector
from vision.frame import Frame
from vision.track import ANIMAL, GROUPS, group_of
from vision.zone import Box, Zone, area, clip, corners

AROUND = 3.0  # a close-up's side, in sides of the zone: an animal is about twice as wide as its bowl
LARGEST = 0.5  # of the picture's width: a close-up wider than that shows little more than the picture does
SAME = 0.5  # of a box found close up: with that much of it inside a box found before, it is the same thing
AROUND_LOST = 2.0  # a close-up's side, in sides of the box of a lost animal
LARGEST_LOST = 0.6  # of the picture's longer side: as much closer as makes a difference
SMALLEST_LOST = 1.4  # as `AROUND_LOST`: what is large in the picture is hardly shown closer by less
SURE = 0.4  # of an animal whose place is looked at when it is lost
LOST = timedelta(seconds=2)  # since it was found at all
LOST_FROM_VIEW = timedelta(seconds=5)  # since the whole picture showed it
_THUMB = (16, 16)
_GREY_LEVELS = 12.0  # by which a pixel of the thumbnail changes when something comes, not by a sensor's noise


@dataclass(slots=True)
class _View:
    """The region of a zone, and what it looked like when it was last found empty."""

    box: Box
    empty: Floats | None = None

    def changed(self, thumb: Floats) -> bool:
        """Return whether something has come since the region was found empty."""
        return self.empty is None or int((np.abs(thumb - self.empty) > _GREY_LEVELS).sum()) >= 2


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an animal was last found, when, and when the whole picture showed it."""

    box: Box
    found: datetime
    in_view: datetime

    def is_lost(self, now: datetime) -> bool:
        """Return whether it was found so lately that it may be there still."""
        return now - self.found <= LOST and now - self.in_view <= LOST_FROM_VIEW


class CloseUps:
    """A detector with a second look at the small ones among `zones`, for the frames of one camera in their order."""

    def __init__(self, detector: Detector, zones: Iterable[Zone]) -> None:
        self._detector = detector
        self._zones = tuple(zones)
        self._views: list[_View] | None = None
        self._places: list[_Place] = []

    @property
    def labels(self) -> frozenset[str]:
        return self._detector.labels

    def detect(self, frame: Frame) -> Detections:
        """Return what is in the picture, and what only its close-ups show."""
        whole = self._detector.detect(frame)
        clear = list(whole.clear())
        found = list(clear)
        for view in self._views_of(frame):
            if not any(group_of(one.label) == ANIMAL and _inside(view.box, one.xyxy) > 0 for one in found):
                found += self._look(view, frame, found)
        seen = self._look_for_lost(frame, found)
        faint = [one for one in whole if one.confidence < CLEAR]
        return detections_of(seen + faint) if seen != clear else whole

    def _look_for_lost(self, frame: Frame, found: list[Detection]) -> list[Detection]:
        """Return `found` with the animals that only a closer look shows for sure where they were a moment ago."""
        sure = [one for one in found if group_of(one.label) == ANIMAL and one.confidence >= SURE]
        lost = [place for place in self._places if place.is_lost(frame.time) and not _covers(sure, place.box)]
        self._places = [_Place(one.xyxy, frame.time, frame.time) for one in sure]
        for place in lost:
            seen = _surest(self._animals_near(place.box, frame))
            box, time = (seen.xyxy, frame.time) if seen else (place.box, place.found)
            self._places.append(_Place(box, time, place.in_view))
            found = _with(found, seen) if seen else found
        return found

    def _animals_near(self, box: Box, frame: Frame) -> list[Detection]:
        height, width = frame.image.shape[:2]
        view = around(box, width, height)
        found = self._detector.detect(frame.crop(view)).clear().within(view) if view else ()
        return [one for one in found if group_of(one.label) == ANIMAL and _inside(one.xyxy, grown(box)) > 0]

    def _views_of(self, frame: Frame) -> list[_View]:
        if self._views is None:
            height, width = frame.image.shape[:2]
            self._views = [_View(box) for zone in self._zones if (box := view_of(zone, width / height))]
        return self._views

    def _look(self, view: _View, frame: Frame, found: list[Detection]) -> list[Detection]:
        """Return what is seen closer and was not found before."""
        closer = frame.crop(view.box)
        thumb = _thumb(closer)
        if not view.changed(thumb):
            return []
        # What was made to look for one thing of this picture (a bowl) means nothing in a part of it.
        seen = [one for one in self._detector.detect(closer).clear().within(view.box) if one.label in GROUPS]
        if not seen:
            view.empty = thumb
        return [one for one in seen if not any(_is_same(one, other) for other in found)]


def view_of(zone: Zone, aspect: float) -> Box | None:
    """Return the square around a small zone in a picture of that width to height, or None when the zone is not small.

    There is more of it above the zone than below, since who stands at a zone rises above it.
    """
    xs, ys = zip(*zone.polygon, strict=True)
    side = AROUND * max(max(xs) - min(xs), (max(ys) - min(ys)) / aspect)
    if side > LARGEST:
        return None
    left = min(max((min(xs) + max(xs) - side) / 2, 0.0), 1 - side)
    bottom = min(max(ys) + side * aspect / 6, 1.0)
    return left, max(bottom - side * aspect, 0.0), left + side, bottom


def around(box: Box, width: int, height: int) -> Box | None:
    """Return the square around a box in a picture of that size, or None where it is too large to show more than the picture does."""
    own = max((box[2] - box[0]) * width, (box[3] - box[1]) * height)
    side = min(AROUND_LOST * own, LARGEST_LOST * max(width, height), width, height)
    if side < SMALLEST_LOST * own:
        return None
    wide, high = side / width, side / height
    left = min(max((box[0] + box[2] - wide) / 2, 0.0), 1 - wide)
    top = min(max((box[1] + box[3] - high) / 2, 0.0), 1 - high)
    return left, top, left + wide, top + high


def grown(box: Box) -> Box:
    """Return the box with half of its width and height more on each side: as far as an animal goes between two looks."""
    across, down = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
    return box[0] - across, box[1] - down, box[2] + across, box[3] + down


def _with(found: list[Detection], seen: Detection) -> list[Detection]:
    """Return what was found with what was seen closer, in place of what is the same and less sure."""
    same = [one for one in found if _is_same(seen, one)]
    if any(one.confidence >= seen.confidence for one in same):
        return found
    return [one for one in found if one not in same] + [seen]


def _covers(animals: Iterable[Detection], box: Box) -> bool:
    """Return whether one of the animals may be the one that was in the box."""
    return any(_inside(one.xyxy, grown(box)) > 0 for one in animals)


def _surest(found: Iterable[Detection]) -> Detection | None:
    return max(found, key=lambda one: one.confidence, default=None)


def _thumb(frame: Frame) -> Floats:
    grey = cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY)
    return cv2.resize(grey, _THUMB, interpolation=cv2.INTER_AREA).astype(np.float32)


def _is_same(one: Detection, other: Detection) -> bool:
    return group_of(one.label) == group_of(other.label) and _inside(one.xyxy, other.xyxy) >= SAME


def _inside(box: Box, other: Box) -> float:
    """Return the share of `box` that lies inside the other."""
    whole = area(corners(box))
    return area(clip(corners(box), other)) / whole if whole else 0.0
