"""Context: what people say before they ask, in the same breath.

"Miso is a picky eater. Tell me if she goes 16 hours without eating": the first sentence only says whom the second is about.
It is left out, and said to be; a pronoun of the request stands for what was last named before it.
"""

from __future__ import annotations

import re

from proactive.language.local.catalogue import Catalogue
from proactive.language.local.span import Span, spans_of
from proactive.language.local.token import tokens_of

_ACTING = r"(?:only |please |just )*(?:tell|let|notify|alert|warn|remind|ping|text|message|send|wake|inform|if|when|whenever|as soon as)\b"
_SENTENCES = re.compile(rf"(?<=[.!?:;])\s+(?=\S)|,?\s+so\s+(?={_ACTING})|(?<=,)\s+(?={_ACTING})", re.IGNORECASE)
_REASON = re.compile(r"^(?:since|because|as)\b(?! soon)", re.IGNORECASE)
_AFTERTHOUGHT = re.compile(
    r",\s+(?P<why>(?:as|since|because) (?:that|this|it|he|she|they|we|i|the|my|our|there)\b[^.]*)[. ]*$", re.IGNORECASE
)
_ASKS = re.compile(
    r"\b(?:tell|let|notif\w*|alert\w*|warn\w*|remind\w*|ping|text|message|send|wake|know|inform\w*|turn|switch|close|lock|told|heads up)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\b(?:if|when|whenever|once|unless|as soon as)\b|^should\b", re.IGNORECASE)
# What is no background: steps, conditions, and times of its own.
_DECIDES = re.compile(
    r"(?:^|\s)\d{1,2}[.)]\s|\b(?:if|unless|check|trigger|only|never|always|every|each|daily|\d ?[ap]m)\b", re.IGNORECASE
)
_KINDS = {"he": ("pet", "person", "device"), "she": ("pet", "person", "device"), "it": ("device", "pet")}
_PRONOUN = re.compile(r"\b(?P<word>he|she|it)(?P<is>'s)?\b", re.IGNORECASE)


def in_context(text: str, catalogue: Catalogue) -> tuple[str, tuple[str, ...]]:
    """Return the request of a text with whom it is about, and a note of what was left out; any other text as it is."""
    text, why = _without_reason(text)
    sentences = _sentences(text)
    asking = [i for i, one in enumerate(sentences) if _ASKS.search(one) and _CLAUSE.search(one)]
    if len(asking) != 1 or not asking[0] or any(_ASKS.search(one) for one in sentences[: asking[0]]):
        return text, why
    before = " ".join(sentences[: asking[0]])
    if _DECIDES.search(before):
        return text, why
    request = _told(named(" ".join(sentences[asking[0] :]), before, catalogue), before, catalogue)
    return request, (f"I left out '{before.lower().rstrip('.!?:;, ')}'.", *why)


def _without_reason(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text without the reason at its end, and a note about it."""
    found = _AFTERTHOUGHT.search(text)
    if found is None or not _CLAUSE.search(text[: found.start()]):
        return text, ()
    return text[: found.start()], (f"I left out '{found['why'].lower().strip()}'.",)


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text; a comma ends one only behind a reason ("since we are out on Sundays, tell me ...")."""
    pieces = [piece for piece in _SENTENCES.split(text) if piece]
    found: list[str] = []
    for piece in pieces:
        if found and found[-1].endswith(",") and not (len(found) == 1 and _REASON.match(found[-1])):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def named(request: str, before: str, catalogue: Catalogue) -> str:
    """Return a request with its first pronoun as what was last named before it, unless it names somebody first."""
    pronoun = _PRONOUN.search(request, _clause_of(request))
    if pronoun is None or _names(
        request[_clause_of(request) : pronoun.start()], catalogue, ("pet", "person", "device")
    ):
        return request
    named = _names(before, catalogue, _KINDS[pronoun["word"].lower()])
    if not named:
        return request
    name = f"{named[-1].text}{pronoun['is'] or ''}"
    return f"{request[: pronoun.start()]}{name}{request[pronoun.end() :]}"


_TO_THEM = re.compile(
    r"\b(?P<ask>tell|text|let|notify|alert|warn|ping|message|inform|remind|wake|call|buzz) (?P<whom>him|her)\b(?! [a-z]+(?:'s)? (?:is|are|has))",
    re.IGNORECASE,
)


def _told(request: str, before: str, catalogue: Catalogue) -> str:
    """Return a request that tells the person by name who was last named before: "text him"."""
    people = _names(before, catalogue, ("person",))
    return _TO_THEM.sub(lambda m: f"{m['ask']} {people[-1].text}", request) if people else request


def _clause_of(request: str) -> int:
    found = _CLAUSE.search(request)
    return found.end() if found else 0


def _names(text: str, catalogue: Catalogue, kinds: tuple[str, ...]) -> list[Span]:
    return [span for span in spans_of(tokens_of(text), catalogue) if any(ref.kind in kinds for ref in span.refs)]
