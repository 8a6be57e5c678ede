"""Laws of every route: it says who may use it, and nobody else gets anything, whatever the method.

A route that was added and declares nothing fails here; one that declares a right is tried with every standing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute

from proactive.access.right import RIGHTS, Right
from proactive.web.app import ROUTERS
from proactive.web.visit import open_to_all
from rules.home import Home
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import PERSON, STANDINGS, Browser, browser_of, family

# Not for persons: these look themselves who asks (a token, or this machine), or tell only whether it works.
BY_TOKEN = {"/api/records", "/api/look", "/api/health", "/metrics"}
FILLED = {
    "photo": "x",
    "trial": "x",
    "at": "1",
    "turn": "1",
    "id": "daisy-fed",
    "secret": "x",
    "version": "x",
    "name": "app.css",
    "record": "x",
}


def declared(dependant: Dependant) -> Iterator[Right | str]:
    """Yield what a route declares, in itself or in what it depends on."""
    for each in dependant.dependencies:
        call: Any = each.call
        if call is open_to_all:
            yield "open"
        if (right := getattr(call, "right", None)) is not None:
            yield right
        yield from declared(each)


def routes() -> Iterator[tuple[str, str, str]]:
    """Yield method, path and what is declared of every route."""
    for route in (route for router in ROUTERS for route in router.routes):
        if isinstance(route, APIRoute) and route.path not in BY_TOKEN:
            said = list(declared(route.dependant))
            for method in sorted(route.methods or ()):
                yield method, route.path, said[0] if len(said) == 1 else f"{len(said)} declarations"


@pytest.fixture
def browsers(running: Running, maple: Home) -> dict[str, Browser]:
    running.store.import_home(family(maple))
    running.site.look()
    return {standing: browser_of(running, PERSON[standing]) for standing in STANDINGS}


def test_every_route_declares_once_who_may_use_it() -> None:
    found = list(routes())
    unsaid = [each for each in found if each[2] not in RIGHTS["owner"] | {"open"}]
    assert unsaid == [] and len(found) > 20


def test_every_websocket_declares_once_who_may_use_it() -> None:
    sockets = [route for router in ROUTERS for route in router.routes if isinstance(route, APIWebSocketRoute)]
    assert {socket.path: list(declared(socket.dependant)) for socket in sockets} == {"/talk/voice": ["talk"]}


def test_nobody_gets_anything_without_a_session(running: Running) -> None:
    browser = Browser(running.address)
    browser_of(running, "person.greg")
    for method, path, right in routes():
        if right != "open":
            answer = browser.client.request(method, path.format(**FILLED))
            asked = answer.headers.get("location", "").startswith("/sign-in")
            assert (answer.status_code == 401) if path.startswith("/api/") else asked, (method, path)
            asked_by_program = browser.client.request(method, path.format(**FILLED), headers={"Accept": "*/*"})
            assert asked_by_program.status_code == 401, (method, path)


def test_nobody_gets_what_their_standing_does_not_grant(running: Running, browsers: dict[str, Browser]) -> None:
    tried = 0
    for standing, browser in browsers.items():
        form = browser.form()
        for method, path, right in routes():
            if right != "open" and right not in RIGHTS[standing]:  # type: ignore[index]  # they are the standings
                answer = browser.client.request(method, path.format(**FILLED), headers={"X-Form": form})
                assert answer.status_code == 403, (standing, method, path)
                tried += 1
    assert tried > 10


def test_everybody_gets_the_pages_that_their_standing_grants(running: Running, browsers: dict[str, Browser]) -> None:
    for standing, browser in browsers.items():
        for method, path, right in routes():
            if method == "GET" and right in RIGHTS[standing] and path != "/live":  # type: ignore[index]  # they are
                answer = browser.client.get(path.format(**FILLED))
                assert answer.status_code in (200, 303, 404, 422), (standing, path, answer.text)


def test_nothing_is_changed_without_the_word_of_a_form(running: Running, browsers: dict[str, Browser]) -> None:
    for method, path, right in routes():
        if method != "GET" and right != "open":
            for word in ("", "0" * 64):
                answer = browsers["owner"].client.request(method, path.format(**FILLED), data={"form": word})
                assert answer.status_code == 403, (method, path)


def test_a_page_of_another_site_changes_nothing_even_with_the_word(
    running: Running, browsers: dict[str, Browser]
) -> None:
    owner = browsers["owner"]
    form = owner.form()
    for method, path, _ in routes():
        if method != "GET":
            for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
                answer = owner.client.request(method, path.format(**FILLED), data={"form": form}, headers=headers)
                assert answer.status_code == 403 and "Another site" in answer.text, (method, path)


def test_a_person_of_another_home_sees_and_changes_nothing_here(running: Running, maple: Home) -> None:
    from tests.proactive.conftest import make_rule

    oak = maple.model_copy(update={"home": "oak"})
    running.store.import_home(oak)
    running.store.put_rule(make_rule(), at=0)
    running.site.look()
    stranger = browser_of(running, "person.greg", "oak")
    assert "daisy-fed" not in stranger.get("/rules").text
    assert stranger.get("/rules/daisy-fed").status_code == 404
    for verb in ("pause", "resume", "drop"):
        assert stranger.post(f"/rules/daisy-fed/{verb}").status_code == 404
    assert running.store.rule("maple", "daisy-fed").version == 1
