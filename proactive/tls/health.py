"""Whether phones can reach the pages, and so whether push and the microphone work on them: for `doctor`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from proactive.tls.authority import RENEWED, TlsError
from proactive.tls.secured import OWN, is_set_up, shown

if TYPE_CHECKING:
    from proactive.settings import Settings

SOON = timedelta(days=14)  # before the end of a certificate that is not renewed from here


class Reach(NamedTuple):
    """How it stands, in words, and what to do."""

    state: Literal["ok", "advice", "broken"]
    found: str
    advice: str = ""


def reach(settings: Settings, now: datetime) -> Reach:
    """Return whether phones can use push and the microphone, and why not. Nothing is made for it."""
    from proactive.web.server import is_loopback

    alone = settings.host == "localhost" or is_loopback(settings.host)
    if is_set_up(settings):
        return _secured(settings, now, alone=alone)
    if settings.published:
        return Reach("ok", "something in front encrypts; push and the microphone work at its https address")
    if alone:
        advice = "For phones: proactive tls, then PROACTIVE_HOST=0.0.0.0, or set PROACTIVE_PUBLISHED behind a proxy."
        return Reach(
            "ok", "this machine only; push and the microphone are off elsewhere, since nothing encrypts", advice
        )
    found = f"the pages are off: {settings.host} can be reached by others, and nothing encrypts"
    return Reach("broken", found, "Run: proactive tls")


def _secured(settings: Settings, now: datetime, *, alone: bool) -> Reach:
    try:
        found = shown(settings)
    except TlsError as error:
        # What this machine signs for itself is signed by the next `serve`.
        advice = f"Set {OWN} to a PEM file." if settings.tls_certificate is not None else "Run: proactive tls"
        return Reach("broken", f"push and the microphone are off: {error}", advice)
    words = f"encrypted for {', '.join(found.names)} until {found.until:%Y-%m-%d}"
    renew = f"Put a new certificate at {found.path}." if found.own else "Start `proactive serve`: it renews it."
    if found.until <= now:
        return Reach(
            "broken", f"push and the microphone are off: the certificate ended on {found.until:%Y-%m-%d}", renew
        )
    if found.until - now < (SOON if found.own else RENEWED / 2):
        return Reach("advice", words, renew)
    if alone:
        return Reach(
            "advice", f"{words}; but it listens on this machine only", "Set PROACTIVE_HOST=0.0.0.0 for phones."
        )
    trust = "" if found.own else "Each phone needs the root once: /trust says how, and what works there."
    return Reach("ok", words, trust)
