"""Laws of one's own page: everybody sets how they are told themselves, sees their devices, and ends their sessions."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import pytest

from proactive.reach import lost_words
from proactive.settings import Settings
from proactive.subscription import Subscription
from proactive.telling import require_outside
from rules.home import Home, Person
from rules.problem import InputError
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import PERSON, STANDINGS, browser_of, family
from tests.proactive.web.pushes import house

MAX = "/home/people/person.max"
PHONE = Subscription(
    endpoint="https://push.example.org/max", person="person.max", p256dh="x", auth="y", device="Chrome on Android"
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, push_subject="mailto:ann@example.org")


@pytest.fixture(autouse=True)
def everybody(running: Running, maple: Home) -> None:
    running.store.import_home(family(maple))
    running.site.look()


def channels(running: Running, id: str = "person.max") -> tuple[str, ...]:
    found = running.store.export_home("maple").by_id[id]
    assert isinstance(found, Person)
    return found.channels


@pytest.mark.parametrize("standing", STANDINGS)
def test_everybody_sets_their_own_quiet_hours(running: Running, standing: str) -> None:
    browser = browser_of(running, PERSON[standing])
    own = f"/home/people/{PERSON[standing]}"
    assert browser.get(f"{own}/told").status_code == 200 and f"{own}/told" in browser.get("/account").text
    browser.post(f"{own}/quiet", hours="own", begins="21:30", ends="06:45")
    assert running.store.preferences("maple")[PERSON[standing], "quiet_hours"] == "21:30-06:45"
    assert "Quiet from 9:30 pm to 6:45 am" in browser.get("/account").text
    assert "Give both times" in browser.post(f"{own}/quiet", hours="own", begins="21:30").text


@pytest.mark.parametrize("standing", ["member", "child", "guest"])
def test_nobody_but_an_owner_sets_how_others_are_told(running: Running, standing: str) -> None:
    browser, other = browser_of(running, PERSON[standing]), "/home/people/person.greg"
    assert browser.get(f"{other}/told").status_code == 404
    forms = {"quiet": {"hours": "none"}, "channels": {"name": "x", "address": "ntfy://x"}}
    for path in ("quiet", "channels", "channels/remove", "channels/earlier", "channels/test"):
        given = forms.get(path, {"channel": "console"})
        assert browser.post(f"{other}/{path}", **given).status_code == 404, path
    assert running.store.preferences("maple") == {} and channels(running, "person.greg") == ("console",)


def test_a_member_adds_a_channel_of_their_own_that_leads_out_of_the_home(running: Running) -> None:
    browser = browser_of(running, "person.max")
    assert browser.post(f"{MAX}/channels", name="Phone", address="ntfy://max-42").status_code == 303
    assert channels(running) == ("phone.max",)
    inside = browser.post(f"{MAX}/channels", name="Router", address="json://192.168.1.1/reboot")
    assert inside.status_code == 422 and "An owner adds" in html.unescape(inside.text).replace("an owner", "An owner")
    assert channels(running) == ("phone.max",)
    for standing in ("child", "guest"):
        path = f"/home/people/{PERSON[standing]}/channels"
        other = browser_of(running, PERSON[standing])
        assert other.post(path, name="phone", address="ntfy://x").status_code == 403
        assert "Add a channel" not in other.get(f"/home/people/{PERSON[standing]}/told").text


@pytest.mark.parametrize(
    "address",
    [
        "ntfy://topic", "ntfys://ntfy.example.org/topic", "tgram://123456:abc/42", "mailto://max:secret@example.org",
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    ],
)  # fmt: skip
def test_an_address_of_a_known_service_leads_out(address: str) -> None:
    require_outside(address)


@pytest.mark.parametrize(
    "address",
    [
        "ntfy://router/x", "ntfy://10.0.0.2/x", "ntfy://printer.lan/x", "mailto://a:b@localhost", "json://example.org/x",
        "webhook+http://s@127.0.0.1:8420/api/look", "mailto://a:b@example.org?smtp=10.0.0.1", "syslog://", "ntfy://", "",
    ],
)  # fmt: skip
def test_an_address_that_may_lead_into_the_own_network_is_for_owners(address: str) -> None:
    with pytest.raises(InputError, match="own network"):
        require_outside(address)


def test_channels_are_tried_in_the_order_that_their_person_gives_them(running: Running) -> None:
    browser = browser_of(running, "person.max")
    running.store.subscribe("maple", PHONE)
    for name in ("mail", "tablet"):
        browser.post(f"{MAX}/channels", name=name, address=f"ntfy://{name}")
    page = browser.get(f"{MAX}/told").text
    assert page.index("Notifications</strong>") < page.index("Mail</strong>") < page.index("Tablet</strong>")
    assert "Use Tablet before Mail" in page and "Use Notifications before" not in page
    browser.post(f"{MAX}/channels/earlier", channel="tablet.max")
    browser.post(f"{MAX}/channels/earlier", channel="tablet.max")
    assert running.store.preferences("maple")["person.max", "channels"] == "tablet.max, webpush, mail.max"
    page = browser.get(f"{MAX}/told").text
    assert page.index("Tablet</strong>") < page.index("Notifications</strong>") < page.index("Mail</strong>")
    for id in ("tablet.max", "pigeon"):
        browser.post(f"{MAX}/channels/earlier", channel=id)
    assert running.store.preferences("maple")["person.max", "channels"] == "tablet.max, webpush, mail.max"


def test_a_test_through_a_device_that_is_gone_notes_that_it_is_lost(running: Running) -> None:
    browser = browser_of(running, "person.max")
    with house(running) as home:
        home.device("person.max", "refuse-max")
        assert "It did not arrive" in browser.post(f"{MAX}/channels/test", channel="webpush").text
    (known,) = running.store.browsers("maple")
    assert known.lost_at == running.site.now()


def test_a_device_that_is_lost_is_said_in_a_sentence_on_the_page_and_at_the_tab(running: Running, maple: Home) -> None:
    browser = browser_of(running, "person.max")
    running.store.subscribe("maple", PHONE)
    assert "gets no notifications" not in browser.get("/account").text
    running.store.lose(PHONE.endpoint, at=running.site.now())
    lost = replace(PHONE, lost_at=running.site.now())
    sentence = lost_words(lost, maple, you=True)
    assert sentence == "Your Chrome on Android gets no notifications any more, since Mon 9 Mar."
    page = browser.get("/account").text
    assert sentence in page and "Nothing reaches you yet" in page
    assert "needs you" in browser.get("/rules").text
    owner = browser_of(running, "person.greg").get("/home").text
    assert lost_words(lost, family(maple), you=False) in html.unescape(owner)
    browser.post(f"/device/{PHONE.id}/forget", back="account")
    assert "gets no notifications" not in browser.get("/account").text
    assert "needs you" not in browser.get("/rules").text


def test_somebody_ends_another_session_of_theirs_and_nobody_elses(running: Running) -> None:
    here, there, other = (browser_of(running, each) for each in ("person.max", "person.max", "person.zoe"))
    ids = [each.id for each in running.store.sessions("maple person.max", running.site.now())]
    foreign = running.store.sessions("maple person.zoe", running.site.now())[0].id
    assert here.get("/account").text.count("/account/sessions/end") == 1
    (mine,) = [id for id in ids if f'value="{id}"' in there.get("/account").text]
    there.post("/account/sessions/end", session=foreign)
    assert other.get("/account").url.path == "/account"
    there.post("/account/sessions/end", session=mine)
    assert here.get("/account").url.path == "/sign-in" and there.get("/account").url.path == "/account"
