"""What people and pets do before cameras, in words: each becomes the activity that cameras tell of, or is said to be told by none."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.nl.gold import homes
from proactive.language.understand import understand

DEN = homes()["den"]


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("tell me when Rex is lying on the sofa", {"activity": "lying", "zone": "sofa"}),
        ("tell me if Rex hasn't drunk any water by 6pm", {"activity": "drinking", "zone": "water_bowl"}),
        ("let me know if the dog is running on the stairs", {"activity": "running", "zone": "stairs"}),
        ("tell me if Rex is alone in the kitchen", {"activity": "alone"}),
        ("tell me when someone is with Rex in the garden", {"activity": "together", "with": "person"}),
        ("avísame si Rex se queda solo en la cocina", {"activity": "alone"}),
        ("avísame si Rex pasa más de una hora solo en la cocina", {"activity": "alone"}),
        ("dime cuando Rex esté tumbado en el sofá", {"activity": "lying", "zone": "sofa"}),
        ("avísame cuando Rex tome agua", {"activity": "drinking", "zone": "water_bowl"}),
    ],
)
def test_what_a_pet_does_is_the_activity_that_cameras_tell_of(text: str, pattern: dict[str, Any]) -> None:
    rule = understand(text, "person.ana", DEN).rule
    assert rule is not None
    (watched,) = rule.as_json()["when"]["of"]
    assert (watched["subject"], watched["where"]) == ("pet.rex", pattern)


@pytest.mark.parametrize(
    ("text", "watched"),
    [
        (
            "tell me if someone is hanging around the porch",
            {"source": "cam.front", "where": {"label": "person", "activity": "loitering", "zone": "porch"}},
        ),
        (
            "tell me if a parcel is left on the porch",
            {"source": "cam.front", "where": {"activity": "left_behind", "zone": "porch"}},
        ),
        (
            "tell me if a dog we don't know is in the garden",
            {"source": "cam.garden", "subject": "unknown", "where": {"label": "dog"}},
        ),
        (
            "avísame si hay alguien merodeando en el porche",
            {"source": "cam.front", "where": {"label": "person", "activity": "loitering", "zone": "porch"}},
        ),
        (
            "avísame si alguien ha dejado una mochila en el porche",
            {"source": "cam.front", "where": {"label": "backpack", "activity": "left_behind", "zone": "porch"}},
        ),
        (
            "avísame si hay un gato que no es nuestro en el jardín",
            {"source": "cam.garden", "subject": "unknown", "where": {"label": "cat"}},
        ),
        (
            "avísame si hay un perro que no conocemos en el jardín",
            {"source": "cam.garden", "subject": "unknown", "where": {"label": "dog"}},
        ),
    ],
)
def test_people_things_and_strangers_are_watched_for_as_cameras_tell_of_them(
    text: str, watched: dict[str, Any]
) -> None:
    rule = understand(text, "person.ana", DEN).rule
    assert rule is not None
    assert rule.as_json()["when"]["of"] == [{"type": "detection", **watched}]


def test_two_who_are_together_are_told_of_by_either() -> None:
    rule = understand("tell me when Rex and Mia are together in the kitchen", "person.ana", DEN).rule
    assert rule is not None
    told = [(one["subject"], one["where"]["with"]) for one in rule.as_json()["when"]["of"]]
    assert told == [("pet.rex", "pet.mia"), ("pet.mia", "pet.rex")]


def test_a_pet_that_is_alone_at_home_is_that_nobody_is_home() -> None:
    rule = understand("tell me when Rex has been left alone at home for 4 hours", "person.ana", DEN).rule
    assert rule is not None
    assert rule.as_json()["when"] == {"op": "holds", "state": {"home": "nobody"}, "lasting": "4h"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tell me when somebody is drinking in the kitchen", "I can only see that animals drink."),
        ("tell me when Leo and Nico are together in the living room", "but not who the person is"),
        ("tell me if Rex is alone on the rug", "in a whole picture, but not at the rug"),
        ("tell me if Rex is at the back door", "No camera here looks at the back door."),
        ("tell me if Rex is lying at the back door", "No camera here looks at the back door."),
        ("let me know if a car is loitering in the driveway", "How long do they have to stay?"),
    ],
)
def test_what_no_camera_tells_is_said_with_what_is_missing(text: str, said: str) -> None:
    outcome = understand(text, "person.ana", DEN)
    assert outcome.rule is None
    assert said in outcome.reply


def test_a_machine_that_runs_is_no_animal() -> None:
    rule = understand("tell me when the washing machine is running", "person.ana", DEN).rule
    assert rule is not None
    assert {one["source"] for one in rule.as_json()["when"]["of"]} == {"appliance.washer"}


def test_water_is_drunk_and_not_eaten() -> None:
    rule = understand("tell me if Rex hasn't eaten by noon", "person.ana", DEN).rule
    assert rule is not None
    assert [one["where"] for one in rule.as_json()["when"]["of"]] == [{"activity": "eating", "zone": "food_bowl"}]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("dime cuando llegue Ana", "rule"),
        ("dime cuando se abra la puerta trasera", "rule"),
        ("dime cuando llegó Ana", "question"),
        ("dime cuando ha llegado Ana", "question"),
        ("dime cuándo llegó Ana", "question"),
    ],
)
def test_in_spanish_what_may_come_is_a_rule_and_what_has_come_is_a_question(text: str, outcome: str) -> None:
    assert understand(text, "person.ana", DEN).outcome == outcome
