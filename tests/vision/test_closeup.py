from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from tests.vision.kitchens import START
from vision.closeup import CloseUps, view_of
from vision.detection import Detection, Detections, detections_of
from vision.frame import Frame, Image
from vision.zone import Box, Zone

FAR_BOWL = Zone("food_bowl", ((0.60, 0.70), (0.64, 0.70), (0.64, 0.74), (0.60, 0.74)))
EMPTY = np.full((360, 640, 3), 60, np.uint8)
CAT: Box = (0.58, 0.64, 0.66, 0.73)


def with_cat(brightness: int = 200) -> Image:
    picture = EMPTY.copy()
    picture[round(CAT[1] * 360) : round(CAT[3] * 360), round(CAT[0] * 640) : round(CAT[2] * 640)] = brightness
    return picture


class Nearsighted:
    """Finds what is bright as a cat, where it takes at least a fifth of the picture's width; counts its looks."""

    labels = frozenset({"cat"})

    def __init__(self) -> None:
        self.looks: list[tuple[int, ...]] = []

    def detect(self, frame: Frame) -> Detections:
        self.looks.append(frame.image.shape[:2])
        height, width = frame.image.shape[:2]
        ys, xs = np.nonzero(frame.image[..., 0] > 150)
        if not xs.size or np.ptp(xs) < width / 5:
            return detections_of([])
        box = (xs.min() / width, ys.min() / height, (xs.max() + 1) / width, (ys.max() + 1) / height)
        return detections_of([Detection(box, "cat", 0.9)])


def at(number: int, image: Image) -> Frame:
    return Frame(image, START + timedelta(seconds=number * 0.4), "cam.kitchen")


def test_a_small_subject_at_a_small_zone_is_found_where_it_is_in_the_picture() -> None:
    detector = Nearsighted()
    assert list(detector.detect(at(0, with_cat()))) == []
    (found,) = CloseUps(detector, [FAR_BOWL]).detect(at(0, with_cat()))
    assert found.xyxy == pytest.approx(CAT, abs=0.01)


def test_an_empty_zone_that_does_not_change_is_looked_at_once() -> None:
    detector = Nearsighted()
    looks = CloseUps(detector, [FAR_BOWL])
    noise = np.random.default_rng(1)
    for number in range(20):
        looks.detect(at(number, (EMPTY + noise.integers(0, 8, EMPTY.shape)).astype(np.uint8)))
    assert len(detector.looks) == 21


def test_what_comes_and_keeps_still_is_looked_at_in_every_frame() -> None:
    looks = CloseUps(Nearsighted(), [FAR_BOWL])
    assert len(looks.detect(at(0, EMPTY))) == 0
    assert [len(looks.detect(at(number, with_cat()))) for number in range(1, 20)] == [1] * 19


def test_light_that_changes_costs_one_look() -> None:
    detector = Nearsighted()
    looks = CloseUps(detector, [FAR_BOWL])
    for number in range(10):
        looks.detect(at(number, EMPTY if number < 5 else EMPTY + np.uint8(60)))
    assert len(detector.looks) == 12


def test_what_the_whole_picture_shows_is_not_looked_for_again() -> None:
    class Sharp(Nearsighted):
        def detect(self, frame: Frame) -> Detections:
            self.looks.append(frame.image.shape[:2])
            return detections_of([Detection(CAT, "cat", 0.9)])

    detector = Sharp()
    assert len(CloseUps(detector, [FAR_BOWL]).detect(at(0, with_cat()))) == 1
    assert len(detector.looks) == 1


def test_a_person_found_already_is_not_found_a_second_time_by_a_leg() -> None:
    class Crowd(Nearsighted):
        def detect(self, frame: Frame) -> Detections:
            whole = frame.image.shape[1] == 640
            box: Box = (0.5, 0.1, 0.7, 0.9) if whole else (0.4, 0.0, 0.8, 1.0)
            return detections_of([Detection(box, "person", 0.9)])

    assert len(CloseUps(Crowd(), [FAR_BOWL]).detect(at(0, EMPTY))) == 1


def test_a_zone_that_is_large_in_the_picture_needs_no_close_up() -> None:
    large = Zone("food_bowl", ((0.4, 0.7), (0.65, 0.7), (0.65, 1.0), (0.4, 1.0)))
    assert view_of(large, 16 / 9) is None


@pytest.mark.parametrize("x", [0.0, 0.5, 0.95])
@pytest.mark.parametrize("y", [0.0, 0.5, 0.95])
def test_a_close_up_lies_in_the_picture_and_holds_its_zone(x: float, y: float) -> None:
    box = view_of(Zone("z", ((x, y), (x + 0.05, y), (x + 0.05, y + 0.05), (x, y + 0.05))), 16 / 9)
    assert box is not None
    assert 0 <= box[0] <= x and 0 <= box[1] <= y
    assert x + 0.05 <= box[2] + 1e-9 and y + 0.05 <= box[3] + 1e-9
    assert max(box) <= 1 + 1e-9
