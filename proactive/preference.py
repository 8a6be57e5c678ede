"""Preferences: what a person, or the home, may set about how they are told, checked where it is written."""

from __future__ import annotations

import re

from rules.problem import InputError, Problem

QUIET_HOURS = "quiet_hours"
NONE = "none"  # no quiet hours at all
CHANNEL = "channel."

_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_HOURS = re.compile(f"{_CLOCK}-{_CLOCK}")


def check_preference(name: str, value: str) -> None:
    """Raise InputError unless it is `quiet_hours` (or `none`) or the address of a channel, `channel.<id>`."""
    if name == QUIET_HOURS and (value == NONE or _HOURS.fullmatch(value)):
        return
    if name.startswith(CHANNEL) and "://" in value:
        return
    if name == QUIET_HOURS:
        message = f"expected quiet hours such as '22:00-07:00', or {NONE!r}; found {value!r}."
    elif name.startswith(CHANNEL):
        message = "expected an address such as 'ntfy://topic'."
    else:
        message = f"is not a preference; expected {QUIET_HOURS!r} or '{CHANNEL}<id>'."
    raise InputError([Problem("bad_preference", name, message)])
