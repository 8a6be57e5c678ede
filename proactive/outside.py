"""Outside: which hosts are surely none of the home's own network, judged by their names alone.

What people who are no owners may have this machine post to is held to it, so that nobody reaches through it what they cannot
reach themselves. A name outside that leads inside is not noticed: whoever can make such a name has a domain to lose.
"""

from __future__ import annotations

_INSIDE = (".local", ".lan", ".home", ".internal", ".localdomain", ".home.arpa", ".localhost")


def is_outside(host: str) -> bool:
    """Say whether a host is a name on the internet: no address, no bare name, none that home networks keep to themselves."""
    name = host.rstrip(".").lower()  # a name may end in the dot of the root
    return "." in name and not _is_address(name) and not name.endswith(_INSIDE)


def _is_address(host: str) -> bool:
    """Say whether a host is an address: no domain at the top begins with a digit, and 127.1 and 0x7f.1 are addresses too."""
    return ":" in host or host.rpartition(".")[2][:1].isdigit()
