"""Composites: several detectors that look at each frame, as one: YOLO, and beside it one that knows your bowl."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rules.problem import InputError, Problem
from vision.detection import Detections, nothing
from vision.detector import Detector, detect_many
from vision.frame import Frame

PLUS = "+"  # between the names of detectors, and between their models


class Composite:
    """Finds what any of its detectors finds. What two of them find of one label stays found twice: tracking joins boxes."""

    def __init__(self, parts: Sequence[Detector]) -> None:
        self._parts = tuple(parts)

    @property
    def labels(self) -> frozenset[str]:
        return frozenset().union(*(part.labels for part in self._parts))

    def detect(self, frame: Frame) -> Detections:
        return joined([part.detect(frame) for part in self._parts])

    def detect_many(self, frames: Sequence[Frame], /) -> list[Detections]:
        found = [detect_many(part, frames) for part in self._parts]
        return [joined(each) for each in zip(*found, strict=True)]


def joined(found: Sequence[Detections]) -> Detections:
    """Return the detections of several detectors as those of one. A model's own numbers mean nothing beside another's: -1."""
    if not any(map(len, found)):
        return nothing()
    return Detections(
        np.concatenate([each.xyxy for each in found]),
        np.concatenate([each.confidence for each in found]),
        np.full(sum(map(len, found)), -1, np.int64),
        tuple(label for each in found for label in each.label),
    )


def models_of(names: Sequence[str], model: Path | None) -> list[Path | None]:
    """Return the model of each detector. Of `yolo.onnx+` the second has none; one that is given alone is the first one's.

    Raise InputError where there are as many models as neither one nor the detectors.
    """
    given = str(model).split(PLUS) if model else [""]
    if len(given) not in {1, len(names)}:
        message = f"expected a model for each of {PLUS.join(names)}, with {PLUS!r} between them; found {len(given)}."
        raise InputError([Problem("not_one_each", "PROACTIVE_DETECTOR_MODEL", message, "Leave empty what needs none.")])
    return [Path(each) if each else None for each in given] + [None] * (len(names) - len(given))
