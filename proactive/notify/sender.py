"""The sender: hands one message to a person through the first of their channels that works, or through every one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from proactive.notification import PICTURE, RESULT
from proactive.notify.channel import Channel, ChannelError, Channels, Gone, Message, Route
from proactive.subscription import browser_id

REPLACING = frozenset({"resolved", "corrected"})
Publish = Callable[[Path], str]


@dataclass
class Sent:
    """Which routes took a message, and what went wrong with others."""

    done: list[Route] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.done)

    @property
    def channels(self) -> tuple[str, ...]:
        """Return the channels that took it, each once: a channel without an address is the console."""
        return tuple(dict.fromkeys(route.carrier if route.note else route.id for route in self.done))

    @property
    def error(self) -> str:
        """Return what went wrong, and what to note of what did not."""
        return "; ".join([*self.errors, *(route.note for route in self.done if route.note)])


@dataclass(frozen=True)
class Sender:
    """Knows the channels; `publish` puts a picture where it can be seen from outside, `forget` is told of a browser that is gone."""

    channels: Channels
    publish: Publish | None = None
    forget: Callable[[str], object] = bool

    def send(self, message: Message, ways: Sequence[Route], *, everywhere: bool = False) -> Sent:
        """Send by the first channel that works, or by every channel; a channel of several browsers reaches each."""
        sent = Sent()
        for _, group in groupby(ways, key=lambda route: route.id):
            before = len(sent.done)
            for route in group:
                self._hand(message, route, sent)
            if len(sent.done) > before and not everywhere:
                break
        return sent

    def replace(self, message: Message, ways: Sequence[Route], told: Sequence[str]) -> Sent:
        """Send through every channel through which the person heard of it before; where none works, through another."""
        same = [route for route in ways if route.id in told or route.carrier in told]
        sent = self.send(message, same, everywhere=True)
        if sent:
            return sent
        other = self.send(message, [route for route in ways if route not in same])
        return Sent(other.done, [*sent.errors, *other.errors])

    def illustrate(self, message: Message, ways: Sequence[Route], told: Sequence[str]) -> Sent:
        """Send a picture that came later, through those channels that put it in the place of the words."""
        return self.send(message, self._able("replaces", ways, told), everywhere=True)

    def clear(self, message: Message, ways: Sequence[Route], told: Sequence[str], *, but: str = "") -> Sent:
        """Take away what was shown, through those channels that can; `but` is a browser that shows it no more."""
        able = self._able("clears", ways, told)
        return self.send(message, [way for way in able if browser_id(way.device) != but], everywhere=True)

    def _able(self, what: str, ways: Sequence[Route], told: Sequence[str]) -> list[Route]:
        """Return the routes through which the person heard of it before, as far as their channel can do something."""
        return [way for way in ways if (way.id in told or way.carrier in told) and self._can(what, way)]

    def _can(self, what: str, route: Route) -> bool:
        try:
            return bool(getattr(self.channels.get(route.carrier), what, False))
        except ChannelError:
            return False

    def _hand(self, message: Message, route: Route, sent: Sent) -> None:
        try:
            channel = self.channels.get(route.carrier)
            channel.send(self._linked(message, channel, sent), route.address)
        except Gone as error:
            sent.errors.append(f"{route.id}: {error}")
            self.forget(route.device)
        except ChannelError as error:
            sent.errors.append(f"{route.id}: {error}")
        except Exception as error:  # noqa: BLE001 - somebody else's code: one channel must not stop the others
            sent.errors.append(f"{route.id}: the channel {route.carrier!r} broke: {type(error).__name__}")
        else:
            sent.done.append(route)

    def _linked(self, message: Message, channel: Channel, sent: Sent) -> Message:
        """Return the message with its picture's address, where the channel shows one; the words go in any case."""
        if message.picture is None or self.publish is None or message.link or not getattr(channel, "linked", False):
            return message
        try:
            return replace(message, link=self.publish(message.picture))
        except ChannelError as error:
            sent.errors.append(f"picture: {error}")
            return message


def replaces(kind: str, verdict: str) -> bool:
    """Say whether a notification takes the place of one before, on every device that showed it."""
    return verdict in REPLACING or kind in {PICTURE, RESULT}
