"""Laws of the ways between pages: from what was told to its rule, its picture, its day and back, and to who gets it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from proactive.notification import TOLD
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import browser_of
from tests.proactive.web.pushes import House, house


@pytest.fixture
def home(running: Running) -> Iterator[House]:
    running.store.put_rule(make_rule(notify={"to": ["person.greg", "person.zoe"], "message": "Not fed."}), at=0)
    running.site.look()
    with house(running) as home:
        home.fire()
        yield home


def links(text: str) -> list[str]:
    """Return where the links of a page lead."""
    main = text[text.index("<main") :]
    return [found.replace("&amp;", "&") for found in re.findall(r'href="([^"#]+)"', main)]


def told(home: House, person: str) -> str:
    """Return the address of what somebody was told."""
    (found,) = [
        each for each in home.running.store.notifications("maple") if each.person == person and each.kind == TOLD
    ]
    return f"/notifications/{found.id}"


def test_the_timeline_leads_to_the_rule_to_why_and_to_what_one_was_told(home: House) -> None:
    found = links(browser_of(home.running, "person.greg").get("/timeline").text)
    assert {"/rules/daisy-fed", "/rules/daisy-fed/why?day=2026-03-09", told(home, "person.greg")} <= set(found)


def test_a_rule_leads_to_who_gets_it_to_why_and_to_what_one_was_told(home: House) -> None:
    greg = browser_of(home.running, "person.greg")
    text = greg.get("/rules/daisy-fed").text
    wanted = {
        "/home/people/person.greg/told", "/home/people/person.zoe/told", "/rules/daisy-fed/why?day=2026-03-09",
        told(home, "person.greg"),
    }  # fmt: skip
    assert wanted <= set(links(text))


def test_a_rule_that_tells_somebody_in_vain_says_so(home: House) -> None:
    home.running.store.put_rule(make_rule(id="in-vain", notify={"to": ["person.zoe"], "message": "x"}), at=0)
    home.running.site.look()
    text = browser_of(home.running, "person.greg").get("/rules/in-vain").text
    assert "Nothing reaches Zoe yet" in text


def test_a_notification_leads_to_its_rule_and_its_day(home: House) -> None:
    found = links(browser_of(home.running, "person.greg").get(told(home, "person.greg")).text)
    assert {"/rules/daisy-fed", "/rules/daisy-fed/why?day=2026-03-09", "/notifications"} <= set(found)


def test_every_link_of_these_pages_leads_somewhere(home: House) -> None:
    greg = browser_of(home.running, "person.greg")
    pages = ("/timeline", "/rules/daisy-fed", told(home, "person.greg"), "/home", "/account", "/trust", "/device")
    found = {link for page in pages for link in links(greg.get(page).text) if link.startswith("/")}
    assert {"/device", "/trust", "/notifications"} <= found
    for link in sorted(found - {"/home/export"}):
        assert greg.get(link).status_code == 200, link


def test_home_and_the_page_of_what_works_lead_to_this_devices_notifications(home: House) -> None:
    for person, page in (("person.greg", "/home"), ("person.greg", "/trust")):
        assert "/device" in links(browser_of(home.running, person).get(page).text)
