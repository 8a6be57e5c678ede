"""`sequence`: one thing, then another within a time; or the other missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from rules.conditions.absent import rests_on
from rules.conditions.base import Absence, Ground, Of, Slot
from rules.coverage import Spot
from rules.match import compile_pattern, spots_of
from rules.record import Record
from rules.rule import Sequence
from rules.units import microseconds, rfc3339

if TYPE_CHECKING:
    from rules.watch import Watch

FIRST, THEN = 0, 1


@dataclass(frozen=True, slots=True)
class SequencePlan:
    """What a `sequence` waits for; `within` in microseconds."""

    first: Of
    then: Of
    spots: tuple[Spot, ...]
    within: int
    missing: bool
    per: str | None


def plan_sequence(condition: Sequence) -> SequencePlan:
    """Compile a `sequence`."""
    then = tuple(map(compile_pattern, condition.then))
    return SequencePlan(
        tuple(map(compile_pattern, condition.first)),
        then,
        spots_of(then),
        microseconds(condition.within),
        condition.missing,
        condition.per,
    )


class RunningSequence(Absence):
    """Waits for `then` once `first` has come. The `then` slot is offered a record before the `first` slot is."""

    __slots__ = ("first", "used")

    state: ClassVar[tuple[str, ...]] = (*Absence.state, "first", "used")
    plan: SequencePlan

    def __init__(self, watch: Watch, plan: SequencePlan, position: int, key: str | None) -> None:
        super().__init__(watch, plan, position, key)
        self.first: list[Any] | None = None  # [time, id]
        self.used: str | None = None  # the id of the last `then`, which is not a `first` too

    def match(self, ground: Ground, slot: Slot, record: Record, time: int, pattern: int, of: Of) -> None:
        if not ground.happens(self, slot, record, of):
            return
        if slot == THEN:
            ground.note(self, "matched", time, (record.id,))
            self.hear(ground, record, time, pattern)
            self.follow(ground, record, time, pattern)
        elif self.used != record.id:
            self.lead(ground, record, time)

    def lead(self, ground: Ground, record: Record, time: int) -> None:
        """Take a `first`, unless one is pending."""
        due = time + self.plan.within
        if self.first is not None and time < self.first[0] + self.plan.within:
            return
        if ground.late and due <= ground.watermark:
            return
        self.first = [time, record.id]
        ground.note(self, "waiting", time, (record.id,), due=due)
        if self.plan.missing:
            self.arm(ground, due)

    def follow(self, ground: Ground, record: Record, time: int, pattern: int) -> None:
        """Take a `then`; it counts strictly after its `first` and strictly before the time is up."""
        if self.first is None or not self.first[0] < time < self.first[0] + self.plan.within:
            return
        evidence = (self.first[1], record.id)
        self.first, self.due, self.used = None, None, record.id
        if self.plan.missing:
            self.close(ground, time)
            ground.note(self, "quiet", time, evidence)
        elif ground.permits(self, time, evidence):
            ground.fire(self, record.id, "fired", time, evidence, pattern)

    def decide(self, ground: Ground, due: int) -> None:
        assert self.first is not None
        (start, id), self.first = self.first, None
        spots = rests_on(self.plan.then, self.plan.spots, self.plan.per, self.key)
        self.tell(ground, spots, start, due, start + 1, self.about(rfc3339(due)), (id,))
