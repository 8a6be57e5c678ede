"""Laws of live pages: an open page hears the names of what changed, and nothing else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import partial

import pytest

from proactive.access.access import Access
from proactive.access.token import digest
from proactive.account import Change
from proactive.notify.plan import notice
from proactive.notify.text import Text
from proactive.web.live import LOOK, OF_ONE, Live
from proactive.web.visit import access_of
from rules.home import Home
from rules.record import Kind, Record
from tests.proactive.conftest import make_firing, make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import PERSON, Browser, browser_of, family


def hello(browser: Browser) -> str:
    """Return the stamp with which the stream of a browser begins."""
    with browser.client.stream("GET", "/live") as answer:
        lines = answer.iter_lines()
        assert "event: hello" in lines
        return next(lines).removeprefix("data:")


def stamp(browser: Browser) -> str:
    """Return the stamp of a page that is opened."""
    return str(re.findall(r'data-stamp="(\w+)"', browser.get("/rules").text)[0])


def session_of(running: Running, person: str) -> tuple[str, Access]:
    """Return the session of somebody who is signed in, and what they may know."""
    browser = browser_of(running, person)
    return digest(browser.client.cookies["proactive"]), access_of(running.site, "maple", person)


def heard(running: Running, person: str, *changes: Callable[[], object]) -> list[str]:
    """Return the names that somebody hears of, while changes are made one after the other, until their stream ends."""
    session, access = session_of(running, person)

    async def listen() -> list[str]:
        stream = Live(running.site).stream(session, access)
        events = [await anext(stream), await anext(stream)]
        for change in (*changes, lambda: running.store.end_session(session)):
            await asyncio.to_thread(change)
            await asyncio.sleep(LOOK * 1.5)
        events += [event async for event in stream]
        return [event.split()[1] for event in events[1:]]

    return asyncio.run(asyncio.wait_for(listen(), 20))


def see(running: Running, source: str) -> Callable[[], object]:
    """Return what lets a source report something."""
    data: dict[str, str | float] = {"label": "person"} if source.startswith("cam.") else {"value": "on"}
    kind: Kind = "detection" if source.startswith("cam.") else "state"
    record = Record(id=source, type=kind, time=running.clock.now, source=source, home="maple", data=data)
    return lambda: running.runtime.ingest([record])


def test_a_listener_hears_of_a_change_by_its_name_only_until_the_session_ends(running: Running) -> None:
    put = partial(running.store.put_rule, make_rule(), at=running.site.now())
    assert heard(running, "person.greg", put) == ["hello", "rules"]


@pytest.mark.parametrize(
    ("standing", "source", "hears"),
    [
        ("member", "cam.kitchen", True),
        ("child", "cam.kitchen", False),
        ("guest", "cam.kitchen", False),
        ("guest", "light.hall", True),
    ],
)
def test_when_something_is_seen_is_told_to_those_who_may_know_of_it(
    running: Running, maple: Home, standing: str, source: str, hears: bool
) -> None:
    running.store.import_home(family(maple))
    running.site.look()
    assert ("seen" in heard(running, PERSON[standing], see(running, source))) == hears


def test_when_somebody_is_told_something_is_nothing_for_guests(running: Running, maple: Home) -> None:
    running.store.import_home(family(maple))
    running.store.put_rule(make_rule(), at=0)

    def tell() -> None:
        own = notice(make_firing(), make_rule(), maple, Text("Maple", "Not fed"), "person.greg", now=running.site.now())
        running.store.record_firing(make_firing(), [own], now=running.site.now())

    assert "told" not in heard(running, PERSON["guest"], tell)


def test_a_camera_that_is_hidden_meanwhile_is_heard_of_no_more(running: Running, maple: Home) -> None:
    running.store.import_home(family(maple))

    def hide() -> None:
        running.store.show("maple", PERSON["member"], "cam.kitchen", shown=False)
        running.store.note(Change(at=running.site.now(), home="maple", who="person.greg", did="person.shown"))

    assert heard(running, PERSON["member"], hide, see(running, "cam.kitchen")) == ["hello", "home"]


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


def test_one_session_has_so_many_streams_and_then_the_oldest_end(running: Running) -> None:
    session, access = session_of(running, "person.greg")

    async def many() -> int:
        hub = Live(running.site)
        streams = [hub.stream(session, access) for _ in range(OF_ONE + 3)]
        for each in streams:
            await anext(each)
        for each in streams[:3]:
            assert [event.split()[1] async for event in each] in ([], ["hello"]), "it ends by itself"
        left = hub.listeners
        for each in streams[3:]:
            await each.aclose()
        return left

    assert asyncio.run(asyncio.wait_for(many(), 20)) == OF_ONE
