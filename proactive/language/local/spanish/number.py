"""Numbers as Spanish writes them: 12, 27,5, doce, treinta y cinco, ciento veinte, dieciocho bajo cero."""

from __future__ import annotations

import re
from collections.abc import Sequence

from proactive.language.local.spanish.word import Word

_ONES = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte "
    "veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"
)
ONES = {word: value for value, word in enumerate(_ONES.split())} | {"un": 1, "una": 1, "veintiun": 21, "veintiuna": 21}
TENS = {
    word: 10 * value
    for value, word in enumerate("treinta cuarenta cincuenta sesenta setenta ochenta noventa".split(), 3)
}
_HUNDREDS = {
    "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500, "seiscientos": 600,
    "setecientos": 700, "ochocientos": 800, "novecientos": 900,
}  # fmt: skip
_DIGITS = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?")


def number_at(words: Sequence[Word], at: int) -> tuple[float, int] | None:
    """Return the number that starts at a word and the position after it, or None; "mil" is a thousand."""
    if at >= len(words):
        return None
    if words[at].fold in ("menos", "-"):
        found = _plain(words, at + 1)
        return (-found[0], found[1]) if found else None
    found = _plain(words, at)
    if found and [w.fold for w in words[found[1] : found[1] + 2]] == ["bajo", "cero"]:
        return -found[0], found[1] + 2
    return found


def _plain(words: Sequence[Word], at: int) -> tuple[float, int] | None:
    text = words[at].fold if at < len(words) else ""
    if _DIGITS.fullmatch(text):
        return float(text.replace(",", ".")), at + 1
    total, after = 0.0, at
    if text == "mil":
        return 1000.0, at + 1
    if text in _HUNDREDS:
        total, after = float(_HUNDREDS[text]), at + 1
    small = _below_hundred(words, after)
    if small is not None:
        total, after = total + small[0], small[1]
    if after > at and after < len(words) and words[after].fold == "mil":
        return total * 1000, after + 1
    return (total, after) if after > at else None


def _below_hundred(words: Sequence[Word], at: int) -> tuple[float, int] | None:
    text = words[at].fold if at < len(words) else ""
    if text in ONES:
        return float(ONES[text]), at + 1
    if text not in TENS:
        return None
    if at + 2 < len(words) and words[at + 1].fold == "y" and 0 < ONES.get(words[at + 2].fold, 0) < 10:
        return float(TENS[text] + ONES[words[at + 2].fold]), at + 3
    return float(TENS[text]), at + 1


def plain(value: float) -> str:
    """Return a number in digits, without a fraction where there is none."""
    return f"{value:g}"
