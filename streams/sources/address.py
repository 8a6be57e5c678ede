"""Addresses of sources: where, who, and options; and how they are shown, which is never with a secret.

`mqtt://user:password@broker:1883?home=maple&frigate=frigate`. An option may be given more than once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from rules.home import Home
from rules.problem import InputError, Problem, nearest
from rules.units import microseconds


@dataclass(frozen=True, slots=True)
class Address:
    """Where something listens; `user` and `password` are secrets and are not shown."""

    scheme: str
    host: str
    port: int | None = None
    path: str = ""
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """Return the address as people may see it: `mqtt://broker:1883`."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Return the host, and the port where one is given, as a URL has them: `broker:1883`, `[fd00::7]:1883`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host

    def option(self, name: str, default: str = "") -> str:
        """Return the last value of an option."""
        return (self.options.get(name) or [default])[-1]

    def duration(self, name: str, default: str) -> int:
        """Return an option that is a duration, in microseconds. Raise InputError for one that is none."""
        try:
            return microseconds(self.option(name, default))
        except ValueError as error:
            raise InputError([Problem("bad_duration", f"{self.shown}?{name}", f"{error}.")]) from error

    def home_of(self, homes: Sequence[Home]) -> Home:
        """Return the home that is meant: that of the option `home`, else the only one. Raise InputError."""
        wanted, known = self.option("home"), [home.home for home in homes]
        found = [home for home in homes if home.home == wanted] if wanted else list(homes)
        if len(found) == 1:
            return found[0]
        message = f"expected a home in the address, one of {', '.join(known[:10]) or 'none'}; found {wanted or 'none'}."
        raise InputError([Problem("which_home", self.shown, message, "Add ?home=ID to the address.")])


def parse_address(text: str, schemes: Mapping[str, str], options: Collection[str]) -> Address:
    """Return the address of a text. `schemes` maps those that are taken to an example. Raise InputError, without the text."""
    parts, example = _split(text), next(iter(schemes.values()))
    if parts is None or parts.scheme not in schemes or not parts.hostname:
        message = f"expected an address such as {example}; found another."
        raise InputError([Problem("bad_address", next(iter(schemes)), message)])
    given = parse_qs(parts.query, keep_blank_values=True)
    address = Address(
        parts.scheme,
        parts.hostname,
        parts.port,
        unquote(parts.path),
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
        given,
    )
    if unknown := sorted(set(given) - set(options)):
        message = f"expected one of {', '.join(sorted(options))}; found {unknown[0]!r}."
        raise InputError([Problem("unknown_option", address.shown, message, nearest(unknown[0], options))])
    return address


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        return parts if parts.port is None or parts.port else None
    except ValueError:  # of a port that is no number
        return None
