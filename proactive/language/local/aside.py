"""Aside: what stands beside a request in words that nothing here knows, and can be left out of it with a note.

"..., could be a burglar, tell me" and "It worries me when it is quiet for ages. Ten hours without motion: alert me". Left out is
only a whole piece between marks that names nothing of this home, denies nothing, and sets no number, time or condition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from proactive.language.local.catalogue import Catalogue
from proactive.language.local.span import Label, Span, spans_of
from proactive.language.local.token import tokens_of

_MARKS = re.compile(r"(\s*(?:[,;:!?()\u2013\u2014=]|\.(?=\s|$)|\s-\s)+\s*)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\w)")
_DECIDES: tuple[Label, ...] = (
    "mention", "length", "clock", "days", "part", "date", "number", "times", "event", "label", "stranger", "nobody", "everyone", "compare", "extreme", "meal",
    "sun", "sun_event", "sun_time", "mark", "while", "not", "one_off", "notice",
)  # fmt: skip
# Code, quotations and who claims to speak are nothing that stands beside a request.
_NO_SPEECH = re.compile(
    r"[\[\]{}<>\"`|]|(?:^|[,;:.!?\n])\W*(?:system|assistant|developer|admin|user|root|owner|note|override)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:tell|let (?:me|us)|notify|alert|warn|remind|ping|text|message|send|wake|inform)\b", re.IGNORECASE
)
_JOINED = re.compile(r"^(?:and|or|but|then|except|not|also|plus)\b", re.IGNORECASE)
_TIMED = re.compile(
    r"\d|\b(?:mon|tues?|weds?|thurs?|thu|fri|sat|sun|am|pm|if|unless|only|never|always|every|except)\b", re.IGNORECASE
)


def without_asides(text: str, catalogue: Catalogue) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield a text without what stands beside the request, and what was left out: pieces between marks, then sentences."""
    if _NO_SPEECH.search(text):
        return
    parts = _MARKS.split(text)
    kept, left = [], []
    for at in range(0, len(parts), 2):
        if _is_aside(parts[at], catalogue):
            left.append(parts[at].strip())
        else:
            kept.append(parts[at] + (parts[at + 1] if at + 1 < len(parts) else ""))
    if left and kept:
        yield _JOINED.sub("", "".join(kept).strip(" ,;:-=")).strip(), tuple(left)
    yield from _sentences_alone(text)


def _is_aside(piece: str, catalogue: Catalogue) -> bool:
    spans = spans_of(tokens_of(piece), catalogue)
    if _TIMED.search(piece):
        return False
    said = [span for span in spans if not set(span.readings) <= {"filler", "pronoun", "speaker"}]
    return (
        bool(said) and not _JOINED.match(piece.strip()) and _says_nothing(spans) and any(s.is_("unknown") for s in said)
    )


def _says_nothing(spans: Sequence[Span]) -> bool:
    return not any(span.is_(*_DECIDES) for span in spans if span.text not in ("that", "about"))


def _sentences_alone(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the one sentence that asks, where the others ask for nothing and set no number or condition."""
    sentences = [one for one in _SENTENCE.split(text) if one.strip()]
    asking = [one for one in sentences if _ASKS.search(one)]
    others = [one for one in sentences if one not in asking]
    if len(asking) == 1 and others and not any(_TIMED.search(one) for one in others):
        yield asking[0], tuple(others)
