"""The obligations of a detector as a check that its author runs: `check_detector(MyDetector())`."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from vision.detection import Detections
from vision.detector import Detector, detect_many
from vision.frame import Frame, Image

_TIME = datetime(2026, 3, 9, 12, tzinfo=UTC)


def check_detector(detector: Detector, *images: Image) -> None:
    """Raise AssertionError unless the detector keeps the port's promises, on `images` and on some of our own."""
    assert isinstance(detector.labels, frozenset), f"labels: expected a frozenset, found {type(detector.labels)}"
    assert detector.labels, "labels: expected at least one label that the detector can give"
    shown = (*_pictures(), *images)
    for image in shown:
        _check_image(detector, image)
    _check_batch(detector, [Frame(image, _TIME, f"cam.{number}") for number, image in enumerate(shown)])


def _pictures() -> tuple[Image, ...]:
    """Return pictures that have broken detectors: black, noise, one odd and tall, one of a single pixel."""
    noise = np.random.default_rng(7).integers(0, 256, (360, 640, 3), dtype=np.uint8)
    return (np.zeros((360, 640, 3), np.uint8), noise, noise[:301, :97].copy(), noise[:1, :1].copy())


def _check_image(detector: Detector, image: Image) -> None:
    before = image.copy()
    first = detector.detect(Frame(image, _TIME, "cam.check"))
    again = detector.detect(Frame(image, _TIME, "cam.check"))
    assert np.array_equal(image, before), "the image was changed: copy it before drawing or scaling in place"
    _check_detections(first, detector.labels)
    _check_same(first, again, "the same image, shown twice,")


def _check_batch(detector: Detector, frames: list[Frame]) -> None:
    """Check that frames of several cameras and sizes, given together, are told as one by one: in any number, none too."""
    alone = [detector.detect(frame) for frame in frames]
    for count in (0, 1, len(frames)):
        together = detect_many(detector, frames[:count])
        assert len(together) == count, (
            f"detect_many: expected {count} answers for {count} frames, found {len(together)}"
        )
        for one, other in zip(alone, together, strict=False):
            _check_same(one, other, "the same image, alone and in detect_many,")


def _check_same(one: Detections, other: Detections, shown: str) -> None:
    assert one.label == other.label, f"{shown} gave {one.label}, then {other.label}"
    assert np.allclose(one.xyxy, other.xyxy, atol=1e-3), f"{shown} gave other boxes"
    assert np.allclose(one.confidence, other.confidence, atol=1e-2), f"{shown} gave another confidence"


def _check_detections(found: Detections, labels: frozenset[str]) -> None:
    assert isinstance(found, Detections), f"expected vision.detection.Detections, found {type(found)}"
    boxes, sure = found.xyxy, found.confidence
    assert ((boxes >= 0) & (boxes <= 1)).all(), f"xyxy: expected values in 0..1 of the picture, found {boxes.tolist()}"
    ordered = (boxes[:, 0] <= boxes[:, 2]) & (boxes[:, 1] <= boxes[:, 3])
    assert ordered.all(), f"xyxy: expected x1 <= x2 and y1 <= y2, found {boxes.tolist()}"
    assert ((sure >= 0) & (sure <= 1)).all(), f"confidence: expected values in 0..1, found {sure.tolist()}"
    strange = set(found.label) - labels
    assert not strange, f"label: {sorted(strange)} are not among the detector's labels"
