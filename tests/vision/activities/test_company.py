from __future__ import annotations

from tests.vision.activities.moments import at, moment, subject
from vision.activities.company import alone, together
from vision.zone import Box

DOG: Box = (0.1, 0.6, 0.3, 0.8)
BESIDE: Box = (0.35, 0.4, 0.5, 0.82)
ACROSS: Box = (0.8, 0.4, 0.95, 0.82)
FAR_BEHIND: Box = (0.32, 0.1, 0.36, 0.3)


def test_an_animal_is_alone_when_no_person_has_been_seen_for_longer_than_a_blink() -> None:
    dog = subject("dog", DOG)
    assert list(alone(moment(dog)))
    assert list(alone(moment(dog, last_seen={"animal": at(0), "person": at(-3)})))
    assert list(alone(moment(dog, last_seen={"animal": at(0), "person": at(-1)}))) == []


def test_nobody_is_alone_before_it_is_known_that_nobody_is_there() -> None:
    assert list(alone(moment(subject("dog", DOG), began=at(-1)))) == []


def test_two_animals_without_a_person_are_alone_both() -> None:
    assert len(list(alone(moment(subject("dog", DOG), subject("cat", ACROSS))))) == 2


def test_a_person_is_never_alone_since_nobody_asks() -> None:
    assert list(alone(moment(subject("person", BESIDE)))) == []


def test_who_stand_beside_each_other_are_together_and_the_animal_is_with_the_person() -> None:
    (shown,) = together(moment(subject("person", BESIDE), subject("dog", DOG)))
    assert (shown.subject.label, shown.other and shown.other.label) == ("dog", "person")


def test_who_are_across_the_room_or_one_behind_the_other_are_not_together() -> None:
    assert list(together(moment(subject("person", ACROSS), subject("dog", DOG)))) == []
    assert list(together(moment(subject("person", FAR_BEHIND), subject("dog", DOG)))) == []


def test_a_dog_beside_a_car_is_not_with_it() -> None:
    assert list(together(moment(subject("car", BESIDE), subject("dog", DOG)))) == []
