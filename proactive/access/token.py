"""Tokens: random words that stand for a session or an invitation. Whoever keeps one keeps its digest only."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

_BYTES = 32


def make() -> str:
    """Return a new token of 256 random bits, fit for cookies and links."""
    return secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str:
    """Return what is kept of a token; no salt is needed where nobody can guess the token."""
    return sha256(token.encode()).hexdigest()


def form_token(token: str) -> str:
    """Return the word that a form of this session carries (CSRF): whoever lacks the cookie cannot make it."""
    return hmac.new(token.encode(), b"form", sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())
