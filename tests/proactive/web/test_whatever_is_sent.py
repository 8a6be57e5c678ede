"""Whatever is sent to a page, by whomever, is answered in words: never with 5xx, and never with what was sent as markup.

Requests are made from the application's own routes and from the forms on its pages, so that a page that is added is tried
as well: each field of each is sent each of `VALUES`, and the other fields of the same request something else of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import quote_plus

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from rules.home import Home
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import PERSON, STANDINGS, Browser, browser_of, family
from tests.proactive.web.pushes import house
from tests.proactive.web.test_attacks import EVIL, Runs
from tests.proactive.web.test_routes import every

FORM = "application/x-www-form-urlencoded"
VALUES: tuple[bytes, ...] = (
    b"",
    b"\x00",
    b"\xed\xa0\x80\xff",  # half of a surrogate pair, which no UTF-8 has
    "\u202e\ufdfd🐕\n\r".encode(),
    EVIL.encode(),
    b"9" * 400,
    b"-1e999",
    b"[" * 3_000,
    b'{"id": "\\ud800", "endpoint": "https://a.b/\\u0000", "keys": {"auth": "x", "p256dh": "y"}}',
    b"../../secret.key",
    b"2026-02-30",
    b"person.greg",
    b"a" * 100_001,
)
PLACES = ("%00", "%ED%A0%80", "%FF", "..%2F..%2Fsecret.key", "%3Cscript%3E", "9" * 400)
"""What stands in an address where an id is expected."""
ENDLESS = ("/live",)  # an answer that goes on until the browser leaves
LEAVES = re.compile(r"/sign-out|/account/password")


@dataclass(frozen=True)
class Asked:
    """Something that can be asked: its method, its address, and the names of what can be sent along."""

    method: str
    path: str
    fields: tuple[str, ...] = ()


class Forms(HTMLParser):
    """Finds the forms of a page: where each goes, and what it sends."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, list[str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("method", "get").upper(), given.get("action", ""), []))
        elif self.found and given.get("name", "form") != "form":
            self.found[-1][2].append(given["name"])


def fields_of(dependant: Dependant) -> Iterator[str]:
    """Yield the names of what a route takes, itself or through what it depends on."""
    yield from (each.alias for each in (*dependant.query_params, *dependant.body_params))
    for each in dependant.dependencies:
        yield from fields_of(each)


def of_routes(running: Running, ids: Mapping[str, str]) -> Iterator[Asked]:
    """Yield what the routes of the pages take: at something that is there, and at what is no id at all."""
    for number, route in enumerate(every(running)):
        if not isinstance(route, APIRoute) or route.include_in_schema or route.path in ENDLESS:
            continue
        about = re.match(r"/(?:home/)?(\w+)/\{", route.path)
        known = ids.get(about[1] if about else "", "x")
        strange = PLACES[number % len(PLACES)] if "{" in route.path else known
        for method in sorted(route.methods or ()):
            yield Asked(method, re.sub(r"\{\w+\}", known, route.path), tuple(fields_of(route.dependant)))
            yield Asked(method, re.sub(r"\{\w+\}", strange, route.path))


def of_pages(browser: Browser, asked: Iterable[Asked]) -> Iterator[Asked]:
    """Yield what the forms on the pages send."""
    for path in dict.fromkeys(each.path for each in asked if each.method == "GET"):
        answer = browser.get(path)
        for method, action, names in Forms(answer.text).found if "html" in answer.headers["content-type"] else ():
            yield Asked(method, action or path, tuple(names))


def in_order(asked: Iterable[Asked]) -> list[Asked]:
    """Return what is asked, each once with all of its fields: what takes something away at the end, without what ends the visit."""
    fields: dict[tuple[str, str], list[str]] = {}
    for each in asked:
        fields.setdefault((each.method, each.path), []).extend(each.fields)
    kept = [Asked(*where, tuple(dict.fromkeys(names))) for where, names in fields.items() if not LEAVES.match(where[1])]
    return sorted(kept, key=lambda each: (each.method == "POST" and not each.fields, "close" in each.path))


def bodies(asked: Asked) -> Iterator[bytes]:
    """Yield what is sent: each field has each of the values once; what takes nothing is sent something all the same."""
    for turn in range(len(VALUES) if asked.fields else 1):
        values = (VALUES[(turn + 5 * place) % len(VALUES)] for place in range(len(asked.fields)))
        yield b"&".join(
            quote_plus(name).encode() + b"=" + quote_plus(value).encode()
            for name, value in zip(asked.fields or ("unasked",), values if asked.fields else VALUES[5:], strict=False)
        )


def send(browser: Browser, form: str, asked: Asked, body: bytes) -> httpx.Response:
    """Ask, as a page of ours or its worker would."""
    if asked.method == "GET":
        return browser.client.get(f"{asked.path}?{body.decode()}"[:60_000])
    kind = "application/json" if asked.path.startswith("/push/") else FORM
    return browser.client.post(asked.path, content=body, headers={"Content-Type": kind, "X-Form": form})


@pytest.fixture
def known(running: Running, maple: Home) -> dict[str, str]:
    """Return the ids of what there is, by where it stands in an address."""
    running.store.import_home(family(maple))
    running.store.put_rule(make_rule(owner="person.greg"), at=0)
    running.site.look()
    with house(running) as home:
        home.fire()
    told = running.store.notifications("maple")[0].id
    return {
        "cameras": "cam.kitchen",
        "pets": "pet.daisy",
        "people": "person.zoe",
        "rules": "daisy-fed",
        "notifications": told,
    }


def try_all(running: Running, browser: Browser, asked: Iterable[Asked], turns: slice) -> Counter[int]:
    """Send all of it, some of the values of each field; return how often there was which answer."""
    form, answers = browser.form(), Counter[int]()
    for each in asked:
        for body in list(bodies(each))[turns]:
            answer = send(browser, form, each, body)
            answers[answer.status_code] += 1
            assert answer.status_code < 500, (each, body[:200], answer.text[:500])
            assert EVIL not in answer.text or Runs(answer.text).found == [], (each, body[:200])
        running.clock.pass_by(seconds=len(VALUES))  # one person may say something each second
    return answers


def test_whatever_an_owner_sends_is_answered_in_words(running: Running, known: dict[str, str]) -> None:
    owner = browser_of(running, "person.greg")
    routes = list(of_routes(running, known))
    answers = try_all(running, owner, in_order([*routes, *of_pages(owner, routes)]), slice(None))
    assert answers.total() > 500 and owner.get("/account").url.path == "/account", "and the visit goes on"
    assert running.store.home_ids() == ["maple"]


@pytest.mark.parametrize("standing", STANDINGS[1:])
def test_whatever_others_send_is_answered_in_words(running: Running, known: dict[str, str], standing: str) -> None:
    browser, routes = browser_of(running, PERSON[standing]), of_routes(running, known)
    answers = try_all(running, browser, in_order(each for each in routes if each.fields), slice(3, 4))
    assert answers[403] > 5 and answers.total() > 20, "some of it is theirs, some is not"
