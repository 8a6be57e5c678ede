"""Statements: a clause's content words become one predicate about the home, or a detour says why not.

Each reader knows one kind of predicate. It uses up the spans that it understands; what is left over afterwards
must be empty of content, so that no word of the sentence is ever ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from proactive.language.local.amount import comparison, extreme
from proactive.language.local.clause import Link, Times, Words
from proactive.language.local.detour import ask, cannot
from proactive.language.local.device import happening, implied, state
from proactive.language.local.living import fed, presence
from proactive.language.local.predicate import (
    Predicate,
    State,
)
from proactive.language.local.reading import (
    Reading,
    not_understood,
    unknown_words,
)
from proactive.language.local.sight import sight, sky
from proactive.language.local.span import Span
from rules.home import Home


@dataclass(frozen=True, slots=True)
class Statement:
    """What a clause says: a predicate, or only times; `negated` where it says that it is not so."""

    link: Link
    predicate: Predicate | None
    negated: bool
    times: Times
    left: bool = False
    count: int | None = None
    subjects: tuple[Span, ...] = ()


def read_statement(words: Words, home: Home, speaker: str | None, inherited: Sequence[Span] = ()) -> Statement:
    """Return what a clause says. `inherited` are the subjects of the clause before. Raise DetourError."""
    if words.unknown:
        raise unknown_words(words, home)
    _no_possessors(words)
    _no_strangers_by_pronoun(words, inherited)
    reading = Reading(words, home, speaker, tuple(inherited))
    count = _count(reading)
    predicate = _predicate(reading)
    if predicate is not None:
        _take_around(reading, predicate)
    left = reading.leftovers()
    if left:
        raise not_understood(left)
    negated = words.negations % 2 == 1
    left_word = bool(words.having("left")) and any(
        s.text in ("left", "leave", "leaving", "kept", "forgotten", "leaves") for s in words.having("left")
    )
    subjects = tuple(span for span in words.spans if span.refs or span.is_("label", "stranger", "speaker"))
    return Statement(words.link, predicate, negated, words.times, left_word, count, subjects)


def _no_possessors(words: Words) -> None:
    """Raise a detour at "Greg's daughter": the home lists names, and not who is whose."""
    for one, other in pairwise(words.spans):
        owner = one.text.endswith(("'s", "s'")) and any(ref.kind == "person" for ref in one.refs)
        if owner and any(ref.kind in ("person", "pet") for ref in other.refs):
            raise cannot("whose", f"I do not know who {one.text} {other.text} is.", "Say the name.")


def _no_strangers_by_pronoun(words: Words, inherited: Sequence[Span]) -> None:
    """Ask who "he" or "she" is, unless somebody was named before."""
    said = [span for span in words.spans if span.text in ("he", "she", "he is", "she is", "him")]
    if said and not inherited:
        raise ask("subject", f"Who is {said[0].text.split()[0]!r}?")


def _predicate(reading: Reading) -> Predicate | None:
    # The order matters: the first reader that finds its words has them.
    readers = (extreme, comparison, fed, happening, sky, presence, state, sight, implied)
    for reader in readers:
        found = reader(reading)
        if found is not None:
            return found
    return None


def _take_around(reading: Reading, predicate: Predicate) -> None:
    """Use up what only qualifies: a measure of a duration ("more than"), a place before a name of its own."""
    spans = reading.words.spans
    for timed in reading.words.times.lengths:
        reading.take(*(s for s in spans if s.is_("compare") and 0 <= timed.at - s.end <= 1))
    if isinstance(predicate, State):
        used = [s for s in spans if s.start in reading.used and any(not r.generic for r in s.refs)]
        places = [s for s in spans if s.refs and all(ref.kind in ("device", "place") for ref in s.refs)]
        reading.take(*(s for s in places if any(other.start == s.end for other in used)))


def _count(reading: Reading) -> int | None:
    """Return how many times are meant: "more than three times" is four."""
    spans = reading.open("times")
    if not spans:
        return None
    span = spans[0]
    reading.take(*spans)
    before = [other for other in reading.words.spans if other.end == span.start and other.is_("compare")]
    reading.take(*before)
    times: int = span.readings["times"]
    above = any(other.readings["compare"] == "above" for other in before)
    return times + above
