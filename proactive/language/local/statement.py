"""Statements: a clause's content words become one predicate about the home, or a detour says why not.

Each reader knows one kind of predicate. It uses up the spans that it understands; what is left over afterwards
must be empty of content, so that no word of the sentence is ever ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from proactive.language.local.amount import comparison, extreme
from proactive.language.local.answer import clock_for, length_in
from proactive.language.local.clause import Link, Timed, Times, Words
from proactive.language.local.clock import Length
from proactive.language.local.detour import ask, cannot
from proactive.language.local.device import happening, implied, state
from proactive.language.local.dialogue import answer_to
from proactive.language.local.doing import doing, left_behind
from proactive.language.local.lexicon import NONE_OF
from proactive.language.local.living import fed, presence
from proactive.language.local.predicate import (
    Fed,
    Json,
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
from proactive.language.local.when import settled
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
    none_of: bool = False
    perfect: bool = False
    seen: Json | None = None
    only: bool = False
    again: bool = False
    each: bool = False
    bare: bool = False
    stays: bool = False


def read_statement(words: Words, home: Home, speaker: str | None, inherited: Sequence[Span] = ()) -> Statement:
    """Return what a clause says. `inherited` are the subjects of the clause before. Raise DetourError."""
    if words.unknown:
        raise unknown_words(words, home)
    _no_possessors(words)
    _one_plain_negation(words)
    _no_strangers_by_pronoun(words, inherited)
    reading = Reading(words, home, speaker, tuple(inherited))
    count = _count(reading)
    predicate = _predicate(reading)
    if predicate is not None:
        _take_around(reading, predicate)
    elif lone := next((s for s in words.spans if s.readings.get("motion") == "leave" and s.is_("left")), None):
        raise ask("subject", f"Who or what {lone.text}?")
    left = [*reading.leftovers(), *(span for span in words.spans if span.text in ("me", "us"))]
    if left:
        raise not_understood(left)
    negated = words.negations % 2 == 1
    left_word = bool(words.having("left")) and any(
        s.text in ("left", "leave", "leaving", "kept", "forgotten", "leaves") for s in words.having("left")
    )
    subjects = tuple(span for span in words.spans if span.refs or span.is_("label", "stranger", "speaker"))
    none_of = any(span.text in NONE_OF for span in words.having("not", "nobody"))
    perfect = any(span.text in _PERFECT for span in words.spans)
    if any(span.text in ("only once", "once only", "just once") for span in words.dropped):
        raise cannot(
            "once_or_only", "Should I tell you only once, or does it happen only once?", "Say 'tell me only once'."
        )
    only = any("only" in span.text.split() for span in words.spans)
    if (
        any(span.text == "never" for span in words.spans)
        and getattr(predicate, "static", False)
        and not words.times.any()
    ):
        _answer_how_long(words.times)
    return Statement(
        words.link,
        predicate,
        negated,
        words.times,
        left_word,
        count,
        subjects,
        none_of,
        perfect,
        only=only,
        again=any(span.text == "again" for span in words.spans),
        each=any(span.text in _EACH for span in words.spans),
        bare=_begins_with_verb(words),
        stays=any(span.text in _STAYS for span in words.spans),
    )


_STAYS = frozenset("stay stays stayed remain remains remained keeps".split())
# Of which one thing alone is meant at a time: "either cat eats more than five times", and not both of them together.
_EACH = frozenset(("either", "either of", "each", "each of", "any", "any of", "one of", "any one of", "a", "an"))


def _begins_with_verb(words: Words) -> bool:
    """Say whether a clause leaves out who does it, as what the one before did: "and opened the door"."""
    said = next((span for span in words.spans if not span.is_("filler", "pronoun")), None)
    return said is not None and said.is_("meaning", "motion", "event") and not said.refs


def _answer_how_long(times: Times) -> None:
    """Add to the times of "is never locked" for how long, or by when, as was answered. Raise DetourError to ask."""
    question = "For how long, or by what time? Say for example 'for 12 hours' or 'by noon'."
    if (duration := length_in(answer_to("duration", question))) is not None:
        times.lengths.append(Timed("for", Length(duration), -1))
    else:
        times.clocks.append(Timed("by", clock_for("duration", question), -1))


def looking_back(statement: Statement) -> Statement:
    """Return a clause of another that looks back, with what was seen since or within: "and has not eaten since six".

    A clause that looks forward ("and nobody opens the door within a minute") is returned as it is.
    """
    times = statement.times
    if not statement.perfect or statement.predicate is None:
        return statement
    since = [timed for timed in times.clocks if timed.preposition == "since"]
    if getattr(statement.predicate, "static", False):
        if since:
            raise cannot("since_what", "I can look back at what happened, but not at how things stayed.", "")
        return statement
    if len(since) == 1 and len(times.clocks) == 1 and not times.lengths:
        part = times.parts[0].name if times.parts else None
        return replace(statement, seen={"since": settled(since[0], part)}, times=replace(times, clocks=[], parts=[]))
    if len(times.lengths) == 1 and not times.clocks and _reaches_back(statement, times.lengths[0]):
        length = times.lengths[0].value
        if isinstance(length, Length) and length.duration:
            return replace(statement, seen={"within": length.duration}, times=replace(times, lengths=[]))
    return statement


def _reaches_back(statement: Statement, timed: Timed) -> bool:
    """Say whether a length counts back from now. "For six hours" does of a meal, and of a door it could be either."""
    if timed.preposition == "last":
        return True
    return isinstance(statement.predicate, Fed) and timed.preposition in ("in", "for")


_PERFECT = frozenset(("has", "have", "had"))
# What may stand between "not" and a name that it does not deny: "not all doors are locked", "there is not a car".
_REACHING = frozenset(
    ("all", "both", "every", "all of", "both of", "all the", "each", "any", "any of", "either", "a", "an")
)


def _one_plain_negation(words: Words) -> None:
    """Raise a detour at "not ... not", and at a "not" that is about a name: "the main gate, not the field gate"."""
    if words.negations > 1:
        raise cannot(
            "double_negation", "I found two negations in this and cannot tell what is meant.", "Say it plainly."
        )
    content = [s for s in words.spans if s.is_("not", "quantifier", "particle") or not s.is_("filler")]
    for one, other in pairwise(content):
        denies = one.is_("not") and one.text not in NONE_OF
        names = bool(other.refs) or other.is_("label", "stranger", "speaker", "mark")
        if denies and names and other.text not in _REACHING and not other.is_("meaning", "motion", "compare"):
            raise not_understood([one])


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
    readers = (extreme, comparison, left_behind, doing, fed, happening, sky, presence, state, sight, implied)
    for reader in readers:
        before = set(reading.used)
        found = reader(reading)
        if found is not None:
            return found
        reading.used = before
    return None


def _take_around(reading: Reading, predicate: Predicate) -> None:
    """Use up what only qualifies: a measure of a duration ("more than"), a place before a name of its own."""
    spans = reading.words.spans
    for timed in reading.words.times.lengths:
        measures = (s for s in spans if s.is_("compare") and s.readings["compare"] not in ("below", "most"))
        reading.take(*(s for s in measures if 0 <= timed.at - s.end <= 1))
    if isinstance(predicate, State):
        devices = {part.device for part in predicate.parts}
        reading.take(*(s for s in spans if any(ref.id in devices for ref in s.refs)))
        used = [s for s in spans if s.start in reading.used and any(not r.generic for r in s.refs)]
        places = [s for s in spans if s.refs and all(ref.kind in ("device", "place") for ref in s.refs)]
        reading.take(*(s for s in places if any(other.start == s.end for other in used)))


def _how_many(reading: Reading) -> int | None:
    """Return the number of what happens within a time: "two cars come into the drive within an hour", "2 in 5 minutes"."""
    spans = reading.words.spans
    within = any(timed.preposition in ("within", "in") for timed in reading.words.times.lengths)
    for span, after in zip(reading.open("number"), [*spans, None], strict=False) if within else ():
        value, unit = span.readings["number"]
        after = next((other for other in spans if other.start >= span.end), None)
        counted = after is None or after.text in ("in", "within") or after.is_("label", "mention", "meaning", "event")
        if unit is None and value % 1 == 0 and value >= 2 and counted:
            before = [other for other in spans if other.end == span.start and other.is_("compare")]
            reading.take(span, *before)
            return int(value) + any(other.readings["compare"] == "above" for other in before)
    return None


def _count(reading: Reading) -> int | None:
    """Return how many times are meant: "more than three times" is four."""
    spans = reading.open("times")
    if not spans:
        return _how_many(reading)
    span = spans[0]
    reading.take(*spans)
    before = [other for other in reading.words.spans if other.end == span.start and other.is_("compare")]
    reading.take(*before)
    times: int = span.readings["times"]
    if any(other.readings["compare"] in ("below", "most") for other in before):
        raise cannot("count_not", "I can count what happens, but not what happens too rarely.", "")
    above = any(other.readings["compare"] == "above" for other in before)
    return times + above
