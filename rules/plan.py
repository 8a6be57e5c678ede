"""Plans: what a rule decides by, compiled once and shared by every rule that decides by the same.

A plan is found by its `spec`, the packed JSON of the deciding part of a rule: so homes whose rules are alike share
matchers and guards, a snapshot needs to keep no more than the spec, and loading many rules compiles few.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, assert_never

import msgspec
from pydantic import ValidationError

from rules.conditions.absent import AbsentPlan, plan_absent
from rules.conditions.at import AtPlan, plan_at
from rules.conditions.count import CountPlan, plan_count
from rules.conditions.holds import HoldsPlan, plan_holds
from rules.conditions.occurs import OccursPlan, plan_occurs
from rules.conditions.sequence import SequencePlan, plan_sequence
from rules.guard import Guards, compile_guards
from rules.problem import InputError, Problem, problems_of
from rules.rule import Absent, At, Count, Decides, Holds, Occurs, Sequence, leaf_conditions
from rules.units import DAY, instant, microseconds

LeafPlan = OccursPlan | AbsentPlan | SequencePlan | CountPlan | AtPlan | dict[str | None, HoldsPlan]
MANY = 65_536


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What a rule decides by. `span` is the longest that one of its decisions looks back, windows aside."""

    spec: bytes
    leaves: tuple[LeafPlan, ...]
    guards: Guards
    unknown: str
    tolerance: int | None
    span: int


class Terms(msgspec.Struct, frozen=True, gc=False):
    """The terms of a rule: which it is, and when it is at work."""

    id: str
    home: str
    enabled: bool = True
    expires: datetime | None = None
    once: bool = False

    def expiry(self) -> int | None:
        """Return the instant from which the rule may not fire."""
        return None if self.expires is None else instant(self.expires)


def read_rule(raw: Any, where: str = "") -> tuple[Terms, Plan]:
    """Return the terms and the plan of a rule's JSON object. Raise InputError."""
    if not isinstance(raw, dict):
        raise InputError([Problem("not_a_rule", where, f"expected a rule, found {type(raw).__name__}.")])
    try:
        terms = msgspec.convert(raw, Terms)
    except msgspec.ValidationError as error:
        raise InputError([Problem("invalid", where, f"{error}.")]) from error
    return terms, plan_of(spec_of(raw), where)


def spec_of(raw: dict[str, Any]) -> bytes:
    """Return the deciding part of a rule, packed."""
    return msgspec.msgpack.encode({key: raw[key] for key in _DECIDING if key in raw})


_DECIDING = ("when", "while", "unknown", "blind_tolerance")


def plan_of(spec: bytes, where: str = "") -> Plan:
    """Return the plan of a spec, shared. Raise InputError."""
    try:
        return _plan(spec)
    except ValidationError as error:
        raise InputError(problems_of(error, where, msgspec.msgpack.decode(spec))) from error


@lru_cache(maxsize=MANY)
def _plan(spec: bytes) -> Plan:
    decides = Decides.model_validate(msgspec.msgpack.decode(spec))
    leaves = tuple(map(_leaf, leaf_conditions(decides.when)))
    tolerance = None if decides.blind_tolerance is None else microseconds(decides.blind_tolerance)
    span = max(map(_span, leaves))
    return Plan(spec, leaves, compile_guards(decides.guards), decides.unknown, tolerance, span)


def same_when(spec: bytes, other: bytes) -> bool:
    """Tell whether two specs have the same conditions, however they are written."""
    when, other_when = (Decides.model_validate(msgspec.msgpack.decode(part)).when for part in (spec, other))
    return bool(when == other_when)


def _leaf(condition: Occurs | Absent | Sequence | Holds | Count | At) -> LeafPlan:
    match condition:
        case Occurs():
            return plan_occurs(condition)
        case Absent():
            return plan_absent(condition)
        case Sequence():
            return plan_sequence(condition)
        case Holds():
            return plan_holds(condition)
        case Count():
            return plan_count(condition)
        case At():
            return plan_at(condition)
        case _:
            assert_never(condition)


def _span(leaf: LeafPlan) -> int:
    match leaf:
        case AbsentPlan():
            return leaf.duration or 2 * DAY
        case SequencePlan():
            return leaf.within
        case dict():
            return max((plan.lasting for plan in leaf.values()), default=0)
        case _:
            return 0
