from __future__ import annotations

from tests.vision.activities.moments import at, subject
from vision.detection import Detection
from vision.moment import Subject, Thing
from vision.things import Things
from vision.zone import Box

PLACE: Box = (0.5, 0.7, 0.6, 0.85)
BESIDE: Box = (0.35, 0.4, 0.48, 0.86)
FAR: Box = (0.0, 0.4, 0.1, 0.86)
Shown = tuple[float, Box | None, Box | None]  # seconds, where the bag is, where the person is


def watch(*script: Shown, label: str = "suitcase") -> tuple[Thing, ...]:
    """Return the things of the last frame."""
    things = Things()
    last: tuple[Thing, ...] = ()
    for seconds, bag, person in script:
        found = [Detection(bag, label, 0.8)] if bag else []
        people: list[Subject] = [subject("person", person)] if person else []
        last = things.receive(at(seconds), at(0), found, people, 1.0)
    return last


def test_a_thing_is_since_when_it_lies_in_its_place() -> None:
    (bag,) = watch((2, PLACE, None), (3, PLACE, None), (4, PLACE, None))
    assert (bag.since, bag.came, bag.attended) == (at(2), True, None)


def test_what_is_there_at_the_first_look_has_not_come() -> None:
    assert [bag.came for bag in watch((0.5, PLACE, None), (9, PLACE, None))] == [False]


def test_a_thing_is_attended_while_a_person_is_within_reach() -> None:
    assert [bag.attended for bag in watch((2, PLACE, BESIDE), (3, PLACE, BESIDE), (4, PLACE, FAR))] == [at(3)]


def test_a_passer_by_hides_a_thing_and_it_is_the_same_afterwards() -> None:
    (bag,) = watch((2, PLACE, None), (3, None, PLACE), (6, None, PLACE), (8, PLACE, None))
    assert bag.since == at(2)


def test_a_thing_that_was_away_for_longer_came_again() -> None:
    assert [bag.since for bag in watch((2, PLACE, None), (14, None, None), (15, PLACE, None))] == [at(15)]


def test_a_bag_that_is_carried_lies_nowhere_for_long() -> None:
    carried = [(2 + n * 0.4, (0.1 * n, 0.5, 0.1 * n + 0.08, 0.6), BESIDE) for n in range(8)]
    assert [bag.since for bag in watch(*carried)] == [at(carried[-1][0])]


def test_what_is_no_bag_is_no_thing() -> None:
    assert watch((2, PLACE, None), label="chair") == ()
