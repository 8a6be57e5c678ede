"""Whereabouts: what a tracker's message on MQTT says of one person: a word, a location (OwnTracks), or a key that was used."""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec

from rules.home import Home

RADIUS = 150.0  # metres from the home that count as home, as much as phones are wrong by
_EARTH = 6_371_000.0  # metres
_HERE = frozenset("home on online connected present true 1 yes in".split())
_GONE = frozenset("not_home away off offline disconnected absent false 0 no out".split())
_OPENED = frozenset("unlock unlocked keypad_unlock rf_unlock manual_unlock key_unlock disarm".split())
_WORDS = ("state", "presence", "status", "home", "connected")


def is_home(payload: bytes, home: Home) -> bool | None:
    """Return whether a tracker says that its person is home, or None where its message says neither."""
    said = _decoded(payload)
    if not isinstance(said, Mapping):
        return _word(said)
    match said.get("_type"):
        case "location":
            return _located(said, home)
        case "transition" if str(said.get("desc", "")).lower() == "home":
            return said.get("event") == "enter"
        case None:
            return next((truth for name in _WORDS if (truth := _word(said.get(name))) is not None), None)
        case _:
            return None


def used_key(payload: bytes, user: str) -> bool:
    """Return whether a lock or keypad was opened with the key or code of a user; an empty one is anybody's."""
    said = _decoded(payload)
    if not isinstance(said, Mapping) or str(said.get("action", "")).lower() not in _OPENED:
        return False
    return not user or str(said.get("action_user", "")) == user


def _decoded(payload: bytes) -> object:
    try:
        return msgspec.json.decode(payload)
    except msgspec.DecodeError:
        return payload.decode("utf-8", "replace")


def _word(said: object) -> bool | None:
    word = str(said).strip().lower() if isinstance(said, str | int | bool) else ""
    return True if word in _HERE else False if word in _GONE else None


def _located(said: Mapping[str, object], home: Home) -> bool | None:
    """Return whether a location is home: in a region of that name, else near the home, as well as the phone knows."""
    regions = said.get("inregions")
    if isinstance(regions, list) and any(str(region).lower() in ("home", home.name.lower()) for region in regions):
        return True
    latitude, longitude, accuracy = said.get("lat"), said.get("lon"), said.get("acc", 0)
    if home.location is None or not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    away = _metres(home.location.latitude, home.location.longitude, latitude, longitude)
    doubt = accuracy if isinstance(accuracy, int | float) else 0
    if doubt > 10 * RADIUS:  # a phone that knows only its town
        return None
    return away <= RADIUS + min(doubt, RADIUS)


def _metres(a: float, b: float, c: float, d: float) -> float:
    """Return the distance of two places in degrees, by the haversine formula."""
    lat1, lon1, lat2, lon2 = map(math.radians, (a, b, c, d))
    part = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(part)))
