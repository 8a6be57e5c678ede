from __future__ import annotations

from typing import Any, get_args

import pytest

from rules.coverage import CameraReason, ZoneReason
from rules.home import parse_home
from rules.words.blindness import blind, blindnesses
from rules.words.spanish.blindness import blind as blind_in_spanish
from rules.words.spanish.blindness import blindness as blindness_in_spanish

BOWLS = [[0, 0], [1, 0], [1, 1]]
HOME = parse_home(
    {
        "home": "maple",
        "cameras": [
            {"id": "cam.kitchen", "name": "kitchen camera", "zones": {"food_bowls": BOWLS, "door": BOWLS}},
            {"id": "cam.hall", "name": "hall camera", "zones": {"door": BOWLS}},
        ],
        "devices": [{"id": "scene.bowl", "type": "scene", "name": "food bowl"}],
    }
)


@pytest.mark.parametrize(
    ("source", "zone", "reason", "said"),
    [
        ("cam.kitchen", "", None, "the kitchen camera was off"),
        ("cam.kitchen", "", "no_picture", "the kitchen camera was off"),
        ("cam.kitchen", "", "frozen", "the kitchen camera showed one and the same picture"),
        ("cam.kitchen", "", "too_dark", "it was too dark for the kitchen camera"),
        ("cam.kitchen", "", "covered", "the kitchen camera was covered"),
        ("cam.kitchen", "", "moved", "the kitchen camera looked elsewhere"),
        ("cam.kitchen", "", "a word of some other maker", "the kitchen camera was off"),
        ("cam.kitchen", "food_bowls", "covered", "the food bowls were covered"),
        ("cam.kitchen", "food_bowls", "too_dark", "it was too dark at the food bowls"),
        ("cam.kitchen", "food_bowls", "moved", "the kitchen camera looked past the food bowls"),
        (
            "cam.kitchen",
            "food_bowls",
            "too_small",
            "the food bowls were too small in the picture of the kitchen camera",
        ),
        ("cam.kitchen", "food_bowls", None, "the food bowls could not be seen"),
        ("cam.kitchen", "door", "covered", "the door of the kitchen camera was covered"),
    ],
)
def test_what_could_not_be_seen_is_said_with_its_reason(source: str, zone: str, reason: str | None, said: str) -> None:
    assert blind(source, zone, reason, HOME) == said


def test_every_reason_has_words() -> None:
    of_zones = {blind("cam.kitchen", "door", reason, HOME) for reason in get_args(ZoneReason)}
    assert len(of_zones | {blind("cam.kitchen", "door", None, HOME)}) == len(get_args(ZoneReason)) + 1
    off = {"starting", "no_picture", "stopped"}
    of_cameras = {blind("cam.kitchen", "", reason, HOME) for reason in set(get_args(CameraReason)) - off}
    assert len(of_cameras) == len(get_args(CameraReason)) - len(off)


def seen(*spans: tuple[str, str], reasons: list[str | None] | None = None, **more: Any) -> dict[str, Any]:
    intervals = [[f"2026-03-09T{since}:00Z", f"2026-03-09T{until}:00Z"] for since, until in spans]
    return {"online": True, "offline_s": 0, "intervals": intervals} | ({"reasons": reasons} if reasons else {}) | more


def told(coverage: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [
        (each.said, [f"{since:%H:%M}-{until:%H:%M}" for since, until in each.spans])
        for each in blindnesses(coverage, HOME)
    ]


def test_a_source_and_its_zones_are_told_each_by_its_reasons() -> None:
    zone = seen(("10:00", "11:00"), ("11:00", "12:00"), ("13:00", "14:00"), reasons=["covered", "too_dark", "covered"])
    assert told({"cam.kitchen": seen(("09:00", "09:30"), zones={"food_bowls": zone, "door": seen()})}) == [
        ("the kitchen camera was off", ["09:00-09:30"]),
        ("the food bowls were covered", ["10:00-11:00", "13:00-14:00"]),
        ("it was too dark at the food bowls", ["11:00-12:00"]),
    ]


def test_stretches_that_touch_and_are_said_alike_are_one() -> None:
    coverage = {"cam.kitchen": seen(("09:00", "09:30"), ("09:30", "10:00"), reasons=["no_picture", "stopped"])}
    assert told(coverage) == [("the kitchen camera was off", ["09:00-10:00"])]


def test_in_spanish_too_every_reason_has_words_and_times_are_the_homes() -> None:
    of_zones = {blind_in_spanish("cam.kitchen", "door", reason, HOME) for reason in (*get_args(ZoneReason), None)}
    assert len(of_zones) == len(get_args(ZoneReason)) + 1
    zone = seen(("10:40", "12:00"), reasons=["covered"])
    assert blindness_in_spanish({"cam.kitchen": seen(("09:00", "09:30"), zones={"food_bowls": zone})}, HOME) == (
        "la cámara «kitchen camera» estuvo apagada de las 9:00 a las 9:30"
        " y la zona «food bowls» estuvo tapada de las 10:40 a mediodía"
    )
    assert blindness_in_spanish({}, HOME) == "no pude verlo todo"
