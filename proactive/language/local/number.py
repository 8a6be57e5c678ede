"""Numbers as people write them: 12, 0.5, ten, twenty five, two hundred, twice, a couple of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from proactive.language.local.token import Token

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES = {word: value for value, word in enumerate(_ONES.split())}
TENS = {word: 10 * value for value, word in enumerate(_TENS.split(), 2)}
TIMES = {"once": 1, "twice": 2, "thrice": 3}

ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()

_DIGITS = re.compile(r"\d{1,9}(?:\.\d{1,6})?")


def number_at(tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
    """Return the number that starts at a token and the position after it, or None."""
    if at >= len(tokens):
        return None
    text = tokens[at].text
    if text == "-" and not (at and _DIGITS.fullmatch(tokens[at - 1].text)):  # "9-17" is a range
        below = number_at(tokens, at + 1)
        return (-below[0], below[1]) if below is not None and below[0] > 0 else None
    if _DIGITS.fullmatch(text):
        return float(text), at + 1
    return _spelled(tokens, at)


def _spelled(tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
    small = _below_hundred(tokens, at)
    if small is None:
        return None
    value, after = small
    if after < len(tokens) and tokens[after].text == "hundred":
        rest = _below_hundred(tokens, after + 1)
        return (value * 100 + rest[0], rest[1]) if rest else (value * 100, after + 1)
    return value, after


def _below_hundred(tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
    word = tokens[at].text if at < len(tokens) else ""
    if word in ONES:
        return float(ONES[word]), at + 1
    if word not in TENS:
        return None
    after = at + 2 if at + 1 < len(tokens) and tokens[at + 1].text == "-" else at + 1
    ones = ONES.get(tokens[after].text, 0) if after < len(tokens) else 0
    return (TENS[word] + ones, after + 1) if 0 < ones < 10 else (TENS[word], at + 1)


def ordinal(word: str) -> int | None:
    """Return which one an ordinal names: "third" and "3rd" are 3."""
    if word in ORDINALS:
        return ORDINALS.index(word) + 1
    return int(word) if word.isdecimal() and len(word) < 3 else None


def plain(value: float) -> int | float:
    """Return a whole number as an int."""
    return int(value) if value == int(value) else value
