"""A watch is a rule at work in a home: its compiled conditions, its guards, and what they wait to have seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol, assert_never

import msgspec

from rules.conditions.absent import AbsentPlan, keys_of, plan_absent, run_absent
from rules.conditions.at import plan_at, run_at
from rules.conditions.base import Ground, Of, Running, Slot
from rules.conditions.count import CountPlan, plan_count, run_count
from rules.conditions.holds import RunningHolds, plan_holds, run_holds
from rules.conditions.occurs import OccursPlan, RunningOccurs, plan_occurs, run_occurs
from rules.conditions.sequence import FIRST, THEN, SequencePlan, plan_sequence, run_sequence
from rules.guard import Guards, Tracks, compile_guards
from rules.record import Record
from rules.rule import Absent, AnyOf, At, Condition, Count, Holds, Occurs, Rule, Sequence
from rules.units import instant, microseconds

Key = tuple[int, str | None]  # of a running condition in its watch: position below `any`, `per` key


class Split:
    """A condition whose every `per` key has its own state, begun at the key's first match."""

    __slots__ = ("children", "make", "per", "plan", "position", "watch")

    def __init__(self, watch: Watch, plan: Any, make: Callable[..., Running], position: int) -> None:
        self.watch, self.plan, self.make, self.position = watch, plan, make, position
        self.per: str = plan.per
        self.children: dict[str, Running] = {}

    def match(self, ground: Ground, slot: Slot, record: Record, time: int, pattern: int, of: Of) -> None:
        """Hand a matching record to the state of its key; a record without one has no match."""
        key = record.source if self.per == "source" else record.subject
        if key is None:
            return
        child = self.children.get(key)
        if child is None:
            if isinstance(self.plan, AbsentPlan):
                return  # its keys are those that its patterns name
            child = self.child(key)
        child.match(ground, slot, record, time, pattern, of)

    def remember(self, record: Record, time: int) -> None:
        """Hand evidence from before the rule was put to the state of its key."""
        child = self.children.get((record.source if self.per == "source" else record.subject) or "")
        if child is not None:
            child.remember(record, time)

    def child(self, key: str) -> Running:
        """Return the state of a key, made if need be."""
        if key not in self.children:
            self.children[key] = self.make(self.watch, self.plan, self.position, key)
        return self.children[key]


class Target(Protocol):
    """What records are offered to."""

    watch: Watch

    def match(self, ground: Ground, slot: Slot, record: Record, time: int, pattern: int, of: Of) -> None:
        """Take a record that matches pattern number `pattern` of a slot."""

    def remember(self, record: Record, time: int) -> None:
        """Take evidence from before the rule was put."""


Member = tuple[Target, Slot, Of]  # what an index offers records to: a target, the slot, and the slot's patterns


class Watch:
    """A rule in a home. It is `gone` once dropped, replaced or done; what is gone neither decides nor fires."""

    __slots__ = (
        "conditions",
        "decided",
        "enabled",
        "expires",
        "gone",
        "guards",
        "id",
        "kept",
        "once",
        "put",
        "spec",
        "targets",
        "tolerance",
        "tracks",
        "unknown",
    )

    def __init__(self, rule: Rule, people: tuple[str, ...], put: int) -> None:
        self.id = rule.id
        self.put = put
        self.gone = False
        self.decided: list[Any] | None = None  # of an `any`: an instant, and what was fired about then
        self.kept: dict[Key, int] | None = None  # of a paused rule: its cooldowns
        self.adopt(rule, people)
        self.tracks: Tracks = [None] * len(self.guards.seen)
        conditions = flatten(rule.when) if rule.enabled else []
        self.targets: list[Running | Split] = [
            target for position, leaf in enumerate(conditions) for target in _targets(self, leaf, position, people)
        ]
        self.conditions = len(conditions)

    def adopt(self, rule: Rule, people: tuple[str, ...]) -> None:
        """Take everything of a rule but its conditions."""
        self.spec = _spec(rule)
        self.guards: Guards = compile_guards(rule.guards, people)
        self.enabled = rule.enabled
        self.expires = instant(rule.expires) if rule.expires else None
        self.once = rule.once
        self.unknown = rule.unknown
        self.tolerance = microseconds(rule.blind_tolerance) if rule.blind_tolerance is not None else None

    def running(self) -> Iterator[Running]:
        """Yield the running states."""
        for target in self.targets:
            if isinstance(target, Split):
                yield from target.children.values()
            else:
                yield target

    def members(self) -> Iterator[Member]:
        """Yield what records are offered to, in the order in which they are."""
        for target in self.targets:
            plan = target.plan
            if isinstance(plan, SequencePlan):
                yield target, THEN, plan.then
                yield target, FIRST, plan.first
            elif isinstance(plan, OccursPlan | AbsentPlan | CountPlan):
                yield target, 0, plan.of

    def reports_to(self) -> Iterator[tuple[str, RunningHolds]]:
        """Yield the sources whose every report a condition judges."""
        for target in self.targets:
            if isinstance(target, RunningHolds):
                for source in target.plan.sources:
                    yield source, target

    def span(self) -> int:
        """Return the longest time that a decision of this watch looks back over, days aside."""
        plans = (running.plan for running in self.running())
        return max(
            (getattr(plan, name, 0) or 0 for plan in plans for name in ("duration", "within", "lasting")), default=0
        )

    def cooldowns(self) -> dict[Key, int]:
        """Return when each `occurs` last fired."""
        found = dict(self.kept or {})
        for running in self.running():
            if isinstance(running, RunningOccurs) and running.last_fired is not None:
                found[running.position, running.key] = running.last_fired
        return found

    def cool(self, cooldowns: dict[Key, int]) -> None:
        """Take the cooldowns of an earlier watch with the same conditions."""
        if not self.enabled:
            self.kept = cooldowns
        for (position, key), fired in cooldowns.items():
            for target in self.targets:
                at = target.child(key) if isinstance(target, Split) and key is not None else target
                if isinstance(at, RunningOccurs) and at.position == position and at.key == key:
                    at.last_fired = fired


def flatten(condition: Condition) -> list[Any]:
    """Return the conditions at the ends of nested `any`."""
    if isinstance(condition, AnyOf):
        return [leaf for inner in condition.conditions for leaf in flatten(inner)]
    return [condition]


def _targets(watch: Watch, condition: Any, position: int, people: tuple[str, ...]) -> list[Running | Split]:
    match condition:
        case Holds():
            plans = plan_holds(condition, people)
            return [run_holds(watch, plan, position, key) for key, plan in plans.items()]
        case At():
            return [run_at(watch, plan_at(condition), position, None)]
        case Occurs():
            return [_target(watch, plan_occurs(condition), run_occurs, position)]
        case Absent():
            return [_target(watch, plan_absent(condition), run_absent, position)]
        case Sequence():
            return [_target(watch, plan_sequence(condition), run_sequence, position)]
        case Count():
            return [_target(watch, plan_count(condition), run_count, position)]
        case _:
            assert_never(condition)


def _target(watch: Watch, plan: Any, make: Callable[..., Running], position: int) -> Running | Split:
    if plan.per is None:
        return make(watch, plan, position, None)
    split = Split(watch, plan, make, position)
    if isinstance(plan, AbsentPlan):
        for key in keys_of(plan.of, plan.per):
            split.child(key)
    return split


_ENGINE_FIELDS = {"id", "home", "when", "guards", "unknown", "blind_tolerance", "enabled", "expires", "once"}


def _spec(rule: Rule) -> bytes:
    """Return the part of a rule that decides, packed, to make the watch again from a snapshot."""
    fields = rule.model_dump(mode="json", by_alias=True, exclude_defaults=True, include=_ENGINE_FIELDS)
    return msgspec.msgpack.encode(fields)


def same_when(watch: Watch, rule: Rule) -> bool:
    """Tell whether a rule has the conditions that the watch was made of."""
    return bool(rule_of(watch.spec).when == rule.when)


def rule_of(spec: bytes) -> Rule:
    """Return the rule of a packed spec."""
    return Rule.model_validate(msgspec.msgpack.decode(spec))
