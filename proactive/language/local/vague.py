"""Vague words: "too long", "a certain time", "unusual activity" are questions back, since nobody knows what they mean here."""

from __future__ import annotations

import re

from proactive.language.local.detour import DetourError, RewordedError, ask
from proactive.language.local.dialogue import answer_to

_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|days?|weeks?)"
_ODD = r"(?:abnormal|unusual|suspicious|strange|weird|odd|irregular|anomalous|unexpected|out of the ordinary)"
_VAGUE: tuple[tuple[str, str, str], ...] = (
    ("time", r"\b(?:an?|some|the) (?:certain|specific|given|particular|set|specified|chosen) (?:time|hour|point)s?\b(?! of)|\b(?:the|his|her|their|our|my) (?:usual|normal|regular|right) (?:time|hour)\b|\b(?:home|back|in|up) (?:too |so )?late\b", "By what time, or at what time?"),
    ("duration", rf"\b(?:x+|n|\?+|so many|however many|a (?:certain|set|given) (?:number|amount) of|several|a few|some) ?{_UNIT}\b", "How long is that? Say for example '10 minutes'."),
    ("duration", r"\b(?:too long|so long|a (?:long )?while|(?:for )?some time|a long time|(?:an?|some|certain|set|given|adjustable|configurable) ?(?:\w+ )?(?:amount|period|length|stretch) of time|extended periods?|long periods?)\b", "How long is that? Say for example '10 minutes'."),
    ("what", rf"\b{_ODD}(?: (?:or|and) {_ODD})? (?:activit(?:y|ies)|behaviou?rs?|movements?|events?|things?|happenings?|noises?|sounds?|patterns?)\b|\b(?:anything|something|anyone|someone) (?:seems |looks |is |that is )?{_ODD}\b|\banomal(?:y|ies)\b", "What counts as unusual for you? Say for example 'a person at the door at night'."),
    ("value", r"\b(?:too (?:high|low|hot|cold|warm|humid|dry|wet|much|loud|bright|dark|full|fast)|out of (?:range|bounds)|(?:a|the|some) (?:certain|given|set|specific|defined) (?:temperature|level|threshold|value|percentage|number|limit|point)|(?:a|the|some) (?:threshold|limit)|abnormal(?:ly)?(?: high| low)?)\b", "What number is that?"),
    ("count", r"\b(?:too (?:many|often)|a (?:certain|set) number of times|several times|many times|a few times)\b", "How often, and within how long?"),
    ("duration", r"\b(?:people|persons?|cars?|vehicles?|someone|somebody|anyone|anybody|they|strangers?|visitors?)\b[\w /,]{0,30}?\b(?:stops?|stopping|linger(?:s|ing)?|loiter(?:s|ing)?|hang(?:s|ing)? (?:around|out)|wait(?:s|ing)? around|stick(?:s|ing)? around|dwell(?:s|ing)?|remains?|stays?)\b", "How long do they have to stay? Say for example '30 seconds'."),
)  # fmt: skip
_COMPILED = tuple((slot, re.compile(pattern, re.IGNORECASE), question) for slot, pattern, question in _VAGUE)


def vague(text: str) -> DetourError | None:
    """Return the question that a vague word in a request asks for, or None where nothing is vague."""
    for slot, pattern, question in _COMPILED:
        if found := pattern.search(text):
            said = answer_to(slot, asked := f"You said {found[0]!r}. {question}")
            if said is not None and said != found[0]:
                raise RewordedError(found[0], said)
            return ask(slot, asked)
    return None
