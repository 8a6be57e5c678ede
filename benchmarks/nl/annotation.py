"""Gold rules in the terms of the shared score, so that it can be had of our own sentences too."""

from __future__ import annotations

from typing import Any

from benchmarks.nl.gold import Item
from benchmarks.nl.replay import as_rule
from rules.rule import Absent, AnyOf, At, Condition, Count, Holds, Occurs, Sequence, StateGuard, guard_leaves
from rules.rule import condition_patterns as patterns_of
from rules.units import SECOND, microseconds

Json = dict[str, Any]


def rows_of(item: Item) -> list[Json]:
    """Return what the score takes as gold: one row for each gold rule, or one for an outcome without rules."""
    if item.annotation is not None:
        return [item.annotation]
    return [_row(item, rule) for rule in item.rules] or [_row(item, None)]


def _row(item: Item, rule: Json | None) -> Json:
    when = as_rule(item.home, rule, "gold").when if rule else None
    plain: Json = {"id": item.id, "text": item.text, "home": item.home.home, "origin": "crowd", "in_home": item.in_home}
    plain |= {"outcome": item.wanted, "alt_outcomes": sorted(item.outcomes - {item.wanted})}
    kind, subkind = _kind(when) if when else ("not_a_rule", None)
    plain |= {"kind": kind, "alt_kinds": [], "subkind": subkind}
    plain |= {"time": _time(when) if when else {}, "event": _event(when) if when else None}
    return plain | {"gold_entities": _entities(item, when) if when else {}}


def _kind(when: Condition) -> tuple[str, str | None]:
    match when:
        case AnyOf():
            return _kind(when.conditions[0])
        case Absent():
            return ("absent_for", None) if when.duration else ("absent_by_deadline", None)
        case Sequence():
            return ("sequence_absent" if when.missing else "sequence", None)
        case Holds():
            return ("threshold", None) if _threshold(when) is not None else ("sequence_absent", "state_held")
        case Count():
            return ("count", None)
        case At():
            return ("state_at_time", None)
        case Occurs():
            return ("happens", None)


def _threshold(when: Condition) -> float | None:
    if not isinstance(when, Holds):
        return None
    bounds = [b for leaf in guard_leaves(when.state) if isinstance(leaf, StateGuard) for b in (leaf.above, leaf.below)]
    return next((bound for bound in bounds if bound is not None), None)


def _event(when: Condition) -> str | None:
    bound = _threshold(when)
    return None if bound is None else f"value={bound:g}"


def _time(when: Condition) -> Json:
    match when:
        case AnyOf():
            return _time(when.conditions[0])
        case Absent(window=window) if window:
            return {"deadline": window.until}
        case At():
            return {"at": when.time}
        case Absent(duration=length) | Sequence(within=length) | Count(within=length) | Holds(lasting=length) if length:
            return {"duration": f"PT{microseconds(length) // SECOND}S"} if microseconds(length) else {}
        case _:
            return {}


def _entities(item: Item, when: Condition) -> Json:
    patterns = patterns_of(when)
    watched = {source for pattern in patterns for source in pattern.source or ()}
    watched |= {leaf.state for leaf in _states(when)}
    subjects = {subject for pattern in patterns for subject in pattern.subject or () if subject in item.home.by_id}
    people = {source for source in watched if source.startswith("person.")}
    return {"device": sorted(watched - people), "subject": sorted(subjects | people)}


def _states(when: Condition) -> list[StateGuard]:
    if isinstance(when, AnyOf):
        return [leaf for inner in when.conditions for leaf in _states(inner)]
    return (
        [leaf for leaf in guard_leaves(when.state) if isinstance(leaf, StateGuard)] if isinstance(when, Holds) else []
    )
