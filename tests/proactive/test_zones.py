"""Laws of zones that are drawn anew: what goes by their names follows them, and nothing is kept that nobody could use."""

from __future__ import annotations

import pytest

from proactive.zones import Outline, deleted, devices_at, redrawn, rules_at, with_names, zone_name
from rules.check import blocking, check
from rules.home import Camera, Device, Home
from rules.problem import InputError
from rules.rule import Rule
from tests.proactive.conftest import FED, make_rule

SQUARE = ((0.1, 0.1), (0.3, 0.1), (0.3, 0.3), (0.1, 0.3))


def kitchen(home: Home) -> Camera:
    camera = home.by_id["cam.kitchen"]
    assert isinstance(camera, Camera)
    return camera


def as_it_is(home: Home) -> list[Outline]:
    return [Outline(name, polygon, name) for name, polygon in kitchen(home).zones.items()]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Food bowls", "food_bowls"),
        ("  gate ", "gate"),
        ("Zoë’s desk!", "zoë’s_desk"),
        ("<b>", "b"),
        ("---", ""),
        ("a_b", "a_b"),
    ],
)
def test_a_zone_is_called_what_people_say_as_a_home_file_writes_it(said: str, name: str) -> None:
    assert zone_name(said) == name


def test_zones_are_kept_in_the_order_in_which_they_were_drawn(maple: Home) -> None:
    home = redrawn(maple, "cam.kitchen", [*as_it_is(maple), Outline("door", SQUARE)])
    assert list(kitchen(home).zones) == ["food_bowls", "counter", "door"] and kitchen(home).zones["door"] == SQUARE
    assert kitchen(maple).zones.keys() == {"food_bowls", "counter"}


@pytest.mark.parametrize(
    ("outlines", "code"),
    [
        ([Outline("", SQUARE)], "no_name"),
        ([Outline("x" * 41, SQUARE)], "long_name"),
        ([Outline("door", SQUARE), Outline("door", SQUARE)], "twice"),
        ([Outline("door", SQUARE[:2])], "corners"),
        ([Outline("door", SQUARE * 11)], "corners"),
        ([Outline("door", ((0.1, 0.1), (0.11, 0.1), (0.1, 0.11)))], "too_small"),
        ([Outline(f"z{n}", SQUARE) for n in range(31)], "too_many"),
    ],
)
def test_a_zone_that_nobody_could_use_is_refused_and_said_why(maple: Home, outlines: list[Outline], code: str) -> None:
    with pytest.raises(InputError) as refused:
        redrawn(maple, "cam.kitchen", outlines)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_camera_that_is_gone_has_no_zones_drawn(maple: Home) -> None:
    with pytest.raises(InputError, match="no such camera"):
        redrawn(maple, "cam.moon", [])


SEEN = {"seen": {"of": [FED], "since": "06:00"}}


@pytest.mark.parametrize(
    "rule",
    [
        make_rule(),
        make_rule(when={"op": "at", "time": "12:00"}, **{"while": [{"not": SEEN}]}),
        make_rule(when={"op": "occurs", "of": [{"type": "detection", "where": {"zone": ["counter", "food_bowls"]}}]}),
        make_rule(when={"op": "occurs", "of": [{**FED, "where": {"zone": {"ne": "food_bowls"}}}]}),
    ],
    ids=["in a condition", "in a guard", "of any camera", "everywhere else"],
)
def test_every_rule_that_looks_at_a_zone_is_found_and_says_its_new_name(maple: Home, rule: Rule) -> None:
    assert rules_at([rule], "cam.kitchen", "food_bowls") == [rule]
    new = with_names(rule, kitchen(maple), {"food_bowls": "bowls"}, maple)
    outlines = [Outline("bowls", SQUARE, "food_bowls"), as_it_is(maple)[1]]
    home = redrawn(maple, "cam.kitchen", outlines)
    assert rules_at([new], "cam.kitchen", "bowls") == [new] and not rules_at([new], "cam.kitchen", "food_bowls")
    assert not blocking(check(new, home)) and blocking(check(rule, home))


def test_a_rule_that_looks_at_other_cameras_with_a_zone_of_that_name_says_both(maple: Home) -> None:
    porch = Camera(id="cam.porch", zones={"food_bowls": SQUARE})
    home = maple.model_copy(update={"cameras": (*maple.cameras, porch)})
    rule = make_rule(when={"op": "occurs", "of": [{**FED, "source": ["cam.kitchen", "cam.porch"]}]})
    new = with_names(rule, kitchen(home), {"food_bowls": "bowls"}, home)
    assert new.as_json()["when"]["of"][0]["where"]["zone"] == ["food_bowls", "bowls"]


def test_two_zones_may_swap_their_names(maple: Home) -> None:
    rule = make_rule()
    names = {"food_bowls": "counter", "counter": "food_bowls"}
    assert with_names(rule, kitchen(maple), names, maple).as_json()["when"]["of"][0]["where"]["zone"] == "counter"


def test_rules_about_other_cameras_and_zones_stay_as_they_are(maple: Home) -> None:
    rule = make_rule(when={"op": "occurs", "of": [{**FED, "source": "cam.porch"}]})
    assert not rules_at([rule], "cam.kitchen", "food_bowls")
    assert with_names(rule, kitchen(maple), {"food_bowls": "bowls"}, maple) == rule


def test_a_device_that_is_read_off_a_zone_follows_it(maple: Home) -> None:
    gate = Device(id="scene.gate", type="scene", camera="cam.kitchen", zone="counter")
    home = maple.model_copy(update={"devices": (*maple.devices, gate)})
    outlines = [as_it_is(maple)[0], Outline("gate", SQUARE, "counter")]
    assert devices_at(redrawn(home, "cam.kitchen", outlines), "cam.kitchen", "gate")[0].id == "scene.gate"
    assert deleted(kitchen(home), outlines[:1]) == ["counter"]
