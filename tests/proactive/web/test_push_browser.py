"""Stories of pushes in a real browser: what our own worker shows of what was encrypted for it, and what a tap does at home.

The browser's own push service is far away, so the browser subscribes at a receiver on this machine, which keeps what is
pushed. It is decrypted with the keys of the subscription and handed to the worker as the browser would (CDP).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from proactive.settings import Settings
from rules.home import Home
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import browser_of, family
from tests.proactive.web.pushes import Device, House, house
from tests.proactive.web.test_browser import CHROMIUM, QUIET, SECOND, SIZES, check, sync_api

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import BrowserContext, Page, Worker

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium")
# What stands for the browser's push service: it gives out a subscription with keys that the test knows.
SUBSCRIBES = """(given) => {
  let kept = null;
  PushManager.prototype.subscribe = async function (options) {
    kept = { ...given, options, toJSON: () => given, unsubscribe: async () => { kept = null; return true; } };
    return kept;
  };
  PushManager.prototype.getSubscription = async () => kept;
  self.lose = () => { kept = null; };
}"""
SHOWN = """async () => (await registration.getNotifications()).map((each) => ({
  title: each.title, body: each.body, tag: each.tag, image: (each.image ?? "").slice(0, 22),
  actions: (each.actions ?? []).map((one) => one.title) }))"""
TAP = """async ([tag, verb]) => {
  const [notification] = await registration.getNotifications({ tag });
  const { action } = (notification.actions ?? []).find((each) => each.action.startsWith(verb)) ?? { action: "" };
  const event = new NotificationEvent("notificationclick", { notification, action });
  let done; // a browser waits for trusted events only
  event.waitUntil = (promise) => { done = promise; };
  dispatchEvent(event);
  try { await done; } catch (error) { if (error.name !== "InvalidAccessError") throw error; } // no window opens without a hand
}"""

READY = "() => navigator.serviceWorker.ready.then(() => true)"  # a page that is loaded meanwhile may never have it in control


@dataclass
class Screen:
    """A browser of one person: its page, its worker, and the way in which a push service reaches it."""

    context: BrowserContext
    page: Page
    device: Device
    seen: int = 0

    @property
    def worker(self) -> Worker:
        return self.context.service_workers[-1]  # a sign-out takes the one before away

    def hand_over(self) -> None:
        """Hand to the worker what was pushed since the last time."""
        cdp = self.context.new_cdp_session(self.page)
        found: list[str] = []
        cdp.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(each["registrationId"] for each in event["registrations"] if not each["isDeleted"]))  # fmt: skip
        cdp.send("ServiceWorker.enable")
        while not found:
            self.page.wait_for_timeout(20)
        for message in self.device.got[self.seen :]:
            given = {
                "origin": self.page.evaluate("location.origin"),
                "registrationId": found[-1],
                "data": json.dumps(message),
            }
            cdp.send("ServiceWorker.deliverPushMessage", given)
            self.seen += 1
        cdp.detach()

    def shown(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.worker.evaluate(SHOWN)
        return found

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """Return what the screen shows, once it is so many."""
        for _ in range(400):
            if len(found := self.shown()) == count:
                return found
            self.page.wait_for_timeout(50)
        raise AssertionError(f"expected {count} notifications, found {self.shown()}")

    def tap(self, tag: str, verb: str) -> None:
        self.worker.evaluate(TAP, [tag, verb])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, push_subject="mailto:greg@maple.example")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def home(running: Running, maple: Home) -> Iterator[House]:
    running.store.import_home(family(maple))
    both = {"to": ["person.greg", "person.maya"], "message": "Not fed", "urgency": "high", "remind": {"every": "10m"}}
    running.store.put_rule(make_rule(notify=both), at=0)
    running.site.look()
    with house(running) as there:
        yield there


def screen(home: House, chromium: Chromium, person: str, size: str = "phone") -> Screen:
    """Return a browser in which a person is signed in, on the page of this device."""
    context = chromium.new_context(viewport=SIZES[size], color_scheme="light" if size == "phone" else "dark")
    context.set_default_timeout(60 * SECOND)
    context.grant_permissions(["notifications"], origin=home.running.address)
    cookie = browser_of(home.running, person).client.cookies["proactive"]
    context.add_cookies([{"name": "proactive", "value": cookie, "url": home.running.address}])
    device = Device(home.service, person)
    context.add_init_script(f"({SUBSCRIBES})({device.subscription})")
    page = context.new_page()
    page.goto(f"{home.running.address}/device")
    return Screen(context, page, device)


def turn_on(shown: Screen) -> None:
    shown.page.get_by_role("button", name="Turn on notifications").click()
    shown.page.get_by_text("Notifications are on. Try them.").wait_for()


def test_got_it_on_one_phone_clears_the_other_and_ends_the_reminders(home: House, chromium: Chromium) -> None:
    greg, maya = screen(home, chromium, "person.greg"), screen(home, chromium, "person.maya", "desktop")
    for each in (greg, maya):
        turn_on(each)
        check(each.page)
    home.fire()
    for each in (greg, maya):
        each.hand_over()
        [shown] = each.wait_for(1)
        assert (shown["title"], shown["body"]) == ("Maple Street", "Not fed.")
        assert shown["actions"][:2] == ["Got it", "Snooze 1 hour"]
    greg.tap(shown_tag(greg), "acknowledge")
    assert greg.shown() == []
    told = home.running.store.notifications("maple")
    assert {each.acknowledged_by for each in told} == {"person.greg"}
    home.deliver()
    maya.hand_over()
    maya.wait_for(0)
    home.running.clock.pass_by(hours=1)
    home.deliver()
    assert home.running.store.next_due() is None
    for each in (greg, maya):
        each.context.close()


def shown_tag(of: Screen) -> str:
    return str(of.shown()[0]["tag"])


def test_an_answer_that_does_not_get_through_is_asked_for_again(home: House, chromium: Chromium) -> None:
    greg = screen(home, chromium, "person.greg")
    turn_on(greg)
    home.fire()
    greg.hand_over()
    greg.wait_for(1)
    tag = shown_tag(greg)
    greg.worker.evaluate("() => { self.real = fetch; self.fetch = () => Promise.reject(new TypeError('offline')); }")
    greg.tap(tag, "acknowledge")
    [again] = greg.wait_for(1)
    assert again["body"].startswith("That did not get through; tap again when you are online.") and again["tag"] == tag
    greg.worker.evaluate("() => { self.fetch = self.real; }")
    greg.tap(tag, "acknowledge")
    assert greg.shown() == []
    assert any(each.acknowledged_by == "person.greg" for each in home.running.store.notifications("maple"))
    greg.context.close()


def test_a_subscription_that_is_lost_is_said_on_whatever_page_is_open_and_can_be_had_again(
    home: House, chromium: Chromium
) -> None:
    greg = screen(home, chromium, "person.greg")
    turn_on(greg)
    # As a browser does that was cleared, or whose push service forgot it: each page begins without a subscription.
    greg.page.goto(f"{home.running.address}/rules")
    greg.page.get_by_text("Notifications do not reach this device any more.").wait_for()
    check(greg.page)
    assert home.running.store.subscriptions("maple") == []
    greg.page.get_by_role("link", name="Turn them on again").click()
    greg.page.get_by_text("Notifications stopped here").wait_for()
    check(greg.page)
    greg.context.close()


def test_without_a_network_a_page_says_so_and_nothing_of_anybody_was_kept(home: House, chromium: Chromium) -> None:
    greg = screen(home, chromium, "person.greg")
    greg.page.goto(f"{home.running.address}/home")
    greg.page.evaluate(READY)
    kept = greg.page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async (name) =>"
        " (await (await caches.open(name)).keys()).map((each) => new URL(each.url).pathname)))).flat()"
    )
    assert "/offline" in kept and all(path == "/offline" or path.startswith("/static/") for path in kept)
    greg.context.set_offline(True)
    greg.page.goto(f"{home.running.address}/rules")
    greg.page.get_by_text("Your home cannot be reached").wait_for()
    check(greg.page)
    greg.context.close()


def test_a_yes_that_moves_a_door_is_tapped_on_the_page_and_not_on_the_notification(
    home: House, chromium: Chromium
) -> None:
    rule = make_rule(
        notify={"to": ["person.greg"], "message": "Open"}, do=[{"device": "cover.garage", "command": "close"}]
    )
    home.running.store.put_rule(rule, at=1)
    greg = screen(home, chromium, "person.greg")
    turn_on(greg)
    home.fire()
    greg.hand_over()
    greg.wait_for(2)
    tag = greg.device.asked["tag"]
    greg.worker.evaluate("() => { self.opened = []; open = async (path) => opened.push(path); }")
    greg.tap(tag, "confirm")
    page = greg.device.asked["page"]
    assert greg.worker.evaluate("() => self.opened") == [page]
    assert [each.state for each in home.running.store.deeds("maple")] == ["asking"]
    greg.page.goto(home.running.address + page)
    greg.page.get_by_role("button", name="Yes").click()
    greg.page.get_by_text("Answered with yes").wait_for()
    assert [each.state for each in home.running.store.deeds("maple")] == ["waiting"]
    greg.context.close()
