from __future__ import annotations

import numpy as np
import pytest

from vision.detection import Floats
from vision.frame import Image
from vision.likeness import DARK, Judge, appearance, difference

BOWL = ((0.4, 0.6), (0.6, 0.6), (0.6, 0.9), (0.4, 0.9))
STEEL, KIBBLE, HAND = (170, 170, 170), (40, 80, 120), (120, 150, 230)
Colour = tuple[int, int, int]


def kitchen(bowl: Colour, light: float = 1.0, seed: int = 0, shift: int = 0) -> Image:
    """Return a picture of a bowl of that colour on grey tiles, with a sensor's noise."""
    picture = np.full((180, 320, 3), 110, np.float64)
    picture[::20] = picture[:, ::20] = 90
    picture[108 + shift : 162 + shift, 128 + shift : 192 + shift] = bowl
    return (picture * light + np.random.default_rng(seed).normal(0, 4, picture.shape)).clip(0, 255).astype(np.uint8)


def bowl_of(picture: Image) -> Floats:
    found = appearance(picture, BOWL)
    assert found is not None
    return found


@pytest.fixture
def judge() -> Judge:
    return Judge({"full": [bowl_of(kitchen(KIBBLE, seed=1))], "empty": [bowl_of(kitchen(STEEL, seed=2))]})


@pytest.mark.parametrize(("bowl", "value"), [(KIBBLE, "full"), (STEEL, "empty")])
@pytest.mark.parametrize(("light", "shift"), [(1.0, 0), (0.6, 0), (1.4, 0), (1.0, 2)])
def test_a_zone_is_what_its_taught_pictures_show_in_more_or_less_light_and_a_little_aside(
    judge: Judge, bowl: Colour, value: str, light: float, shift: int
) -> None:
    seen = judge.judge(bowl_of(kitchen(bowl, light, seed=3, shift=shift)))
    assert seen.value == value
    assert seen.confidence > 0.8


def test_what_was_never_taught_is_no_value(judge: Judge) -> None:
    assert judge.judge(bowl_of(kitchen(HAND))).value is None


def test_what_lies_half_way_between_two_values_is_neither(judge: Judge) -> None:
    half = tuple((a + b) // 2 for a, b in zip(STEEL, KIBBLE, strict=True))
    assert judge.judge(bowl_of(kitchen((half[0], half[1], half[2])))).value is None


def test_nothing_looks_like_anything_in_the_dark() -> None:
    assert appearance(kitchen(STEEL, light=DARK / 130), BOWL) is None


def test_pictures_that_are_too_alike_tell_nothing() -> None:
    alike = Judge({"open": [bowl_of(kitchen(STEEL, seed=1))], "closed": [bowl_of(kitchen(STEEL, seed=2))]})
    assert not alike.is_telling
    assert alike.judge(bowl_of(kitchen(STEEL))).value is None


def test_one_picture_of_several_is_enough_to_be_like() -> None:
    by_day_and_lamp = [bowl_of(kitchen(STEEL)), bowl_of(kitchen((90, 150, 200)))]
    judge = Judge({"empty": by_day_and_lamp, "full": [bowl_of(kitchen(KIBBLE))]})
    assert judge.judge(bowl_of(kitchen((90, 150, 200), seed=5))).value == "empty"


def test_only_the_zone_counts() -> None:
    elsewhere = kitchen(STEEL, seed=1)
    elsewhere[:90, :60] = (0, 0, 200)
    assert difference(bowl_of(elsewhere), bowl_of(kitchen(STEEL, seed=2))) < 5


@pytest.mark.parametrize("zone", [((0.0, 0.0), (0.001, 0.0), (0.0, 0.001)), ((0.9, 0.9), (1.0, 1.0), (1.0, 0.9))])
def test_a_zone_may_be_smaller_than_a_pixel_or_at_the_edge(zone: tuple[tuple[float, float], ...]) -> None:
    found = appearance(kitchen(STEEL), zone)
    assert found is not None
    assert found.shape == (16, 16, 3)
