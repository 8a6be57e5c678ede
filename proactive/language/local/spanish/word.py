"""Words of a Spanish sentence: as written, in lower case, and folded, without the accents that people leave out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from proactive.language.local.token import MAX_TEXT

_WORD = re.compile(r"\d+(?:[:.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?|[¿¡%<>=?!,;.:()@/-]")
_PERIODS = re.compile(r"\b([ap])\s?\.?\s?m\b\.?", re.IGNORECASE)
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u2013": "-", "\u2014": " - "})
ARTICLES = frozenset(
    "el la los las un una unos unas lo al del de mi mis tu tus su sus nuestro nuestra nuestros nuestras".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word or mark: `raw` as written, `text` in lower case, `fold` without accents."""

    raw: str
    text: str
    fold: str

    @property
    def accented(self) -> bool:
        """Say whether the word is written with an accent: "está" is, "esta" is not."""
        return self.fold != self.text


def fold(text: str) -> str:
    """Return a text in lower case without accents: `Salón` and `salon` are one."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(sentence: str) -> list[Word]:
    """Return the words of a sentence; never raises, whatever the text holds."""
    plain = unicodedata.normalize("NFKC", sentence[:MAX_TEXT]).translate(_QUOTES)
    plain = re.sub(r"(?<=\d)(?=[^\W\d_])", " ", _PERIODS.sub(r"\1m ", plain))
    return [Word(raw, raw.lower(), fold(raw)) for raw in _WORD.findall(plain)]
