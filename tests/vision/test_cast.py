from __future__ import annotations

from datetime import UTC, datetime

from vision.activity import Shown
from vision.cast import Sighting, cast_of
from vision.detection import Detection
from vision.identity import Identity
from vision.moment import Subject
from vision.track import Track

DAISY, MAX = Identity("pet.daisy", "coat"), Identity("pet.max", "coat")
DOUBT, STRANGER = Identity("unknown", "too_alike"), Identity("unknown", "nobody_known")


def sighting(identity: Identity | None = None, weight: float = 0.5) -> Sighting:
    found = Detection((0, 0, 1, 1), "dog", 0.9)
    track = Track(1, "animal", found, datetime(2026, 3, 9, 12, tzinfo=UTC))
    return Sighting(Shown(Subject(track, ()), "in_picture", weight=weight), identity)


def names(*sightings: Sighting, going_on: tuple[str, ...] = ()) -> set[str]:
    return set(cast_of(sightings, going_on).seen)


def test_two_that_have_names_are_two_and_two_that_have_none_are_one() -> None:
    assert names(sighting(DAISY), sighting(MAX)) == {"pet.daisy", "pet.max"}
    assert names(sighting(), sighting(DOUBT)) == {""}


def test_of_two_tracks_of_one_subject_the_one_that_covers_more_counts() -> None:
    large = sighting(DAISY, 0.9)
    assert cast_of([sighting(DAISY, 0.2), large], ()).seen == {"pet.daisy": large}


def test_a_new_id_without_a_name_goes_on_with_the_one_that_is_missed() -> None:
    assert names(sighting(), going_on=("pet.daisy",)) == {"pet.daisy"}
    assert names(sighting(DOUBT), going_on=("pet.daisy",)) == {"pet.daisy"}


def test_a_stranger_and_one_of_two_that_are_missed_go_on_with_nobody() -> None:
    assert names(sighting(STRANGER), going_on=("pet.daisy",)) == {""}
    assert names(sighting(), going_on=("pet.daisy", "pet.max")) == {""}
    assert names(sighting(), sighting(DAISY), going_on=("pet.daisy",)) == {"", "pet.daisy"}


def test_a_name_that_comes_late_is_given_to_the_nameless_happening() -> None:
    assert cast_of([sighting(DAISY)], ("",)).renamed == "pet.daisy"
    assert cast_of([sighting(DAISY)], ("", "pet.daisy")).renamed is None
    assert cast_of([sighting(DAISY), sighting()], ("",)).renamed is None
