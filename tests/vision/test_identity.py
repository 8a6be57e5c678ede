from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from rules.record import Record
from tests.vision.coats import BLACK, BROWN, CREAM, room, without_colour
from tests.vision.kitchens import DAISY, ON_RUG, START, kitchen
from vision.colour import look_of
from vision.detection import Detection, detections_of
from vision.frame import Frame, Image
from vision.identity import Identifier, Taught, only_pet, recognised, strangers
from vision.look import Look, packed
from vision.recogniser import Recogniser
from vision.scene import Scene
from vision.zone import Box, zones_of

MAX = {"id": "pet.max", "name": "Max", "species": "dog"}
BESIDE: Box = (0.6, 0.4, 0.9, 0.95)
Animal = tuple[Box, tuple[int, int, int]]


def photos(colour: tuple[int, int, int], count: int = 4) -> list[Look]:
    """Return looks at photos in the light of several hours."""
    pictures = (room((ON_RUG, colour), light=0.8 + 0.1 * number, seed=number) for number in range(count))
    return [look_of(Frame(picture, START, "photo"), ON_RUG) for picture in pictures]


TAUGHT: Taught = {"pet.daisy": photos(CREAM), "pet.max": photos(BLACK)}


def watch(
    identify: Identifier,
    *animals: Animal,
    seconds: float = 6,
    label: str = "dog",
    seen_as: Callable[[Image], Image] = Image.copy,
) -> list[Record]:
    """Return the records of animals that come after two seconds."""
    home = kitchen(DAISY, MAX)
    scene = Scene(home.home, "cam.kitchen", zones_of({}), identify)
    records: list[Record] = []
    for number in range(round(seconds * 2.5)):
        there = animals if number >= 5 else ()
        picture = seen_as(room(*there, seed=number))
        frame = Frame(picture, START + timedelta(seconds=number / 2.5), "cam.kitchen")
        records += scene.receive(frame, detections_of(Detection(box, label, 0.9) for box, _ in there))
    return records + scene.close()


def told(records: list[Record]) -> set[tuple[str | None, object]]:
    return {(record.subject, record.data.get("identified_by")) for record in records}


@pytest.mark.parametrize(
    ("colour", "subject", "basis"),
    [(CREAM, "pet.daisy", "coat"), (BLACK, "pet.max", "coat"), ((60, 90, 250), "unknown", "nobody_known")],
)
def test_a_pet_is_known_by_its_photos_from_the_first_record_on(
    colour: tuple[int, int, int], subject: str, basis: str
) -> None:
    records = watch(Recogniser(kitchen(DAISY, MAX), TAUGHT), (ON_RUG, colour))
    assert told(records) == {(subject, basis)}
    assert records[0].data["activity"] == "entered"
    assert records[0].time == START + timedelta(seconds=2)


def test_two_pets_at_one_place_are_two_episodes_with_a_name_each() -> None:
    records = watch(Recogniser(kitchen(DAISY, MAX), TAUGHT), (ON_RUG, CREAM), (BESIDE, BLACK))
    episodes = {(record.subject, record.data["episode"]) for record in records}
    assert {subject for subject, _ in episodes} == {"pet.daisy", "pet.max"}
    assert len(episodes) == 2
    assert len({record.id for record in records}) == len(records)


def test_in_a_picture_without_colour_they_are_not_told_apart() -> None:
    records = watch(Recogniser(kitchen(DAISY, MAX), TAUGHT), (ON_RUG, CREAM), seen_as=without_colour)
    assert told(records) == {("unknown", "no_colour")}


def test_the_only_dog_is_known_at_night_too_and_a_stranger_by_day_is_not_taken_for_it() -> None:
    alone = Recogniser(kitchen(DAISY), TAUGHT)
    assert told(watch(alone, (ON_RUG, CREAM), seen_as=without_colour)) == {("pet.daisy", "only_pet")}
    assert told(watch(alone, (ON_RUG, CREAM), label="bear")) == {("pet.daisy", "coat")}
    assert told(watch(alone, (ON_RUG, BLACK))) == {("unknown", "nobody_known")}


def test_without_photos_the_words_of_the_home_tell_two_pets_apart() -> None:
    home = kitchen(DAISY | {"looks": "cream, curly"}, MAX | {"looks": "black labrador"})
    assert told(watch(Recogniser(home, {}), (ON_RUG, CREAM))) == {("pet.daisy", "coat_words")}
    assert recognised(home) == {"pet.daisy", "pet.max"}


def test_without_photos_and_words_it_is_as_if_only_kinds_were_known() -> None:
    home = kitchen(DAISY, MAX)
    for identify in (Recogniser(home, {}), only_pet(home)):
        assert told(watch(identify, (ON_RUG, CREAM))) == {(None, None)}
    assert recognised(home) == frozenset()
    assert recognised(home, TAUGHT) == {"pet.daisy", "pet.max"}


def test_of_which_kinds_a_stranger_is_told_from_the_pets_of_the_home() -> None:
    assert strangers(kitchen(DAISY)) == {"cat"}
    assert strangers(kitchen(DAISY), TAUGHT) == {"cat", "dog"}
    assert strangers(kitchen(DAISY, MAX), TAUGHT) == {"cat", "dog"}
    assert strangers(kitchen(DAISY | {"looks": "cream"})) == {"cat"}


def test_a_visit_too_short_for_several_looks_is_told_without_a_name() -> None:
    records = watch(Recogniser(kitchen(DAISY, MAX), TAUGHT), (ON_RUG, BROWN), seconds=2.8)
    assert told(records) == {(None, None)}
    assert [record.data["phase"] for record in records] == ["start", "end"]


BUILDS = {"pet.daisy": packed(np.array([1, 0.3], np.float32)), "pet.max": packed(np.array([0.3, 1], np.float32))}


def twins(count: int) -> Taught:
    """Return photos of two black dogs of which a network makes two things."""
    return {who: [replace(look, embedding=build) for look in photos(BLACK, count)] for who, build in BUILDS.items()}


class Network:
    """Makes of every crop what it makes of Max, and counts them."""

    def __init__(self) -> None:
        self.crops = 0

    def __call__(self, crop: Image) -> bytes:
        self.crops += 1
        return BUILDS["pet.max"]


@pytest.mark.parametrize(("count", "subject", "crops"), [(3, "pet.max", 3), (2, "unknown", 0)])
def test_two_of_one_colour_are_looked_at_closer_three_times_where_there_are_photos_to_hold_it_against(
    monkeypatch: pytest.MonkeyPatch, count: int, subject: str, crops: int
) -> None:
    network = Network()
    monkeypatch.setattr("vision.recogniser.load_embedder", lambda: network)
    records = watch(Recogniser(kitchen(DAISY, MAX), twins(count)), (ON_RUG, BLACK))
    basis = "coat_and_build" if crops else "too_alike"
    assert told(records) == {(subject, basis)}
    assert network.crops == crops
