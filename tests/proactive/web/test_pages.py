"""Laws of the pages: coming in and going out, rules, people; what a form does and what a page tells to whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from proactive.access import entry, token
from proactive.error import ProactiveError
from proactive.settings import Settings
from proactive.web.app import make_app
from proactive.web.pages.begin import CODE, first_run_code
from proactive.web.pages.sign_in import own_path
from proactive.web.server import address_of, listen, require_safe, served
from rules.home import Home
from rules.record import Record
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import PERSON, SECRET, Browser, browser_of, family


@pytest.fixture
def owner(running: Running) -> Browser:
    return browser_of(running, "person.greg")


@pytest.fixture
def rule(running: Running) -> str:
    running.store.put_rule(make_rule(), who="person.greg", at=running.site.now())
    running.site.look()
    # The log begins on the first morning: the second one is the first of which it knows all.
    running.clock.pass_by(days=1)
    running.runtime.wake()
    return "/rules/daisy-fed"


def eat(running: Running) -> None:
    data = {"label": "dog", "activity": "eating", "zone": "food_bowls"}
    running.runtime.ingest(
        [
            Record(
                id="meal",
                type="detection",
                time=running.clock.now,
                source="cam.kitchen",
                subject="pet.daisy",
                home="maple",
                data=data,
            )
        ]
    )


# --- coming in --------------------------------------------------------------------------------------------------


def test_an_empty_machine_leads_to_the_first_run_and_its_owner_takes_the_home_over(running: Running) -> None:
    browser = Browser(running.address)
    page = browser.get("/")
    assert page.url.path == "/begin" and "Who are you?" in page.text
    answer = browser.client.post("/begin", data={"who": "maple person.maya", "name": "Maya", "password": SECRET})
    assert answer.status_code == 303 and "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=lax" in answer.headers["set-cookie"].lower()
    assert browser.get("/").url.path == "/talk" and browser.get("/begin").url.path == "/talk"


def test_a_new_home_is_watched_as_soon_as_it_is_made(running: Running) -> None:
    running.store.erase_home("maple")
    running.site.look()
    browser = Browser(running.address)
    given = {"home_name": "Oak", "name": "Ida", "password": SECRET, "time_zone": "America/Chicago"}
    assert browser.client.post("/begin", data=given).status_code == 303
    assert set(running.runtime.homes) == {"oak"} and browser.get("/").url.path == "/talk"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "Ida", "password": "short"}, "at least 10 characters"),
        ({"name": " ", "password": SECRET}, "Give your name"),
        ({"name": "Ida", "password": SECRET, "home_name": ""}, "Give your home a name"),
    ],
)
def test_what_is_wrong_at_the_first_run_is_said_and_nothing_is_made(
    running: Running, given: dict[str, str], words: str
) -> None:
    running.store.erase_home("maple")
    answer = Browser(running.address).client.post("/begin", data={"home_name": "Oak"} | given)
    assert answer.status_code == 422 and words in answer.text and running.store.home_ids() == []


def test_somebody_elsewhere_needs_the_link_to_set_it_up_and_learns_nothing(running: Running) -> None:
    browser = Browser(running.address)
    browser.client.headers["X-Forwarded-For"] = "192.0.2.7"
    page = browser.get("/begin")
    assert "One step first" in page.text and "Greg" not in page.text
    given = {"who": "maple person.greg", "name": "Greg", "password": SECRET}
    assert browser.client.post("/begin", data=given).status_code == 403
    file = running.site.settings.data / CODE
    code = first_run_code(running.site.settings.data)
    file.write_text("")  # as while it is being written
    assert browser.client.post("/begin", data={**given, "code": ""}).status_code == 403
    file.write_text(code)
    assert browser.client.post("/begin", data={**given, "code": code}).status_code == 303
    assert not (running.site.settings.data / CODE).exists()


def test_behind_a_proxy_nobody_counts_as_somebody_at_the_machine(running: Running) -> None:
    site = replace(running.site, settings=replace(running.site.settings, published=True))
    with served(make_app(site), listening := listen("127.0.0.1", 0)):
        browser = Browser(address_of(listening))
        assert "Greg" not in browser.get("/begin").text
        given = {"who": "maple person.greg", "name": "Greg", "password": SECRET}
        assert browser.client.post("/begin", data=given).status_code == 403
        assert browser.client.get("/metrics", headers={"Accept": "*/*"}).status_code == 401


def test_signing_in_leads_to_the_page_that_was_wanted_and_out_again(running: Running, maple: Home) -> None:
    entry.begin(running.store, maple, "person.greg", "Greg", SECRET, device="", now=running.site.now())
    browser = Browser(running.address)
    assert browser.get("/home").url.query == b"next=/home"
    answer = browser.client.post("/sign-in", data={"name": "greg", "password": SECRET, "next": "/home"})
    assert answer.headers["location"] == "/home"
    secret = browser.client.cookies["proactive"]
    assert browser.get("/home").status_code == 200
    assert browser.post("/sign-out").headers["location"] == "/sign-in?said=signed-out"
    browser.client.cookies.set("proactive", secret)
    assert browser.get("/home").url.path == "/sign-in", "a token that was signed out is worth nothing"


def test_too_many_tries_are_answered_with_when_to_try_again(running: Running, maple: Home) -> None:
    entry.begin(running.store, maple, "person.greg", "Greg", SECRET, device="", now=running.site.now())
    browser = Browser(running.address)
    codes = [browser.client.post("/sign-in", data={"name": "greg", "password": "no"}).status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]
    answer = browser.client.post("/sign-in", data={"name": "greg", "password": SECRET})
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) <= 31


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "", "/a\nb"]
)
def test_signing_in_never_leads_to_another_site(wanted: str) -> None:
    assert own_path(wanted) == "/"


def test_coming_in_ends_what_this_browser_had_before(running: Running, maple: Home) -> None:
    now, browser = running.site.now(), Browser(running.address)
    entry.begin(running.store, maple, "person.greg", "Greg", SECRET, device="", now=now)
    _, link = entry.invite(running.store, maple, "person.zoe", "Zoe", "child", by="person.greg", now=now)
    before: list[str] = []
    for path, name in (("/sign-in", "greg"), (f"/invitation/{link}", "zoe"), ("/sign-in", "zoe")):
        assert browser.client.post(path, data={"name": name, "password": SECRET}).status_code == 303
        assert [each for each in before if running.store.session(token.digest(each), now)] == [], path
        before.append(browser.client.cookies["proactive"])
    assert browser.get("/account").status_code == 200


def test_a_password_is_not_guessed_where_it_is_changed(running: Running, maple: Home) -> None:
    entry.begin(running.store, maple, "person.greg", "Greg", SECRET, device="", now=running.site.now())
    browser = Browser(running.address)
    browser.client.post("/sign-in", data={"name": "greg", "password": SECRET})
    codes = [browser.post("/account/password", old="no", new="another good one").status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]
    answer = browser.post("/account/password", old=SECRET, new="another good one")
    assert answer.status_code == 429 and "Too many tries" in answer.text and int(answer.headers["retry-after"]) <= 31


def test_an_invitation_is_shown_once_lets_one_in_and_is_then_used_up(running: Running, owner: Browser) -> None:
    page = owner.post("/home/invitations", name="Ana <b>", role="guest").text
    assert "Ana &lt;b&gt;" in page and "<b>" not in page
    link = page.split('<code id="link">')[1].split("</code>")[0]
    assert link not in owner.get("/home").text
    ana = Browser(running.address)
    assert "Greg invites you" in ana.get(link).text
    assert ana.client.post(link, data={"name": "ana", "password": SECRET}).status_code == 303
    assert ana.get("/account").status_code == 200 and "guest" in ana.get("/account").text.lower()
    assert Browser(running.address).get(link).status_code == 410
    assert [change.did for change in running.store.changes("maple")][:2] == ["person.join", "person.invite"]


def test_a_session_that_is_old_leads_to_signing_in(running: Running, owner: Browser) -> None:
    running.clock.pass_by(days=31)
    assert owner.get("/rules").url.path == "/sign-in"


# --- rules ------------------------------------------------------------------------------------------------------


def test_a_rule_says_how_long_it_waits_and_when_it_has_seen_enough(running: Running, owner: Browser, rule: str) -> None:
    assert "4 h to noon. Not seen yet." in owner.get("/rules").text
    running.clock.pass_by(minutes=48)
    assert "3 h 12 min to noon. Not seen yet." in owner.get(rule).text
    eat(running)
    assert "Seen at 8:48 am, so all is well until noon." in owner.get(rule).text


def test_a_rule_whose_camera_is_offline_says_so(running: Running, owner: Browser, rule: str) -> None:
    offline = Record(
        id="off", type="health", time=running.clock.now, source="cam.kitchen", home="maple", data={"status": "offline"}
    )
    running.runtime.ingest([offline])
    assert "the kitchen camera is offline, so I may not be able to tell" in owner.get(rule).text


def test_what_a_rule_said_lately_and_who_changed_it_is_shown(running: Running, owner: Browser, rule: str) -> None:
    running.clock.pass_by(hours=4, minutes=1)
    running.runtime.wake()
    for firing in running.firings():
        running.store.record_firing(firing, now=running.site.now())
    page = owner.get(rule).text
    assert "<strong>Greg</strong> made it" in page and 'datetime="2026-03-10T17:00:00' in page
    why = owner.get(f"{rule}/why?day=2026-03-10")
    assert why.status_code == 200 and "Tuesday, 10 March 2026" in why.text


def test_pausing_counts_at_once_and_is_noted(running: Running, owner: Browser, rule: str) -> None:
    assert owner.post(f"{rule}/pause").headers["location"] == f"{rule}?said=paused"
    assert not running.runtime.rules()["maple", "daisy-fed"].enabled
    assert "Paused." in owner.get(f"{rule}?said=paused").text and "Resume" in owner.get(rule).text
    assert owner.post(f"{rule}/resume").status_code == 303 and running.runtime.rules()["maple", "daisy-fed"].enabled
    assert [change.did for change in running.store.changes("maple", "daisy-fed")] == ["rule.resume", "rule.pause"]
    assert "paused “Daisy has not been fed by noon”" in owner.get("/home/changes").text


def test_a_deleted_rule_is_gone_and_its_address_says_so_plainly(running: Running, owner: Browser, rule: str) -> None:
    assert owner.post(f"{rule}/drop").headers["location"] == "/rules?said=dropped&undo=daisy-fed"
    gone = owner.get(rule)
    assert gone.status_code == 404 and "There is no such rule" in gone.text and "Traceback" not in gone.text


def test_a_member_sees_the_rule_of_another_and_may_not_change_it(running: Running, maple: Home, rule: str) -> None:
    running.store.import_home(family(maple))
    member = browser_of(running, PERSON["member"])
    assert "Greg may change it" in member.get(rule).text and member.post(f"{rule}/pause").status_code == 403
    running.store.show("maple", PERSON["member"], "cam.kitchen", shown=False)
    assert member.get(rule).status_code == 404


def test_markup_in_names_rules_and_words_is_text(running: Running, owner: Browser, maple: Home) -> None:
    evil = "<script>alert(1)</script>"
    notify = {"to": ["person.greg"], "message": evil}
    running.store.import_home(maple.model_copy(update={"name": evil}))
    running.store.put_rule(make_rule(id="x", said=evil, notify=notify), at=running.site.now())
    running.site.look()
    for path in ("/rules", "/rules/x", "/home", "/home/changes", f"/rules?said={evil}", f"/sign-in?next={evil}"):
        assert evil not in owner.get(path).text, path


# --- people -----------------------------------------------------------------------------------------------------


def test_an_owner_shows_a_camera_to_a_child_and_hides_it_again(running: Running, owner: Browser, maple: Home) -> None:
    running.store.import_home(family(maple))
    path = f"/home/people/{PERSON['child']}"
    assert owner.post(path, shown="cam.kitchen").status_code == 303
    assert running.store.shown("maple", PERSON["child"]) == {"cam.kitchen": True}
    assert owner.post(path).status_code == 303 and running.store.shown("maple", PERSON["child"]) == {
        "cam.kitchen": False
    }


def test_an_account_that_is_taken_away_is_signed_out_at_once(running: Running, owner: Browser, maple: Home) -> None:
    running.store.import_home(family(maple))
    member = browser_of(running, PERSON["member"])
    assert member.get("/rules").url.path == "/rules"
    assert owner.post(f"/home/people/{PERSON['member']}/close").status_code == 303
    assert member.get("/rules").url.path == "/sign-in"
    assert owner.post("/home/people/person.greg/close").status_code == 403


# --- what holds for every answer --------------------------------------------------------------------------------


def test_every_answer_carries_the_headers_of_safety(running: Running, owner: Browser) -> None:
    for path in ("/rules", "/nowhere", "/sign-in", "/api/health"):
        headers = owner.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff" and headers["cache-control"] == "no-store", path


def test_pages_have_no_script_or_style_in_them(running: Running, owner: Browser, rule: str) -> None:
    for path in ("/rules", rule, "/home", "/account", f"/home/people/{PERSON['owner']}"):
        text = owner.get(path).text
        assert text.count("<script") == text.count('<script type="module" src="/static/'), path
        assert "<style" not in text and " style=" not in text and " onclick" not in text


def test_assets_are_packed_kept_for_ever_and_never_left_their_folder(running: Running) -> None:
    browser = Browser(running.address)
    page = browser.get("/sign-in").text
    css = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = browser.get(css)
    assert "immutable" in answer.headers["cache-control"] and answer.headers["content-encoding"] == "gzip"
    assert "no-cache" in browser.get("/static/old/app.css").headers["cache-control"]
    for path in ("/static/x/..%2fapp.py", "/static/x/%2e%2e", "/static/../app.py", "/static/x/app.css%00"):
        assert browser.client.get(path).status_code == 404


def test_what_goes_wrong_is_a_page_for_a_browser_and_a_problem_for_a_program(running: Running, owner: Browser) -> None:
    assert "There is nothing here" in owner.get("/nowhere").text
    answer = owner.client.get("/nowhere", headers={"Accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"


# --- where it listens -------------------------------------------------------------------------------------------


def test_it_does_not_listen_where_others_could_read_along_unless_something_in_front_encrypts(
    settings: Settings,
) -> None:
    for host in ("0.0.0.0", "192.168.1.5", "::", "nas.local"):
        with pytest.raises(ProactiveError, match=r"Run `proactive tls` once.*PROACTIVE_PUBLISHED=yes"):
            require_safe(replace(settings, host=host))
        require_safe(replace(settings, host=host, published=True))
    for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost"):
        require_safe(replace(settings, host=host))
