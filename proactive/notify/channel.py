"""The port `Channel`: a way to reach a person, such as a phone, a mailbox or this terminal.

A channel is found by its entry point in the group `proactive.channels`; the two that are built in are declared the
same way. `proactive/README.md` lists what a channel owes, and `proactive.notify.conformance` checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol

from proactive.error import ProactiveError
from proactive.preference import CHANNEL, ORDER, Preferences, preferred
from proactive.settings import Settings, channel_variable
from proactive.subscription import Subscription
from rules.home import Person
from rules.rule import Urgency

GROUP = "proactive.channels"
CONSOLE = "console"
APPRISE = "apprise"
WEBPUSH = "webpush"
BUILT_IN = (
    EntryPoint(CONSOLE, "proactive.notify.console:Console", GROUP),
    EntryPoint(APPRISE, "proactive.notify.apprise:AppriseChannel", GROUP),
    EntryPoint(WEBPUSH, "proactive.notify.webpush:WebPush", GROUP),
    EntryPoint("webhook", "proactive.notify.webhook:Webhook", GROUP),
    EntryPoint("homeassistant", "proactive.notify.homeassistant:HomeAssistant", GROUP),
    EntryPoint("awssns", "proactive.notify.aws:Sns", GROUP),
)


class ChannelError(ProactiveError):
    """Say why a message was not handed over. The text has no address in it: an address is a secret."""


class Gone(ChannelError):
    """Say that an address will never take a message again, so that it is forgotten."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that the person may answer with one tap: what `replies.choose` is given, and what it is called.

    `guarded` is what nobody may say who only holds the phone: a channel that can asks for the phone to be unlocked, or for
    the session of the person, before it counts.
    """

    id: str
    label: str
    guarded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a channel hands over.

    `tag` names what it is about: a channel that can lets a message with the same tag take the place of the one before, so
    that a repeat shows once and a resolution stands where the alert stood. `id` names the notification, for answers and
    for receivers that drop a repeat themselves. `silent` is a message that only replaces: its words were heard before.
    `link` is where the picture can be seen from outside, for channels that set `linked`. `time` is when it was decided,
    in microseconds since the epoch. `until` is when an answer comes too late (0: it does not). `clears` is a message that
    takes away what was shown under its tag; only channels that set `clears` get one, and its words are for those devices
    that let nothing go in silence. `page` is the path of the notification's page.
    """

    tag: str
    to: str
    title: str
    body: str
    urgency: Urgency = "normal"
    picture: Path | None = None
    id: str = ""
    home: str = ""
    rule: str = ""
    person: str = ""
    verdict: str = "fired"
    time: int = 0
    silent: bool = False
    choices: tuple[Choice, ...] = ()
    link: str = ""
    until: int = 0
    clears: bool = False
    page: str = ""


class Channel(Protocol):
    """A way to reach people. It is made without arguments, and may be asked to send from any thread.

    A class may also set `replaces = True`, where a message takes the place of one with the same tag, and `linked = True`,
    where a picture is shown by its address instead of being sent along, and `clears = True`, where it takes a message away
    when it is sent one that `clears`.
    """

    def send(self, message: Message, address: str) -> None:
        """Hand the message over to the address, or raise ChannelError."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way to reach a person: the channel's id in the home file, who carries it there, and what to note.

    `device` is the endpoint of a browser: a channel of several is one channel, and each of them gets the message.
    """

    id: str
    carrier: str
    address: str = ""
    note: str = ""
    device: str = ""


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
    person: Person,
    preferences: Preferences,
    settings: Settings,
    channels: Channels,
    *,
    urgency: Urgency | None = None,
    browsers: Sequence[Subscription] = (),
) -> list[Route]:
    """Return the ways to reach a person, the preferred first.

    The order is the preference `channels.<urgency>`, else `channels`, then the home file's; `webpush`, where the person has
    browsers and no order names it, comes first. A channel's address is the person's or the home's preference
    `channel.<id>`, else the setting `PROACTIVE_CHANNEL_<ID>`. An id without one that is not itself the name of a channel
    falls back to the console, with a note.
    """
    own = [each for each in browsers if each.person == person.id]
    found: dict[tuple[str, str], Route] = {}
    for id in ordered(person, preferences, urgency, pushed=bool(own)):
        ways = _pushes(id, own) if id == WEBPUSH else [_route(id, person.id, preferences, settings, channels)]
        for route in ways:
            found.setdefault((route.carrier, route.address), route)
    return list(found.values())


def ordered(
    person: Person, preferences: Preferences, urgency: Urgency | None = None, *, pushed: bool = False
) -> list[str]:
    """Return the ids of a person's channels, the preferred first; `pushed` says that they have browsers to push to."""
    names = (f"{ORDER}.{urgency}", ORDER) if urgency else (ORDER,)
    order = preferred(preferences, person.id, *names) or ""
    known = {*person.channels, WEBPUSH}
    first = [id for id in map(str.strip, order.split(",")) if id in known]
    unnamed = [WEBPUSH] if pushed and WEBPUSH not in (*first, *person.channels) else []
    return list(dict.fromkeys([*first, *unnamed, *person.channels]))


def _pushes(id: str, own: Sequence[Subscription]) -> list[Route]:
    return [Route(id, WEBPUSH, each.address, device=each.endpoint) for each in own]


def _route(id: str, person: str, preferences: Preferences, settings: Settings, channels: Channels) -> Route:
    address = preferred(preferences, person, CHANNEL + id) or settings.channel(id)
    if address:
        # `webhook+http` is the channel `webhook`, over http.
        scheme = address.partition("://")[0].partition("+")[0]
        return Route(id, scheme if scheme in channels else APPRISE, address)
    if id in channels:
        return Route(id, id)
    return Route(id, CONSOLE, note=f"{id} has no address; set {channel_variable(id)} to one")
