from __future__ import annotations

import numpy as np
import pytest

from tests.vision.test_closeup import EMPTY, Nearsighted, at
from vision.closeup import CloseUps, around
from vision.detection import Detection, Detections, detections_of
from vision.frame import Frame, Image
from vision.zone import Box

NEAR: Box = (0.40, 0.50, 0.65, 0.75)
FAR: Box = (0.50, 0.50, 0.62, 0.60)


def cat(box: Box) -> Image:
    picture = EMPTY.copy()
    picture[round(box[1] * 360) : round(box[3] * 360), round(box[0] * 640) : round(box[2] * 640)] = 200
    return picture


def found(looks: CloseUps, *pictures: Image) -> list[int]:
    """Return how many animals each picture shows."""
    return [len(looks.detect(at(number, picture))) for number, picture in enumerate(pictures)]


def test_an_animal_that_goes_away_from_the_camera_is_followed_by_a_closer_look() -> None:
    looks = CloseUps(Nearsighted(), [])
    looks.detect(at(0, cat(NEAR)))
    (followed,) = looks.detect(at(1, cat(FAR)))
    assert followed.xyxy == pytest.approx(FAR, abs=0.01)
    assert found(CloseUps(Nearsighted(), []), cat(FAR)) == [0]


def test_what_is_gone_is_looked_for_closer_for_two_seconds() -> None:
    detector = Nearsighted()
    assert found(CloseUps(detector, []), cat(NEAR), *[EMPTY] * 20) == [1] + [0] * 20
    assert len(detector.looks) == 21 + 5


def test_what_only_closer_looks_show_is_believed_for_five_seconds() -> None:
    assert found(CloseUps(Nearsighted(), []), cat(NEAR), *[cat(FAR)] * 20) == [1] * 13 + [0] * 8


def test_what_fills_half_of_the_picture_is_not_looked_at_closer() -> None:
    detector = Nearsighted()
    found(CloseUps(detector, []), cat((0.2, 0.2, 0.8, 0.8)), EMPTY)
    assert len(detector.looks) == 2


def test_what_is_large_is_looked_at_as_much_closer_as_still_shows_what_is_around_it() -> None:
    view = around((0.3, 0.3, 0.6, 0.6), 640, 360)
    assert view
    assert (view[2] - view[0]) * 640 == pytest.approx(360)


class Doubtful(Nearsighted):
    """Finds the small ones too, without being sure."""

    def detect(self, frame: Frame) -> Detections:
        sure = super().detect(frame)
        whole = frame.image.shape[1] == 640 and frame.image.max() > 150
        return sure if len(sure) or not whole else detections_of([Detection(FAR, "cat", 0.3)])


def test_a_doubtful_animal_where_one_was_a_moment_ago_becomes_the_surer_one_of_a_closer_look() -> None:
    looks = CloseUps(Doubtful(), [])
    assert [one.confidence for one in looks.detect(at(0, cat(FAR)))] == [pytest.approx(0.3)]
    looks.detect(at(1, cat(NEAR)))
    assert [one.confidence for one in looks.detect(at(2, cat(FAR)))] == [pytest.approx(0.9)]


def test_a_closer_look_stays_in_the_picture_and_is_square_in_pixels() -> None:
    for box in (NEAR, FAR, (0.0, 0.0, 0.1, 0.1), (0.9, 0.9, 1.0, 1.0)):
        view = around(box, 640, 360)
        assert view
        assert np.clip(view, 0, 1) == pytest.approx(view)
        assert (view[2] - view[0]) * 640 == pytest.approx((view[3] - view[1]) * 360)
