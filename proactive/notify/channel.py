"""The port `Channel`: a way to reach a person, such as a phone, a mailbox or this terminal.

A channel is found by its entry point in the group `proactive.channels`; the two that are built in are declared the
same way. `proactive/README.md` lists what a channel owes, and `proactive.notify.conformance` checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol

from proactive.error import ProactiveError
from proactive.preference import CHANNEL
from proactive.settings import Settings, channel_variable
from rules.home import Person
from rules.rule import Urgency

GROUP = "proactive.channels"
CONSOLE = "console"
APPRISE = "apprise"
BUILT_IN = (
    EntryPoint(CONSOLE, "proactive.notify.console:Console", GROUP),
    EntryPoint(APPRISE, "proactive.notify.apprise:AppriseChannel", GROUP),
)


class ChannelError(ProactiveError):
    """Say why a message was not handed over. The text has no address in it: an address is a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a channel hands over. `tag` names the notification: a repeat has the same one."""

    tag: str
    to: str
    title: str
    body: str
    urgency: Urgency = "normal"
    picture: Path | None = None


class Channel(Protocol):
    """A way to reach people. It is made without arguments, and may be asked to send from any thread."""

    def send(self, message: Message, address: str) -> None:
        """Hand the message over to the address, or raise ChannelError."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way to reach a person: the channel's id in the home file, who carries it there, and what to note."""

    id: str
    carrier: str
    address: str = ""
    note: str = ""


def installed() -> dict[str, EntryPoint]:
    """Return the channels that are built in or installed, by name; an installed one may take a built-in's place."""
    return {point.name: point for point in (*BUILT_IN, *entry_points(group=GROUP))}


@dataclass
class Channels:
    """The channels that are installed, each made when it is first used."""

    points: Mapping[str, EntryPoint] = field(default_factory=installed)
    made: dict[str, Channel] = field(default_factory=dict)

    def __contains__(self, name: object) -> bool:
        return name in self.points or name in self.made

    def get(self, name: str) -> Channel:
        """Return a channel by name. Raise ChannelError where there is none, or where it cannot be made."""
        if name not in self.made:
            self.made[name] = self._make(name)
        return self.made[name]

    def _make(self, name: str) -> Channel:
        if name not in self.points:
            raise ChannelError(f"There is no channel {name!r}; installed are {', '.join(sorted(self.points))}.")
        try:
            factory: Callable[[], Channel] = self.points[name].load()
            return factory()
        except Exception as error:
            # Somebody else's code: one channel must not stop the others.
            raise ChannelError(f"The channel {name!r} cannot be loaded: {error}.") from error


def routes(
    person: Person, preferences: Mapping[tuple[str, str], str], settings: Settings, channels: Channels
) -> list[Route]:
    """Return the ways to reach a person, the preferred first.

    A channel's address is the person's or the home's preference `channel.<id>`, else the setting
    `PROACTIVE_CHANNEL_<ID>`. An id without one that is not itself the name of a channel falls back to the console,
    with a note.
    """
    found: dict[tuple[str, str], Route] = {}
    for id in person.channels:
        route = _route(id, person.id, preferences, settings, channels)
        found.setdefault((route.carrier, route.address), route)
    return list(found.values())


def _route(
    id: str, person: str, preferences: Mapping[tuple[str, str], str], settings: Settings, channels: Channels
) -> Route:
    name = CHANNEL + id
    address = preferences.get((person, name)) or preferences.get(("", name)) or settings.channel(id)
    if address:
        scheme = address.partition("://")[0]
        return Route(id, scheme if scheme in channels else APPRISE, address)
    if id in channels:
        return Route(id, id)
    return Route(id, CONSOLE, note=f"{id} has no address; set {channel_variable(id)} to one")
