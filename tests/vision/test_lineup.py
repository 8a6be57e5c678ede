from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from rules.problem import InputError
from tests.vision.coats import BLACK, BROWN, CREAM, room, without_colour
from vision.detectors.scripted import Appearance, Scripted
from vision.lineup import line_up
from vision.look import Look
from vision.photo import look_at, read_photo
from vision.portrait import read
from vision.zone import Box

HERE: Box = (0.1, 0.3, 0.4, 0.9)
THERE: Box = (0.6, 0.3, 0.9, 0.9)
TINY: Box = (0.6, 0.3, 0.65, 0.4)


def finding(*boxes: Box, label: str = "dog") -> Scripted:
    far = 1e9  # seconds: a photo is of no time
    return Scripted(*(Appearance(label, box, -far, far, 0.9) for box in boxes))


def looks(*lightness: float, hue: tuple[float, float] = (1, 2)) -> list[Look]:
    return [Look((each, *hue)) for each in lightness]


def test_a_photo_teaches_the_coat_of_the_animal_in_it() -> None:
    assert look_at(room((HERE, CREAM)), finding(HERE)).coat is not None
    assert look_at(room((HERE, CREAM)), finding(HERE, label="sheep")).coat is not None


def test_a_photo_of_nobody_or_of_two_or_in_grey_teaches_nothing_and_says_why() -> None:
    photo = room((HERE, CREAM), (THERE, BLACK))
    assert look_at(photo, finding()) == Look(None, "nobody")
    assert look_at(photo, finding(HERE, label="person")) == Look(None, "nobody")
    assert look_at(photo, finding(HERE, THERE)) == Look(None, "several")
    assert look_at(without_colour(photo), finding(HERE)) == Look(None, "no_colour")


def test_one_animal_found_twice_or_beside_a_speck_is_one_animal() -> None:
    nearly: Box = (0.11, 0.3, 0.4, 0.88)
    assert look_at(room((HERE, BROWN)), finding(HERE, nearly)).coat is not None
    assert look_at(room((HERE, BROWN)), finding(HERE, TINY)).coat is not None


def test_what_is_no_picture_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "note.jpg").write_text("cream, curly")
    for name, code in (("note.jpg", "not_a_photo"), ("gone.jpg", "no_photo")):
        with pytest.raises(InputError) as caught:
            read_photo(tmp_path / name)
        assert caught.value.problems[0].code == code


def test_a_picture_is_read_as_it_was_written(tmp_path: Path) -> None:
    picture = room((HERE, CREAM))
    cv2.imwrite(str(tmp_path / "daisy.png"), picture)
    assert (read_photo(tmp_path / "daisy.png") == picture).all()


def test_animals_of_two_colours_are_told_apart_by_photos_that_were_left_out() -> None:
    rows = line_up({"pet.daisy": looks(70, 75, 80, 85), "pet.max": looks(12, 15, 18, 22)})
    assert [(row.subject, row.right, row.photos, row.few) for row in rows] == [
        ("pet.daisy", 4, 4, False),
        ("pet.max", 4, 4, False),
    ]


def test_animals_of_one_colour_are_said_to_be_too_alike() -> None:
    rows = line_up({"pet.daisy": looks(14, 16, 18), "pet.max": looks(13, 17, 19)})
    assert all(row.right == 0 and row.unsure == {"too_alike": 3} and not row.wrong for row in rows)


def test_whoever_is_known_by_words_or_not_at_all_is_in_the_line_up_too() -> None:
    daisy = {"pet.daisy": looks(70, 75, 80)}
    assert line_up(daisy, {"pet.max": read("black")})[0].right == 3
    assert line_up(daisy, {"pet.max": read("cream")})[0].right == 0
    assert line_up(daisy, {"pet.max": None})[0].right == 0


def test_one_photo_is_few_and_stands_for_itself() -> None:
    (row,) = line_up({"pet.daisy": looks(75)})
    assert row.few and row.right == 1
