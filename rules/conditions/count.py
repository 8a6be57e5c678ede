"""`count`: so many matches within a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from rules.conditions.base import Ground, Of, Running, Slot
from rules.match import compile_pattern
from rules.record import Record
from rules.rule import Count
from rules.units import microseconds

if TYPE_CHECKING:
    from rules.watch import Watch


Match = tuple[int, str]  # time, record id


@dataclass(frozen=True, slots=True)
class CountPlan:
    """What a `count` waits for; `within` in microseconds."""

    of: Of
    at_least: int
    within: int
    per: str | None


def plan_count(condition: Count) -> CountPlan:
    """Compile a `count`."""
    of = tuple(map(compile_pattern, condition.of))
    return CountPlan(of, condition.at_least, microseconds(condition.within), condition.per)


class RunningCount(Running):
    """Keeps the last `at_least` matches, in order: they count when the first of them is recent enough."""

    __slots__ = ("matches",)

    state: ClassVar[tuple[str, ...]] = ("due",)
    plan: CountPlan

    def __init__(self, watch: Watch, plan: CountPlan, position: int, key: str | None) -> None:
        super().__init__(watch, plan, position, key)
        self.matches: deque[Match] = deque()

    def match(self, ground: Ground, slot: Slot, record: Record, time: int, pattern: int, of: Of) -> None:
        if not ground.happens(self, slot, record, of):
            return
        if ground.late:
            self.match_late(ground, record, time, pattern)
            return
        if ground.trace is not None:
            known = self.within([*self.matches, (time, record.id)], time)
            ground.note(self, "matched", time, (record.id,), count=len(known[-self.plan.at_least :]))
        oldest = time - self.plan.within
        self.matches.append((time, record.id))
        extra = len(self.matches) - self.plan.at_least  # 1 at most
        if extra >= 0 and self.matches[extra][0] > oldest:
            counted = tuple(islice(self.matches, extra, None))
            if self.fires(ground, counted, record, time, pattern):
                unused = self.matches[0]
                self.matches = deque([unused] if extra and unused[0] <= oldest else ())
                return
        if extra > 0:
            self.matches.popleft()

    def match_late(self, ground: Ground, record: Record, time: int, pattern: int) -> None:
        """Take a match that may come before others: what counts is what is known by now."""
        matches = sorted((*self.matches, (time, record.id)))
        counted = self.within(matches, time)[-self.plan.at_least :]
        ground.note(self, "matched", time, (record.id,), count=len(counted))
        if len(counted) == self.plan.at_least and self.fires(ground, counted, record, time, pattern):
            used = set(self.within(matches, time))
            matches = [match for match in matches if match not in used]
        self.matches = deque(matches[-self.plan.at_least :])

    def within(self, matches: Iterable[Match], time: int) -> list[Match]:
        """Return the matches that count at a time."""
        return [match for match in matches if time - self.plan.within < match[0] <= time]

    def fires(self, ground: Ground, counted: Iterable[Match], record: Record, time: int, pattern: int) -> bool:
        """Fire at a record, unless a guard stops it."""
        evidence = tuple(id for _, id in counted)
        if not ground.permits(self, time, evidence):
            return False
        return ground.fire(self, record.id, "fired", time, evidence, pattern)

    def save(self) -> list[Any]:
        return [*super().save(), list(self.matches)]

    def load(self, ground: Ground, saved: list[Any]) -> None:
        *state, matches = saved
        super().load(ground, state)
        self.matches.extend((time, id) for time, id in matches)
