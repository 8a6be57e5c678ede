"""A browser that a person lets push to, as its push service named it (W3C Push API, `PushSubscription`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from rules.problem import InputError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Where to push, and with which keys (RFC 8291, base64url). `device` is what the browser is called.

    `session` is the sign-in in which it subscribed, and with which it ends. `lost_at` is when its push service had forgotten it.
    """

    endpoint: str
    person: str
    p256dh: str
    auth: str
    device: str = ""
    created_at: int = 0
    session: str = ""
    lost_at: int | None = None

    @property
    def id(self) -> str:
        """Return what stands for the browser in pages and tickets, from which its endpoint cannot be told."""
        return browser_id(self.endpoint)

    @property
    def address(self) -> str:
        """Return the subscription as the channel `webpush` takes it."""
        return json.dumps({"endpoint": self.endpoint, "keys": {"p256dh": self.p256dh, "auth": self.auth}})

    def as_row(self) -> dict[str, Any]:
        """Return the fields by name."""
        return asdict(self)


def browser_id(endpoint: str) -> str:
    """Return a digest of an endpoint, which is a secret: whoever knows it may push there."""
    return sha256(endpoint.encode()).hexdigest()[:16]


def parse_subscription(value: Any, person: str, *, device: str = "", at: int = 0, session: str = "") -> Subscription:
    """Return the subscription of what a browser's `PushSubscription.toJSON()` gives. Raise InputError."""
    given: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
    keys = given.get("keys")
    found = [str(keys.get(name) or "") for name in ("p256dh", "auth")] if isinstance(keys, Mapping) else [""]
    endpoint = str(given.get("endpoint") or "")
    if not _is_address(endpoint) or not all(found):
        message = "expected {endpoint, keys: {p256dh, auth}} as the browser's PushSubscription gives it."
        raise InputError([Problem("bad_subscription", "subscription", message, "Subscribe again in the browser.")])
    return Subscription(
        endpoint=endpoint, person=person, p256dh=found[0], auth=found[1], device=device, created_at=at, session=session
    )


def _is_address(endpoint: str) -> bool:
    """Say whether a push may be sent there: over TLS, or to this very machine."""
    parts = urlsplit(endpoint)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"})
