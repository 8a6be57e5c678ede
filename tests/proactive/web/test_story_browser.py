"""The story of a household in a real browser, from an empty machine on, against `serve` as it is (`living.py`).

Greg has a phone, touched with fingers, in the dark; Maya, whom he invites, has a desktop, in the light. She is told what the
rule tells, and never gets a picture of the kitchen, which is hidden from her. The clock is moved by the story: on the first
noon Daisy was not fed and Greg sees to it; on the second she eats a little later, and the rule is made to wait for that; on the
third the camera is off, and nobody claims to know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from proactive.settings import Settings
from tests.proactive.web.conftest import HandClock
from tests.proactive.web.living import CAMERA, KEPT, Household, living
from tests.proactive.web.people import SECRET
from tests.proactive.web.pushes import Device
from tests.proactive.web.test_browser import SECOND, SIZES, check, chromium, pytestmark
from tests.proactive.web.test_camera_edit import door
from tests.proactive.web.test_push_browser import Screen, shown_tag, turn_on
from tests.proactive.web.test_talk_browser import say
from tests.proactive.web.test_zones_browser import slide

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page

__all__ = ["chromium", "pytestmark"]
BEGINS = datetime.fromisoformat("2026-02-23T08:00:00-06:00")
KITCHEN = f"/cameras/{CAMERA}"
REQUEST = "let me and Maya know if Daisy isn't fed by twelve every day, and remind us every ten minutes"
ASIDE = ("/static/", "/app.webmanifest", "/home/export")  # what shows nothing of the home, and what is no page
TITLE = "Daisy has not been fed by noon"


@dataclass
class Story:
    """The household, and the browsers of the two people in it."""

    household: Household
    greg: Screen
    maya: Screen

    def go(self, screen: Screen, path: str) -> Page:
        """Open a page of somebody."""
        screen.page.goto(f"{self.household.address}{path}")
        return screen.page

    def pushed(self, count: int) -> None:
        """Wait until so many pushes were sent in all, and hand each device those that are its own."""
        self.household.wait(lambda: len(self.household.service.got) >= count)
        for each in (self.greg, self.maya):
            each.hand_over()
        assert len(self.household.service.got) == count

    def shows(self, screen: Screen, words: str) -> None:
        """Wait until the only thing that somebody's screen shows begins so."""
        self.household.wait(lambda: [each["body"].startswith(words) for each in screen.shown()] == [True])

    def told(self, screen: Screen, verdict: str) -> dict[str, str]:
        """Return the last push of a verdict that reached somebody's device."""
        return [each for each in screen.device.got if each.get("verdict") == verdict][-1]


@pytest.fixture
def story(tmp_path: Path, chromium: Chromium) -> Iterator[Story]:
    settings = Settings(data=tmp_path, push_subject="mailto:greg@maple.example")
    with living(settings, HandClock(BEGINS)) as household:
        greg = _screen(household, chromium, "greg", "phone", color_scheme="dark", has_touch=True, is_mobile=True)
        maya = _screen(household, chromium, "maya", "desktop", color_scheme="light")
        yield Story(household, greg, maya)
        for each in (greg, maya):
            each.context.close()


def _screen(household: Household, chromium: Chromium, name: str, size: str, **how: object) -> Screen:
    context = chromium.new_context(viewport=SIZES[size], timezone_id="America/Chicago", **how)  # type: ignore[arg-type]  # its own words
    context.set_default_timeout(20 * SECOND)
    context.grant_permissions(["notifications"], origin=household.address)
    device = Device(household.service, name)
    context.add_init_script(f"({KEPT})({device.subscription})")
    page = context.new_page()
    page.on("dialog", lambda question: question.accept())
    return Screen(context, page, device)


def test_from_an_empty_machine_to_three_noons_of_a_household_of_two(story: Story) -> None:
    _greg_makes_a_home(story)
    _he_lists_daisy_and_a_camera(story)
    _maya_comes_by_a_link_and_may_not_see_the_kitchen(story)
    _two_weeks_pass(story.household)
    _greg_signs_in_again_and_makes_the_rule(story)
    _he_draws_the_bowl_with_a_finger(story)
    _on_the_first_noon_one_of_them_sees_to_it_and_both_are_left_alone(story)
    _on_the_second_noon_she_eats_a_little_later_and_the_rule_is_changed(story)
    _maya_gets_no_picture_by_any_page(story)
    _on_the_third_noon_the_camera_is_off_and_that_is_said(story)


def _greg_makes_a_home(story: Story) -> None:
    page = story.go(story.greg, "/")
    check(page)
    page.get_by_label("What do you call your home?").fill("Maple Street")
    page.get_by_label("Your name").fill("Greg")
    page.get_by_label("Choose a password").fill(SECRET)
    page.get_by_role("button", name="Create it").click()
    page.wait_for_url("**/talk")
    page.get_by_role("heading", name="What to do next").wait_for()
    check(page)


def _he_lists_daisy_and_a_camera(story: Story) -> None:
    page = story.go(story.greg, "/home/pets")
    page.get_by_label("Name").fill("Daisy")
    page.get_by_label("Kind").fill("dog")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("heading", name="Daisy", exact=True).wait_for()
    story.go(story.greg, "/cameras")
    check(page)
    page.get_by_role("link", name="Add a camera").click()
    page.get_by_label("Name").fill("kitchen camera")
    page.get_by_label("What it sees").fill("Daisy's bowl")
    with door() as host:
        page.get_by_label("Its address").fill(f"http://admin:plum@{host}/still.jpg")
        page.get_by_role("button", name="Try it").click()
        page.locator("#tried img").wait_for()
        page.get_by_role("button", name="Add").click()
        page.wait_for_url(f"**{KITCHEN}")
    assert "plum" not in page.content()
    steps = story.go(story.greg, "/rules").locator("#steps, #next-step").inner_text()
    assert not re.search(r"\b0 of \d", steps), "what was done counts"


def _maya_comes_by_a_link_and_may_not_see_the_kitchen(story: Story) -> None:
    page, hers = story.go(story.greg, "/home"), story.maya.page
    page.get_by_label("Their name").fill("Maya")
    page.get_by_role("button", name="Make a link").click()
    hers.goto(page.locator("#link").inner_text())
    check(hers)
    hers.get_by_label("Choose a password").fill(f"{SECRET} more")
    hers.get_by_role("button", name="Come in").click()
    hers.wait_for_url("**/talk")
    story.go(story.greg, f"{KITCHEN}/edit")
    page.get_by_label("Maya").uncheck()
    page.locator("form", has_text="Who may see its pictures").get_by_role("button").click()
    page.get_by_text("Saved.").wait_for()
    story.go(story.maya, "/device")
    turn_on(story.maya)


def _two_weeks_pass(household: Household) -> None:
    """Let Daisy eat at ten past seven each day but for two: on one she is late, on one nobody can see."""
    for day in range(1, 14):
        date = BEGINS.date() + timedelta(days=day)
        if day == 9:
            household.until(f"{date}T06:00:00-06:00")
            household.report("health", status="offline")
            household.until(f"{date}T13:00:00-06:00")
            household.report("health", status="online")
        else:
            household.until(f"{date}T{'12:20' if day == 5 else '07:10'}:00-06:00")
            household.eat()
    household.until("2026-03-09T09:00:00-05:00")
    household.look()


def _greg_signs_in_again_and_makes_the_rule(story: Story) -> None:
    page = story.go(story.greg, "/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/sign-in**")
    page.get_by_label("Your name").fill("greg")
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/talk")
    say(page, REQUEST)
    page.get_by_role("button", name="Noon").tap()
    page.get_by_role("heading", name=TITLE).wait_for()
    check(page)
    card = page.locator(".rule-card").inner_text()
    assert "I'll tell Greg and Maya" in card and "every 10 minutes" in card
    assert "In 14 days it would have fired once, and once it could not have told whether to." in card
    assert page.locator(".calendar li").count() == 14 and page.locator(".calendar .quiet").count() == 11
    assert page.locator(".calendar .fired").count() == page.locator(".calendar .unknown").count() == 1
    page.get_by_role("button", name="Save").tap()
    page.get_by_text(f"Saved “{TITLE}”").wait_for()
    assert "You get no notifications yet" in card
    story.go(story.greg, "/device")
    turn_on(story.greg)


def _he_draws_the_bowl_with_a_finger(story: Story) -> None:
    page = story.go(story.greg, KITCHEN)
    page.get_by_role("link", name="Draw a zone").click()
    page.get_by_role("button", name="New zone").tap()
    slide(page, (0.02, 0.8), (0.2, 0.85), (0.27, 0.99))
    page.locator(".zone-row.chosen [name=name]").fill("Food bowl")
    check(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{KITCHEN}")
    assert "food bowl" in page.locator("#seen").inner_text()


def _on_the_first_noon_one_of_them_sees_to_it_and_both_are_left_alone(story: Story) -> None:
    household, greg, maya = story.household, story.greg, story.maya
    household.until("2026-03-09T12:00:05-05:00")
    story.pushed(2)
    for each in (greg, maya):
        [shown] = each.wait_for(1)
        assert (shown["title"], shown["body"]) == ("Maple Street", f"{TITLE}.")
    page = story.go(greg, "/notifications")
    page.get_by_text("Open", exact=True).wait_for()
    check(page)
    greg.tap(shown_tag(greg), "acknowledge")
    assert greg.shown() == []
    story.pushed(3)  # what takes it away from her screen
    maya.wait_for(0)
    page.get_by_text("Seen to", exact=True).wait_for()  # the page that is open hears of it by itself
    assert household.store.next_due() is None, "nobody is reminded"


def _on_the_second_noon_she_eats_a_little_later_and_the_rule_is_changed(story: Story) -> None:
    household, greg = story.household, story.greg
    household.until("2026-03-10T12:00:05-05:00")
    story.pushed(5)
    household.until("2026-03-10T12:06:00-05:00")
    household.eat()
    household.until("2026-03-10T12:06:05-05:00")
    story.pushed(7)
    for each in (greg, story.maya):
        story.shows(each, "Resolved: Daisy was seen eating")  # it stands in the place of the alarm
    assert story.told(greg, "resolved")["image"] and not story.told(story.maya, "resolved")["image"]
    page = story.go(greg, story.told(greg, "fired")["page"])
    page.get_by_role("link", name="False alarm").tap()
    page.get_by_role("button", name="Too early").tap()
    offer = page.locator(".offer").first
    offer.get_by_role("heading", name="Decide later: at 1 pm").wait_for()
    story.pushed(9)  # nothing is left on either screen
    assert greg.shown() == story.maya.shown() == []
    assert "Fired 3 → 1" in offer.inner_text(), "the day on which she ate at 12:20 would have been quiet too"
    assert offer.locator(".calendar li").count() == 14
    check(page)
    offer.get_by_role("button", name="Save this change").click()
    page.wait_for_url("**/rules/*")
    [rule] = household.store.rules(household.home)
    assert rule.when.model_dump()["window"]["until"] == "13:00"


def _maya_gets_no_picture_by_any_page(story: Story) -> None:
    his = _pictures(story, story.greg)
    assert any(path.startswith("/pictures/") for path in his) and any(path.startswith("/cameras/") for path in his)
    assert _pictures(story, story.maya, his) == set(), "she is let in by none of what his pages show either"
    page = story.go(story.maya, story.told(story.maya, "resolved")["page"])
    page.get_by_text("Daisy was seen eating").first.wait_for()
    check(page)


def _pictures(story: Story, screen: Screen, others: Iterable[str] = ()) -> set[str]:
    """Follow whatever the pages of somebody name, each address once, and `others`; return what answered with a picture."""
    found, ahead = set[str](), ["/", *others]
    known = set(ahead)
    while ahead:
        path = ahead.pop()
        answer = screen.context.request.get(f"{story.household.address}{path}")
        kind = answer.headers.get("content-type", "")
        found |= {path} if kind.startswith("image/") else set()
        named = re.findall(r'(?:href|src)="(/[^"#?]*)', answer.text()) if kind.startswith("text/html") else []
        fresh = {unescape(each) for each in named if not each.startswith(ASIDE)} - known
        known |= fresh
        ahead += fresh
    return found


def _on_the_third_noon_the_camera_is_off_and_that_is_said(story: Story) -> None:
    household, greg = story.household, story.greg
    household.until("2026-03-11T10:40:00-05:00")
    household.report("health", status="offline", reason="no_picture")
    household.until("2026-03-11T13:00:05-05:00")
    story.pushed(11)
    said = "I can't tell whether Daisy has been fed by 1 pm: the kitchen camera was off from 10:40 am to 1 pm."
    assert [story.told(each, "unknown")["body"] for each in (greg, story.maya)] == [said, said]
    page = story.go(greg, story.told(greg, "unknown")["page"])
    page.get_by_role("heading", name="I can't tell whether").wait_for()
    check(page)
    story.go(greg, "/timeline")
    page.locator("main").get_by_text("10:40 am").first.wait_for()
    check(page)
