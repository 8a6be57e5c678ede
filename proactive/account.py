"""Accounts: who signs in, from which browser, by which invitation, and what was changed by whom. Frozen values.

Instants are microseconds since the epoch. Nobody's password or token is in here: of a password there is an Argon2 hash,
of a token a SHA-256 digest, since a token has 256 random bits of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.units import DAY

IDLE = 30 * DAY  # a session nobody uses ends
OLDEST = 365 * DAY  # and no session is older
INVITED = 3 * DAY  # for so long an invitation is good


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person of a home who signs in with `name` (as `sign_in_name` writes it) and a password; empty: none was chosen yet."""

    id: str
    name: str
    home: str
    person: str
    password: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser in which somebody is signed in; `id` is the digest of the token in its cookie."""

    id: str
    account: str
    home: str
    person: str
    device: str
    created_at: int
    seen_at: int

    @property
    def ends_at(self) -> int:
        """Return when it ends unless it is used before."""
        return min(self.seen_at + IDLE, self.created_at + OLDEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link by which one person comes in, once; `id` is the digest of its token.

    `person` is the id that they will have; where the home does not list it yet, it will, with `name` and `role`.
    """

    id: str
    home: str
    person: str
    name: str
    role: str
    by: str
    created_at: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that somebody changed: `did` in a word such as `rule.pause`, `about` what, and in words how."""

    at: int
    home: str
    who: str | None
    did: str
    about: str = ""
    words: str = ""


def sign_in_name(text: str) -> str:
    """Return a name as it is compared: case, accents' composition and outer spaces do not matter."""
    from unicodedata import normalize

    return " ".join(normalize("NFKC", text).casefold().split())
