"""Bowls: which zones, by their names, are where an animal eats or drinks."""

from __future__ import annotations

import re
from functools import cache

_BOWL_WORDS = frozenset({"bowl", "bowls", "dish", "dishes", "feeder", "feeders", "feeding"})
_DRINK_WORDS = frozenset({"water", "drink", "drinking"})
_FOUNTAIN_WORDS = frozenset({"fountain", "dispenser", "bottle"})


# Asked for each zone in each frame of a camera.
@cache
def holds_food(name: str) -> bool:
    """Return whether a zone's name says that food stands there: `food_bowls`, `cat feeder`; not `water_bowl`."""
    words = _words(name)
    return bool(words & _BOWL_WORDS) and ("food" in words or not words & _DRINK_WORDS)


@cache
def holds_water(name: str) -> bool:
    """Return whether a zone's name says that water stands there: `water_bowl`; not `water_heater`."""
    words = _words(name)
    return bool(words & _DRINK_WORDS and words & (_BOWL_WORDS | _FOUNTAIN_WORDS))


def _words(name: str) -> set[str]:
    return set(re.findall(r"[a-z]+", name.lower()))
