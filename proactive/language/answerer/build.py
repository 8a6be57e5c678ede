"""Building: a model's form of a question becomes a query, by the predicates and patterns that questions of `local` have.

Its patterns are held against the words as a rule that watches for them would be: nothing invented, nothing left out that
changes what is asked. The period is the one that code read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from proactive.language.answerer.form import QuestionForm
from proactive.language.compiler.evidence import Evidence, evidence_of
from proactive.language.compiler.meaning import Meaning, misread
from proactive.language.compiler.roster import Roster
from proactive.language.local.lexicon import RESTING
from proactive.language.local.predicate import Predicate, Presence, State, patterns
from proactive.language.local.question.asked import Asked, all_time, default_day, patterns_of, trimmed
from proactive.language.local.question.clause import is_every
from proactive.language.local.question.frame import is_present, whereabouts
from proactive.language.local.reading import COPULAS
from proactive.language.local.slots import Slots
from proactive.language.query import Period, Query, Wanted
from proactive.language.request import Request
from rules.problem import InputError, Problem
from rules.rule import Pattern, Rule, parse_rule

_ANY = frozenset("any anyone anybody either or one some".split())


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question that is put to a model: `asked` as code read it, and what was found in its words.

    `request` holds those that the query has to bear out: without the period, and without what shows the thing `wanted`.
    """

    asked: Asked
    request: Request
    found: Slots
    roster: Roster
    wanted: tuple[Wanted, ...]


def query_in(form: QuestionForm, inquiry: Inquiry) -> tuple[Query, Evidence]:
    """Return the query of a form, and what the words show for it. Raise InputError for what they do not bear out.

    Raise DetourError where several things could be meant.
    """
    if form.wanted == "none" or form.wanted not in inquiry.wanted:
        raise misread("wanted", f"{form.wanted!r} is not what is asked.")
    query = _whereabouts(form, inquiry) if form.wanted == "where" else _query(form, form.wanted, inquiry)
    evidence = evidence_of(_watching(query.of, inquiry), inquiry.found, inquiry.roster, inquiry.request)
    problems = (*evidence.invented, *evidence.dropped, *_passed_over(query.of, inquiry))
    if problems or not evidence.sound:
        raise InputError(problems or [Problem("not_said", "answer", "too little of the words is in it.")])
    return query, evidence


def _whereabouts(form: QuestionForm, inquiry: Inquiry) -> Query:
    meaning = _meaning(form, inquiry)
    ids = [meaning.id_of(handle, "who") for handle in form.who]
    if not ids or form.what or form.where:
        raise misread("who", "only people and pets are somewhere.", "Name them by handle.")
    return Query("where", whereabouts(ids, inquiry.asked.home), all_time(inquiry.asked), about=inquiry.request.text)


def _query(form: QuestionForm, wanted: Wanted, inquiry: Inquiry) -> Query:
    asked = inquiry.asked
    static = _is_static(inquiry.found)
    predicate = _meaning(form, inquiry).predicate(form.who, form.what, form.where, form.does, static=static)
    predicate = replace(predicate, static=static) if isinstance(predicate, Presence) else predicate
    of = patterns_of(patterns(predicate, asked.home))
    every = is_every(predicate, inquiry.request.text) or _all_at_rest(predicate, inquiry.request.text)
    query = Query(wanted, of, about=trimmed(inquiry.request.text))
    stands = static and isinstance(predicate, State | Presence)
    match wanted:
        case "whether":
            return replace(query, period=_period(asked, stands=stands), stands=stands, every=every)
        case "long":
            return replace(query, period=_period(asked, stands=stands), stands=True)
        case "list" | "who":
            return replace(query, period=_period(asked, stands=stands), stands=stands)
        case "first" | "last":
            return replace(query, period=all_time(asked))
        case _:
            return replace(query, period=default_day(asked))


def _meaning(form: QuestionForm, inquiry: Inquiry) -> Meaning:
    return Meaning(inquiry.roster, inquiry.found, inquiry.asked.home, form.number)


def _period(asked: Asked, *, stands: bool) -> Period:
    """Return the period that was said, else now where it is asked how things stand, else today so far."""
    now = asked.period.now or (is_present(asked) and not asked.period.given)
    return Period(now=True, called=asked.period.called) if now and stands else default_day(asked)


def _is_static(found: Slots) -> bool:
    """Say whether words are about how things stand and not about what happens: "is open", not "opened"."""
    meanings = [(span, meaning) for span in found.inside for meaning in span.readings.get("meaning", ())]
    aspects = {meaning.aspect for _, meaning in meanings}
    copula = any(token.text in COPULAS for token in found.tokens)
    if "is" in aspects or not meanings:
        return copula
    return "either" in aspects and copula and not meanings[-1][0].text.endswith("s")


def _all_at_rest(predicate: Predicate, text: str) -> bool:
    """Say whether all of several are asked about: "the doors are locked" is all of them, "a window is open" any."""
    if not isinstance(predicate, State) or len(predicate.parts) < 2 or _ANY & set(text.lower().split()):
        return False
    return all(value in RESTING for part in predicate.parts for value in part.values or ())


# --- evidence ---------------------------------------------------------------------------------------------------


def _watching(of: Sequence[Pattern], inquiry: Inquiry) -> Rule:
    """Return the rule that would watch for what is asked about, to be held against the words as every rule is."""
    found = [pattern.model_dump(mode="json", exclude_defaults=True, by_alias=True) for pattern in of]
    return parse_rule({"id": "asked", "home": inquiry.asked.home.home, "when": {"op": "occurs", "of": found}})


def _passed_over(of: Sequence[Pattern], inquiry: Inquiry) -> Iterator[Problem]:
    """Yield what is named anywhere in the words and is not asked about: in "did Tom say ..." it is asked what Tom said."""
    asked = {identity for pattern in of for identity in (*(pattern.source or ()), *(pattern.subject or ()))}
    for span in inquiry.found.spans:
        named = span.refs and not span.is_("speaker", "pronoun", "filler", "label")
        if named and not asked & {ref.id for ref in span.refs}:
            yield Problem("left_out", "question", f"{span.text!r} is in the question and not in the form.")
