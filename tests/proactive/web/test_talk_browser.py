"""The story of a rule in a real browser: it is typed, asked about, changed, saved; the past is shown; two tabs stay as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.proactive.web.conftest import Running
from tests.proactive.web.people import browser_of
from tests.proactive.web.test_browser import check, chromium, page, pytestmark
from tests.proactive.web.test_talk import DAISY, KITCHEN, eat

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["chromium", "page", "pytestmark"]


def come_in(running: Running, page: Page, person: str = "person.greg") -> None:
    """Open Talk as Greg, or as somebody else."""
    secret = browser_of(running, person).client.cookies["proactive"]
    page.context.add_cookies([{"name": "proactive", "value": secret, "url": running.address}])
    page.goto(f"{running.address}/talk")


def say(page: Page, text: str) -> None:
    """Type something, and wait until it is answered."""
    shown = page.locator(".turn").count()
    page.get_by_label("Say something").fill(text)
    page.keyboard.press("Enter")
    page.locator(".turn").nth(shown).wait_for()
    page.locator("#talk-wait").wait_for(state="hidden")


def test_a_rule_is_typed_asked_about_changed_in_place_and_saved(running: Running, page: Page) -> None:
    eat(running, running.clock.now, snapshot=f"{KITCHEN}/breakfast.jpg")
    running.clock.pass_by(days=2)
    running.runtime.wake()
    come_in(running, page)
    check(page)
    page.get_by_role("button", name="let me know if Daisy").click()
    page.get_by_role("heading", name="Daisy has not been fed by noon").wait_for()
    assert page.locator(".view polygon").count() == 1 and page.locator(".calendar .fired").count() == 1
    check(page)
    page.get_by_role("button", name="Change").click()
    assert page.evaluate("document.activeElement.id") == "talk-text"
    say(page, "make it one o'clock")
    assert page.locator(".rule-card").count() == 1 and "1 pm" in page.locator(".rule-card").inner_text()
    other = page.context.new_page()
    other.goto(f"{running.address}/talk")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved “").wait_for()
    other.get_by_text("Saved “").wait_for()  # it hears of that by itself
    other.close()
    assert [rule.id for rule in running.store.rules("maple")] == ["daisy-fed"]
    say(page, "tell me if Rex barks")
    page.get_by_role("button", name="A dog").click()
    page.get_by_text("Rex").last.wait_for()
    page.reload()
    assert DAISY in page.locator(".mine").first.inner_text(), "it is still there"


def test_the_past_is_answered_with_its_picture_and_a_card_is_cancelled(running: Running, page: Page) -> None:
    eat(running, running.clock.now, snapshot=f"{KITCHEN}/breakfast.jpg")
    running.clock.pass_by(minutes=20)
    running.runtime.wake()
    come_in(running, page)
    say(page, "did Daisy eat today?")
    assert page.locator(".pictures img").get_attribute("alt") == "Kitchen camera, 8 am"
    say(page, "<b>tell</b> me when the front doorbell is pressed")
    assert page.locator(".mine b").count() == 0
    say(page, "tell me when the front doorbell is pressed")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled. Nothing is changed.").wait_for()
    check(page)
    assert running.store.rules("maple") == []


def test_what_a_card_watches_keeps_its_icon_small_where_no_picture_is_kept(running: Running, page: Page) -> None:
    come_in(running, page)
    say(page, DAISY)
    icon = page.locator(".view .nothing .icon").first.bounding_box()
    assert icon is not None and icon["width"] <= 32 and icon["height"] <= 32
