"""Laws of live pages: an open page hears the names of what changed, and nothing else."""

from __future__ import annotations

import asyncio
import re

import pytest

from proactive.web.live import Live
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import Browser, browser_of


def hello(browser: Browser) -> str:
    """Return the stamp with which the stream of a browser begins."""
    with browser.client.stream("GET", "/live") as answer:
        lines = answer.iter_lines()
        assert "event: hello" in lines
        return next(lines).removeprefix("data:")


def stamp(browser: Browser) -> str:
    """Return the stamp of a page that is opened."""
    return str(re.findall(r'data-stamp="(\w+)"', browser.get("/rules").text)[0])


def test_a_listener_hears_of_a_change_by_its_name_only(running: Running) -> None:
    async def listen() -> list[str]:
        hub = Live(running.site)
        stream = hub.stream("maple")
        first = [await anext(stream), await asyncio.wait_for(anext(stream), 20)]
        await asyncio.to_thread(running.store.put_rule, make_rule(), at=running.site.now())
        second = await anext(stream)
        await stream.aclose()
        return [first[1], second, str(hub.listeners)]

    first, second, left = asyncio.run(listen())
    assert "hello" in first and second == "event: rules\ndata:\n\n" and left == "0"


def test_a_page_learns_of_what_changed_before_it_listened(running: Running) -> None:
    browser = browser_of(running, "person.greg")
    opened = stamp(browser)
    assert hello(browser) == opened
    running.store.put_rule(make_rule(), at=running.site.now())
    assert hello(browser) != opened and stamp(browser) != opened


@pytest.mark.parametrize(("who", "hears"), [("person.greg", True), ("person.maya", False)])
def test_what_somebody_says_changes_the_stamp_of_their_own_pages_only(running: Running, who: str, hears: bool) -> None:
    browser = browser_of(running, who)
    opened = stamp(browser)
    running.store.converse("maple", "person.greg", (), at=running.site.now())
    assert (stamp(browser) != opened) == hears
