"""Preferences: what a person, or the home, may set about how they are told, checked where it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import get_args

from rules.problem import InputError, Problem
from rules.rule import Urgency
from rules.units import microseconds

QUIET_HOURS = "quiet_hours"
NONE = "none"  # no quiet hours at all; no cooldown
CHANNEL = "channel."
ORDER = "channels"  # in which order channels are tried; `channels.critical` for one urgency
COOLDOWN = "cooldown"  # at most one alert of a rule in this time; `cooldown.RULE` for one rule
Preferences = Mapping[tuple[str, str], str]  # by person (empty: the home) and name

_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_HOURS = re.compile(f"{_CLOCK}-{_CLOCK}")
_ORDERS = (ORDER, *(f"{ORDER}.{urgency}" for urgency in get_args(Urgency)))


def check_preference(name: str, value: str) -> None:
    """Raise InputError unless it is one of those that the module names, with a value that it can have."""
    if (message := _wrong(name, value)) is not None:
        raise InputError([Problem("bad_preference", name, message)])


def preferred(preferences: Preferences, person: str, *names: str) -> str | None:
    """Return the first of the preferences that is set: each name for the person, then each for the home."""
    found = (preferences.get((owner, name)) for owner in (person, "") for name in names)
    return next((value for value in found if value is not None), None)


def cooldown_of(preferences: Preferences, person: str, rule: str) -> int:
    """Return the microseconds in which a person hears of a rule once; 0 where nobody set any."""
    value = preferred(preferences, person, f"{COOLDOWN}.{rule}", COOLDOWN)
    return 0 if value is None or value == NONE else microseconds(value)


def _wrong(name: str, value: str) -> str | None:
    if name == QUIET_HOURS:
        known = value == NONE or _HOURS.fullmatch(value)
        return None if known else f"expected quiet hours such as '22:00-07:00', or {NONE!r}; found {value!r}."
    if name.startswith(CHANNEL):
        return None if "://" in value else "expected an address such as 'ntfy://topic'."
    if name in _ORDERS:
        return None if all(map(str.strip, value.split(","))) else "expected channels such as 'phone.greg, console'."
    if name == COOLDOWN or name.startswith(f"{COOLDOWN}."):
        return None if value == NONE or _is_duration(value) else f"expected a time such as '10m', found {value!r}."
    names = f"{QUIET_HOURS!r}, '{CHANNEL}<id>', {ORDER!r}, '{ORDER}.<urgency>', {COOLDOWN!r} or '{COOLDOWN}.<rule>'"
    return f"is not a preference; expected {names}."


def _is_duration(text: str) -> bool:
    try:
        return microseconds(text) > 0
    except ValueError:
        return False
