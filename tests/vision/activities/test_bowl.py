from __future__ import annotations

import pytest

from tests.vision.activities.moments import AT_BOWL, BOWL, WATER, moment, places, subject
from vision.activities.bowl import drinking, eating
from vision.zone import Box, Zone


def test_an_animal_eats_from_a_food_bowl_and_drinks_from_a_water_bowl() -> None:
    zones = (BOWL, WATER)
    assert places(eating, subject("dog", AT_BOWL), zones=zones) == ["food_bowl"]
    assert places(drinking, subject("dog", AT_BOWL), zones=zones) == ["water_bowl"]


def test_a_bowl_for_both_is_eaten_and_drunk_from() -> None:
    both = Zone("food_and_water_bowls", BOWL.polygon)
    assert places(eating, subject("cat", AT_BOWL), zones=(both,)) == [both.name]
    assert places(drinking, subject("cat", AT_BOWL), zones=(both,)) == [both.name]


def test_nobody_drinks_from_a_zone_that_only_has_water_in_its_name() -> None:
    assert places(drinking, subject("dog", AT_BOWL), zones=(Zone("water_heater", BOWL.polygon),)) == []


def test_a_person_at_a_bowl_neither_eats_nor_drinks() -> None:
    assert places(eating, subject("person", AT_BOWL), zones=(BOWL,)) == []
    assert places(drinking, subject("person", AT_BOWL), zones=(WATER,)) == []


def test_a_bowl_behind_the_raised_end_is_not_eaten_from() -> None:
    raised = Zone("food_bowl", ((0.1, 0.2), (0.2, 0.2), (0.2, 0.4), (0.1, 0.4)))
    assert places(eating, subject("dog", AT_BOWL), zones=(raised,)) == []


@pytest.mark.parametrize(("heading", "basis"), [(1, "head_at_bowl"), (-1, "at_bowl"), (0, "at_bowl")])
def test_the_basis_says_whether_the_end_that_went_first_is_at_the_bowl(heading: int, basis: str) -> None:
    """The bowl is to the right of the animal's middle."""
    (shown,) = eating(moment(subject("dog", AT_BOWL, heading=heading), zones=(BOWL,)))
    assert shown.basis == basis


def test_the_animal_that_covers_most_of_the_bowl_stands_for_the_meal() -> None:
    beside: Box = (0.2, 0.3, 0.48, 0.98)
    near, far = eating(moment(subject("dog", AT_BOWL), subject("cat", beside), zones=(BOWL,)))
    assert near.weight > far.weight
