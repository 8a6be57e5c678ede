"""Detections: what a detector found in one frame, as arrays of equal length, in supervision's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from vision.zone import Box

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
FAINT = 0.15  # the least that built-in detectors tell of what may be there
CLEAR = 0.25  # what is found with less counts only where something was found before: see `track`


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing that was found: its box in 0..1, its label and how sure the detector was.

    Where several labels were found for one thing, `labels` are all of them, each with how sure the detector was of it alone.
    """

    xyxy: Box
    label: str
    confidence: float
    labels: tuple[tuple[str, float], ...] = ()

    @property
    def called(self) -> tuple[tuple[str, float], ...]:
        """Return each label that it was given, with how sure the detector was of it."""
        return self.labels or ((self.label, self.confidence),)


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """What was found: `xyxy` (N, 4) in 0..1, `confidence` (N,) in 0..1, `class_id` (N,), and N names in `label`.

    `class_id` is the model's own number; `label` is its name, and the only one of the two that the product uses.
    """

    xyxy: Floats
    confidence: Floats
    class_id: Ints
    label: tuple[str, ...]

    def __post_init__(self) -> None:
        count = len(self.label)
        expected = {"xyxy": (count, 4), "confidence": (count,), "class_id": (count,)}
        found = {name: getattr(self, name).shape for name in expected}
        if found != expected:
            raise ValueError(f"expected the shapes {expected} for {count} labels, found {found}")

    def __len__(self) -> int:
        return len(self.label)

    def __iter__(self) -> Iterator[Detection]:
        for box, confidence, label in zip(self.xyxy.tolist(), self.confidence.tolist(), self.label, strict=True):
            yield Detection(cast(Box, tuple(box)), label, confidence)

    def select(self, keep: NDArray[np.bool_]) -> Detections:
        """Return the detections where `keep` (N,) is true."""
        labels = tuple(label for label, kept in zip(self.label, keep.tolist(), strict=True) if kept)
        return Detections(self.xyxy[keep], self.confidence[keep], self.class_id[keep], labels)

    def clear(self) -> Detections:
        """Return the detections that mean something by themselves."""
        keep = self.confidence >= CLEAR
        return self if keep.all() else self.select(keep)

    def within(self, box: Box) -> Detections:
        """Return the detections of a crop in the coordinates of the picture that `box` was cut from."""
        x1, y1, x2, y2 = box
        scale = np.array([x2 - x1, y2 - y1] * 2, np.float32)
        xyxy = self.xyxy * scale + np.array([x1, y1] * 2, np.float32)
        return Detections(xyxy, self.confidence, self.class_id, self.label)


def detections_of(found: Iterable[Detection]) -> Detections:
    """Return single detections as arrays; `class_id` is -1, since no model numbered them."""
    rows = list(found)
    return Detections(
        np.array([row.xyxy for row in rows], np.float32).reshape(-1, 4),
        np.array([row.confidence for row in rows], np.float32),
        np.full(len(rows), -1, np.int64),
        tuple(row.label for row in rows),
    )


def nothing() -> Detections:
    """Return no detections."""
    return detections_of(())
