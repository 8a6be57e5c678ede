"""The channel `webhook`: a signed POST to an address of one's own, `webhook+https://SECRET@host/path`.

The body is JSON. `Proactive-Timestamp` is when it was sent, in seconds; `Proactive-Signature` is `v1=` and the HMAC-SHA-256, in
hexadecimal, of the timestamp, a full stop and the body, with the secret. A receiver compares it in constant time and
takes nothing that is older than five minutes; `Idempotency-Key` names the notification, so that a repeat is known.
`verify` does all that.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit, urlunsplit

from proactive.notify.channel import ChannelError, Message

if TYPE_CHECKING:
    from httpx import Response

SECONDS = 20.0  # for the receiver to answer
AGE = 300  # seconds after which a signature counts no more
SIGNATURE, TIMESTAMP = "Proactive-Signature", "Proactive-Timestamp"


@dataclass(frozen=True)
class Webhook:
    """Posts messages; `now` gives the seconds of the clock."""

    now: Callable[[], float] = time.time
    replaces = True
    linked = True

    def send(self, message: Message, address: str) -> None:
        """Post the message. Raise ChannelError for anything but an answer of 2xx."""
        import httpx

        url, secret = _target(address)
        body = encode(message)
        stamp = str(int(self.now()))
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP: stamp,
            SIGNATURE: sign(secret, stamp, body),
            "Idempotency-Key": message.id or message.tag,
        }
        try:
            answer = httpx.post(url, content=body, headers=headers, timeout=SECONDS, follow_redirects=False)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise ChannelError(f"The receiver cannot be reached: {type(error).__name__}.") from error
        _require_taken(answer)


def encode(message: Message) -> bytes:
    """Return the body: what the message says, and what may be answered to it."""
    value: dict[str, Any] = {
        "id": message.id,
        "tag": message.tag,
        "home": message.home,
        "rule": message.rule,
        "person": message.person,
        "to": message.to,
        "title": message.title,
        "body": message.body,
        "urgency": message.urgency,
        "verdict": message.verdict,
        "time_ms": message.time // 1000,
        "silent": message.silent,
        "picture": message.link,
        "choices": [{"id": choice.id, "label": choice.label, "guarded": choice.guarded} for choice in message.choices],
    }
    return json.dumps(value, ensure_ascii=False).encode()


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a body that was sent at a timestamp."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Say whether a request was signed with the secret within the last five minutes: what a receiver has to ask."""
    stamp = headers.get(TIMESTAMP, "")
    fresh = stamp.isdecimal() and abs(now - int(stamp)) <= AGE
    return fresh and hmac.compare_digest(sign(secret, stamp, body), headers.get(SIGNATURE, ""))


def _target(address: str) -> tuple[str, str]:
    """Return the URL and the secret of an address."""
    parts = urlsplit(address)
    kind, _, scheme = parts.scheme.partition("+")
    secret, _, host = parts.netloc.rpartition("@")
    if kind != "webhook" or scheme not in {"", "http", "https"} or not secret or not host:
        raise ChannelError("The address is no webhook: expected webhook+https://SECRET@host/path.")
    return urlunsplit((scheme or "https", host, parts.path, parts.query, "")), unquote(secret)


def _require_taken(answer: Response) -> None:
    if not answer.is_success:
        raise ChannelError(f"The receiver answered {answer.status_code}; expected 200 to 299.")
