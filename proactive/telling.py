"""Telling: the channels of a person, as somebody sets them up: added with an address, tried, put in order, taken away.

An address is a secret; it is kept as the person's preference `channel.<id>`, sealed, and shown to nobody again.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from proactive.listing import WORD, with_entry
from proactive.notify.channel import APPRISE, CONSOLE, WEBPUSH, Channels, Message, Route, ordered, routes
from proactive.notify.sender import Sender
from proactive.outside import is_outside
from proactive.preference import CHANNEL, ORDER, QUIET_HOURS
from rules.home import Home, Person
from rules.problem import InputError, Problem

if TYPE_CHECKING:
    from proactive.settings import Settings
    from proactive.store import Store


_Change = Callable[[tuple[str, ...]], tuple[str, ...]]

# Services that Apprise reaches at a host of its own knowledge, and those where the address names the host.
_FIXED = frozenset({"tgram", "pover", "pbul", "discord", "slack"})
_NAMED = frozenset({"ntfy", "ntfys", "mailto", "mailtos"})


def channels_of(settings: Settings) -> Channels:
    """Return the channels that are installed; pushing to browsers is this installation's, and stdout is for programs."""
    from proactive.notify.console import Console
    from proactive.notify.webpush import WebPush

    return Channels(made={WEBPUSH: WebPush(settings), CONSOLE: Console(sys.stderr)})


def ways_to(store: Store, settings: Settings, home: Home, person: Person, channels: Channels) -> list[Route]:
    """Return the ways to reach a person, the preferred first."""
    preferences, browsers = store.preferences(home.home), store.subscriptions(home.home)
    return routes(person, preferences, settings, channels, browsers=browsers)


def channel_id(person: Person, name: str) -> str:
    """Return what a channel of a person is called in the home file: `Phone` of Greg is `phone.greg`. Raise InputError."""
    words = re.findall(WORD, name.casefold())
    if not words:
        raise InputError(
            [Problem("no_name", "name", "a channel needs a name.", "Such as: phone, mail, kitchen display.")]
        )
    return f"{'_'.join(words)}.{person.id.rpartition('.')[2]}"


def add_channel(store: Store, home: str, person: str, name: str, address: str) -> str:
    """Give a person a channel and return its id; one of that name leads elsewhere from now on. Raise InputError."""
    if "://" not in address:
        message = "expected an address such as ntfy://topic or webhook+https://SECRET@host/path."
        raise InputError([Problem("no_address", "address", message)])
    listed = _person(store.export_home(home), person)
    id = channel_id(listed, name)
    store.prefer(home, CHANNEL + id, address, person=person)
    store.revise_home(home, lambda now: _with_channels(now, person, lambda known: (*known, *({id} - set(known)))))
    return id


def remove_channel(store: Store, home: str, person: str, id: str) -> None:
    """Take a channel from a person, and forget its address. Raise InputError."""
    store.revise_home(
        home, lambda now: _with_channels(now, person, lambda known: tuple(each for each in known if each != id))
    )
    store.prefer(home, CHANNEL + id, None, person=person)


def try_earlier(store: Store, home: Home, person: Person, id: str) -> None:
    """Let a channel of a person be tried before the one that stands before it; the first, or an unknown one, stays.

    What was set for one urgency (`channels.critical`) stays as it is.
    """
    pushed = any(each.person == person.id for each in store.subscriptions(home.home))
    order = ordered(person, store.preferences(home.home), pushed=pushed)
    place = order.index(id) if id in order else 0
    if place:
        order[place - 1 : place + 1] = [id, order[place - 1]]
        store.prefer(home.home, ORDER, ", ".join(order), person=person.id)


def require_outside(address: str) -> None:
    """Raise InputError unless an address surely leads out of the home's own network: for people who are no owners."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    topic = parts.scheme in ("ntfy", "ntfys") and host and "." not in host and parts.path in ("", "/")
    leads_out = parts.scheme in _FIXED or (parts.scheme in _NAMED and (bool(topic) or is_outside(host)))
    # What stands after a question mark may name another host.
    if not leads_out or "?" in address:
        message = "that address may lead into the home's own network, or I do not know it."
        hint = "Such as ntfy://topic, tgram://token/chat or mailto://user:password@host; others an owner adds for you."
        raise InputError([Problem("not_outside", "address", message, hint)])


def set_quiet(store: Store, home: str, person: str, hours: str | None) -> None:
    """Set the quiet hours of a person: `22:00-07:00`, `none`, or None for those of the home. Raise InputError."""
    store.prefer(home, QUIET_HOURS, hours, person=person)


def send_test(
    ways: Sequence[Route],
    channels: Channels,
    home: Home,
    person: Person,
    now: int,
    *,
    forget: Callable[[str], object] = bool,
) -> str:
    """Send somebody a test through every one of these ways; return what went wrong, empty where it arrived everywhere.

    `forget` is told of a browser that is gone.
    """
    message = Message(
        tag=f"test-{now}", id=f"test-{now}", to=person.name or person.id, title=home.name or home.home,
        body="This is a test. What matters will reach you this way.", home=home.home, person=person.id, time=now,
    )  # fmt: skip
    sent = Sender(channels, forget=forget).send(message, ways, everywhere=True)
    return sent.error if sent.error or sent else "There is no way to reach them."


def carried(route: Route) -> str:
    """Return in words how a channel reaches a person."""
    if route.note:
        return "has no address, so it writes to the console of the program"
    return {CONSOLE: "writes to the console of the program", WEBPUSH: "pushes to a browser"}.get(
        route.carrier, f"through {_service(route)}"
    )


def _service(route: Route) -> str:
    """Return the service that a channel is at: of Apprise's many the one that its address names, and no more of the address."""
    return route.address.partition("://")[0] if route.carrier == APPRISE else route.carrier


def _person(home: Home, id: str) -> Person:
    found = home.by_id.get(id)
    if not isinstance(found, Person):
        raise InputError([Problem("no_such_person", id, "there is no such person any more.", "Load the page again.")])
    return found


def _with_channels(home: Home, person: str, change: _Change) -> Home:
    found = _person(home, person)
    return with_entry(home, found.model_copy(update={"channels": change(found.channels)}))
