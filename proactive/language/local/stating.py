"""Stating: the clauses of a request become statements, each read with what was said before it, and their times together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from proactive.language.local.action import Action
from proactive.language.local.clause import Segment, Times, words_of
from proactive.language.local.detour import cannot
from proactive.language.local.frame import Frame
from proactive.language.local.predicate import Predicate, Presence, Sight, Sky, State
from proactive.language.local.span import Span
from proactive.language.local.statement import Statement, looking_back, read_statement
from proactive.language.request import Request


def statements_of(segments: list[Segment], frame: Frame, request: Request) -> list[Statement]:
    found: list[Statement] = []
    for segment in segments:
        words = words_of(segment, frame.spans)
        before = [span for span in (*frame.before, *frame.action) if span.refs] if refers_back(segment) else []
        inherited = _last_named(found) if found else tuple(before)
        found.append(read_statement(words, request.home, request.speaker, inherited))
    found = [_by_then(one, after) for one, after in zip(found, [*segments, None][1:], strict=True)]
    _no_half_negation(found)
    forward = [s for s in found if not s.perfect and s.predicate is not None and not _stands(s.predicate)]
    return [looking_back(s) for s in found] if forward else found


def _last_named(found: Sequence[Statement]) -> tuple[Span, ...]:
    """Return the subjects of the last clause that names any; what goes on meanwhile is no subject of what comes next."""
    named = [one.subjects for one in found if one.subjects and one.link != "while"]
    return named[-1] if named else found[-1].subjects


def _stands(predicate: Predicate) -> bool:
    """Say whether a predicate is of how things are, at which no clause beside it can look back."""
    return isinstance(predicate, Sky) or (isinstance(predicate, State | Presence) and predicate.static)


def _by_then(statement: Statement, after: Segment | None) -> Statement:
    """Return "hasn't been fed" of "by the time Tom comes home" as what was seen since midnight, as "by noon" is."""
    opener = after.opener.text if after is not None and after.opener is not None else ""
    happened = statement.predicate is not None and not getattr(statement.predicate, "static", False)
    happened = happened and (statement.perfect or not isinstance(statement.predicate, Sight))
    if not opener.startswith("by the time") or not happened or statement.times.any():
        return statement
    return replace(statement, seen={"since": "00:00"})


def _no_half_negation(statements: list[Statement]) -> None:
    """Raise a detour at "has not been opened and closed": whether "not" is of both is not said."""
    for one, other in pairwise(statements):
        shared = other.link in ("and", "or") and not other.subjects and other.predicate is not None
        if one.negated and one.predicate is not None and shared and not other.negated:
            raise cannot("half_not", "I cannot tell whether 'not' is of one of these or of both.", "Say them apart.")


def times_of(statements: list[Statement], action: Action) -> Times:
    times = Times()
    for statement in statements:
        if statement.predicate is None and statement.times.lengths:
            raise cannot(
                "length_of_what", "I did not understand what should last that long.", "Say it with one clause."
            )
        times.add(statement.times)
    times.add(action.times)
    return times


def refers_back(segment: Segment) -> bool:
    return any(span.is_("pronoun") for span in segment.spans) and not any(span.refs for span in segment.spans)
