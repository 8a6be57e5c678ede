"""Particles: small words that say something. Each must govern what was understood, or the sentence was not.

"Before" has to stand before a time, "on" before a day or a place, "again" in what follows something else. A particle
that governs nothing ("before Sam", "the second time", "since I left") changes what a sentence means, so it ends the
reading instead of being passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from proactive.language.local.border import TIMES
from proactive.language.local.frame import Frame
from proactive.language.local.lexicon import PICTURES
from proactive.language.local.span import Label, Span
from proactive.language.local.token import stem

_TIMES: tuple[Label, ...] = (*TIMES, "one_off")
_NAMES: tuple[Label, ...] = ("mention", "label", "stranger", "everyone", "nobody", "meal")
_OF_TIME = frozenset("per before after since past until till for within between last next over about".split())
_CLOCKED = frozenset(("since", "until", "till", "by", "before"))
_OF_PLACE = frozenset("in on at by from within near around inside into onto".split())
_AFTER_A_VERB = frozenset("up down out in on over into onto".split())
_ARTICLES = frozenset("the a an my our your their his her this these that those of , same least".split())
_REPEATED = frozenset(("again",))


def unread_particles(frame: Frame, repeated: bool) -> list[Span]:
    """Return the particles that govern nothing; `repeated` where "again" says nothing more."""
    spans = frame.spans
    openers = {segment.opener.start for segment in frame.segments if segment.opener is not None}
    return [
        span
        for position, span in enumerate(spans)
        if span.is_("particle")
        and span.start not in openers
        and not (span.text in _REPEATED and repeated)
        and not _governs(span, spans[:position], spans[position + 1 :])
    ]


def _governs(span: Span, before: Sequence[Span], after: Sequence[Span]) -> bool:
    following = next((other for other in after if other.text not in _ARTICLES and not _is_measure(other)), None)
    previous = before[-1] if before else None
    if span.text in _ADVERBS:
        return _fits(span.text, previous, following)
    if previous is not None and _belongs_to(span, previous):
        return True
    if following is None:
        return (span.text == "in" and span.is_("motion")) or span.is_("meaning", "compare")
    if span.is_("meaning", "motion", "compare") and not span.is_("placing"):
        return True
    if span.text in _CLOCKED and following.is_("part", "days", "date"):
        return False  # "since Monday", "until the morning": no condition says that
    if span.text in _OF_TIME and following.is_(*_TIMES):
        return True
    if span.text in ("with", "by") and (following.is_("notice") or stem(following.text) in PICTURES):
        return True  # "provide me with a notification", "by email", "with a picture"
    if span.text in ("after", "past") and previous is not None and previous.is_("length"):
        return True
    return span.text in _OF_PLACE and following.is_(*_TIMES, *_NAMES, "particle", "speaker", "quantifier")


def _belongs_to(span: Span, previous: Span) -> bool:
    """Say whether a particle is part of the verb before it, or says where a sensor is: "the humidity inside"."""
    if span.text == "inside" and previous.refs:
        return True
    return span.text in _AFTER_A_VERB and previous.is_("motion", "event", "command", "notice", "speaker")


_ADVERBS = frozenset(("both", "only", "then", "time", "times"))


def _fits(word: str, previous: Span | None, following: Span | None) -> bool:
    match word:
        case "only":
            begins = following is None or following.is_("mark", "while", "notice", "particle", *_TIMES)
            return begins or (previous is not None and previous.is_("days"))
        case "then":
            return following is None or following.is_("notice", "command")
        case "time" | "times":
            return previous is not None and previous.is_("quantifier", "times")
        case _:
            return True  # "both" is a quantifier: what it counts is judged with the predicate


def _is_measure(span: Span) -> bool:
    """Say whether a span only measures what follows it: "for more than ten minutes", "within the last hour"."""
    return span.text in (
        "more",
        "than",
        "full",
        "exactly",
        "roughly",
        "last",
        "past",
        "next",
        "only",
        "about",
        "around",
    ) or (span.is_("compare") and not span.is_("number"))


def torn_joins(frame: Frame) -> list[Span]:
    """Return the joins inside a clause that join unlike things: "at night or on Sundays" is no one time."""
    found = []
    for segment in frame.segments:
        for position, span in enumerate(segment.spans):
            if span.is_("join") and not _alike(segment.spans[:position], segment.spans[position + 1 :]):
                found.append(span)
    return found


_KINDS: tuple[tuple[Label, ...], ...] = (
    ("mention", "label", "stranger", "everyone", "nobody", "speaker", "pronoun"),
    ("clock", "length"),
    ("days",),
    ("part",),
    ("number", "compare"),
    ("sun_event", "sun"),
    ("meaning", "motion", "event"),
)


def _alike(before: Sequence[Span], after: Sequence[Span]) -> bool:
    one = next((kinds for span in reversed(before) if (kinds := _kinds(span))), frozenset())
    other = next((kinds for span in after if (kinds := _kinds(span))), frozenset())
    return bool(one & other)


def _kinds(span: Span) -> frozenset[int]:
    if span.is_("particle"):
        return frozenset()
    return frozenset(i for i, labels in enumerate(_KINDS) if span.is_(*labels))


def exceptions_to_whom(frame: Frame) -> list[Span]:
    """Return what leaves somebody out of those to be told: "everyone but Sam", "Tom, not me"."""
    return [span for span in frame.action if span.readings.get("join") in ("but", "except")]


def asks_twice(frame: Frame) -> bool:
    """Say whether two requests are made: "if the coop door is open tell me, if the barn door is open tell June"."""
    inside = {span.start for segment in frame.segments for span in segment.spans}
    inside |= {segment.opener.start for segment in frame.segments if segment.opener is not None}
    asked, runs, last = False, 0, ""
    for span in frame.spans:
        if span.start in inside:
            asked = False
        elif span.is_("notice") and span.text not in ("repeat", "then") and not asked and last != "repeat":
            asked, runs = True, runs + 1
        last = span.text if not span.is_("filler") else last
    return runs > 1 and _clauses_apart(frame, inside) > 1


def _clauses_apart(frame: Frame, inside: set[int]) -> int:
    """Return how many stretches of clauses there are: what is asked for before and after one of them is one request."""
    flags = [span.start in inside for span in frame.spans if not span.is_("filler")]
    return sum(1 for before, now in pairwise([False, *flags]) if now and not before)
