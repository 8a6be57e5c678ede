"""Wanted: what the words of a question show that somebody wants to know, and whether a time is left that nobody read.

A model may only choose among what the words show, and a question with a time in it that the readers of periods do not
know is not put to one: an answer about another day is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from proactive.language.local.question.asked import AUX
from proactive.language.local.slots import Slots
from proactive.language.query import Wanted

# Of the words that are taken out, a second one stays: "when" then sets a time.
_SHOWN: tuple[tuple[re.Pattern[str], tuple[Wanted, ...]], ...] = (
    (re.compile(r"(?i)\bhow (?:often|frequently|many times)\b"), ("count",)),
    (re.compile(r"(?i)\bhow long ago\b"), ("last",)),
    (re.compile(r"(?i)\bhow long\b(?! ago)"), ("long",)),
    (re.compile(r"(?i)\bhow many\b(?! times)"), ("count",)),
    (re.compile(r"(?i)\b(?:when|what time)\b"), ("when", "first", "last")),
    (re.compile(r"(?i)\bwho\b"), ("who",)),
    (re.compile(r"(?i)\bwhere\b"), ("where",)),
    (re.compile(r"(?i)\bwhich\b"), ("list",)),
)
_ANOTHER = re.compile(r"\b(?:what|how|why|whose|whom|will|shall|should|might)\b")
# A yes or a no is asked for, and the question inside is somebody else's or a time: "did it open when", "did Tom say if".
_INSIDE = re.compile(rf"^{AUX}\b.*\b(?:if|whether|when|who|where|which)\b")
_WHETHER = re.compile(r"\bwhether\b")
_FIRST, _LAST = re.compile(r"\bfirst\b"), re.compile(r"\b(?:last|latest|most recently)\b")
# What sets a time, and stands in no period that was understood: "in the meantime", "since Easter", "the other day".
_SETS_A_TIME = frozenset(
    "since before after until till during while when whenever as once except unless ago earlier later".split()
)
_MAY_SET_A_TIME = frozenset("in on at by over within for around past last this next every each other".split())
_BETWEEN = frozenset("the a an my our that all".split())


def wanted_in(text: str) -> tuple[Wanted, ...]:
    """Return what a question may want to know, by its words in lower case; nothing where they show more than one thing."""
    shown = [wanted for pattern, wanted in _SHOWN if pattern.search(text)]
    if len(shown) > 1 or _INSIDE.search(text) or (not shown and _ANOTHER.search(text)):
        return ()
    return _ordered(shown[0], text) if shown else ("whether",)


def _ordered(wanted: tuple[Wanted, ...], text: str) -> tuple[Wanted, ...]:
    """Return only the first or the last time where that is said."""
    for word, pattern in (("first", _FIRST), ("last", _LAST)):
        if word in wanted and pattern.search(text):
            return ("first",) if word == "first" else ("last",)
    return ("when", "last") if len(wanted) > 1 else wanted


def without_frame(text: str) -> str:
    """Return a question without the words that show what is wanted: of "who came home", "someone came home"."""
    for pattern, wanted in _SHOWN:
        text = pattern.sub("someone" if wanted == ("who",) else "", text, count=1)
    return " ".join(_WHETHER.sub("", text).split())


def has_a_time(found: Slots) -> bool:
    """Say whether a time stands in words of which the period was taken out."""
    times = found.times()
    known = any((times.clocks, times.lengths, times.days, times.parts, times.suns))
    known = known or any(span.is_("one_off", "date", "sun_event") for span in found.spans)
    words = [token.text for token in found.tokens]
    return known or bool(_SETS_A_TIME & set(words)) or any(_after_a_preposition(found))


def _after_a_preposition(found: Slots) -> Iterator[bool]:
    """Yield whether each word that means nothing here follows one that may set a time."""
    for span in found.unknown:
        before = [token.text for token in found.tokens[max(0, span.start - 3) : span.start]]
        while before and before[-1] in _BETWEEN:
            before.pop()
        yield bool(before) and before[-1] in _MAY_SET_A_TIME
