from __future__ import annotations

from dataclasses import replace

from tests.vision.activities.moments import NOON, PORCH, at, moment, places, subject
from vision.activities.linger import left_behind, loitering
from vision.moment import Thing
from vision.zone import Box

SOMEWHERE: Box = (0.4, 0.4, 0.5, 0.9)
BAG = Thing("suitcase", (0.4, 0.7, 0.5, 0.9), 0.8, since=at(-60), came=True, attended=at(-30))


def test_a_person_in_a_zone_lingers_there_and_an_animal_or_a_car_does_not() -> None:
    assert places(loitering, subject("person", SOMEWHERE), zones=(PORCH,)) == ["porch"]
    assert places(loitering, subject("dog", SOMEWHERE), subject("car", SOMEWHERE), zones=(PORCH,)) == []


def test_nobody_loiters_in_a_picture_without_zones() -> None:
    assert places(loitering, subject("person", SOMEWHERE)) == []


def left(thing: Thing) -> list[str]:
    return [shown.zone for shown in left_behind(moment(things=(thing,), zones=(PORCH,)))]


def test_a_bag_whose_person_has_gone_is_left_behind_where_it_lies() -> None:
    assert left(BAG) == ["porch"]


def test_a_bag_is_not_left_behind_while_somebody_is_near_or_where_nobody_ever_was() -> None:
    assert left(replace(BAG, attended=NOON)) == []
    assert left(replace(BAG, attended=None)) == []


def test_a_bag_that_was_there_at_the_first_look_belongs_there() -> None:
    assert left(replace(BAG, came=False)) == []
