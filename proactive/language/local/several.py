"""Several: one text that holds more than one request, cut where another one begins.

"Tell me if Daisy isn't fed by noon, and remind me at nine to lock up" is two requests. Each piece asks for something and
says when; a piece that does not belongs to the one before. Whether the pieces are rules is for whoever reads them.
"""

from __future__ import annotations

import re

_MOST = 6  # pieces; more than that is a text and no request
_NOTICES = r"(?:tell|let|notify|alert|warn|remind|send|inform|ping|text|e-?mail|message|wake|announce)"
_VERBS = (
    r"(?:turn|switch|lock|unlock|close|open|shut|set|start|stop|pause|dock|arm|dim|increase|decrease|raise|lower|run)"
)
_MARKS = r"(?:if|when|whenever|once|as soon as|every time)"
_NEXT = re.compile(
    rf"(?:\s*[.;!]+\s*(?:(?:and|also|then|plus)[\s,]+)*(?=\w)|\s*,\s*(?=(?:please\s+)?(?:{_NOTICES}|{_VERBS})\b)|\s*,?\s+(?:and also|and|also|plus|as well as)\s+(?:also\s+)?(?=(?:please\s+)?(?:{_NOTICES}|{_VERBS}|{_MARKS})\b))",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"\b(?:{_NOTICES}(?! is| are| go)|{_VERBS})\b", re.IGNORECASE)
_BEGINS = re.compile(rf"^\W*(?:please\s+)?(?:{_NOTICES}|{_VERBS})\b", re.IGNORECASE)
_CLAUSE = re.compile(rf"^\W*{_MARKS}\b", re.IGNORECASE)
_WHEN = re.compile(
    rf"\b(?:{_MARKS}|at|every|by|before|after|daily|on (?:mon|tues|wednes|thurs|fri|satur|sun)days?|sunset|sunrise)\b",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"^(?P<ask>.*?)\b(?P<mark>if|when|whenever|once|as soon as|every time)\b(?!.*\b(?:if|when|whenever|once)\b)",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(?:it|them)\b", re.IGNORECASE)


def pieces_of(text: str) -> list[str]:
    """Return the requests that a text holds, in order; one request is returned as it is."""
    found: list[str] = []
    start = 0
    for cut in [*_NEXT.finditer(text), None]:
        piece = text[start : cut.start() if cut else len(text)].strip(" ,.;")
        before = text[: cut.end() if cut else len(text)]
        if piece and _is_request(piece, found):
            found.append(_with_ask(piece, found))
        elif piece and found:
            found[-1] = f"{found[-1]}{_between(text, start)}{piece}"
        elif piece:
            found.append(piece)
        start = len(before)
    return (
        found if 1 < len(found) <= _MOST and all(_ASKS.search(one) and _WHEN.search(one) for one in found) else [text]
    )


def are_reminders(text: str) -> bool:
    """Say whether each request of a text is to be reminded: two times of day in one reminder would mix them up."""
    pieces = pieces_of(text)
    return len(pieces) > 1 and all(
        re.match(r"\W*(?:please )?(?:also )?remind\b", piece, re.IGNORECASE) for piece in pieces
    )


def _between(text: str, start: int) -> str:
    """Return the words that stood between two pieces that belong together."""
    cuts = [cut for cut in _NEXT.finditer(text) if cut.end() == start]
    return f" {cuts[-1][0].strip()} " if cuts else " "


def _is_request(piece: str, before: list[str]) -> bool:
    """Say whether a piece asks for something and says when, or says another "when" for what was asked before."""
    if _BEGINS.match(piece) and _WHEN.search(piece):
        return True
    if not _CLAUSE.match(piece):
        return not before and bool(_ASKS.search(piece)) and bool(_WHEN.search(piece))
    return bool(_ASKS.search(piece)) or bool(before and _shares(piece, before[-1]))


def _shares(piece: str, before: str) -> bool:
    return bool(_CLAUSE.match(piece) and _SHARED.match(before))


def _with_ask(piece: str, before: list[str]) -> str:
    """Return "when B" after "tell me when A" as "tell me when B"."""
    shared = _SHARED.match(before[-1]) if before and _CLAUSE.match(piece) and not _ASKS.search(piece) else None
    return f"{shared['ask']}{piece}" if shared else piece


def naming(piece: str, device: str) -> str:
    """Return a piece in which "it" is a device by its name."""
    return _IT.sub(device, piece, count=1)
