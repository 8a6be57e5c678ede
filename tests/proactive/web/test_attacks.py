"""What an attacker tries: words and names that are markup, tokens that are forged or old, addresses that lead elsewhere.

Each attack is made against the application as it runs, by HTTP, and fails; what is broken by it answers in words and never with 5xx.
"""

from __future__ import annotations

import re
import socket
from html.parser import HTMLParser
from urllib.parse import quote

import httpx
import pytest

from proactive.access import entry, token
from proactive.language.fact import Fact
from proactive.token import mint
from rules.home import Home, parse_home
from rules.record import Record
from tests.proactive.conftest import make_firing, make_rule
from tests.proactive.web.conftest import LOCAL, Running
from tests.proactive.web.people import PERSON, SECRET, Browser, browser_of, family
from tests.proactive.web.test_routes import filled, routes

EVIL = "<script>alert(1)</script>"
QUOTED = "\"'><img src=x onerror=alert(2)>"


class Runs(HTMLParser):
    """Finds what a browser would run of a page that is not ours: scripts in it, handlers, addresses that are scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        scripted = tag == "script" and not given.get("src", "").startswith("/static/")
        handled = any(name.startswith("on") for name in given)
        if scripted or handled or given.get("src") == "x" or "javascript:" in given.get("href", "").lower():
            self.found.append(self.get_starttag_text() or tag)


def poisoned(maple: Home) -> Home:
    """Return the home of the tests with markup in every name that a person or a device can give."""
    value = family(maple).model_dump(mode="json", exclude_unset=True)
    value["name"] = EVIL
    for each in (*value["people"], *value["pets"], *value["cameras"], *value["devices"], *value["calendars"]):
        each |= {"name": f"{EVIL}{QUOTED}", "aliases": [QUOTED]}
    value["pets"][0] |= {"species": EVIL, "looks": QUOTED}
    value["cameras"][0] |= {"sees": EVIL, "zones": {f"{EVIL}{QUOTED}": [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]}}
    value["groups"] = {EVIL: ["person.greg"]}
    return parse_home(value)


@pytest.fixture
def attacked(running: Running, maple: Home) -> Running:
    """Return the application after somebody put markup wherever they could."""
    now, store = running.site.now(), running.store
    store.import_home(poisoned(maple))
    notify = {"to": ["person.greg"], "message": f"{EVIL}{QUOTED}"}
    store.put_rule(make_rule(said=EVIL, notify=notify), who="person.greg", at=now)
    running.site.look()
    store.record_firing(make_firing(time=now), now=now)
    store.tell("maple", Fact("alias", "pet.daisy", EVIL, said=QUOTED, by="person.greg"), at=now)
    data: dict[str, str | float] = {"label": QUOTED, "activity": EVIL, "zone": EVIL, "episode": EVIL}
    running.runtime.ingest(
        [
            Record(
                id=EVIL, type="detection", time=running.clock.now, source="cam.kitchen", subject=EVIL, home="maple",
                data=data,
            )
        ]
    )  # fmt: skip
    return running


def test_markup_is_text_on_every_page(attacked: Running) -> None:
    owner = browser_of(attacked, "person.greg")
    owner.post("/talk", text=f"let me know if {EVIL} isn't fed by noon")
    pages = 0
    for method, path, _ in routes(attacked):
        if method == "GET" and path not in ("/live", "/"):
            for query in ("", f"?said={quote(EVIL)}&q={quote(EVIL)}&next={quote(QUOTED)}&code={quote(QUOTED)}"):
                answer = owner.get(filled(path) + query)
                assert answer.status_code < 500, path
                if "text/html" in answer.headers.get("content-type", ""):
                    assert Runs(answer.text).found == [], path
                    assert "script-src 'self'" in answer.headers["content-security-policy"]
                    pages += 1
    assert pages > 20


# --- tokens -----------------------------------------------------------------------------------------------------


def lets_in(running: Running, cookie: str) -> bool:
    browser = Browser(running.address)
    browser.client.cookies.set("proactive", cookie)
    return browser.client.get("/account").status_code == 200


def test_a_session_that_is_forged_guessed_or_ended_lets_nobody_in(running: Running, maple: Home) -> None:
    came = entry.begin(running.store, maple, "person.greg", "Greg", SECRET, device="", now=running.site.now())
    assert lets_in(running, came.token)
    for forged in ("", "x", came.session.id, came.token[:-1], came.token + "x", "../" + came.token, "A" * 5_000):
        assert not lets_in(running, forged), forged
    other = entry.sign_in(
        running.store, "greg", SECRET, address="a", device="", now=running.site.now()
    )  # every sign-in has a token of its own
    assert other.token != came.token
    running.store.end_sessions(came.session.account)
    assert not lets_in(running, came.token) and not lets_in(running, other.token)


def test_the_word_of_one_session_is_no_good_for_another(running: Running, maple: Home) -> None:
    running.store.import_home(family(maple))
    owner, member = browser_of(running, "person.greg"), browser_of(running, PERSON["member"])
    answer = owner.client.post("/home/invitations", data={"form": member.form(), "name": "Eve", "role": "owner"})
    assert answer.status_code == 403 and not running.store.invitations("maple", running.site.now())


def test_an_invitation_that_was_withdrawn_renewed_or_made_up_lets_nobody_in(running: Running, maple: Home) -> None:
    now, store = running.site.now(), running.store
    entry.begin(store, maple, "person.greg", "Greg", SECRET, device="", now=now)
    first, one = entry.invite(store, maple, "person.eve", "Eve", "owner", by="person.greg", now=now)
    _, two = entry.invite(store, maple, "person.eve", "Eve", "guest", by="person.greg", now=now)
    assert store.withdraw_invitation("maple", token.digest(two))
    for link in (one, two, first.id, "x", "%00", "A" * 3_000):
        answer = Browser(running.address).client.post(f"/invitation/{link}", data={"name": "eve", "password": SECRET})
        assert answer.status_code in (404, 410), link
    assert len(store.accounts("maple")) == 1


@pytest.mark.parametrize("path", ["/api/records", "/api/look", "/metrics"])
def test_a_token_that_is_forged_revoked_or_of_another_run_is_none(running: Running, path: str) -> None:
    kept, shown = mint("printer", ["admin"], now=0)
    running.store.add_token(kept)
    method = "GET" if path == "/metrics" else "POST"

    def ask(credentials: str) -> int:
        headers = {"Authorization": credentials, "X-Forwarded-For": "192.0.2.7", "Content-Type": "application/json"}
        return httpx.request(
            method, running.address + path, headers=headers, content=b"[]", trust_env=False, timeout=90
        ).status_code

    assert ask(f"Bearer {shown}") < 300 and ask(f"Bearer {LOCAL}") < 300
    running.store.revoke_token("printer")
    id, secret = shown.removeprefix("proactive_").split("_", 1)
    for forged in (shown, f"proactive_{id}_{'A' * len(secret)}", kept.digest, f"{LOCAL}x", "A" * 5_000):
        assert ask(f"Bearer {forged}") == 401, forged
    assert ask(f"Basic {shown}") == 401


# --- where an answer leads --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/%0d%0aSet-Cookie:x=y",
        "/\r\nSet-Cookie:x=y",
        "/a//b",
    ],
)
def test_signing_in_leads_nowhere_else_and_sets_no_other_header(running: Running, maple: Home, wanted: str) -> None:
    entry.begin(running.store, maple, "person.greg", "Greg", SECRET, device="", now=running.site.now())
    given = {"name": "greg", "password": SECRET, "next": wanted}
    answer = Browser(running.address).client.post("/sign-in", data=given)
    where = answer.headers["location"]
    assert where.startswith("/") and not where.startswith(("//", "/\\")) and "evil" not in where
    assert (
        answer.headers.get_list("set-cookie")[0].startswith("proactive=") and "x=y" not in answer.headers["set-cookie"]
    )


def raw(running: Running, text: bytes) -> bytes:
    """Send what no library would send, and return the answer."""
    host, port = running.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=90) as line:
        line.sendall(text)
        return b"".join(iter(lambda: line.recv(65536), b""))


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/..%2f..%2fsecret.key",
        "/pictures/%2e%2e/%2e%2e/secret.key",
        "/pictures//etc/passwd",
        "/static/x/..%2f..%2fapp.py",
        "/static/../../secret.key",
        "/cameras/..%2f..%2fsecret.key/picture",
        "/cameras/%00/picture",
        "/trust/..%2ftls%2froot.pem",
        "/trust/root.pem",
        "/rules/..%2f..%2fsecret.key/why",
        "/home/people/%ff",
        "/" + "a" * 20_000,
    ],
)
def test_no_path_leads_to_a_file_of_the_data_folder(running: Running, path: str) -> None:
    (running.site.settings.data / "secret.key").write_text("the key of the vault")
    cookie = browser_of(running, "person.greg").client.cookies["proactive"]
    got = raw(
        running, f"GET {path} HTTP/1.1\r\nHost: x\r\nCookie: proactive={cookie}\r\nConnection: close\r\n\r\n".encode()
    )
    assert re.match(rb"HTTP/1.1 (4\d\d|303) ", got), got[:80]
    assert b"the key of the vault" not in got and b"root:" not in got and b"PRIVATE" not in got


# --- what a form tells and takes ---------------------------------------------------------------------------------


def test_an_answer_at_the_door_tells_nobody_who_lives_here_by_its_words_or_headers(
    running: Running, maple: Home
) -> None:
    entry.begin(running.store, maple, "person.greg", "Greg", SECRET, device="", now=running.site.now())

    def told(name: str) -> tuple[int, str, list[str]]:
        answer = Browser(running.address).client.post("/sign-in", data={"name": name, "password": "no such one"})
        return answer.status_code, answer.text.replace(name, "NAME"), sorted(answer.headers)

    assert told("greg") == told("nobody")


def test_a_form_is_signed_for_the_person_and_a_rule_for_its_owner_whatever_it_says(
    running: Running, maple: Home
) -> None:
    running.store.import_home(family(maple))
    running.store.put_rule(make_rule(owner=PERSON["member"], id="mine"), who=PERSON["member"], at=0)
    running.site.look()
    member = browser_of(running, PERSON["member"])
    stolen = make_rule(id="mine", owner="person.greg", home="oak", do=[{"device": "cover.garage", "command": "open"}])
    answer = member.post("/rules/mine/save", proposed=str(stolen.as_json()).replace("'", '"'))
    kept = running.store.rule("maple", "mine")
    assert answer.status_code == 422 and kept.owner == PERSON["member"] and kept.do == ()
