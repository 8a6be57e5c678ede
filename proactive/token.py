"""API tokens: what a program shows to be let in, and what it may do then.

A token is `proactive_ID_SECRET`. The id finds the row; of the secret only a SHA-256 is kept, which is enough for 32 random
bytes: nobody can try them all, so nothing slow is needed. The token itself is shown once, when it is made.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, cast, get_args

from rules.problem import InputError, Problem, nearest

Scope = Literal["records:write", "read", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
_FORM = re.compile(r"proactive_([0-9a-f]{8})_([\w-]{20,200})", re.ASCII)
_NAME = re.compile(r"[\w .@-]{1,64}")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept: its scopes, and the home that it is for (None: every home). Instants are microseconds."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    digest: str
    created_at: int
    home: str | None = None

    def is_secret(self, secret: str) -> bool:
        """Tell whether this is the token's secret, in a time that tells nothing about it."""
        return hmac.compare_digest(self.digest, _digest(secret))


def mint(name: str, scopes: Sequence[str], *, now: int, home: str | None = None) -> tuple[Token, str]:
    """Return a new token as it is kept, and as it is shown once. Raise InputError for an unknown scope or a bad name."""
    if not _NAME.fullmatch(name):
        message = f"expected a name of up to 64 letters, digits, spaces and . @ - _, found {name!r}."
        raise InputError([Problem("bad_name", "NAME", message)])
    id, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    token = Token(id, name, checked_scopes(scopes), _digest(secret), now, home)
    return token, f"proactive_{id}_{secret}"


def checked_scopes(scopes: Sequence[str]) -> tuple[Scope, ...]:
    """Return the scopes, each once and in order. Raise InputError where one is unknown, or there is none."""
    problems = [
        Problem(
            "unknown_scope", "--scope", f"expected one of {', '.join(SCOPES)}; found {scope!r}.", nearest(scope, SCOPES)
        )
        for scope in scopes
        if scope not in SCOPES
    ]
    if problems or not scopes:
        raise InputError(problems or [Problem("no_scope", "--scope", f"expected one of {', '.join(SCOPES)}.")])
    return cast(tuple[Scope, ...], tuple(scope for scope in SCOPES if scope in scopes))


def split_token(shown: str) -> tuple[str, str] | None:
    """Return the id and the secret of a token as it was shown, or None where it is none."""
    found = _FORM.fullmatch(shown)
    return (found[1], found[2]) if found else None


def same(one: str, other: str) -> bool:
    """Tell whether two secrets are the same, in a time that tells nothing about them."""
    return hmac.compare_digest(_digest(one), _digest(other))


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
