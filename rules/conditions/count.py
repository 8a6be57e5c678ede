"""`count`: so many matches within a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from rules.conditions.base import Evidence, Ground, Of, Running, Slot
from rules.match import compile_pattern
from rules.record import Record
from rules.rule import Count
from rules.units import microseconds

if TYPE_CHECKING:
    from rules.watch import Watch


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
    """Keeps the last matches, in order."""

    __slots__ = ("matches",)

    state: ClassVar[tuple[str, ...]] = ("due", "matches")
    plan: CountPlan

    def __init__(self, watch: Watch, plan: CountPlan, position: int, key: str | None) -> None:
        super().__init__(watch, plan, position, key)
        self.matches: list[list[Any]] = []  # [time, id]

    def match(self, ground: Ground, slot: Slot, record: Record, time: int, pattern: int, of: Of) -> None:
        if not ground.happens(self, slot, record, of):
            return
        at_least, oldest = self.plan.at_least, time - self.plan.within
        matches = [*self.matches, [time, record.id]]
        matches.sort()  # a late match comes before others
        counted = [match for match in matches if oldest < match[0] <= time][-at_least:]
        ground.note(self, "matched", time, (record.id,), count=len(counted))
        if len(counted) == at_least and self.fires(ground, tuple(id for _, id in counted), record, time, pattern):
            matches = [match for match in matches if not oldest < match[0] <= time]
        self.matches = matches[-at_least:]

    def fires(self, ground: Ground, evidence: Evidence, record: Record, time: int, pattern: int) -> bool:
        """Fire at a record, unless a guard stops it."""
        if not ground.permits(self, time, evidence):
            return False
        return ground.fire(self, record.id, "fired", time, evidence, pattern)
