"""The channel `webpush`: a browser that a person lets push to (RFC 8030), encrypted to it alone (RFC 8291, RFC 8292).

The address is the browser's subscription as JSON; a person's are rows of the store, so that no setting names them. The
push service sees who sends, how urgent it is and a topic, never the words. What may be answered goes along as tickets, so that
a tap counts while nobody is signed in (`ticket`). A service that answers 404 or 410 has
forgotten the browser for good: `Gone` lets the notifier forget it too.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from proactive import clock
from proactive.notify.channel import ChannelError, Choice, Gone, Message
from proactive.notify.ticket import GOOD_FOR, PICTURE, Ticket, Tickets
from proactive.settings import PUSH_SUBJECT, Settings, load
from proactive.subscription import browser_id
from proactive.vault import Vault, VaultError
from rules.rule import Urgency
from rules.units import HOUR, SECOND

if TYPE_CHECKING:
    from py_vapid import Vapid02

SECONDS = 20.0  # for a push service to answer
KEY_FILE = "vapid.pem"  # in the data folder: who holds it may push to every browser that subscribed
ROOM = 3000  # bytes of JSON: services take 4096 after encryption
_URGENCY: Mapping[Urgency, str] = {"low": "low", "normal": "normal", "high": "high", "critical": "high"}
_HOURS: Mapping[Urgency, int] = {
    "low": 12,
    "normal": 24,
    "high": 24,
    "critical": 48,
}  # to keep it for a phone that is off


@dataclass
class WebPush:
    """Pushes to browsers with this installation's key, which is made when it is first needed."""

    settings: Settings = field(default_factory=load)
    now: Callable[[], int] = clock.now
    replaces = True
    linked = True
    clears = True

    def send(self, message: Message, address: str) -> None:
        """Push the message. Raise Gone where the browser has unsubscribed, else ChannelError."""
        from pywebpush import WebPushException, webpush
        from requests import RequestException

        subscription = _subscription(address)
        try:
            webpush(
                subscription,
                data=self._payload(message, subscription["endpoint"]),
                vapid_private_key=self.vapid(),
                vapid_claims={"sub": self._subject()},
                ttl=self._seconds(message),
                headers={"Urgency": _URGENCY[message.urgency], "Topic": topic(message.tag)},
                timeout=SECONDS,
            )
        except WebPushException as error:
            raise _refused(error) from error
        except (RequestException, ValueError) as error:
            raise ChannelError(f"The push service cannot be reached: {type(error).__name__}.") from error

    def _payload(self, message: Message, endpoint: str) -> bytes:
        """Return what goes to one browser: words, and for each answer a ticket that counts once."""
        if message.clears:
            return clearing(message, in_silence=not _must_show(endpoint))
        tickets = self.tickets() if message.choices or message.picture else None
        good = Ticket(message.home, message.id, message.person, "", self._good_until(message), browser_id(endpoint))

        def ticket(choice: str) -> str:
            return "" if tickets is None else tickets.write(replace(good, choice=choice))

        return payload(message, ticket)

    def _good_until(self, message: Message) -> int:
        good = self.now() + GOOD_FOR
        return min(good, message.until) if message.until else good

    def _seconds(self, message: Message) -> int:
        """Return for how long the push service keeps it for a phone that is off: what comes too late is not sent at all."""
        longest = _HOURS[message.urgency] * HOUR
        return max(min(longest, message.until - self.now()) if message.until else longest, 0) // SECOND

    def tickets(self) -> Tickets:
        """Return what writes and reads this installation's tickets. Raise ChannelError where its key cannot be had."""
        try:
            return Tickets(Vault(self.settings.data, self.settings.secret_key).derive("tickets of pushes"))
        except VaultError as error:
            raise ChannelError(str(error)) from error

    def _subject(self) -> str:
        """Return where a push service may complain: some refuse whoever does not say."""
        if self.settings.push_subject is None:
            raise ChannelError(f"Set {PUSH_SUBJECT} to an address of yours, such as mailto:you@example.org.")
        return self.settings.push_subject

    def public_key(self) -> str:
        """Return the key that a browser subscribes with (`applicationServerKey`), base64url without padding."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        point = self.vapid().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    def vapid(self) -> Vapid02:
        """Return this installation's key. Raise ChannelError where it can be neither read nor made."""
        from py_vapid import Vapid02, VapidException

        path = self.settings.data / KEY_FILE
        try:
            if not path.exists():
                _make_key(path)
            return Vapid02.from_file(str(path))
        except (OSError, ValueError, VapidException) as error:
            raise ChannelError(
                f"The key {path} cannot be used: {type(error).__name__}. Move it away for a new one."
            ) from error


def payload(message: Message, ticket: Callable[[str], str]) -> bytes:
    """Return what the browser gets: JSON that its service worker shows. Long words are cut to what a push may hold.

    `ticket` returns what makes an answer count; a picture is shown for one too, and never lies at the push service.
    """
    value: dict[str, Any] = {
        "id": message.id,
        "tag": message.tag,
        "title": message.title,
        "body": message.body,
        "urgency": message.urgency,
        "verdict": message.verdict,
        "silent": message.silent,
        "time": message.time // 1000,
        "until": message.until // 1000,
        "page": message.page,
        "actions": [_action(each, ticket) for each in message.choices],
        "image": message.link or (f"/push/picture/{ticket(PICTURE)}" if message.picture else ""),
    }
    while len(encoded := json.dumps(value, ensure_ascii=False).encode()) > ROOM:
        value["body"] = value["body"][: len(value["body"]) * 3 // 4].rstrip() + "…"
    return encoded


def _action(choice: Choice, ticket: Callable[[str], str]) -> dict[str, str]:
    """Return a button. A guarded one has no ticket, so that it opens the page: for that a phone is unlocked and somebody signed in."""
    return {"action": choice.id, "title": choice.label, "ticket": "" if choice.guarded else ticket(choice.id)}


def clearing(message: Message, *, in_silence: bool) -> bytes:
    """Return what takes away what is shown under a tag; with words in its place where nothing may go in silence."""
    words = {} if in_silence else {"title": message.title, "body": message.body, "page": message.page}
    return json.dumps({"close": message.tag, **words}, ensure_ascii=False).encode()


def _must_show(endpoint: str) -> bool:
    """Tell whether a push service ends a subscription whose pushes show nothing: Apple's does."""
    return (urlsplit(endpoint).hostname or "").endswith(".push.apple.com")


def topic(tag: str) -> str:
    """Return a topic for a tag: what waits at the push service under the same one is replaced (RFC 8030, 5.4)."""
    return hashlib.blake2b(tag.encode(), digest_size=16).hexdigest()


def _subscription(address: str) -> dict[str, Any]:
    try:
        value = json.loads(address)
    except ValueError:
        value = None
    if not isinstance(value, dict) or "endpoint" not in value or "keys" not in value:
        raise ChannelError("No browser has subscribed: open the web pages on it, and allow notifications.")
    return value


def _refused(error: Any) -> ChannelError:
    """Return what a push service's answer means, without its address, which is the browser's secret."""
    status = getattr(error.response, "status_code", None)
    if status in {404, 410}:
        return Gone("The browser has unsubscribed.")
    if status is None:
        return ChannelError("The browser's keys cannot be used: it has to subscribe again.")
    why = {
        401: "the key was not accepted",
        403: "the key is not the one it subscribed with",
        413: "too long",
        429: "too many",
    }
    return ChannelError(f"The push service answered {status}: {why.get(status, 'it did not take the message')}.")


def _make_key(path: Path) -> None:
    """Write a new key that only this user may read; who is slower than another process takes the other's."""
    from py_vapid import Vapid02

    key = Vapid02()
    key.generate_keys()
    path.parent.mkdir(parents=True, exist_ok=True)
    own = path.with_suffix(f".{id(key):x}")
    own.touch(mode=0o600)
    own.write_bytes(key.private_pem())
    try:
        path.hardlink_to(own)
    except FileExistsError:
        pass
    finally:
        own.unlink()
