"""Overlap: whether a rule is about what somebody asks, by what it watches or by the words that it was made with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from proactive.language.local.token import stem, tokens_of
from proactive.language.query import Query
from rules.rule import (
    Absent,
    Count,
    Holds,
    Occurs,
    Pattern,
    Rule,
    SeenGuard,
    Sequence,
    StateGuard,
    guard_leaves,
    leaf_conditions,
)

_SMALL = frozenset(
    "the a an my our your is are was were be been has have had do did does not it that this any in on at of to for and or".split()
)


def about(query: Query, rule: Rule | None, words: str = "") -> bool:
    """Say whether a rule, or what it said in `words`, is about what a query asks of."""
    if rule is not None and query.of and any(overlaps(one, other) for one, other in product(query.of, watched(rule))):
        return True
    said = f"{words} {rule.said or ''} {rule.id.replace('-', ' ')}" if rule is not None else words
    wanted = _words(query.about)
    return bool(wanted) and not query.of and wanted <= _words(said)


def _words(text: str) -> set[str]:
    return {stem(token.text) for token in tokens_of(text) if token.text.isalpha()} - _SMALL


def watched(rule: Rule) -> Iterator[Pattern]:
    """Yield what a rule watches, as patterns: those of its conditions and of the states that they hold."""
    for condition in leaf_conditions(rule.when):
        match condition:
            case Occurs() | Absent() | Count():
                yield from condition.of
            case Sequence():
                yield from (*condition.first, *condition.then)
            case Holds():
                yield from _of_guards([condition.state])
            case _:  # `at` waits for a time; what it asks then are its guards
                yield from _of_guards(rule.guards)


def _of_guards(guards: Iterable[object]) -> Iterator[Pattern]:
    for leaf in (leaf for guard in guards for leaf in guard_leaves(guard)):  # type: ignore[arg-type]  # guards of a rule
        if isinstance(leaf, StateGuard):
            tests = {"where": {"value": leaf.equals}} if leaf.equals else {}
            yield Pattern.model_validate({"type": "state", "source": leaf.state, **tests})
        elif isinstance(leaf, SeenGuard):
            yield from leaf.seen.of


def overlaps(one: Pattern, other: Pattern) -> bool:
    """Say whether a record could match both patterns, as far as what is listed in them tells."""
    named = ((one.type, other.type), (one.source, other.source), (one.subject, other.subject))
    if any(left is not None and right is not None and not set(left) & set(right) for left, right in named):
        return False
    return all(_meet(one.where[key], other.where[key]) for key in one.where.keys() & other.where.keys())


def _meet(one: object, other: object) -> bool:
    listed = [
        set(test) if isinstance(test, tuple) else {test}
        for test in (one, other)
        if isinstance(test, str | bool | int | float | tuple)
    ]
    return len(listed) < 2 or bool(listed[0] & listed[1])
