from __future__ import annotations

import pytest

from tests.vision.activities.moments import PORCH, moment, places, subject
from vision.activities.rest import lying
from vision.activities.speed import running, speed
from vision.moment import Subject
from vision.zone import Box

FLAT: Box = (0.3, 0.6, 0.7, 0.8)  # twice as long as high
UPRIGHT: Box = (0.4, 0.3, 0.7, 0.8)


def still(label: str, box: Box, seconds: float = 6) -> Subject:
    return subject(label, *[box] * round(seconds / 0.4))


@pytest.mark.parametrize("label", ["dog", "cat", "person"])
def test_a_body_that_is_long_and_still_lies(label: str) -> None:
    assert places(lying, still(label, FLAT)) == [""]
    assert places(lying, still(label, UPRIGHT)) == []


def test_who_lies_in_a_zone_lies_there_and_not_in_the_picture_too() -> None:
    assert places(lying, still("dog", FLAT), zones=(PORCH,)) == ["porch"]


def test_a_body_that_moves_does_not_lie_however_long_it_is() -> None:
    walk = [(0.05 * n, 0.6, 0.4 + 0.05 * n, 0.8) for n in range(12)]
    assert places(lying, subject("dog", *walk)) == []


@pytest.mark.parametrize("cut", [(0.3, 0.0, 0.7, 0.2), (0.3, 0.8, 0.7, 1.0)])
def test_a_body_that_the_picture_cuts_off_may_stand(cut: Box) -> None:
    assert places(lying, still("dog", cut)) == []


def test_a_car_does_not_lie_about_and_does_not_run() -> None:
    assert places(lying, still("car", FLAT)) == []
    assert places(running, crossing("car", 5)) == []


def crossing(label: str, lengths: float, count: int = 3) -> Subject:
    """Return who crosses the picture at that many of its lengths a second, 0.2 long (people: high)."""
    width, height = (0.1, 0.2) if label == "person" else (0.2, 0.15)
    step = 0.4 * lengths * 0.2
    return subject(label, *[(step * n, 0.5, step * n + width, 0.5 + height) for n in range(count)])


@pytest.mark.parametrize(("label", "walk", "run"), [("dog", 1.2, 3.5), ("cat", 1.0, 4.0), ("person", 0.9, 2.0)])
def test_who_is_faster_than_any_walk_runs(label: str, walk: float, run: float) -> None:
    assert places(running, crossing(label, walk)) == []
    assert places(running, crossing(label, run)) == [""]


def test_speed_is_in_lengths_of_the_own_body_a_second() -> None:
    assert speed(moment(), crossing("dog", 3)) == pytest.approx(3)


def test_a_jump_between_two_frames_alone_is_no_speed() -> None:
    assert places(running, crossing("dog", 10, count=2)) == []


def test_a_box_that_becomes_a_part_of_itself_has_not_moved() -> None:
    """The half that looks out from behind a sofa has its middle elsewhere."""
    assert places(running, subject("dog", *[(0.0, 0.5, 0.8, 0.8)] * 3, (0.7, 0.5, 0.8, 0.6))) == []
