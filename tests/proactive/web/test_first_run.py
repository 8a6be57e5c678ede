"""Laws of the first run: the demo home is entered with one tap, and a new home says what to do next and what is done."""

from __future__ import annotations

import html
import re

import pytest

from proactive.web.demo import NAME, OWNER
from proactive.web.pages.begin import CODE, first_run_code
from rules.home import parse_home
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import SECRET, Browser, browser_of

CHICAGO = {"kind": "demo", "time_zone": "America/Chicago"}


@pytest.fixture
def empty(running: Running) -> Running:
    """Return an application on a machine that nobody has set up."""
    running.store.erase_home("maple")
    running.site.look()
    return running


def entered(running: Running) -> Browser:
    browser = Browser(running.address)
    assert browser.client.post("/begin", data=CHICAGO).headers["location"] == "/"
    return browser


def next_steps(page: str) -> dict[str, bool]:
    """Return the steps that a page shows, each with whether it is done."""
    card = page[page.index('id="steps"') :].partition("</section>")[0]
    found = re.findall(r"<li( class=\"done\")?>.*?<strong>(.*?)</strong>", card, re.DOTALL)
    return {html.unescape(title): bool(done) for done, title in found}


# --- the demo home ----------------------------------------------------------------------------------------------


def test_the_demo_home_is_entered_with_nothing_typed(empty: Running) -> None:
    browser = entered(empty)
    assert browser.get("/").url.path == "/talk" and set(empty.runtime.homes) == {NAME}
    assert len(empty.runtime.rules()) == 3
    empty.clock.pass_by(minutes=1)
    empty.runtime.wake()
    assert "Rests until midnight. Then I look until noon tomorrow." in browser.get("/rules").text


def test_whoever_signed_out_of_the_demo_home_goes_back_in_with_one_tap(empty: Running) -> None:
    browser = entered(empty)
    browser.post("/sign-out")
    page = browser.get("/rules")
    assert page.url.path == "/begin" and "Go back in" in page.text and "Create it" not in page.text
    again = entered(empty)
    assert "Daisy" in again.get("/rules").text and len(empty.store.rules(NAME)) == 3


def test_nobody_from_elsewhere_enters_the_demo_home_without_the_link(empty: Running) -> None:
    entered(empty)
    browser = Browser(empty.address)
    browser.client.headers["X-Forwarded-For"] = "192.0.2.7"
    assert "Go back in" not in browser.get("/begin").text
    assert browser.client.post("/begin", data=CHICAGO).status_code == 403
    assert browser.client.post("/sign-in", data={"name": "Sam", "password": ""}).status_code == 401
    code = first_run_code(empty.site.settings.data)
    assert browser.client.post("/begin", data={**CHICAGO, "code": code}).status_code == 303
    assert (empty.site.settings.data / CODE).exists(), "it is the only way in from there"


def test_with_a_password_the_demo_home_is_entered_by_it_alone(empty: Running) -> None:
    browser = entered(empty)
    assert "Your password now" not in browser.get("/account").text
    answer = browser.post("/account/password", new=SECRET)
    assert answer.headers["location"] == "/account?said=password"
    browser.post("/sign-out")
    assert browser.get("/rules").url.path == "/sign-in"
    assert browser.client.post("/begin", data=CHICAGO).status_code == 422
    assert browser.client.post("/sign-in", data={"name": "Sam", "password": SECRET}).status_code == 303


def test_a_machine_that_knows_a_home_makes_no_demo_home(running: Running) -> None:
    answer = Browser(running.address).client.post("/begin", data=CHICAGO)
    assert answer.status_code == 422 and running.store.home_ids() == ["maple"]
    assert "Enter the demo home" not in Browser(running.address).get("/begin").text


# --- what to do next --------------------------------------------------------------------------------------------


def new_home(running: Running, **more: object) -> None:
    value = {
        "home": "maple", "name": "Maple", "time_zone": "America/Chicago",
        "people": [{"id": "person.greg", "name": "Greg", "role": "owner"}],
    }  # fmt: skip
    running.store.import_home(parse_home(value | more))
    running.site.look()


def test_an_empty_home_says_step_by_step_what_to_do_and_where(running: Running) -> None:
    new_home(running)
    greg = browser_of(running, "person.greg")
    for path in ("/talk", "/rules", "/home"):
        page = greg.get(path).text
        steps = next_steps(page)
        assert len(steps) == 6 and not any(steps.values()) and "0 of 6 done" in page, path
        for href in ("/home/details", "/home/pets", "/cameras/new", "/device"):
            assert f'href="{href}"' in page and greg.get(href).status_code == 200, (path, href)


def test_what_was_done_already_counts_whichever_way_it_was_done(running: Running) -> None:
    new_home(
        running, cameras=[{"id": "cam.kitchen", "name": "kitchen camera"}], pets=[{"id": "pet.daisy", "name": "Daisy"}]
    )
    greg = browser_of(running, "person.greg")
    steps = next_steps(greg.get("/home").text)
    assert [title for title, done in steps.items() if done] == ["Introduce your pets", "Add a camera"]
    assert "Next: Say your first rule" in greg.get("/talk").text
    running.store.put_rule(make_rule(), at=0)
    assert "Next: Let it reach your phone" in greg.get("/rules").text


def test_the_steps_go_once_they_are_done_and_press_nobody_who_cannot_take_them(running: Running) -> None:
    greg = browser_of(running, "person.greg")
    running.store.put_rule(make_rule(), at=0)
    for path in ("/talk", "/rules"):
        assert "next-step" not in greg.get(path).text and 'id="steps"' not in greg.get(path).text
    zoe = browser_of(running, "person.zoe")
    assert 'id="steps"' not in zoe.get("/home").text


def test_the_demo_home_says_how_to_begin_ones_own(empty: Running) -> None:
    assert OWNER == "person.sam"
    page = entered(empty).get("/home").text
    assert "Begin your own home" in page and 'href="/home/erase"' in page
