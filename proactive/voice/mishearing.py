"""Mishearings: what an engine writes where a person said something much like it, put right where only one thing can be meant.

Typed words are never touched. What was heard is read back as a rule before anything counts, so a repair that is wrong is seen.
"""

from __future__ import annotations

import re

from proactive.language.local.spelling import is_english
from proactive.voice.names import as_spelt
from rules.home import Home

_TELL = "tell|alert|let|notify|warn|text|message|ping|inform|remind|ask|call|email|show|give|wake|send|buzz|page|update|signal"
# "Alert me if" begins with a weak syllable: "Orp me if", "A lert me when", "Allert me".
_GARBLED = re.compile(rf"^(?!(?:{_TELL})\b)(?:a )?(\w+)( me (?:if|when|whenever|as soon as)\b)", re.IGNORECASE)
# "if" is hardly spoken between two words that are: after it comes somebody who does something, after "of" nobody does.
_DOES = "is|isn't|are|aren't|was|has|hasn't|gets|wakes|opens|closes|comes|goes|enters|arrives|stays|jumps|turns|starts"
_OF = re.compile(
    rf"^((?:tell|alert|let|notify|warn|text|message) \w+) of (?=(?:(?:the|a|an|my|our|any) )?(?:\w+ ){{1,3}}?(?:{_DOES})\b)",
    re.IGNORECASE,
)


def as_meant(text: str, home: Home) -> str:
    """Return what was heard as it was most likely said: names as the household spells them, and known slips put right."""
    return as_spelt(_OF.sub(r"\1 if ", _without_garble(text)), home)


def _without_garble(text: str) -> str:
    found = _GARBLED.match(text)
    if found is None or is_english(found[1].lower()):
        return text
    return f"Alert{found[2]}{text[found.end() :]}"
