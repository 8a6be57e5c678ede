"""Stories in a real browser: Debian's chromium, where it is installed, at the size of a phone and of a desktop.

What only a browser can tell: that the policy lets our scripts run and nothing else, that pages live, how long they take,
that everything can be reached by keyboard and every text can be read.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter_ns
from typing import TYPE_CHECKING

import pytest

from tests.proactive.web.conftest import Running
from tests.proactive.web.people import SECRET

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page, ViewportSize

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES: dict[str, ViewportSize] = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
SECOND = 1000.0

# Each text with its size, weight and colours as they are painted, for the contrast of WCAG 2.2 (1.4.3).
PAINTED = """() => {
  const shown = (e) => e.checkVisibility() && !e.closest("option, .symbols, .visually-hidden, .skip");
  const paper = (e) => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor; if (!/, 0\\)$|transparent/.test(c)) return c; } return "rgb(255, 255, 255)"; };
  return [...document.querySelectorAll("body *")]
    .filter((e) => shown(e) && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
    .map((e) => { const s = getComputedStyle(e);
      return [e.textContent.trim().slice(0, 40), s.color, paper(e), parseFloat(s.fontSize), +s.fontWeight]; });
}"""


# Each word that does not fit on a line and is broken in two; of links this is wanted.
BROKEN = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), broken = [], range = new Range();
  for (let n; (n = walker.nextNode()); ) {
    if (!n.parentElement.checkVisibility() || n.parentElement.closest("option, .visually-hidden, .skip, .link, code, script")) continue;
    for (const word of n.data.matchAll(/\\p{L}+/gu)) {
      range.setStart(n, word.index); range.setEnd(n, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1) broken.push(word[0]);
    } }
  return broken;
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """Return the browser; each story has a profile of its own in it."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(params=[("phone", "light"), ("desktop", "dark")], ids="-".join)
def page(request: pytest.FixtureRequest, chromium: Chromium) -> Iterator[Page]:
    size, scheme = request.param
    context = chromium.new_context(viewport=SIZES[size], color_scheme=scheme)
    context.set_default_timeout(20 * SECOND)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == [], "a page that is well has nothing to say on the console"


def luminance(colour: str) -> float:
    values = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def check(page: Page) -> None:
    """Assert that every text can be read, everything that is tapped is large enough, named, and nothing is cut off."""
    for text, colour, paper, size, weight in page.evaluate(PAINTED):
        least = 3.0 if size >= 24 or (size >= 18.66 and weight >= 700) else 4.5
        assert contrast(colour, paper) >= least, (page.url, text, colour, paper)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is wider than its window"
    assert page.evaluate(BROKEN) == [], f"{page.url} breaks words in two"
    for each in page.locator("button:visible, .tabs a:visible, select:visible").all():
        box = each.bounding_box()
        assert box is not None and box["height"] >= 44, (page.url, each.inner_text())
        assert each.inner_text().strip() or each.get_attribute("aria-label"), page.url
    for each in page.locator("input:visible").all():
        assert each.evaluate("e => e.labels.length > 0 || e.hasAttribute('aria-label')"), (
            page.url,
            each.get_attribute("name"),
        )
    assert page.locator("h1:visible").count() == 1 and page.title()
    keep(page)


def keep(page: Page) -> None:
    """Keep a picture of a page to look at, where PROACTIVE_SHOTS names a folder."""
    if folder := os.environ.get("PROACTIVE_SHOTS"):
        width = page.evaluate("innerWidth")
        Path(folder).mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", page.url.partition("//")[2].partition("/")[2]).strip("-")
        page.screenshot(path=f"{folder}/{perf_counter_ns()}-{name[:60]}-{width}.png", full_page=True)


def test_from_an_empty_machine_to_a_rule_that_is_paused(running: Running, page: Page) -> None:
    running.store.erase_home("maple")
    running.site.look()
    page.goto(running.address)
    check(page)
    page.get_by_role("button", name="Enter the demo home").click()
    page.wait_for_url("**/talk")
    page.locator(".tabs").get_by_text("Rules", exact=True).click()
    page.wait_for_url("**/rules")
    assert page.locator(".item").count() == 3
    check(page)
    page.get_by_text("Daisy has not been fed by noon").click()
    page.wait_for_url("**/rules/daisy-fed")
    check(page)
    # Somebody else pauses it at once: this page hears of it by itself, whether it listens already or not.
    running.store.pause_rule("demo", "daisy-fed", at=running.site.now())
    page.get_by_text("Nothing happens until somebody resumes it").wait_for()
    page.reload()
    page.get_by_role("button", name="Resume").click()
    page.get_by_text("Watching again.").wait_for()
    for name in ("Home", "You"):
        page.locator(".tabs").get_by_text(name, exact=True).click()
        page.locator(".tabs [aria-current]").get_by_text(name, exact=True).wait_for()
        check(page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/begin**")
    page.get_by_text("You are signed out.").wait_for()
    check(page)
    page.get_by_role("button", name="Go back in").click()
    page.wait_for_url("**/talk")


def test_the_first_view_takes_little_and_needs_no_script(running: Running, chromium: Chromium) -> None:
    context = chromium.new_context(viewport=SIZES["phone"], java_script_enabled=False)
    page = context.new_page()
    sent = []
    page.on("response", lambda answer: sent.append(int(answer.headers.get("content-length", 0))))
    page.goto(running.address)
    page.get_by_role("button", name="Take it over").wait_for()
    assert sum(sent) < 30_000, f"{sum(sent)} bytes were sent"
    context.close()


def test_everything_is_reached_by_keyboard_and_the_first_stop_skips_the_navigation(
    running: Running, chromium: Chromium
) -> None:
    context = chromium.new_context(viewport=SIZES["desktop"])
    page = context.new_page()
    page.goto(running.address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_label("Your name").fill("Greg")
    page.get_by_label("Choose a password").fill(SECRET)
    page.keyboard.press("Enter")
    page.wait_for_url("**/talk")
    page.goto(f"{running.address}/rules")
    names = []
    for _ in range(8):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert {"Rules", "Home"} <= set(names)
    context.close()
