"""Spelling: slips of the keyboard put right, and said.

A word is only put right where it is no English word, no word of this home's names and none of the grammar's, where it was
written in lower case (a name with a capital is asked about), and where just one known word is near: one slip in a short
word, two in a long one. So "card" stays "card" and never becomes "car".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from proactive.language.local import lexicon
from proactive.language.local.catalogue import Catalogue
from proactive.language.local.clock import TIME_WORDS
from proactive.language.local.number import ONES, TENS, TIMES
from proactive.language.local.token import stem, stems

if TYPE_CHECKING:
    from spellchecker import SpellChecker

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SHORTEST = 3
_LONG = 6  # letters from which two slips are one word still
_RARE = 2.5e-7  # the share of all words below which a word of films' subtitles is as likely a slip ("wen", "nite")
_FAR_COMMONER = 5.0  # times: "when" is meant by "wen", and not "went"
_FOREIGN = 0.5
# How people write on a phone.
_WRITTEN_OUT = {
    "lmk": "let me know", "msg": "message", "nite": "night", "tonite": "tonight", "hrs": "hours", "til": "until", "'til": "until", "hr": "hour", "wk": "week", "w/in": "within", "thru": "through", "b4": "before", "pls": "please",
    "plz": "please", "w/o": "without", "w/": "with", "wkdays": "weekdays", "wknd": "weekend", "mins": "minutes", "secs": "seconds", "&": "and",
}  # fmt: skip
_SHORTHAND = re.compile(r"(?<![\w/])(?:" + "|".join(map(re.escape, _WRITTEN_OUT)) + r")(?![\w/])", re.IGNORECASE)
_SHORT_FORMS = "doesnt dont didnt isnt arent wasnt werent hasnt havent hadnt cant couldnt wont nobodys everyones theres its thats whats"
_FUNCTION = "the then than that there these those when while what which who whose with without will would should could can may might must have has had"


def _words(tables: Iterable[Iterable[str]]) -> set[str]:
    return {word for table in tables for phrase in table for word in phrase.split() if word.isalpha()}


_KNOWN = _words(
    (
        lexicon.MEANINGS, lexicon.MOTIONS, lexicon.LABELS, lexicon.COMPARE, lexicon.UNITS, lexicon.EXTREMES, lexicon.STRANGERS, lexicon.NOBODY,
        lexicon.EVERYONE, lexicon.DARK, lexicon.SUN_EVENTS, lexicon.MEALS, lexicon.NOTICE, lexicon.MARKS, lexicon.WHILE, lexicon.JOINS, lexicon.NOT,
        lexicon.LEFT, lexicon.QUANTIFIERS, lexicon.ONE_OFF, lexicon.FILLER, lexicon.PARTICLES, lexicon.COMMANDS, lexicon.SAME, lexicon.SAME.values(),
        *lexicon.EVENT_WORDS.values(), *lexicon.NUMBER_NOUNS.values(), *lexicon.TYPE_NOUNS.values(),
        ONES, TENS, TIMES, TIME_WORDS, (_SHORT_FORMS, _FUNCTION),
    )
)  # fmt: skip
# "Mon-sat" and "on weds": days as people cut them, where nothing else can be meant.
_DAY = {name[:3]: name for name in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}
_CUT = r"(?:mon|tues?|weds?|thurs?|thu|fri|sat|sun)"
_RANGE = re.compile(
    rf"(?P<on>\b(?:on|every|from|only) )?\b(?P<one>{_CUT})(?:days?)?\.?\s*(?:-|\u2013|to|thru|through|till|until)\s*(?P<other>{_CUT})(?:days?)?\b",
    re.IGNORECASE,
)
_ON_DAY = re.compile(
    rf"(?P<on>\b(?:on|every|each|and|or|,) )(?P<one>{_CUT})\b(?=\s*(?:$|[,.;:?!]|and\b|or\b|at\b|by\b|before\b|tell\b))",
    re.IGNORECASE,
)


def _with_whole_days(text: str) -> str:
    """Return a text in which days are written out: "mon-sat" is "on monday to saturday"."""
    text = _RANGE.sub(lambda m: f"on {_DAY[m['one'][:3].lower()]} to {_DAY[m['other'][:3].lower()]}", text)
    return _ON_DAY.sub(lambda m: f"{m['on']}{_DAY[m['one'][:3].lower()]}", text)


_COMMON = frozenset(_KNOWN | {stem(word) for word in _KNOWN})


def spelled(text: str, catalogue: Catalogue) -> tuple[str, tuple[str, ...]]:
    """Return a sentence with its slips put right, and a note that says which."""
    text = _SHORTHAND.sub(lambda found: _WRITTEN_OUT[found[0].lower()], text)
    text = _with_whole_days(text)
    text = _shared(_joined(text, catalogue), catalogue)
    text = _COUNTED.sub(lambda found: f"{found['number']} {_unit(found['unit'])}", text)
    words = list(dict.fromkeys(_WORD.findall(text)))
    unknown = [word for word in words if _unknown(word)]
    named = frozenset(_words([catalogue.phrases])) if unknown else frozenset()
    unknown = [word for word in unknown if word not in named and stem(word) not in named and not is_english(word)]
    if len(unknown) > len(words) * _FOREIGN:
        return text, ()  # another language, whose words are no slips
    meant = {word: right for word in unknown if (right := _right(word, named))}
    if not meant:
        return text, ()
    note = " and ".join(f"{word!r} as {right!r}" for word, right in meant.items())
    return _WORD.sub(lambda found: meant.get(found[0], found[0]), text), (f"I read {note}.",)


_COUNTED = re.compile(r"(?P<number>\b\d+|\b(?:" + "|".join((*ONES, *TENS)) + r")) (?P<unit>[a-z]{4,8})\b")
_UNITS = ("seconds", "minutes", "hours", "days", "weeks", "times", "degrees", "percent")


def _unit(word: str) -> str:
    """Return what a number counts, with its slip put right: "6 hous" are hours, whatever else is near."""
    if not _unknown(word) or is_english(word):
        return word
    near = [unit for unit in _UNITS if OSA.distance(word, unit) == 1]
    return near[0] if len(near) == 1 else word


def _joined(text: str, catalogue: Catalogue) -> str:
    """Return a text in which a name that was written as two words is one: "letter box" of a home with a letterbox."""

    def join(found: re.Match[str]) -> str:
        one = f"{found[1]}{found[2]}".lower()
        return (
            one if one in catalogue.phrases and f"{found[1]} {found[2]}".lower() not in catalogue.phrases else found[0]
        )

    return _PAIR.sub(join, text)


def _shared(text: str, catalogue: Catalogue) -> str:
    """Return a text in which each of two names has the noun that they share: "the front and back door"."""

    def share(found: re.Match[str]) -> str:
        one, join, other, noun = found[1], found[2], found[3], found[4]
        named = all(stems(f"{first} {noun}") in catalogue.phrases for first in (one, other))
        return f"{one} {stem(noun)} {join} {other} {stem(noun)}" if named else found[0]

    return _SHARING.sub(share, text)


_SHARING = re.compile(r"\b([a-z]+) (and|or) (?:the )?([a-z]+) ([a-z]+)\b", re.IGNORECASE)
_PAIR = re.compile(r"\b([A-Za-z]{3,}) ([a-z]{3,})\b")


def _unknown(word: str) -> bool:
    return len(word) >= _SHORTEST and word.islower() and word not in _COMMON and stem(word) not in _COMMON


def _right(word: str, named: frozenset[str]) -> str | None:
    """Return what a word is a slip for, or None where no known word is near, or several are as near."""
    allowed = 2 if len(word) >= _LONG else 1
    near: dict[tuple[int, bool], set[str]] = {}
    for said in {word, stem(word)}:
        for other in _COMMON | named:
            if (distance := _distance(said, other, allowed)) is not None:
                near.setdefault(distance, set()).add(other + word[len(said) :])
    return _commonest(near[min(near)]) if near else None


def _commonest(words: set[str]) -> str | None:
    """Return the one word that is meant: the only one, or one far commoner than all others."""
    if len({stem(word) for word in words}) == 1:
        return min(words, key=len)
    *_, second, first = sorted(words, key=_share)
    return first if _share(first) > _FAR_COMMONER * _share(second) else None


def _distance(word: str, other: str, allowed: int) -> tuple[int, bool] | None:
    """Return how many slips lie between two words, and whether there was more than letters left out or swapped.

    A first letter is hardly ever wrong, but may change places.
    """
    if (
        abs(len(other) - len(word)) > allowed
        or len(other) < _SHORTEST
        or word[0] not in other[:2]
        or other[0] not in word[:2]
    ):
        return None
    distance = OSA.distance(word, other, score_cutoff=allowed)
    same = sorted(word) == sorted(other) or (len(word) < len(other) and _is_within(word, other))
    return (distance, not same) if distance <= allowed else None


def _is_within(word: str, other: str) -> bool:
    """Say whether the letters of a word stand in another in the same order."""
    letters = iter(other)
    return all(letter in letters for letter in word)


@lru_cache(maxsize=1)
def _english() -> SpellChecker:
    """Return the list of English words; read at the first word that nothing else knows, which takes 0.2 s once."""
    from spellchecker import SpellChecker

    return SpellChecker(language="en")


@lru_cache(maxsize=4096)
def is_english(word: str) -> bool:
    """Tell whether a word is English, and not a rare one."""
    return _share(word) >= _RARE


def _share(word: str) -> float:
    return float(_english().word_usage_frequency(word))
