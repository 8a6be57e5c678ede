"""Laws of pushes: to whom, how they are answered with nobody signed in, and how a browser that is lost is noticed."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from proactive.notify.replies import choose
from proactive.notify.ticket import PICTURE, Ticket, Tickets
from proactive.notify.webpush import WebPush
from proactive.settings import Settings
from proactive.store import outbox
from rules.home import Home
from rules.record import Record
from rules.units import DAY, HOUR, MINUTE, SECOND
from tests.proactive.conftest import make_firing, make_rule
from tests.proactive.notify.receivers import Browser as Keys
from tests.proactive.notify.receivers import claims
from tests.proactive.phones import picture_in
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import browser_of, family
from tests.proactive.web.pushes import Device, House, house

BOTH = {"to": ["person.greg", "person.maya"], "message": "Not fed", "urgency": "high"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, push_subject="mailto:greg@maple.example")


@pytest.fixture
def home(running: Running, maple: Home) -> Iterator[House]:
    running.store.import_home(family(maple))
    running.store.put_rule(make_rule(notify=BOTH), at=0)
    running.site.look()
    with house(running) as there:
        yield there


def tickets(home: House) -> Tickets:
    return WebPush(home.running.site.settings).tickets()


# --- this device ------------------------------------------------------------------------------------------------


def test_a_browser_is_subscribed_tried_and_taken_away_by_its_person(home: House) -> None:
    greg, device = browser_of(home.running, "person.greg"), Device(home.service, "greg")
    assert greg.post("/device/subscribe", subscription=device.subscription).json()["state"] == "on"
    [kept] = home.running.store.subscriptions("maple")
    assert (kept.person, kept.endpoint) == ("person.greg", device.browser.endpoint)
    assert greg.post("/device/test", endpoint=kept.endpoint).json() == {"state": "on"}
    assert device.shown == ["This is a test. Notifications reach this device."]
    assert claims(home.service.got[0])["sub"] == "mailto:greg@maple.example"
    assert greg.post(f"/device/{kept.id}/forget").status_code == 303
    assert home.running.store.subscriptions("maple") == []
    assert greg.post("/device/test", endpoint=kept.endpoint).status_code == 404


def test_nobody_tries_or_takes_away_the_browser_of_another(home: House) -> None:
    device, zoe = home.device("person.greg", "greg"), browser_of(home.running, "person.zoe")
    [kept] = home.running.store.subscriptions("maple")
    assert zoe.post("/device/test", endpoint=kept.endpoint).status_code == 404
    for path in ("/device/unsubscribe", "/device/lost", f"/device/{kept.id}/forget"):
        zoe.post(path, endpoint=kept.endpoint)
    assert home.running.store.subscriptions("maple") == [kept] and device.got == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://192.168.1.1/x", "https://[fd00::1]/x", "https://router/x", "https://nas.local/x", "http://push.example/x",
        "ftp://x.y/", "https://127.1/x", "https://192.168.257/x", "https://0x7f.0x1/x", "https://nas.local./x", "https://NAS.Local/x",
    ],
)  # fmt: skip
def test_an_address_that_is_no_push_service_is_refused(home: House, endpoint: str) -> None:
    given = json.dumps({**Keys(endpoint).subscription})
    answer = browser_of(home.running, "person.greg").post("/device/subscribe", subscription=given)
    assert answer.status_code == 422 and home.running.store.browsers("maple") == []


@pytest.mark.parametrize("given", ["", "[]", "null", "[" * 3000, '{"endpoint": 3}'])
def test_what_is_no_subscription_is_refused(home: House, given: str) -> None:
    assert browser_of(home.running, "person.greg").post("/device/subscribe", subscription=given).status_code == 422


@pytest.mark.parametrize("how", ["/sign-out", "/sign-out-everywhere"])
def test_a_browser_in_which_somebody_signed_out_gets_nothing_any_more(home: House, how: str) -> None:
    greg, device = browser_of(home.running, "person.greg"), Device(home.service, "greg")
    greg.post("/device/subscribe", subscription=device.subscription)
    greg.post(how)
    home.fire()
    assert device.got == [] and home.phone.said == ["Not fed."] * 2


def test_who_loses_the_account_gets_no_pushes_any_more(home: House) -> None:
    home.device("person.max", "max")
    browser_of(home.running, "person.max")
    browser_of(home.running, "person.greg").post("/home/people/person.max/close")
    assert home.running.store.browsers("maple") == []


def test_a_browser_that_its_push_service_forgot_is_said_to_be_lost(home: House) -> None:
    greg = browser_of(home.running, "person.greg")
    device = home.device("person.greg", "refuse-greg")
    home.fire()
    assert home.phone.said == ["Not fed."] * 2, "they are told by another channel"
    assert "gets nothing any more" in greg.get("/device").text
    again = greg.post("/device/subscribe", subscription=device.subscription)
    assert again.json() == {"state": "lost"}, "the browser must subscribe anew"
    fresh = Device(home.service, "greg-anew")
    assert greg.post("/device/subscribe", subscription=fresh.subscription).json()["state"] == "on"


def test_a_test_that_finds_the_browser_gone_says_so(home: House) -> None:
    greg, device = browser_of(home.running, "person.greg"), home.device("person.greg", "refuse-greg")
    assert greg.post("/device/test", endpoint=device.browser.endpoint).json() == {"state": "lost"}
    assert home.running.store.subscriptions("maple") == []


def test_a_browser_that_moved_is_known_by_its_old_keys_and_by_nothing_else(home: House) -> None:
    device, fresh = home.device("person.maya", "old"), Device(home.service, "new")

    def move(old: dict[str, object]) -> int:
        body = {"old": old, "fresh": fresh.browser.subscription}
        return httpx.post(f"{home.running.address}/push/moved", json=body, trust_env=False, timeout=20).status_code

    other = Keys(device.browser.endpoint).subscription
    assert move(other) == 403 and move(fresh.browser.subscription) == 403 and move({}) == 422
    assert move(device.browser.subscription) == 200
    [kept] = home.running.store.browsers("maple")
    assert (kept.endpoint, kept.person) == (fresh.browser.endpoint, "person.maya")


def test_the_page_says_what_is_missing_where_nothing_can_be_pushed(home: House) -> None:
    page = browser_of(home.running, "person.greg").get("/device").text
    assert f'data-key="{WebPush(home.running.site.settings).public_key()}"' in page
    assert "PROACTIVE_PUSH_SUBJECT=mailto:you@example.org" in page
    assert "PROACTIVE_PUSH_SUBJECT" not in browser_of(home.running, "person.zoe").get("/device").text


# --- answers ----------------------------------------------------------------------------------------------------


def test_got_it_of_one_clears_every_screen_but_its_own_and_ends_the_reminders_of_all(home: House) -> None:
    home.running.store.put_rule(make_rule(notify={**BOTH, "remind": {"every": "10m", "times": 3}}), at=1)
    phone, tablet, hers = (
        home.device(f"person.{who}", name) for who, name in (("greg", "phone"), ("greg", "tablet"), ("maya", "hers"))
    )
    home.fire()
    assert phone.shown == tablet.shown == hers.shown == ["Not fed."]
    answer = home.tap(phone, "acknowledge")
    assert (answer.status_code, answer.json()["words"]) == (200, "Noted.")
    home.deliver()
    assert hers.shown == tablet.shown == []
    assert len(phone.got) == 1, "it shows nothing any more: its worker closed it"
    home.running.clock.pass_by(hours=2)
    home.deliver()
    assert home.running.store.next_due() is None and len(hers.got) == 2


def test_where_nothing_may_go_in_silence_words_stand_in_its_place(home: House) -> None:
    from proactive.notify.channel import Message
    from proactive.notify.webpush import clearing

    message = Message(tag="t", to="Greg", title="Maple", body="Maya has seen to it.", clears=True)
    assert json.loads(clearing(message, in_silence=True)) == {"close": "t"}
    assert json.loads(clearing(message, in_silence=False))["body"] == "Maya has seen to it."


@pytest.mark.parametrize("verb", ["acknowledge", "false", "snooze", "refuse"])
def test_an_answer_is_kept_with_what_it_takes_away_or_not_at_all(
    home: House, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    home.running.store.put_rule(make_rule(notify=BOTH, do=[{"device": "cover.garage", "command": "close"}]), at=1)
    device = home.device("person.greg", "phone")
    home.fire()
    ticket, store = tickets(home).read(device.ticket(verb), home.now), home.running.store

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "add_notifications", killed)
    with pytest.raises(KeyboardInterrupt):
        choose(store, ticket.choice, "person.greg", now=home.now)
    told = store.notifications("maple")
    assert all(each.acknowledged_at is None for each in told) and store.snoozes("maple", home.now) == {}
    assert store.deeds("maple", ["refused"]) == [] and not any(
        store.false_alarms("maple", each.occurrence) for each in told
    )


def test_a_ticket_counts_once(home: House) -> None:
    device = home.device("person.greg", "phone")
    home.fire()
    assert home.tap(device, "snooze").status_code == 200
    [until] = home.running.store.snoozes("maple", home.now).values()
    home.running.clock.pass_by(minutes=30)
    again = home.tap(device, "snooze")
    assert (again.status_code, again.json()["detail"]) == (409, "That was answered already.")
    assert list(home.running.store.snoozes("maple", home.now).values()) == [until] == [home.now + HOUR // 2]


def test_a_ticket_that_was_changed_forged_or_is_too_old_counts_for_nothing(home: House) -> None:
    device = home.device("person.greg", "phone")
    home.fire()
    good = device.ticket("acknowledge")
    body, _, signature = good.partition(".")
    forged = Tickets(b"another key").write(tickets(home).read(good, home.now))
    for text in ("", "x", ".", "é.é", f"{body}.", f".{signature}", f"{body[:-4]}AAAA.{signature}", forged, good + "A"):
        assert home.answer(text).status_code == 403, text
    home.running.clock.pass_by(days=3)
    assert home.answer(good).status_code == 410
    told = home.running.store.notifications("maple")
    assert all(each.acknowledged_at is None for each in told)


def test_what_belongs_to_one_person_one_notification_and_one_answer_is_in_the_ticket(home: House) -> None:
    device = home.device("person.greg", "phone")
    home.fire()
    ticket = tickets(home).read(device.ticket("false"), home.now)
    told = next(each for each in home.running.store.notifications("maple") if each.person == "person.greg")
    assert ticket == Ticket(
        "maple", told.id, "person.greg", f"false:{told.id}", home.now + 3 * DAY, ticket.browser
    )  # fmt: skip
    assert home.tap(device, "false").json()["words"] == "Noted: a false alarm."
    assert home.running.store.false_alarms("maple", told.occurrence) == {"person.greg": ""}


def test_a_picture_comes_with_a_ticket_of_its_own_and_only_as_far_as_one_may_see_the_camera(
    home: House, tmp_path: Path
) -> None:
    daisy = picture_in(tmp_path)
    home.running.store.put_rule(make_rule(notify={**BOTH, "to": ["person.greg", "person.max", "person.zoe"]}), at=1)
    greg, max_, zoe = (home.device(f"person.{who}", who) for who in ("greg", "max", "zoe"))
    seen = Record(
        id="r1", type="detection", time=home.running.clock.now, source="cam.kitchen", home="maple",
        data={"snapshot": daisy},
    )  # fmt: skip
    home.fire(make_firing(time=home.now, evidence=("r1",)), seen)
    assert zoe.got[0]["image"] == "", "a child sees a camera that was shown to it, and no other"

    def look(device: Device) -> httpx.Response:
        return httpx.get(f"{home.running.address}{device.got[0]['image']}", trust_env=False, timeout=20)

    assert look(greg).content == look(max_).content == b"a picture"
    assert look(greg).headers["cache-control"] == "no-store"
    home.running.store.show("maple", "person.max", "cam.kitchen", shown=False)
    assert look(max_).status_code == 404, "what was hidden meanwhile is hidden"
    assert home.answer(greg.got[0]["image"].rpartition("/")[2]).status_code == 403
    path = f"/push/picture/{greg.ticket('acknowledge')}"
    assert httpx.get(home.running.address + path, trust_env=False, timeout=20).status_code == 404


DOOR = [{"device": "cover.garage", "command": "close"}]


def asked(home: House, person: str = "person.greg") -> Device:
    """Return the device of a person whom a push asks whether the garage door shall be closed."""
    home.running.store.put_rule(make_rule(notify=BOTH, do=DOOR), at=1)
    device = home.device(person, person.rpartition(".")[2])
    home.fire()
    return device


def test_a_question_is_pushed_for_as_long_as_it_is_open_and_a_no_takes_one_tap(home: House) -> None:
    maya = home.device("person.maya", "maya")
    greg = asked(home)
    assert [each["title"] for each in greg.asked["actions"]] == ["Yes", "No"]
    assert greg.asked["until"] == (home.now + 15 * MINUTE) // 1000
    request = next(
        each for each in home.service.got if greg.browser.endpoint.endswith(each.path) and each.headers["ttl"] == "900"
    )
    assert int(request.headers["ttl"]) == 15 * MINUTE // SECOND
    late = maya.ticket("refuse")
    assert home.tap(greg, "refuse").json()["words"] == "I will not close the garage door."
    home.deliver()
    assert "Shall I" not in " ".join(maya.shown), "the question goes from the other's screen"
    answered = home.answer(late)
    assert answered.status_code == 409 and "refused already" in answered.json()["detail"]
    [deed] = home.running.store.deeds("maple", ["refused"])
    assert deed.by == "person.greg"


def test_a_yes_that_moves_a_door_is_said_on_the_page_by_who_is_signed_in_and_by_no_push(home: House) -> None:
    greg = asked(home)
    yes, no = greg.asked["actions"]
    assert (yes["ticket"], bool(no["ticket"])) == ("", True), "without a ticket a tap opens the page"
    told = tickets(home).read(no["ticket"], home.now)
    written = tickets(home).write(replace(told, choice=yes["action"]))
    answer = home.answer(written)
    assert answer.status_code == 403 and "where you are signed in" in answer.json()["detail"]
    [deed] = home.running.store.deeds("maple")
    assert deed.state == "asking", "and it is asked still: who is signed in can answer"
    page = f"{greg.asked['page']}/answer"
    stranger = httpx.post(home.running.address + page, data={"said": "yes"}, trust_env=False, timeout=20)
    assert stranger.status_code == 401
    browser_of(home.running, "person.greg").post(page, said="yes")
    assert [each.state for each in home.running.store.deeds("maple")] == ["waiting"]


def test_a_question_that_is_too_old_is_not_answered(home: House) -> None:
    greg = asked(home)
    home.running.clock.pass_by(minutes=15)
    assert home.tap(greg, "refuse").status_code == 410


def test_who_is_no_owner_any_more_answers_for_no_door(home: House, maple: Home) -> None:
    maya = asked(home, "person.maya")
    listed = family(maple)
    people = [
        each.model_copy(update={"role": "member"}) if each.id == "person.maya" else each for each in listed.people
    ]
    home.running.store.import_home(listed.model_copy(update={"people": tuple(people)}))
    refused = home.tap(maya, "refuse")
    assert refused.status_code == 409 and "may not say yes" in refused.json()["detail"]


def test_who_does_not_live_here_any_more_answers_nothing(home: House, maple: Home) -> None:
    maya = home.device("person.maya", "maya")
    home.fire()
    listed = family(maple)
    left = tuple(each for each in listed.people if each.id != "person.maya")
    home.running.store.import_home(listed.model_copy(update={"people": left}))
    assert home.tap(maya, "acknowledge").status_code == 409
    assert all(each.acknowledged_at is None for each in home.running.store.notifications("maple"))


def test_a_ticket_is_good_for_one_home_only(home: House) -> None:
    known = Ticket("oak", "nothing", "person.greg", "acknowledge:nothing", home.now + DAY)
    assert home.answer(tickets(home).write(known)).status_code == 409
    assert home.answer(tickets(home).write(replace(known, choice=PICTURE))).status_code == 403


# --- pages ------------------------------------------------------------------------------------------------------


def test_a_notification_has_a_page_with_what_is_known_of_it(home: House) -> None:
    greg = browser_of(home.running, "person.greg")
    device = home.device("person.greg", "phone")
    home.fire()
    page = html.unescape(greg.get(device.got[0]["page"]).text)
    assert "Not fed." in page and "8 am" in page
    assert "Greg: told through a notification" in page and "Maya: told through console" in page
    assert all(words in page for words in ("Got it", "Snooze", "False alarm", "Why"))
    assert "Not fed." in greg.get("/notifications").text
    greg.post(f"{device.got[0]['page']}/seen")
    assert "Greg has seen to it" in greg.get(device.got[0]["page"]).text
    home.deliver()
    assert device.shown == []


def test_whoever_was_not_told_and_does_not_see_the_rule_finds_no_page(home: House) -> None:
    device = home.device("person.greg", "phone")
    home.fire()
    page = device.got[0]["page"]
    for who, status in (("person.max", 200), ("person.zoe", 404), ("person.gus", 404)):
        browser = browser_of(home.running, who)
        assert browser.get(page).status_code == status
        assert browser.post(f"{page}/seen").status_code == (303 if status == 200 else 404)


@pytest.mark.parametrize(("length", "hours"), [("30m", 0.5), ("4h", 4), ("morning", 23), ("7d", 168)])
def test_a_snooze_lasts_as_long_as_was_chosen(home: House, length: str, hours: float) -> None:
    greg, device = browser_of(home.running, "person.greg"), home.device("person.greg", "phone")
    home.fire()
    assert greg.post(f"{device.got[0]['page']}/snooze", length="year").status_code == 422
    greg.post(f"{device.got[0]['page']}/snooze", length=length)
    assert list(home.running.store.snoozes("maple", home.now).items()) == [
        (("daisy-fed", "person.greg"), home.now + int(hours * HOUR))
    ]


def test_the_page_of_a_question_says_how_long_it_can_be_answered(home: House) -> None:
    home.running.store.put_rule(make_rule(notify=BOTH, do=[{"device": "cover.garage", "command": "close"}]), at=1)
    greg, device = browser_of(home.running, "person.greg"), home.device("person.greg", "phone")
    home.fire()
    page = device.asked["page"]
    home.running.clock.pass_by(minutes=5)
    shown = greg.get(page).text
    assert "Shall I close the garage door?" in shown and "10 min left" in shown and "Until 8:15 am" in shown
    member = browser_of(home.running, "person.max")
    assert "waits for the yes of an owner" in member.get(page).text
    assert member.post(f"{page}/answer", said="yes").status_code == 422
    assert greg.post(f"{page}/answer", said="yes").headers["location"] == f"{page}?said=yes"
    assert "Answered with yes" in greg.get(page).text
    assert greg.post(f"{page}/answer", said="no").status_code == 422


# --- the worker -------------------------------------------------------------------------------------------------


def test_the_worker_is_looked_for_anew_each_time_and_keeps_nothing_of_anybody(home: House) -> None:
    with home.running.client() as client:
        answer = client.get("/worker.js")
        assert (answer.headers["cache-control"], answer.headers["content-type"]) == (
            "no-cache", "text/javascript; charset=utf-8"
        )  # fmt: skip
        line = next(each for each in answer.text.splitlines() if each.startswith("const KEPT"))
        kept = json.loads(line.partition(" = ")[2].rstrip(";"))
        assert "/offline" in kept and all(client.get(path).status_code == 200 for path in kept)
        assert "Maple" not in client.get("/offline").text
