"""A push service and the browsers that subscribed at it, for the tests of pages: what is pushed is decrypted as they would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from proactive.notify.channel import Channels
from proactive.notify.notifier import Notifier
from proactive.notify.webpush import WebPush
from rules.firing import Firing
from rules.record import Record
from tests.proactive.conftest import make_firing
from tests.proactive.notify.receivers import Browser, Receiver, receiving
from tests.proactive.phones import Phone
from tests.proactive.web.conftest import Running


@dataclass
class Device:
    """A device whose browser subscribed: what reached it, and what it shows by tag."""

    service: Receiver
    name: str
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Browser(f"{self.service.url}/{self.name}")

    @property
    def subscription(self) -> str:
        return json.dumps(self.browser.subscription)

    @property
    def got(self) -> list[dict[str, Any]]:
        return [self.browser.read(each) for each in self.service.got if each.path == f"/{self.name}"]

    @property
    def shown(self) -> list[str]:
        """Return the words that stand on the screen: a tag shows once, and what is taken away is gone."""
        screen: dict[str, str] = {}
        for each in self.got:
            if "close" in each and "title" not in each:
                screen.pop(each["close"], None)
            else:
                screen[str(each.get("close", each.get("tag")))] = each["body"]
        return list(screen.values())

    def ticket(self, verb: str) -> str:
        """Return the ticket of an answer to the last thing that can be answered so."""
        actions = [action for each in self.got for action in each.get("actions", [])]
        return str([each["ticket"] for each in actions if each["action"].startswith(f"{verb}:")][-1])

    @property
    def asked(self) -> dict[str, Any]:
        """Return the last push that asks for a yes."""
        return [each for each in self.got if each.get("until")][-1]


@dataclass
class House:
    """The application that runs, with what tells its people, and the push service."""

    running: Running
    service: Receiver
    notifier: Notifier
    phone: Phone

    def device(self, person: str, name: str, session: str = "") -> Device:
        """Return a device of a person that is subscribed already."""
        from proactive.subscription import parse_subscription

        made = Device(self.service, name)
        given = parse_subscription(made.browser.subscription, person, device=name, session=session)
        self.running.store.subscribe("maple", given)
        return made

    def fire(self, firing: Firing | None = None, *evidence: Record) -> Firing:
        """Let a rule fire now, and tell its people."""
        fired = firing or make_firing(time=self.now)
        self.notifier.receive(fired, evidence, now=self.now)
        self.deliver()
        return fired

    def deliver(self) -> None:
        self.notifier.deliver(self.now)

    @property
    def now(self) -> int:
        return self.running.site.now()

    def tap(self, device: Device, verb: str) -> httpx.Response:
        """Answer as the worker of a browser does: without a cookie, with the ticket of a push."""
        return self.answer(device.ticket(verb))

    def answer(self, ticket: str) -> httpx.Response:
        headers = {"Origin": self.running.address}
        return httpx.post(
            f"{self.running.address}/push/answer", json={"ticket": ticket}, headers=headers, trust_env=False, timeout=20
        )


@contextmanager
def house(running: Running) -> Iterator[House]:
    """Yield a house whose people are told by push, else by a phone that keeps what it gets."""
    phone = Phone()
    with receiving() as service:
        site = running.site
        push = WebPush(site.settings, site.now)
        channels = Channels(made={"webpush": push, "console": phone})
        yield House(running, service, Notifier(site.store, site.settings, channels), phone)
