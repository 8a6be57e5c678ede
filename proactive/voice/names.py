"""Names: what a household calls its people and pets, so that they are written as it spells them.

Cameras and devices are called by common words, which an engine knows; a longer list makes it hear worse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from rules.home import Home

_ALIKE = 80  # of 100: "Thomas" for "Tomasz" is 83
_APART = 10  # by which the next name must be less alike
_SHORTEST = 4  # letters of a name that may be another: three letters are alike too often
_NAME = re.compile(r"(?<=(?:[^\W\d_]|[,'’]) )[^\W\d_]{2,}")  # a word inside a sentence
_PLAIN = str.maketrans("łøđðþßæœı", "loddtsaoi")  # letters that no accent makes


def names_of(home: Home) -> list[str]:
    """Return the names to be expected in speech, without repeats."""
    return list(dict.fromkeys(word for each in (*home.people, *home.pets) for word in (each.name, *each.aliases)))


def as_spelt(text: str, home: Home) -> str:
    """Return what was heard with names as the household spells them, where one of its names alone is much like it."""
    names = names_of(home)
    known = {word.lower() for each in home.entries() for name in (each.name, *each.aliases) for word in name.split()}
    return _NAME.sub(lambda found: _spelt(found[0], names, known), text)


def _spelt(word: str, names: Sequence[str], known: set[str]) -> str:
    """Return the name that is meant, or the word: a day, a month or a name that nobody here has stays.

    A capital inside a sentence says that the engine took it for a name.
    """
    if not word[0].isupper() or word.lower() in known:
        return word
    folded = {name: _fold(name) for name in names}
    near = extract(_fold(word), folded, scorer=ratio, limit=2)
    if not near or (near[0][1] < 100 and len(word) < _SHORTEST) or near[0][1] < _ALIKE:
        return word
    return word if len(near) > 1 and near[0][1] - near[1][1] < _APART else str(near[0][2])


def _fold(name: str) -> str:
    """Return a name in lower case without accents: an engine writes "Zoe" for Zoë and "Lukasz" for Łukasz."""
    apart = unicodedata.normalize("NFKD", name.lower().translate(_PLAIN))
    return "".join(each for each in apart if not unicodedata.combining(each))
