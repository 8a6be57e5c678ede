"""The names of this machine: what people on the network it is in may type to reach it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from ipaddress import ip_address

from rules.problem import InputError, Problem

_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
# A documentation address: nothing is sent there, but the system says from which of its own addresses it would be.
_OUTSIDE = "192.0.2.1"


def names_asked(given: Iterable[str], host: str) -> list[str]:
    """Return what a certificate must be for: the names that are given, and the address or name that is listened at.

    Raise InputError for something that is neither a name nor an address.
    """
    return list(dict.fromkeys((*map(checked_name, given), *_listened(host))))


def names_found() -> list[str]:
    """Return what this machine is called as far as it knows: from itself, and in the network that it is in."""
    own = socket.gethostname().lower().split(".")[0]
    called = [f"{own}.local", f"{own}.lan", own] if _NAME.fullmatch(own) else []
    return list(dict.fromkeys(("localhost", "127.0.0.1", "::1", *_addresses(), *called)))


def checked_name(text: str) -> str:
    """Return a name or an address as a certificate has it. Raise InputError."""
    plain = text.strip().lower().rstrip(".")
    with suppress(ValueError):
        return str(ip_address(plain.strip("[]")))
    if not _NAME.fullmatch(plain) or len(plain) > 253:
        message = f"expected a name such as 'home.lan' or an address such as '192.168.1.5', found {text!r}."
        raise InputError([Problem("bad_name", "PROACTIVE_NAMES", message)])
    return plain


def _listened(host: str) -> Iterator[str]:
    """Yield the address or name that is listened at, unless it stands for all of them."""
    with suppress(ValueError):
        if ip_address(host).is_unspecified:
            return
    yield checked_name(host)


def _addresses() -> Iterator[str]:
    """Yield the address from which this machine speaks to others; of IPv6 ones there are many, and nobody types them."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect((_OUTSIDE, 9))
        yield str(asking.getsockname()[0])
