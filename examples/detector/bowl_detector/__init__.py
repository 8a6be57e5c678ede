"""A detector for Proactive that tells a full food bowl from an empty one, by the colours of two taught pictures."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from rules.problem import InputError, Problem
from vision.detection import Detection, Detections, Floats, detections_of, nothing
from vision.frame import Frame, Image
from vision.zone import Box

FULL, EMPTY = "full bowl", "empty bowl"
SMALLEST = 8  # pixels of the bowl's lesser side, below which its colours are the colours of what stands beside it
COLOURLESS = 12.0  # mean saturation (0..255) of a picture by infrared light, and of no kitchen by day
STRANGE = 0.7  # distance from both taught pictures at which it is neither: something is in front of the bowl
SURE = 0.6  # half is a guess

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # a taught picture is of no time that counts
_BINS = [24, 8]  # of hue and saturation; how light it is changes with the hour, and does not count


class Bowl:
    """Finds the one bowl at `box`, full or empty, by the taught pictures of both; `full` and `empty` are whole views."""

    labels = frozenset({FULL, EMPTY})

    def __init__(self, box: Box, full: Frame, empty: Frame) -> None:
        self._box = box
        self._taught = {FULL: colours(full.crop(box).image), EMPTY: colours(empty.crop(box).image)}

    def detect(self, frame: Frame) -> Detections:
        bowl = frame.crop(self._box).image
        if min(bowl.shape[:2]) < SMALLEST or is_colourless(frame.image):
            return nothing()
        far = {label: distance(colours(bowl), taught) for label, taught in self._taught.items()}
        label = min(far, key=lambda name: far[name])
        confidence = 1 - far[label] / max(sum(far.values()), 1e-6)
        if far[label] > STRANGE or confidence < SURE:
            return nothing()
        return detections_of([Detection(self._box, label, confidence)])


def is_colourless(image: Image) -> bool:
    """Return whether the picture was taken by infrared light, where grey food in a grey bowl could be anything."""
    return float(cv2.cvtColor(image, cv2.COLOR_BGR2HSV)[..., 1].mean()) < COLOURLESS


def colours(image: Image) -> Floats:
    """Return the histogram of hue and saturation in the ellipse that a bowl fills of the box around it, summing to 1."""
    height, width = image.shape[:2]
    inside = np.zeros((height, width), np.uint8)
    cv2.ellipse(inside, (width // 2, height // 2), (width * 2 // 5, height * 2 // 5), 0, 0, 360, 255, -1)
    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
    histogram = cv2.calcHist([hsv], [0, 1], inside, _BINS, [0, 180, 0, 256])
    shares: Floats = (histogram / max(histogram.sum(), 1)).astype(np.float32)
    return shares


def distance(one: Floats, other: Floats) -> float:
    """Return how unlike two histograms are, 0..1 (Bhattacharyya)."""
    return float(cv2.compareHist(one, other, cv2.HISTCMP_BHATTACHARYYA))


def load(model: Path | None) -> Bowl:
    """Return the detector that a folder teaches: full.png, empty.png and bowl.json. Raise InputError for anything else."""
    if model is None:
        message = "the detector 'bowl' needs a folder with full.png, empty.png and bowl.json."
        raise InputError([Problem("missing", "model", message, "Name it in PROACTIVE_DETECTOR_MODEL.")])
    return Bowl(_box(model / "bowl.json"), _picture(model / "full.png"), _picture(model / "empty.png"))


def _box(path: Path) -> Box:
    try:
        x1, y1, x2, y2 = (float(number) for number in json.loads(path.read_text("utf-8"))["box"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError([Problem("not_a_bowl", str(path), f"expected {_EXAMPLE}; {error}.")]) from error
    if not (0 <= x1 < x2 <= 1 and 0 <= y1 < y2 <= 1):
        raise InputError([Problem("not_a_bowl", str(path), f"expected {_EXAMPLE}; found {[x1, y1, x2, y2]}.")])
    return x1, y1, x2, y2


_EXAMPLE = '{"box": [0.4, 0.7, 0.6, 0.9]}, x1 < x2 and y1 < y2, in 0..1 of the picture'


def _picture(path: Path) -> Frame:
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        message = "expected a picture of the view; there is none, or OpenCV cannot read it."
        raise InputError([Problem("not_a_bowl", str(path), message, "Take one with the camera that will look.")])
    return Frame(image.astype(np.uint8, copy=False), _LONG_AGO, "taught")
