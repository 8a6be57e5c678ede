"""A walk through every page in the real browser: nothing jumps while it loads, every stop of the keyboard can be seen and has
a name, and every text can be read, in both themes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from rules.home import Home
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import browser_of, family
from tests.proactive.web.pushes import house
from tests.proactive.web.test_browser import SECOND, SIZES, check, chromium, pytestmark

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page

__all__ = ["chromium", "pytestmark"]
PAGES = (
    "/talk", "/rules", "/rules/daisy-fed", "/rules/daisy-fed/edit", "/rules/daisy-fed/why?day=2026-03-09", "/timeline",
    "/cameras", "/cameras/cam.kitchen", "/cameras/new", "/home", "/home/people/person.greg/told", "/home/people/person.max",
    "/home/pets", "/home/pets/pet.daisy", "/home/details", "/home/devices", "/home/remembered", "/home/changes", "/home/erase",
    "/notifications", "/account", "/device", "/trust", "/offline",
)  # fmt: skip
LEAST = 0.1  # above it a page jumps, by Core Web Vitals

# What moved since the page began to load, as the browser reckons it, and what that was.
SHIFTS = """() => new Promise((done) => {
  const found = [];
  new PerformanceObserver((list) => found.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(found.map((e) => [e.value, e.sources.map((s) => s.node?.id || s.node?.className || s.node?.nodeName)])), 50);
})"""

# The next stop of the keyboard: what it is, whether it shows that it has the focus, and what it is called.
STOP = """() => { const e = document.activeElement; if (e === document.body) return null;
  const seen = (n) => { const s = getComputedStyle(n); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0; };
  const name = e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent || e.value || e.title || "";
  return [e.outerHTML.slice(0, 90), seen(e) || e.matches(".day input") && seen(e.parentElement), name.trim().length > 0]; }"""


@pytest.fixture
def address(running: Running, maple: Home) -> Iterator[str]:
    """Return the address of a home in which something happened, whose owner is signed in there."""
    running.store.import_home(family(maple))
    running.store.put_rule(make_rule(), at=0)
    running.site.look()
    with house(running) as home:
        home.device("person.greg", "Firefox on Android")
        home.fire()
        yield running.address


def signed_in(chromium: Chromium, running: Running, size: str, scheme: str) -> Page:
    context = chromium.new_context(viewport=SIZES[size], color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
    context.set_default_timeout(20 * SECOND)
    cookie = browser_of(running, "person.greg").client.cookies["proactive"]
    context.add_cookies([{"name": "proactive", "value": cookie, "url": running.address}])
    return context.new_page()


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desktop", "light")])
def test_every_page_can_be_read_is_named_and_stays_where_it_is(
    running: Running, address: str, chromium: Chromium, size: str, scheme: str
) -> None:
    page = signed_in(chromium, running, size, scheme)
    for path in PAGES:
        page.goto(address + path)
        page.wait_for_timeout(100)
        check(page)
        shifts = page.evaluate(SHIFTS)
        assert sum(value for value, _ in shifts) < LEAST, (path, shifts)
    page.context.close()


def test_every_stop_of_the_keyboard_can_be_seen_and_has_a_name(
    running: Running, address: str, chromium: Chromium
) -> None:
    page = signed_in(chromium, running, "desktop", "light")
    for path in PAGES:
        page.goto(address + path)
        stops: list[str] = []
        while len(stops) < 80:
            page.keyboard.press("Tab")
            found = page.evaluate(STOP)
            if found is None or found[0] in stops[:1]:
                break
            stops.append(found[0])
            assert found[1] and found[2], (path, found)
        assert len(stops) >= 2, (path, stops)
    page.context.close()
