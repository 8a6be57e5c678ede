"""Telling: the channels of a person, as somebody sets them up: added with an address, tried, taken away.

An address is a secret; it is kept as the person's preference `channel.<id>`, sealed, and shown to nobody again.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from proactive.listing import WORD, with_entry
from proactive.notify.channel import CONSOLE, WEBPUSH, Channels, Message, Route, routes
from proactive.notify.sender import Sender
from proactive.preference import CHANNEL, QUIET_HOURS
from rules.home import Home, Person
from rules.problem import InputError, Problem

if TYPE_CHECKING:
    from proactive.settings import Settings
    from proactive.store import Store


_Change = Callable[[tuple[str, ...]], tuple[str, ...]]


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


def set_quiet(store: Store, home: str, person: str, hours: str | None) -> None:
    """Set the quiet hours of a person: `22:00-07:00`, `none`, or None for those of the home. Raise InputError."""
    store.prefer(home, QUIET_HOURS, hours, person=person)


def send_test(ways: Sequence[Route], channels: Channels, home: Home, person: Person, now: int) -> str:
    """Send somebody a test through every one of these ways; return what went wrong, empty where it arrived everywhere."""
    message = Message(
        tag=f"test-{now}", id=f"test-{now}", to=person.name or person.id, title=home.name or home.home,
        body="This is a test. What matters will reach you this way.", home=home.home, person=person.id, time=now,
    )  # fmt: skip
    sent = Sender(channels).send(message, ways, everywhere=True)
    return sent.error if sent.error or sent else "There is no way to reach them."


def carried(route: Route) -> str:
    """Return in words how a channel reaches a person."""
    if route.note:
        return "has no address, so it writes to the console of the program"
    return {CONSOLE: "writes to the console of the program", WEBPUSH: "pushes to a browser"}.get(
        route.carrier, f"through {route.carrier}"
    )


def _person(home: Home, id: str) -> Person:
    found = home.by_id.get(id)
    if not isinstance(found, Person):
        raise InputError([Problem("no_such_person", id, "there is no such person any more.", "Load the page again.")])
    return found


def _with_channels(home: Home, person: str, change: _Change) -> Home:
    found = _person(home, person)
    return with_entry(home, found.model_copy(update={"channels": change(found.channels)}))
