"""Patience: how many tries to sign in there are, and how long to wait after too many.

What counts is the name at one address, the address, and the name from anywhere, the same whether anybody has that name: an
answer tells nobody who lives here. The name alone has a high limit, so that nobody locks a person out from elsewhere.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from proactive.access.token import digest
from proactive.account import sign_in_name
from rules.units import HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from proactive.store import Store

REMEMBERED = HOUR  # after which earlier failures no longer count
_LIMITS = {"here": 5, "address": 20, "name": 50}
_LONGEST = 15 * MINUTE
_FIRST = 30 * SECOND


class Patience:
    """Counts the failures of a name at an address, in the store, so that a restart forgives nothing."""

    def __init__(self, store: Store, name: str, address: str) -> None:
        own, address = sign_in_name(name), network_of(address)
        self._store = store
        self._keys = {digest(f"here {own} {address}"): "here", digest(f"address {address}"): "address"}
        self._keys |= {digest(f"name {own}"): "name"}

    def wait(self, now: int) -> int:
        """Return how long to wait before the next try, in microseconds; 0 where it may be made."""
        found = self._store.failures([*self._keys], now - REMEMBERED)
        return max((_wait(count - _LIMITS[self._keys[key]], at, now) for key, (count, at) in found.items()), default=0)

    def failed(self, now: int) -> None:
        """Count one more failure."""
        self._store.add_failures([*self._keys], now, now - REMEMBERED)

    def succeeded(self) -> None:
        """Forget the failures of this name here; those of the address stay, or one account would open all the others."""
        self._store.forget_failures([key for key, what in self._keys.items() if what == "here"])


def network_of(address: str) -> str:
    """Return what counts as one address: of IPv6 the network of a household, which has more addresses than anybody can count."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ip_network(f"{known}/64", strict=False)) if known.version == 6 else address


def _wait(over: int, at: int, now: int) -> int:
    """Return what is left of a wait that doubles with each failure over the limit."""
    if over < 0:
        return 0
    return max(0, at + min(_FIRST << min(over, 10), _LONGEST) - now)
