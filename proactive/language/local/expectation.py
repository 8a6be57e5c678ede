"""Expectation: what should happen, and a second clause that asks to be told when it does not, as one condition.

"Pip should eat before ten, if she doesn't let me know" is "let me know if Pip does not eat before ten"; "after A, I expect B
within five minutes. Tell me if not" is "tell me if A and not B within five minutes".
"""

from __future__ import annotations

import re

_ASK = r"(?P<ask>(?:please |then |just |only )*(?:tell|let|notify|alert|warn|ping|text|message|msg|remind|send|wake|inform|buzz|shout|call)\b[^,.;:!?]*?)"
_NOT_SO = (
    r"(?:not|(?:that|this|it)(?:'s| is) not (?:so|the case|true|happening)|(?:that|this|it)(?:'s| is)n't (?:so|the case|happening)"
    r"|(?:nobody|no one|none)(?: (?:do|does|did|has|have))?"
    r"|(?:it|he|she|they|that|this)(?:'s not|(?: (?:do|does|did|has|have|is|are|was|were)(?: not|n't)))?"
    r"(?: (?:happen|happened|happening|been|done|so|occur|occurred|the case|come|opened|closed|eaten|eat|home|there|here|arrived?|fed|seen|ring|rung|close|open|start|started|run))?(?: (?:by then|in that time|then|yet|so))?"
    r"|(?:that|this|it) (?:fails|failed)(?: to happen)?|nothing (?:happens|happened)|no luck)"
)
_TAILS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        rf"^(?P<norm>.+?)\s*[,.;:\u2013-]*\s+(?:and |but |so )?(?:if|when|whenever|in case) {_NOT_SO}\s*,?\s*(?:then )?{_ASK}[.!? ]*$",
        rf"^(?P<norm>.+?)\s*[,.;:\u2013-]*\s+(?:and |but |so |then )?{_ASK} (?:if|when|whenever|in case) {_NOT_SO}[.!? ]*$",
        rf"^(?P<norm>.+?)\s*[,.;:\u2013-]*\s+(?:and |but )?(?:otherwise|or else|else|or)[, ]+{_ASK}[.!? ]*$",
    )
)
_CHECKING = re.compile(
    r"^(?:(?:please|kindly|can you|could you|would you|will you|i want you to|i need you to|just) )*(?:check|make sure|verify|see(?: to it)?|ensure|be sure|confirm|look)(?: (?:that|if|whether))? ",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^(?:after|when|whenever|once|every time|each time|as soon as|if) (?P<cause>[^,]+?)(?:, | (?=(?:it|he|she|they|i|we)(?:'s|'d)? (?!(?:is|are|was|has|have|gets?)\b)))(?P<norm>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_EXPECT = re.compile(
    r"^(?:i|we)(?:'d| would)? (?:always |normally |usually )?(?:expect|want|need|like)(?: to see)? (?P<who>him|her|them|it|[^,]+?)(?P<to> to (?=be\b|[a-z]+\b))? (?P<rest>(?:(?<=to )\S|at|in|on|near|by|home|back|open|closed|shut|locked|\w+ed\b|done|off).*)$",
    re.IGNORECASE,
)
_SUBJECT = {"him": "he", "her": "she", "them": "they"}
_MODAL = re.compile(
    r"^(?P<who>.+?) (?:should|must|needs? to|has to|have to|ought to|(?:is|are) (?:supposed|meant|expected) to|had better|(?:usually|normally|always)) (?:always |usually |normally )?(?P<verb>\w+)(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_SOMEBODY = re.compile(
    r"^(?:somebody|someone|one of us|anyone) (?:should|must|needs to|has to|ought to) (?P<rest>.+)$", re.IGNORECASE
)
_USUAL = re.compile(
    r"^(?P<who>.+?)(?:'s| is| are) (?:normally|usually|always|generally|supposed to be|meant to be)(?P<rest> .+)$",
    re.IGNORECASE | re.DOTALL,
)
_STANDS = re.compile(r"^(?P<who>.+?) (?P<is>is|are|has|have|was|were|gets?)\b(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)
_PERFECT = {"have": "has not", "be": "is not", "stay": "is not", "remain": "is not"}
_ASKED = re.compile(r"\b(?:tell|let me|notify|alert|warn|remind|text me)\b", re.IGNORECASE)
_CLAUSED = re.compile(r"\b(?:if|unless)\b", re.IGNORECASE)


def expected(text: str) -> str:
    """Return what should happen and what to do otherwise as one condition; any other text as it is."""
    for tail in _TAILS:
        found = tail.match(text)
        if found is None:
            continue
        norm, checked = _unchecked(found["norm"].strip(" ,.;"))
        denied = None if _ASKED.search(norm) or _CLAUSED.search(norm.partition(" ")[2]) else _otherwise(norm, checked)
        if denied is not None:
            return f"{found['ask'].strip()} if {denied}"
    return text


def _unchecked(norm: str) -> tuple[str, bool]:
    """Return a norm without "make sure that", and whether that was said."""
    found = _CHECKING.match(norm)
    return (norm[found.end() :], True) if found else (norm, False)


def _otherwise(norm: str, checked: bool) -> str | None:
    """Return what is so when a norm is broken, or None where nothing was expected."""
    if after := _AFTER.match(norm):
        denied = _otherwise(after["norm"], True)
        return f"{after['cause']} and {_by_name(denied, after['cause'])}" if denied else None
    norm = norm.rsplit(". ", maxsplit=1)[-1]
    if found := _EXPECT.match(norm):
        who = _SUBJECT.get(found["who"].lower(), found["who"])
        return f"{who} does not {found['rest']}" if found["to"] else f"{who} is not {found['rest']}"
    if found := _SOMEBODY.match(norm):
        return f"nobody {found['rest']}"
    if found := _USUAL.match(norm):
        return f"{found['who']} is not{found['rest']}"
    if found := _MODAL.match(norm):
        verb = found["verb"].lower()
        return f"{found['who']} {_PERFECT.get(verb) or f'does not {verb}'}{found['rest']}"
    if checked and (found := _STANDS.match(norm)):
        return f"{found['who']} {found['is']} not{found['rest']}"
    return None


def _by_name(denied: str, cause: str) -> str:
    """Return a clause with the pet or person by name whose thing the other clause is about: "Olive's feeder ... she"."""
    owner = re.search(r"\b([A-Z]\w+)'s\b", cause)
    return re.sub(r"^(?:he|she)\b", owner[1], denied) if owner else denied
