"""The channel `webpush`: a browser that a person lets push to (RFC 8030), encrypted to it alone (RFC 8291, RFC 8292).

The address is the browser's subscription as JSON; a person's are rows of the store, so that no setting names them. The
push service sees who sends, how urgent it is and a topic, never the words. A service that answers 404 or 410 has
forgotten the browser for good: `Gone` lets the notifier forget it too.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proactive.notify.channel import ChannelError, Gone, Message
from proactive.settings import PUSH_SUBJECT, Settings, load
from rules.rule import Urgency

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
    replaces = True
    linked = True

    def send(self, message: Message, address: str) -> None:
        """Push the message. Raise Gone where the browser has unsubscribed, else ChannelError."""
        from pywebpush import WebPushException, webpush
        from requests import RequestException

        subscription = _subscription(address)
        try:
            webpush(
                subscription,
                data=payload(message),
                vapid_private_key=self.vapid(),
                vapid_claims={"sub": self._subject()},
                ttl=_HOURS[message.urgency] * 3600,
                headers={"Urgency": _URGENCY[message.urgency], "Topic": topic(message.tag)},
                timeout=SECONDS,
            )
        except WebPushException as error:
            raise _refused(error) from error
        except (RequestException, ValueError) as error:
            raise ChannelError(f"The push service cannot be reached: {type(error).__name__}.") from error

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


def payload(message: Message) -> bytes:
    """Return what the browser gets: JSON that its service worker shows. Long words are cut to what a push may hold."""
    value: dict[str, Any] = {
        "id": message.id,
        "tag": message.tag,
        "title": message.title,
        "body": message.body,
        "urgency": message.urgency,
        "verdict": message.verdict,
        "silent": message.silent,
        "time": message.time // 1000,
        "actions": [{"action": choice.id, "title": choice.label} for choice in message.choices],
        "image": message.link,
    }
    while len(encoded := json.dumps(value, ensure_ascii=False).encode()) > ROOM:
        value["body"] = value["body"][: len(value["body"]) * 3 // 4].rstrip() + "…"
    return encoded


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
