"""Laws of the page on which zones are drawn: owners only, nothing lost, and no rule left without its zone unsaid."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from rules.home import Camera, Home
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.glimpses import show
from tests.proactive.web.people import Browser, browser_of

PAGE = "/cameras/cam.kitchen/zones"
BOWLS, COUNTER = "0,40 25,40 25,100 0,100", "25,40 50,40 50,100"


@pytest.fixture
def greg(running: Running) -> Browser:
    return browser_of(running, "person.greg")


def stamp(text: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', text)
    assert found is not None, text
    return found[1]


def draw(greg: Browser, *zones: tuple[str, str, str], seen: str = "", **more: str) -> httpx.Response:
    """Save zones, each as (was, name, corners)."""
    was, name, corners = (list(each) for each in zip(*zones, strict=True)) if zones else ([], [], [])
    return greg.post(PAGE, seen=seen or stamp(greg.get(PAGE).text), was=was, name=name, corners=corners, **more)


def zones(running: Running) -> dict[str, tuple[tuple[float, float], ...]]:
    camera = running.store.export_home("maple").by_id["cam.kitchen"]
    assert isinstance(camera, Camera)
    return camera.zones


AS_THEY_ARE = (("food_bowls", "food bowls", BOWLS), ("counter", "counter", COUNTER))


def test_a_zone_that_is_drawn_is_kept_noted_and_known_to_whoever_decides(running: Running, greg: Browser) -> None:
    show(running)
    assert 'value="0,40 25,40 25,100 0,100"' in greg.get(PAGE).text
    answer = draw(greg, *AS_THEY_ARE, ("", "Back door", "50,0 70,0 70.12,50 50,50"))
    assert answer.headers["location"] == "/cameras/cam.kitchen?said=saved"
    assert zones(running)["back_door"] == ((0.5, 0.0), (0.7, 0.0), (0.7012, 0.5), (0.5, 0.5))
    assert list(zones(running)) == ["food_bowls", "counter", "back_door"]
    (known,) = (camera for camera in running.runtime.homes["maple"].cameras)
    assert "back_door" in known.zones, "the running engine knows it without a restart"
    (change, *_) = running.store.changes("maple")
    assert (change.did, change.about, change.words) == ("camera.zones", "cam.kitchen", "drew back door")
    assert "drew the zones of kitchen camera anew: drew back door." in greg.get("/home/changes").text


def test_what_nobody_touched_stays_as_it_is_to_the_last_digit(running: Running, greg: Browser, maple: Home) -> None:
    fine = ((0.123456, 0.1), (0.5, 0.1), (0.5, 0.654321))
    camera = maple.cameras[0].model_copy(update={"zones": {"Dog_Door": fine}})
    running.store.import_home(maple.model_copy(update={"cameras": (camera,)}))
    draw(greg, ("Dog_Door", "Dog Door", "12.35,10 50,10 50,65.43"), ("", "gate", BOWLS))
    assert zones(running)["Dog_Door"] == fine


def test_a_zone_that_a_rule_looks_at_is_not_deleted_before_that_was_said(running: Running, greg: Browser) -> None:
    running.store.put_rule(make_rule(), at=0)
    assert "“Daisy has not been fed by noon”" in greg.get(PAGE).text, "beside the zone that it looks at"
    answer = draw(greg, AS_THEY_ARE[1])
    text = html.unescape(answer.text)
    assert "Without “food bowls”, “Daisy has not been fed by noon” looks at nothing there any more." in text
    assert "food_bowls" in zones(running)
    draw(greg, AS_THEY_ARE[1], sure="yes")
    assert list(zones(running)) == ["counter"]


def test_a_zone_that_is_renamed_keeps_its_rules(running: Running, greg: Browser) -> None:
    running.store.put_rule(make_rule(), at=0)
    renamed = (("food_bowls", "Bowls", BOWLS), AS_THEY_ARE[1])
    text = html.unescape(draw(greg, *renamed).text)
    assert "“food bowls” is called “bowls” from now on, also in “Daisy has not been fed by noon”." in text
    assert 'value="Bowls"' in text, "what was drawn is not lost by the question"
    draw(greg, *renamed, sure="yes")
    rule = running.store.rule("maple", "daisy-fed")
    assert (rule.version, rule.as_json()["when"]["of"][0]["where"]["zone"]) == (2, "bowls")
    assert running.runtime.rules()["maple", "daisy-fed"] == rule
    assert running.store.changes("maple")[0].words == "renamed food bowls to bowls"


def test_two_people_who_draw_at_once_lose_nothing(running: Running, greg: Browser) -> None:
    before = stamp(greg.get(PAGE).text)
    draw(greg, *AS_THEY_ARE, ("", "gate", BOWLS))
    late = draw(greg, *AS_THEY_ARE, ("", "door", BOWLS), seen=before)
    assert late.status_code == 409 and "Somebody changed the zones meanwhile" in late.text
    assert "gate" in zones(running) and "door" not in zones(running)


@pytest.mark.parametrize(
    ("name", "corners", "words"),
    [
        ("gate", "1,1 2", "are no corners"),
        ("gate", "1,1 2,2 nan,3", "are no corners"),
        ("gate", "1,1 200,2 3,3", "are no corners"),
        ("", BOWLS, "a zone has no name"),
        ("counter", BOWLS, "two zones are called"),
        ("gate", "1,1 2,1 2,2", "too small"),
    ],
)
def test_what_is_no_zone_is_said_and_nothing_else_is_lost(
    running: Running, greg: Browser, name: str, corners: str, words: str
) -> None:
    answer = draw(greg, *AS_THEY_ARE, ("", name, corners))
    text = html.unescape(answer.text)
    assert answer.status_code == 422 and words.lower() in text.lower()
    assert f'value="{corners}"' in text and list(zones(running)) == ["food_bowls", "counter"]


def test_half_a_form_changes_nothing(running: Running, greg: Browser) -> None:
    answer = greg.post(PAGE, seen=stamp(greg.get(PAGE).text), was=["a", "b"], name=["a"], corners=[BOWLS])
    assert answer.status_code == 422 and list(zones(running)) == ["food_bowls", "counter"]
