"""Passwords: what is good enough, how one is kept, and how it is checked without telling whether there was one.

Kept as Argon2id with OWASP's least parameters (19 MiB, two passes, one lane): thirty people who sign in at once must not
take a small machine's memory.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from proactive.account import sign_in_name

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 200  # characters; what is longer only makes work
_COMMON = frozenset(
    """
    1234567890 12345678910 0123456789 1111111111 0000000000 qwertyuiop qwerty12345 qwerty123456 password12 password123
    password1234 password12345 passwordpassword iloveyou123 iloveyou1234 letmein1234 welcome1234 welcome123 admin12345
    administrator 1q2w3e4r5t 1q2w3e4r5t6y abcdefghij abcd123456 football123 princess123 sunshine123 proactive1
    proactive123
    """.split()
)


def objection(password: str, *names: str) -> str | None:
    """Return why a password is not good enough, in words for the person, or None."""
    plain = sign_in_name(password)
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. A few words in a row are easy to remember."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if plain in _COMMON or len(set(plain)) < 4 or plain.replace(" ", "") in {_joined(name) for name in names}:
        return "That one is easily guessed. A few words in a row are easy to remember and hard to guess."
    return None


def _joined(name: str) -> str:
    return sign_in_name(name).replace(" ", "")


def keep(password: str) -> str:
    """Return what is kept of a password."""
    return _hasher().hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Say whether a password is the one that is kept; where there is none it takes as long to say no."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        _hasher().verify(kept or _nobodys(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _nobodys() -> str:
    return keep("nobody has this password")
