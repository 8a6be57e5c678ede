"""Tickets: what a push carries so that a tap counts without a session: one person's one answer to one notification, once.

A ticket is a list in JSON with its HMAC-SHA-256, both base64url. The key is derived from that of the vault, so nobody makes
a ticket who cannot open the home's secrets. That each counts once is the store's to keep (`Store.use_ticket`).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from dataclasses import astuple, dataclass
from hashlib import sha256

from rules.problem import InputError, Problem
from rules.units import DAY

GOOD_FOR = 3 * DAY  # longer than a push service keeps a message for a phone that is off
PICTURE = "picture"
"""The choice of a ticket that shows a notification's picture, and counts as often as it is shown."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One answer: the choice (`replies.choose`), whose it is, about which notification, and until when (microseconds).

    `browser` is where it was sent: what is cleared because of it need not be cleared there.
    """

    home: str
    notification: str
    person: str
    choice: str
    expires_at: int
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Tickets:
    """Writes and reads tickets with a key."""

    key: bytes

    def write(self, ticket: Ticket) -> str:
        """Return the text of a ticket, fit for an address."""
        body = json.dumps(astuple(ticket), ensure_ascii=False, separators=(",", ":")).encode()
        return f"{_text(body)}.{_text(self._sign(body))}"

    def read(self, text: str, now: int) -> Ticket:
        """Return the ticket of a text. Raise InputError where it was not written here, or is not good any more."""
        body, _, signature = text.partition(".")
        try:
            written, signed = _bytes(body), _bytes(signature)
        except (binascii.Error, ValueError) as error:
            raise _problem("bad_ticket", "this is no ticket of a notification.") from error
        if not hmac.compare_digest(self._sign(written), signed):
            raise _problem("bad_ticket", "this is no ticket of a notification.")
        ticket = Ticket(*json.loads(written))
        if now >= ticket.expires_at:
            raise _problem("expired_ticket", "this notification is too old to be answered from here.")
        return ticket

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self.key, body, "sha256")


def ticket_id(text: str) -> str:
    """Return what is kept of a ticket that was used."""
    return sha256(text.encode()).hexdigest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    raw = text.encode("ascii")
    return base64.b64decode(raw + b"=" * (-len(raw) % 4), b"-_", validate=True)


def _problem(code: str, message: str) -> InputError:
    return InputError([Problem(code, "ticket", message, "Open the app and answer there.")])
