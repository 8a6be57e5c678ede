from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from rules.record import decode, encode
from tests.vision.kitchens import (
    AT_BOWL,
    BOWL,
    DAISY,
    LIT,
    ON_RUG,
    START,
    after,
    kitchen,
    meals,
    of,
    scene,
    seen,
    there,
)
from vision.detection import Detection, detections_of
from vision.detectors.scripted import Appearance
from vision.frame import Frame
from vision.zone import Box


def test_a_meal_is_one_episode_from_coming_to_leaving_and_a_short_visit_is_none() -> None:
    records = seen(there(6, 26), there(32, 35))
    assert meals(records) == [pytest.approx((6, 26), abs=0.5)]
    assert len({r.data["episode"] for r in of(records, "eating")}) == 1


def test_the_length_of_a_meal_so_far_is_in_each_of_its_records() -> None:
    for record in of(seen(there(6, 50)), "eating"):
        assert after(record) - record.data["lasted"] == pytest.approx(6, abs=0.5)


def test_a_detector_that_blinks_does_not_part_a_meal() -> None:
    assert len(meals(seen(there(6, 12), there(13.5, 20), there(21.5, 30)))) == 1


def test_labels_that_waver_do_not_part_a_meal_and_the_pet_stays_itself() -> None:
    labels = ["bear", "dog", "sheep", "dog", "cow", "horse"]
    records = seen(*(there(6 + 3 * n, 9 + 3 * n, label=label) for n, label in enumerate(labels)))
    assert len(meals(records)) == 1
    assert {(r.subject, r.data["label"]) for r in of(records, "eating")} == {("pet.daisy", "dog")}


def test_a_bowl_behind_the_raised_end_of_the_animal_is_not_eaten_from() -> None:
    at_the_tail = [[0.1, 0.2], [0.2, 0.2], [0.2, 0.4], [0.1, 0.4]]
    records = seen(there(6, 26), home=kitchen(food_bowl=at_the_tail))
    assert meals(records) == []
    assert of(records, "entered", "food_bowl")


def test_a_zone_that_is_not_a_bowl_is_never_eaten_from() -> None:
    assert meals(seen(there(6, 26), home=kitchen(mat=BOWL, water_bowl=BOWL))) == []


def test_a_box_that_covers_less_than_a_quarter_of_the_bowl_is_not_at_it() -> None:
    beside: Box = (0.1, 0.2, 0.44, 0.95)
    assert of(seen(there(6, 26, beside)), "at", "food_bowl") == []


def test_a_person_at_the_bowl_is_at_it_and_does_not_eat() -> None:
    records = seen(there(6, 26, label="person"))
    assert meals(records) == []
    assert {r.data["label"] for r in of(records, "at", "food_bowl")} == {"person"}


def test_a_visit_is_entered_at_and_left_in_one_episode() -> None:
    told = (r for r in seen(there(6, 16, ON_RUG)) if r.type == "detection")
    records = [r for r in told if r.data.get("zone") == "rug"]
    assert [(r.data["activity"], r.data["phase"]) for r in records] == [
        ("entered", "start"),
        ("at", "update"),
        ("left", "end"),
    ]
    assert [after(r) for r in records] == pytest.approx([6, 6.4, 16], abs=0.5)
    assert len({r.data["episode"] for r in records}) == 1


def test_who_was_there_first_has_not_entered_and_who_stays_has_not_left() -> None:
    for found_at in (0, 0.4, 0.8):
        records = seen(there(found_at, 60, ON_RUG))
        assert {r.data["activity"] for r in records if r.type == "detection"} == {"at"}
    assert of(seen(there(1.2, 60, ON_RUG)), "entered", "rug")


def test_walking_from_zone_to_zone_leaves_the_one_and_enters_the_other() -> None:
    records = seen(there(6, 16, ON_RUG), there(16, 26))
    assert [after(r) for r in of(records, "left", "rug")] == pytest.approx([16], abs=0.5)
    assert [after(r) for r in of(records, "entered", "food_bowl")] == pytest.approx([16], abs=0.5)


def test_a_person_and_a_dog_have_an_episode_each() -> None:
    records = of(seen(there(6, 16, ON_RUG), there(8, 20, ON_RUG, "person")), "entered", "rug")
    assert {(r.data["label"], after(r)) for r in records} == {("dog", 6.0), ("person", 8.0)}


MAX = {"id": "pet.max", "name": "Max", "species": "dog"}
TOM = {"id": "pet.tom", "name": "Tom", "species": "cat"}


@pytest.mark.parametrize(
    ("pets", "label", "subject"),
    [
        ((DAISY,), "dog", "pet.daisy"),
        ((DAISY,), "bear", "pet.daisy"),
        ((DAISY,), "cat", "unknown"),
        ((DAISY, TOM), "dog", "pet.daisy"),
        ((DAISY, TOM), "cat", "pet.tom"),
        ((DAISY, TOM), "bear", None),
        ((DAISY, MAX), "dog", None),
        ((DAISY, MAX), "cat", "unknown"),
        ((DAISY,), "person", None),
    ],
)
def test_the_only_pet_of_its_kind_is_known_and_any_other_animal_is_not(
    pets: tuple[dict[str, str], ...], label: str, subject: str | None
) -> None:
    records = seen(there(6, 26, ON_RUG, label), home=kitchen(*pets))
    assert {r.subject for r in records if r.type == "detection"} == {subject}


def test_one_odd_box_does_not_make_the_dog_of_the_home_of_a_strange_cat() -> None:
    elsewhere: Box = (0.3, 0.4, 0.5, 0.9)
    records = seen(there(6, 16, ON_RUG, "cat"), there(16, 16.4, elsewhere, "dog"), home=kitchen(DAISY))
    assert {r.subject for r in records if r.type == "detection"} == {"unknown"}


@pytest.mark.parametrize("script", [
    (there(6, 10, ON_RUG), there(10, 18, ON_RUG, "cat"), there(18, 20, ON_RUG)),
    (there(6, 7, ON_RUG, "cat"), there(7, 20, ON_RUG)),
    (there(6, 12, ON_RUG), there(12, 20, (0.3, 0.4, 0.5, 0.9), "cat")),
    (there(6, 20, ON_RUG, confidence=0.4), there(6, 20, ON_RUG, "cat", 0.5)),
], ids=["for a while", "at first", "where its track breaks", "more than a dog"])  # fmt: skip
def test_a_dog_that_is_called_a_cat_too_is_neither_gone_nor_a_strange_cat(script: tuple[Appearance, ...]) -> None:
    visits = [r for r in seen(*script) if r.data.get("activity") in {"entered", "at", "left"} and "zone" not in r.data]
    assert {r.subject for r in visits} == {"pet.daisy"}
    assert [(r.data["phase"], after(r)) for r in visits if r.data["phase"] != "update"] == [
        ("start", 6.0),
        ("end", 19.6),
    ]


def test_the_same_frames_give_the_same_records() -> None:
    script = (there(6, 26), there(8, 30, ON_RUG, "person"))
    assert [encode(r) for r in seen(*script)] == [encode(r) for r in seen(*script)]


def test_records_are_whole_their_ids_are_unique_and_they_come_in_order() -> None:
    records = seen(there(6, 26), there(8, 30, ON_RUG, "person"), there(32, 35))
    assert [encode(decode(encode(r))) for r in records] == [encode(r) for r in records]
    assert len({r.id for r in records}) == len(records)
    assert all((a.time, a.id) < (b.time, b.id) for a, b in pairwise(records))


def test_a_snapshot_is_named_in_the_records_of_its_episode_and_never_inside_them() -> None:
    kept: list[tuple[float, Detection, str]] = []

    def keep(frame: Frame, marked: Detection, episode: str) -> str:
        kept.append(((frame.time - START).total_seconds(), marked, episode))
        return f"{len(kept)}.jpg"

    watched = scene(snapshot=keep)
    records = []
    for number in range(20):
        frame = Frame(LIT, START + timedelta(seconds=number * 0.4), "cam.kitchen")
        records += watched.receive(frame, detections_of([Detection(AT_BOWL, "dog", 0.9)]))
    named = {r.data["episode"]: r.data["snapshot"] for r in records}
    assert named == {episode: f"{number}.jpg" for number, (_, _, episode) in enumerate(kept, 1)}
    assert all(marked.xyxy == pytest.approx(AT_BOWL) for _, marked, _ in kept)
    assert {marked.label for _, marked, _ in kept} == {"dog"}


def test_two_people_one_after_the_other_loiter_no_longer_than_each_of_them_does() -> None:
    one_by_one = there(6, 26, ON_RUG, "person"), there(30, 50, ON_RUG, "person")
    assert of(seen(*one_by_one), "loitering") == []
    assert of(seen(there(6, 50, ON_RUG, "person")), "loitering", "rug")
