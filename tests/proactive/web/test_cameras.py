"""Laws of the camera pages: a picture is shown to whom it may be, with its time, and what is old is never called live."""

from __future__ import annotations

import pytest

from rules.home import Home
from tests.proactive.web.conftest import Running
from tests.proactive.web.glimpses import DOG, report, show
from tests.proactive.web.people import Browser, browser_of, family

PICTURE = "/cameras/cam.kitchen/picture"


@pytest.fixture
def greg(running: Running) -> Browser:
    return browser_of(running, "person.greg")


def test_a_camera_shows_its_picture_its_time_what_is_in_it_and_its_zones(running: Running, greg: Browser) -> None:
    show(running, DOG)
    report(running)
    text = greg.get("/cameras/cam.kitchen").text
    for words in ("Live", "8:00:00 am", "dog, 87%", "food bowls", "counter", "2.5 a second", "43 ms", "It sees."):
        assert words in text, words
    answer = greg.get(PICTURE)
    assert answer.headers["content-type"] == "image/jpeg" and answer.headers["cache-control"] == "no-store"
    assert answer.content[:2] == b"\xff\xd8"
    assert "kitchen camera" in greg.get("/cameras").text


@pytest.mark.parametrize("age", [11, 3600, 86400])
def test_an_old_picture_says_when_it_was_taken_and_is_never_called_live(
    running: Running, greg: Browser, age: int
) -> None:
    show(running, age=age)
    report(running)
    for path in ("/cameras", "/cameras/cam.kitchen"):
        text = greg.get(path).text
        assert "Live" not in text and ">Old<" in text and "No new picture" in text


@pytest.mark.parametrize("reason", ["frozen", "no_picture", "stopped"])
def test_a_new_picture_of_a_camera_that_repeats_itself_or_is_gone_is_not_live(
    running: Running, greg: Browser, reason: str
) -> None:
    show(running)
    report(running, reason=reason)
    text = greg.get("/cameras/cam.kitchen").text
    assert ">Live<" not in text and "Cannot see" in text


def test_what_was_written_down_long_ago_does_not_count_as_watching(running: Running, greg: Browser) -> None:
    show(running)
    report(running, age=60)
    text = greg.get("/cameras/cam.kitchen").text
    assert "Not watched" in text and "Live" not in text


def test_each_zone_says_why_it_cannot_be_seen(running: Running, greg: Browser) -> None:
    show(running)
    report(running, zones={"food_bowls": "covered", "counter": "too_small"})
    text = greg.get("/cameras/cam.kitchen").text
    assert "Cannot be seen: something covers it" in text and "Cannot be seen: too small in the picture" in text
    assert "2 zones cannot be seen." in text


def test_a_camera_without_a_picture_says_so_and_still_shows_its_zones(running: Running, greg: Browser) -> None:
    text = greg.get("/cameras/cam.kitchen").text
    assert "No picture here yet" in text and "food bowls" in text and "It has no address" in text
    assert greg.get(PICTURE).status_code == 404


def test_a_picture_goes_to_nobody_from_whom_the_camera_is_hidden(running: Running, maple: Home) -> None:
    running.store.import_home(family(maple))
    show(running)
    seen = {}
    for person in ("person.greg", "person.max", "person.zoe", "person.gus"):
        browser = browser_of(running, person)
        seen[person] = browser.get(PICTURE).status_code
        assert ("kitchen camera" in browser.get("/cameras").text) == (seen[person] == 200)
        assert browser.get("/cameras/cam.kitchen").status_code == seen[person]
    assert seen == {"person.greg": 200, "person.max": 200, "person.zoe": 404, "person.gus": 404}
    running.store.show("maple", "person.max", "cam.kitchen", shown=False)
    running.store.show("maple", "person.zoe", "cam.kitchen", shown=True)
    assert browser_of(running, "person.max", "maple").get(PICTURE).status_code == 404
    assert browser_of(running, "person.zoe", "maple").get(PICTURE).status_code == 200


def test_a_picture_of_another_home_is_never_sent(running: Running, maple: Home) -> None:
    running.store.import_home(maple.model_copy(update={"home": "oak"}))
    show(running)
    assert browser_of(running, "person.greg", "oak").get(PICTURE).status_code == 404


def test_names_are_shown_as_text_whatever_they_are(running: Running, greg: Browser, maple: Home) -> None:
    zones = {"<b>x</b>": ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))}
    camera = maple.cameras[0].model_copy(update={"name": "<script>alert(1)</script>", "zones": zones})
    running.store.import_home(maple.model_copy(update={"cameras": (camera,)}))
    show(running)
    text = greg.get("/cameras/cam.kitchen").text
    assert "<script>alert" not in text and "<b>x" not in text and "&lt;b&gt;x" in text
