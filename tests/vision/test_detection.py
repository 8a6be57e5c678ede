from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from vision.detection import Detection, Detections, detections_of, nothing
from vision.frame import Frame

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
DOG = Detection((0.0, 0.25, 0.5, 1.0), "dog", 0.75)


def test_detections_give_back_what_they_were_made_of() -> None:
    assert list(detections_of([DOG, DOG])) == [DOG, DOG]
    assert list(nothing()) == []


def test_a_wrong_shape_is_told_with_the_expected_and_the_found_one() -> None:
    with pytest.raises(ValueError, match=r"\(1, 4\).*found.*\(1, 3\)"):
        Detections(np.zeros((1, 3), np.float32), np.zeros(1, np.float32), np.zeros(1, np.int64), ("dog",))


def test_detections_of_a_crop_lie_where_the_crop_was_cut() -> None:
    (moved,) = detections_of([DOG]).within((0.5, 0.0, 1.0, 0.5))
    assert moved.xyxy == (0.5, 0.125, 0.75, 0.5)


def test_a_selection_keeps_label_and_box_together() -> None:
    cat = Detection((0.5, 0.5, 1.0, 1.0), "cat", 0.5)
    assert list(detections_of([DOG, cat]).select(np.array([False, True]))) == [cat]


def test_a_frame_refuses_what_is_not_a_picture_at_a_time() -> None:
    with pytest.raises(ValueError, match=r"\(height, width, 3\) uint8, found \(4, 4\) float64"):
        Frame(np.zeros((4, 4)), NOON, "cam.kitchen")  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(ValueError, match="aware"):
        Frame(np.zeros((4, 4, 3), np.uint8), NOON.replace(tzinfo=None), "cam.kitchen")


def test_a_crop_is_never_empty() -> None:
    frame = Frame(np.zeros((10, 20, 3), np.uint8), NOON, "cam.kitchen")
    assert frame.crop((0.5, 0.5, 1.0, 1.0)).image.shape == (5, 10, 3)
    assert frame.crop((1.0, 1.0, 1.0, 1.0)).image.shape == (1, 1, 3)
