"""Names: what a household calls its people and pets, so that they are written as it spells them.

Cameras and devices are called by common words, which an engine knows; a longer list makes it hear worse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from rules.home import Home

_ALIKE = 80  # of 100: "Thomas" for "Tomasz" is 83
_APART = 10  # by which the next name must be less alike
_NAME = re.compile(r"(?<=[a-z,'] )[A-Z][a-z]{3,}\b")  # a capital inside a sentence: the engine took it for a name


def names_of(home: Home) -> list[str]:
    """Return the names to be expected in speech, without repeats."""
    return list(dict.fromkeys(word for each in (*home.people, *home.pets) for word in (each.name, *each.aliases)))


def as_spelt(text: str, home: Home) -> str:
    """Return what was heard with names as the household spells them, where one of its names alone is much like it."""
    names = names_of(home)
    known = {word.lower() for each in home.entries() for name in (each.name, *each.aliases) for word in name.split()}
    return _NAME.sub(lambda found: _spelt(found[0], names, known), text)


def _spelt(word: str, names: Sequence[str], known: set[str]) -> str:
    """Return the name that is meant, or the word: a day, a month or a name that nobody here has stays."""
    if word.lower() in known:
        return word
    near = extract(word.lower(), {name: name.lower() for name in names}, scorer=ratio, limit=2)
    if not near or near[0][1] < _ALIKE or (len(near) > 1 and near[0][1] - near[1][1] < _APART):
        return word
    return str(near[0][2])
