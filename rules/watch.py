"""A watch is a rule at work in a home: the running states of its conditions, and what its guards have seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from rules.conditions.absent import AbsentPlan, keys_of, run_absent
from rules.conditions.at import AtPlan, RunningAt
from rules.conditions.base import Ground, Of, Running, Slot
from rules.conditions.count import CountPlan, RunningCount
from rules.conditions.holds import RunningHolds
from rules.conditions.occurs import OccursPlan, RunningOccurs, run_occurs
from rules.conditions.sequence import FIRST, THEN, RunningSequence, SequencePlan
from rules.guard import Tracks, named
from rules.plan import LeafPlan, Plan, Terms
from rules.record import Record

Place = tuple[int, str | None]  # of a running condition in its watch: position below `any`, `per` key


class Target(Protocol):
    """What records are offered to."""

    watch: Watch

    def match(self, ground: Ground, slot: Slot, record: Record, time: int, pattern: int, of: Of) -> None:
        """Take a record that matches pattern number `pattern` of a slot."""

    def remember(self, record: Record, time: int) -> None:
        """Take evidence from before the rule was put."""


class Split:
    """A condition whose every `per` key has its own state, begun at the key's first match."""

    __slots__ = ("children", "make", "plan", "position", "watch")

    def __init__(self, watch: Watch, plan: Any, make: Callable[..., Running], position: int) -> None:
        self.watch, self.plan, self.make, self.position = watch, plan, make, position
        self.children: dict[str, Running] = {}

    def match(self, ground: Ground, slot: Slot, record: Record, time: int, pattern: int, of: Of) -> None:
        """Hand a matching record to the state of its key; a record without one has no match."""
        key = self.key_of(record)
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
        child = self.children.get(self.key_of(record) or "")
        if child is not None:
            child.remember(record, time)

    def key_of(self, record: Record) -> str | None:
        """Return the key of a record."""
        return record.source if self.plan.per == "source" else record.subject

    def child(self, key: str) -> Running:
        """Return the state of a key, made if need be."""
        if key not in self.children:
            self.children[key] = self.make(self.watch, self.plan, self.position, key)
        return self.children[key]


Member = tuple[Target, Slot, Of]  # what an index offers records to: a target, the slot, and the slot's patterns


class SeenTrack:
    """Notes the last match of one `seen` guard of a watch."""

    __slots__ = ("position", "watch")

    def __init__(self, watch: Watch, position: int) -> None:
        self.watch, self.position = watch, position

    def match(self, ground: Ground, slot: Slot, record: Record, time: int, pattern: int, of: Of) -> None:
        """Take a match."""
        self.remember(record, time)

    def remember(self, record: Record, time: int) -> None:
        """Take a match from before the rule was put."""
        last = self.watch.tracks[self.position]
        if last is None or time > last:
            self.watch.tracks[self.position] = time


NOTHING_SEEN: Tracks = []


class Watch:
    """A rule in a home. It is `gone` once dropped, replaced or done; what is gone neither decides nor fires."""

    __slots__ = ("decided", "enabled", "expires", "gone", "id", "kept", "once", "plan", "put", "targets", "tracks")
    plan: Plan

    def __init__(self, terms: Terms, plan: Plan, put: int) -> None:
        self.id = terms.id
        self.put = put
        self.gone = False
        self.decided: list[Any] | None = None  # of an `any`: an instant, and what was fired about then
        self.kept: dict[Place, int] | None = None  # of a paused rule: its cooldowns
        self.tracks: Tracks = NOTHING_SEEN
        self.adopt(terms, plan)
        leaves = plan.leaves if terms.enabled else ()
        self.targets: tuple[Running | Split, ...] = tuple(
            target for position, leaf in enumerate(leaves) for target in _targets(self, leaf, position)
        )

    def adopt(self, terms: Terms, plan: Plan) -> None:
        """Take the terms and everything of a plan but its conditions; what the same guards have seen is kept."""
        seen = {} if self.tracks is NOTHING_SEEN else dict(zip(self.plan.guards.seen, self.tracks, strict=True))
        self.plan = plan
        self.enabled, self.expires, self.once = terms.enabled, terms.expiry(), terms.once
        self.tracks = [seen.get(wanted) for wanted in plan.guards.seen] or NOTHING_SEEN

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

    def seen_members(self) -> list[Member]:
        """Return what records are offered to on behalf of the `seen` guards."""
        return [(SeenTrack(self, i), 0, wanted.matchers) for i, wanted in enumerate(self.plan.guards.seen)]

    def reports_to(self, people: tuple[str, ...]) -> Iterator[tuple[str, RunningHolds]]:
        """Yield the sources whose every report a condition judges."""
        for target in self.targets:
            if isinstance(target, RunningHolds):
                for source in named(target.plan.sources, people):
                    yield source, target

    def cooldowns(self) -> dict[Place, int]:
        """Return when each `occurs` last fired."""
        found = dict(self.kept or {})
        for running in self.running():
            if isinstance(running, RunningOccurs) and running.last_fired is not None:
                found[running.position, running.key] = running.last_fired
        return found

    def cool(self, cooldowns: dict[Place, int]) -> None:
        """Take the cooldowns of an earlier watch with the same conditions."""
        if not self.enabled:
            self.kept = cooldowns
        for (position, key), fired in cooldowns.items():
            running = self.at(position, key)
            if isinstance(running, RunningOccurs):
                running.last_fired = fired

    def at(self, position: int, key: str | None) -> Running | None:
        """Return the running state at a place, made if its condition makes one for each key."""
        for target in self.targets:
            if isinstance(target, Split):
                if target.position == position and key is not None:
                    return target.child(key)
            elif (target.position, target.key) == (position, key):
                return target
        return None


def _targets(watch: Watch, leaf: LeafPlan, position: int) -> Iterator[Running | Split]:
    if isinstance(leaf, dict):
        for key, plan in leaf.items():
            yield RunningHolds(watch, plan, position, key)
    elif isinstance(leaf, AtPlan):
        yield RunningAt(watch, leaf, position, None)
    elif leaf.per is None:
        yield _make(leaf)(watch, leaf, position, None)
    else:
        split = Split(watch, leaf, _make(leaf), position)
        if isinstance(leaf, AbsentPlan):
            for key in keys_of(leaf.of, leaf.per):
                split.child(key)
        yield split


def _make(leaf: OccursPlan | AbsentPlan | SequencePlan | CountPlan) -> Callable[..., Running]:
    match leaf:
        case OccursPlan():
            return run_occurs
        case AbsentPlan():
            return run_absent
        case SequencePlan():
            return RunningSequence
        case CountPlan():
            return RunningCount
