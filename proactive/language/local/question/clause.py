"""The clause of a question becomes patterns, by the readers that make rules: what matches is the same."""

from __future__ import annotations

import re
from dataclasses import replace

from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.clause import Segment, Words, words_of
from proactive.language.local.clock import Length
from proactive.language.local.detour import DetourError, cannot
from proactive.language.local.predicate import Fed, Json, Predicate, Presence, Sight, Sky, SkyEvent, State, patterns
from proactive.language.local.question.asked import HINT, Asked, attribute_test, patterns_of, trimmed
from proactive.language.local.question.outdoors import outdoors
from proactive.language.local.span import spans_of
from proactive.language.local.statement import read_statement
from proactive.language.query import Query, Wanted
from rules.units import microseconds


def clause_query(asked: Asked, wanted: Wanted) -> Query:
    """Return the query of a clause, of any period. Raise DetourError where it cannot be read."""
    if (found := outdoors(asked) or _anything(asked)) is not None:
        return replace(found, wanted=wanted)
    try:
        return _stated(asked, wanted)
    except DetourError as detour:
        if not detour.outcome.asks or not detour.outcome.asks[0].choices:
            raise
        return _of_any(asked, wanted, detour)


_ANYTHING = re.compile(r"\b(?:anything|something|everything|any thing|all things)\b")


def _anything(asked: Asked) -> Query | None:
    """Read "is anything open": of every device that can be."""
    found = _ANYTHING.search(asked.text)
    spans = spans_of(asked.only(_ANYTHING.sub("", asked.text)).tokens, catalogue_of(asked.home))
    meanings = [span for span in spans if span.is_("meaning")]
    if found is None or len(meanings) != 1 or any(span.refs or span.is_("unknown") for span in spans):
        return None
    values = {
        value for meaning in meanings[0].readings["meaning"] for value in meaning.values if isinstance(value, str)
    }
    of: list[Json] = []
    for device in asked.home.devices:
        for name, listed in device.attributes.items():
            fitting = [value for value in listed if value in values] if isinstance(listed, tuple) else []
            if fitting:
                of.append(
                    {
                        "type": "state",
                        "source": device.id,
                        "where": {**attribute_test(device.id, name, asked.home), "value": fitting},
                    }
                )
    stands = re.search(r"\b(?:is|are|was|were|been)\b", asked.text) is not None
    return (
        Query(
            "whether",
            patterns_of(of),
            stands=stands,
            every=found[0].startswith(("every", "all")),
            about=trimmed(asked.text),
        )
        if of
        else None
    )


def _of_any(asked: Asked, wanted: Wanted, detour: DetourError) -> Query:
    """Read "the door" of several doors as any of them: an answer can speak of each, where a rule has to know."""
    catalogue = catalogue_of(asked.home)
    words: list[str] = []
    spans = spans_of(asked.tokens, catalogue)
    for span in spans:
        generic = span.refs and not any(word in span.text.split() for word in ("any", "all"))
        words += ["any", *span.text.split()] if generic and words[-1:] not in (["any"], ["all"]) else span.text.split()
    try:
        return _stated(asked.only(" ".join(word for word in words if word != "the")), wanted)
    except DetourError:
        raise detour from None


def _stated(asked: Asked, wanted: Wanted) -> Query:
    spans = spans_of(asked.tokens, catalogue_of(asked.home))
    words = words_of(Segment("if", [span for span in spans if not span.is_("mark")]), spans)
    words = _plain_negation(words)
    lasting = _lasting(words)
    statement = read_statement(words, asked.home, asked.request.speaker)
    predicate = statement.predicate
    if predicate is None or isinstance(predicate, Sky | SkyEvent):
        raise cannot("not_understood", f"I did not understand what is asked about {asked.text!r}.", HINT)
    stands = isinstance(predicate, State | Presence) and predicate.static
    if isinstance(predicate, Presence) and statement.negated and predicate.who == "anyone":
        stands = predicate.static
    every = is_every(predicate, asked.text)
    of = patterns_of(patterns(predicate, asked.home))
    return Query(wanted, of, stands=stands, every=every, lasting=lasting, about=trimmed(asked.text))


_EITHER = re.compile(r"\b(?:any|anyone|anybody|either|or|one of)\b")


def is_every(predicate: Predicate, text: str) -> bool:
    """Say whether all of several are asked about: "are the kids home", "were the dogs fed"."""
    match predicate:
        case State():
            return predicate.every
        case Presence():
            several = isinstance(predicate.who, tuple) and len(predicate.who) > 1
            return predicate.who == "everyone" or (several and not _EITHER.search(text))
        case Fed() | Sight():
            return predicate.together
        case _:
            return False


def _plain_negation(words: Words) -> Words:
    """Return the words without "not": "was not Daisy fed" asks the same as "was Daisy fed"."""
    words.spans = [span for span in words.spans if span.text not in ("not", "never")]
    words.negations = sum(span.is_("not", "nobody") for span in words.spans)
    return words


def _lasting(words: Words) -> int:
    """Take the length of "open for more than ten minutes" out of the words; 0 where there is none."""
    lengths = [timed.value for timed in words.times.lengths]
    words.times.lengths.clear()
    if not lengths:
        return 0
    if len(lengths) > 1 or not isinstance(lengths[0], Length) or lengths[0].duration is None:
        raise cannot("how_long", "I do not know how long that is.", "Say for example 'for ten minutes'.")
    words.spans = [span for span in words.spans if not span.is_("compare", "particle") or span.is_("motion", "meaning")]
    return microseconds(lengths[0].duration)
