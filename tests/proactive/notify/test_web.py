"""The channels `webpush` and `webhook`, against real servers on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from proactive.notify.channel import Channels, Choice, Gone, Message
from proactive.notify.conformance import check_channel
from proactive.notify.notifier import Notifier
from proactive.notify.webhook import Webhook, verify
from proactive.notify.webpush import WebPush
from proactive.settings import Settings, load
from proactive.store import Store
from proactive.subscription import parse_subscription
from rules.problem import InputError
from tests.proactive.conftest import at, make_firing
from tests.proactive.notify.receivers import Browser, Receiver, claims, receiving
from tests.proactive.phones import Phone

NOON = at("2026-03-09T12:00:00-05:00")
MESSAGE = Message(
    tag="t" * 20,
    id="n1",
    to="Greg",
    title="Maple",
    body="Not fed 🐕",
    urgency="critical",
    choices=(Choice("a:n1", "Got it"),),
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def push(tmp_path: Path) -> WebPush:
    return WebPush(Settings(tmp_path, push_subject="mailto:greg@maple.example"))


def test_web_push_keeps_its_obligations(push: WebPush, receiver: Receiver) -> None:
    here, gone = Browser(f"{receiver.url}/greg"), Browser(f"{receiver.url}/refuse/secret-of-greg")
    check_channel(push, here.address, gone.address)


def test_only_the_browser_can_read_what_is_pushed_to_it(push: WebPush, receiver: Receiver) -> None:
    browser = Browser(f"{receiver.url}/greg")
    push.send(MESSAGE, browser.address)
    [request] = receiver.got
    assert b"Not fed" not in request.body
    read = browser.read(request)
    assert (read["title"], read["body"], read["tag"]) == ("Maple", "Not fed 🐕", "t" * 20)
    [action] = read["actions"]
    assert (action["action"], action["title"]) == ("a:n1", "Got it")
    assert (request.headers["urgency"], request.headers["ttl"]) == ("high", str(48 * 3600))
    assert len(request.headers["topic"]) <= 32
    assert (claims(request)["sub"], claims(request)["aud"]) == ("mailto:greg@maple.example", receiver.url)


def test_words_that_are_too_long_for_a_push_are_cut(push: WebPush, receiver: Receiver) -> None:
    browser = Browser(f"{receiver.url}/greg")
    push.send(replace(MESSAGE, body="ż" * 9000), browser.address)
    assert len(receiver.got[0].body) <= 4096
    assert browser.read(receiver.got[0])["body"].endswith("ż…")


def test_the_key_is_made_once_and_only_its_owner_may_read_it(push: WebPush, tmp_path: Path) -> None:
    assert push.public_key() == WebPush(push.settings).public_key()
    assert (tmp_path / "vapid.pem").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["vapid.pem"]


def test_a_subject_that_push_services_refuse_is_a_mistake_of_the_settings(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected an address such as 'mailto:you@example\.org'"):
        load({"HOME": str(tmp_path), "PROACTIVE_PUSH_SUBJECT": "mailto:me@localhost"}, tmp_path / ".env")


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_unsubscribed_is_gone(push: WebPush, receiver: Receiver, status: int) -> None:
    receiver.status = status
    with pytest.raises(Gone):
        push.send(MESSAGE, Browser(f"{receiver.url}/greg").address)


def test_every_browser_of_a_person_is_pushed_to_and_one_that_is_gone_is_forgotten(
    notifier: Notifier, push: WebPush, receiver: Receiver, store: Store, phone: Phone
) -> None:
    notifier.channels = Channels(made={"webpush": push, "console": phone})
    browsers = [Browser(f"{receiver.url}/{name}") for name in ("desk", "phone", "refuse")]
    for browser in browsers:
        store.subscribe("maple", parse_subscription(browser.subscription, "person.greg"))
    notifier.receive(make_firing(), now=NOON)
    [(_, outcome)] = notifier.deliver(NOON)
    assert (outcome.state, outcome.channels, phone.got) == ("sent", ("webpush",), [])
    assert {browsers[0].read(request)["body"] for request in receiver.got if request.path == "/desk"} == {
        "Daisy has not been fed by noon."
    }
    assert [kept.endpoint for kept in store.subscriptions("maple")] == sorted(b.endpoint for b in browsers[:2])


def test_who_has_no_browser_any_more_is_told_on_another_channel(
    notifier: Notifier, push: WebPush, receiver: Receiver, store: Store, phone: Phone
) -> None:
    notifier.channels = Channels(made={"webpush": push, "console": phone})
    store.subscribe("maple", parse_subscription(Browser(f"{receiver.url}/refuse").subscription, "person.greg"))
    notifier.receive(make_firing(), now=NOON)
    notifier.deliver(NOON)
    assert (len(phone.got), store.subscriptions("maple")) == (1, [])


@pytest.mark.parametrize(
    "value", [None, {}, {"endpoint": "http://far.example/x", "keys": {"p256dh": "a", "auth": "b"}}]
)
def test_a_subscription_is_checked_where_it_comes_in(value: object) -> None:
    with pytest.raises(InputError, match="expected"):
        parse_subscription(value, "person.greg")


# --- webhook ----------------------------------------------------------------------------------------------------


def test_a_webhook_keeps_its_obligations(receiver: Receiver) -> None:
    hook = f"webhook+http://hunter2@127.0.0.1:{receiver.port}"
    check_channel(Webhook(), f"{hook}/in", f"{hook}/refuse")
    check_channel(Webhook(), f"{hook}/in", "webhook+http://hunter2@127.0.0.1:9/in")


def test_a_webhook_is_signed_and_old_or_changed_ones_are_not_believed(receiver: Receiver) -> None:
    Webhook(now=lambda: 1000.5).send(MESSAGE, f"webhook+http://hunter2@127.0.0.1:{receiver.port}/in?x=1")
    [request] = receiver.got
    assert request.path == "/in?x=1"
    assert verify("hunter2", request.headers, request.body, 1200)
    assert not verify("hunter3", request.headers, request.body, 1200)
    assert not verify("hunter2", request.headers, request.body + b" ", 1200)
    assert not verify("hunter2", request.headers, request.body, 1301)
    assert not verify("hunter2", {}, request.body, 1200)
    assert json.loads(request.body)["choices"] == [{"id": "a:n1", "label": "Got it", "guarded": False}]
    assert request.headers["Idempotency-Key"] == "n1"


@pytest.mark.parametrize("address", ["webhook+ftp://s@host/", "webhook+https://host/", "webhook://s@/"])
def test_an_address_that_is_no_webhook_says_what_is_expected(address: str) -> None:
    from proactive.notify.channel import ChannelError

    with pytest.raises(ChannelError, match=r"expected webhook\+https://SECRET@host/path"):
        Webhook().send(MESSAGE, address)
