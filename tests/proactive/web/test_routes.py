"""Laws of every route: it says who may use it, and nobody else gets anything, whatever the method.

A route that was added and declares nothing fails here; one that declares a right is tried with every standing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.routing import Route

from proactive.access.right import RIGHTS, Right
from proactive.web.app import make_app
from proactive.web.visit import open_to_all
from rules.home import Home
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import PERSON, STANDINGS, Browser, browser_of, family

# Not for persons: these look themselves who asks (a token, or this machine), or tell only whether it works.
BY_TOKEN = {"/api/records", "/api/look", "/api/health", "/metrics"}
# What FastAPI adds by itself: the document of the API, in which nothing of a home stands.
DOCUMENT = "/api/openapi.json"
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


def routes(running: Running) -> Iterator[tuple[str, str, str]]:
    """Yield method, path and what is declared of every route that the application has for persons."""
    for route in every(running):
        if isinstance(route, APIRoute) and route.path not in BY_TOKEN:
            for method in sorted(route.methods or ()):
                yield method, route.path, said_of(route.dependant)


def every(running: Running) -> list[APIRoute | APIWebSocketRoute]:
    """Return every route of the application; what answers and is none of these would be asked by nobody here."""
    return list(_walked(make_app(running.site).routes))


def _walked(found: Iterable[object]) -> Iterator[APIRoute | APIWebSocketRoute]:
    for each in found:
        included = getattr(each, "original_router", None)  # newer FastAPI keeps a router as it was included
        if included is not None:
            yield from _walked(included.routes)
        elif isinstance(each, APIRoute | APIWebSocketRoute):
            yield each
        else:
            assert isinstance(each, Route) and each.path == DOCUMENT, each


def said_of(dependant: Dependant) -> Right | str:
    said = list(declared(dependant))
    return said[0] if len(said) == 1 else f"{len(said)} declarations"


def filled(path: str) -> str:
    """Return the path of a route with something in its places."""
    return re.sub(r"\{(\w+)[^}]*\}", lambda found: FILLED.get(found[1], "x"), path)


@pytest.fixture
def browsers(running: Running, maple: Home) -> dict[str, Browser]:
    running.store.import_home(family(maple))
    running.site.look()
    return {standing: browser_of(running, PERSON[standing]) for standing in STANDINGS}


def test_every_route_declares_once_who_may_use_it(running: Running) -> None:
    found = {each.path: said_of(each.dependant) for each in every(running) if each.path not in BY_TOKEN}
    unsaid = {path: said for path, said in found.items() if said not in RIGHTS["owner"] | {"open"}}
    assert unsaid == {} and len(found) > 20


def test_programs_are_asked_for_a_token_with_the_right_scope(running: Running) -> None:
    needed = {"/api/records": "records:write", "/api/look": "admin", "/metrics": "read"}
    assert set(needed) == BY_TOKEN - {"/api/health"} and {each.path for each in every(running)} >= BY_TOKEN
    elsewhere = {"X-Forwarded-For": "192.0.2.7"}  # /metrics is open to this machine itself
    for path, scope in needed.items():
        method = "GET" if path == "/metrics" else "POST"
        for given in (None, "records:write", "read"):
            with running.client(*([given] if given else [])) as client:
                answer = client.request(method, path, headers=elsewhere, json=[])
            expected = {None: 401, scope: 200}.get(given, 403)
            assert answer.status_code == expected, (path, given, answer.text)


def test_a_live_connection_is_refused_without_a_session_and_from_another_site(running: Running) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    cookie = browser_of(running, "person.greg").client.cookies["proactive"]
    for route in every(running):
        if isinstance(route, APIWebSocketRoute):
            address = running.address.replace("http", "ws", 1) + filled(route.path)
            for headers in (
                {"Origin": running.address},
                {"Origin": "https://evil.example", "Cookie": f"proactive={cookie}"},
            ):
                with pytest.raises(InvalidStatus), connect(address, additional_headers=headers):
                    pass


def test_every_websocket_declares_once_who_may_use_it(running: Running) -> None:
    sockets = [route for route in every(running) if isinstance(route, APIWebSocketRoute)]
    assert {socket.path: list(declared(socket.dependant)) for socket in sockets} == {"/talk/voice": ["talk"]}


def test_nobody_gets_anything_without_a_session(running: Running) -> None:
    browser = Browser(running.address)
    browser_of(running, "person.greg")
    for method, path, right in routes(running):
        if right != "open":
            answer = browser.client.request(method, filled(path))
            asked = answer.headers.get("location", "").startswith("/sign-in")
            assert (answer.status_code == 401) if path.startswith("/api/") else asked, (method, path)
            asked_by_program = browser.client.request(method, filled(path), headers={"Accept": "*/*"})
            assert asked_by_program.status_code == 401, (method, path)


def test_nobody_gets_what_their_standing_does_not_grant(running: Running, browsers: dict[str, Browser]) -> None:
    tried = 0
    for standing, browser in browsers.items():
        form = browser.form()
        for method, path, right in routes(running):
            if right != "open" and right not in RIGHTS[standing]:  # type: ignore[index]  # they are the standings
                answer = browser.client.request(method, filled(path), headers={"X-Form": form})
                assert answer.status_code == 403, (standing, method, path)
                tried += 1
    assert tried > 10


def test_everybody_gets_the_pages_that_their_standing_grants(running: Running, browsers: dict[str, Browser]) -> None:
    for standing, browser in browsers.items():
        for method, path, right in routes(running):
            if method == "GET" and right in RIGHTS[standing] and path != "/live":  # type: ignore[index]  # they are
                answer = browser.client.get(filled(path))
                assert answer.status_code in (200, 303, 404, 422), (standing, path, answer.text)


def test_nothing_is_changed_without_the_word_of_a_form(running: Running, browsers: dict[str, Browser]) -> None:
    for method, path, right in routes(running):
        if method != "GET" and right != "open":
            for word in ("", "0" * 64):
                answer = browsers["owner"].client.request(method, filled(path), data={"form": word})
                assert answer.status_code == 403, (method, path)


def test_a_page_of_another_site_changes_nothing_even_with_the_word(
    running: Running, browsers: dict[str, Browser]
) -> None:
    owner = browsers["owner"]
    form = owner.form()
    for method, path, _ in routes(running):
        if method != "GET":
            for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
                answer = owner.client.request(method, filled(path), data={"form": form}, headers=headers)
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
