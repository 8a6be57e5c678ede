"""Tokens: a sentence as lower-case words and marks, with contractions written out ("isn't" is "is not")."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_TEXT = 2000  # characters; a longer request is cut, since nobody says a rule that long

_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": " - "})
_SUBSCRIPTS = str.maketrans("\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089", "0123456789")
_IRREGULAR = {"won't": "will not", "can't": "can not", "cannot": "can not", "shan't": "shall not", "let's": "let us"}
# "its" is how people write "it's": no pattern here needs the possessive.
_IS = re.compile(
    r"\b(it|that|there|he|she|what|who|where|when|how|here|everyone|everybody|someone|somebody|anyone|anybody|nobody|no one)'?s\b"
)
_BARE_NOT = re.compile(r"\b(is|are|was|were|has|have|had|does|do|did|would|could|should|wo|ca)n'?t\b")
_TOKEN = re.compile(r"\d+(?:[:.]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?|[%<>=?!,;.:()@/-]")
_PERIODS = re.compile(r"\b([ap])\.\s?m\b\.?")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark: `text` in lower case, `raw` as written, `stem` without plural or possessive."""

    text: str
    raw: str
    stem: str


def tokens_of(sentence: str) -> list[Token]:
    """Return the tokens of a sentence; never raises, whatever the text holds."""
    plain = unicodedata.normalize("NFKC", sentence[:MAX_TEXT]).translate(_QUOTES).translate(_SUBSCRIPTS)
    names = {word.lower() for word in re.findall(r"\b[A-Z][^\W\d_]+", plain)}
    return [_token(text, names) for text in _TOKEN.findall(_written_out(plain.lower()))]


def _written_out(text: str) -> str:
    text = _PERIODS.sub(r"\1m ", text)
    for short, long in _IRREGULAR.items():
        text = re.sub(rf"\b{short}\b", long, text)
    text = _BARE_NOT.sub(r"\1 not", text)
    text = re.sub(r"\b(\w+)'(re|ve|ll|d|m)\b", lambda m: f"{m[1]} {_CLITICS[m[2]]}", text)
    text = _IS.sub(r"\1 is", text)
    text = re.sub(r"\bco 2\b", "co2", text)
    return re.sub(r"(?<=\d)(?=[a-z])", " ", text)


@lru_cache(maxsize=8192)
def stems(phrase: str) -> str:
    """Return a phrase as the stems of its tokens, joined by spaces: how tables and names are looked up."""
    return " ".join(token.stem for token in tokens_of(phrase))


_CLITICS = {"re": "are", "ve": "have", "ll": "will", "d": "would", "m": "am"}


def _token(text: str, names: set[str]) -> Token:
    return Token(text, text.capitalize() if text in names else text, stem(text))


def stem(word: str) -> str:
    """Return a word without its possessive and its plural: a crude stem, the same for the home's names and the words."""
    word = re.sub(r"'s?$", "", word)
    if word in ("goes", "does"):
        return word[:-2]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and re.search(r"(?:ch|sh|x|ss)es$", word):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
