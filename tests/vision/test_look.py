from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from tests.vision.coats import BLACK, BROWN, CREAM, room, without_colour
from vision.colour import coat, has_colour, is_dark, look_of
from vision.frame import Frame, Image
from vision.look import Look, together
from vision.zone import Box

HERE: Box = (0.3, 0.3, 0.7, 0.9)


def look(image: Image, box: Box = HERE) -> Look:
    return look_of(Frame(image, datetime(2026, 3, 9, 12, tzinfo=UTC), "cam.kitchen"), box)


def test_a_coat_is_the_colour_of_the_middle_of_the_box_and_not_of_the_room_around_it() -> None:
    coats = [look(room((HERE, colour))).coat for colour in (CREAM, BROWN, BLACK)]
    assert all(coats)
    lightness = [coat[0] for coat in coats if coat]
    assert lightness == sorted(lightness, reverse=True)
    assert lightness[0] > 75
    assert 40 > lightness[1] > 20 > lightness[2]


def test_a_picture_without_colour_shows_no_coat() -> None:
    assert look(without_colour(room((HERE, CREAM)))) == Look(None, "no_colour")


def test_a_tint_over_a_picture_without_colour_is_no_colour() -> None:
    grey = without_colour(room((HERE, CREAM))).astype(np.float64)
    assert not has_colour((grey * (1.0, 0.9, 0.95)).astype(np.uint8))


def test_a_black_dog_in_a_white_room_is_seen_in_colour() -> None:
    picture = room((HERE, BLACK))
    picture[:240] = (235, 238, 240)
    assert has_colour(picture)


def test_in_the_dark_no_coat_is_black() -> None:
    night = room((HERE, CREAM), light=0.1)
    assert is_dark(night)
    assert look(night) == Look(None, "too_dark")


def test_a_speck_has_no_coat() -> None:
    assert look(room((HERE, CREAM)), (0.5, 0.5, 0.51, 0.6)) == Look(None, "too_small")


@pytest.mark.parametrize("shape", [(12, 12), (13, 200), (2000, 1500)])
def test_a_crop_of_any_shape_is_measured(shape: tuple[int, int]) -> None:
    found = coat(np.full((*shape, 3), 255, np.uint8))
    assert found == pytest.approx((100, 0, 0), abs=0.1)


def test_looking_leaves_the_picture_as_it_is() -> None:
    picture = room((HERE, CREAM))
    before = picture.copy()
    look(picture)
    assert (picture == before).all()


def test_several_looks_make_one_that_a_passing_shadow_does_not_move() -> None:
    assert together([Look((70, 0, 10)), Look((71, 1, 11)), Look((5, 0, 0))]) == Look((70, 0, 10))
    assert together([Look(None, "no_colour"), Look(None, "no_colour"), Look((5, 0, 0))]) == Look(None, "no_colour")
    assert together([]) is None
