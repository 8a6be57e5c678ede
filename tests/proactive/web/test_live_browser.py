"""A rule's page in the real browser goes on saying how things stand, while nobody loads it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.record import decode
from tests.proactive.conftest import FED, make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import browser_of
from tests.proactive.web.test_browser import SECOND, chromium, pytestmark

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium

__all__ = ["chromium", "pytestmark"]


def test_what_is_left_counts_down_and_what_is_seen_is_said_without_a_reload(
    running: Running, chromium: Chromium
) -> None:
    running.store.put_rule(
        make_rule(when={"op": "absent", "of": [FED], "window": {"from": "09:00", "until": "12:00"}}), at=0
    )
    running.site.look()
    running.clock.pass_by(minutes=1)
    running.runtime.wake()
    context = chromium.new_context()
    context.set_default_timeout(20 * SECOND)
    cookie = browser_of(running, "person.greg").client.cookies["proactive"]
    context.add_cookies([{"name": "proactive", "value": cookie, "url": running.address}])
    page = context.new_page()
    page.clock.install()
    page.goto(f"{running.address}/rules/daisy-fed")
    page.evaluate("self.loadedOnce = true")
    page.get_by_text("Rests until 9 am. Then I look until noon.").wait_for()
    running.clock.pass_by(minutes=74)
    page.clock.run_for(65_000)
    page.get_by_text("2 h 45 min to noon. Not seen yet.").wait_for()
    running.site.intake([decode(
        '{"id":"k-1","home":"maple","type":"detection","source":"cam.kitchen","subject":"pet.daisy",'
        '"time":"2026-03-09T09:14:30-05:00","data":{"label":"dog","activity":"eating","zone":"food_bowls"}}'
    )])  # fmt: skip
    running.runtime.wake()
    for _ in range(5):
        page.clock.run_for(3_000)
        page.wait_for_timeout(0.5 * SECOND)
    page.get_by_text("Seen at 9:14 am, so all is well until noon.").wait_for()
    assert page.evaluate("self.loadedOnce"), "the page was never loaded again"
    context.close()
