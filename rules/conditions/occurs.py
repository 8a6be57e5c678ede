"""`occurs`: at a match, once an episode has lasted, or some time after a match."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from rules.conditions.base import Ground, Of, Running, Slot
from rules.match import compile_pattern
from rules.record import Record
from rules.rule import Occurs
from rules.units import microseconds, rfc3339

if TYPE_CHECKING:
    from rules.watch import Watch


@dataclass(frozen=True, slots=True)
class OccursPlan:
    """What an `occurs` waits for; lengths in microseconds."""

    of: Of
    cooldown: int
    after: int | None
    lasting: int | None
    per: str | None


def plan_occurs(condition: Occurs) -> OccursPlan:
    """Compile an `occurs`."""
    return OccursPlan(
        tuple(map(compile_pattern, condition.of)),
        microseconds(condition.cooldown) if condition.cooldown else 0,
        microseconds(condition.after) if condition.after else None,
        microseconds(condition.lasting) if condition.lasting else None,
        condition.per,
    )


class RunningOccurs(Running):
    """Fires at the match itself."""

    __slots__ = ("last_fired",)

    state: ClassVar[tuple[str, ...]] = ("due", "last_fired")
    plan: OccursPlan

    def __init__(self, watch: Watch, plan: OccursPlan, position: int, key: str | None) -> None:
        super().__init__(watch, plan, position, key)
        self.last_fired: int | None = None

    def match(self, ground: Ground, slot: Slot, record: Record, time: int, pattern: int, of: Of) -> None:
        if ground.happens(self, slot, record, of):
            self.happened(ground, record, time, pattern)

    def happened(self, ground: Ground, record: Record, time: int, pattern: int) -> None:
        """Take a happening."""
        self.go(ground, record.id, time, record.id, pattern)

    def go(self, ground: Ground, about: str, time: int, id: str, pattern: int) -> None:
        """Fire, unless cooling down or stopped by a guard."""
        cooldown = self.plan.cooldown
        if cooldown and self.last_fired is not None and time < self.last_fired + cooldown:
            ground.note(self, "cooldown", time, (id,), last_fired=self.last_fired)
        elif ground.permits(self, time, (id,)) and ground.fire(self, about, "fired", time, (id,), pattern):
            self.last_fired = time


class RunningAfter(RunningOccurs):
    """Fires some time after a match; one wait at a time."""

    __slots__ = ("cause",)

    state: ClassVar[tuple[str, ...]] = ("due", "last_fired", "cause")

    def __init__(self, watch: Watch, plan: OccursPlan, position: int, key: str | None) -> None:
        super().__init__(watch, plan, position, key)
        self.cause: list[Any] | None = None

    def happened(self, ground: Ground, record: Record, time: int, pattern: int) -> None:
        assert self.plan.after is not None
        due = time + self.plan.after
        if self.due is not None or (ground.late and due <= ground.watermark):
            ground.note(self, "repeat", time, (record.id,), due=self.due)
            return
        self.cause = [record.id, pattern]
        self.arm(ground, due)
        ground.note(self, "waiting", time, (record.id,), due=due)

    def decide(self, ground: Ground, due: int) -> None:
        assert self.cause is not None
        (id, pattern), self.cause = self.cause, None
        self.go(ground, self.about(rfc3339(due)), due, id, pattern)


class RunningLasting(RunningOccurs):
    """Fires once an episode has lasted; each episode has its own deadline."""

    __slots__ = ("pending",)

    state: ClassVar[tuple[str, ...]] = ("due", "last_fired")

    def __init__(self, watch: Watch, plan: OccursPlan, position: int, key: str | None) -> None:
        super().__init__(watch, plan, position, key)
        # by the id of an episode's first matching record: [due, that id, pattern, episode], in order
        self.pending: OrderedDict[str, list[Any]] = OrderedDict()

    def happened(self, ground: Ground, record: Record, time: int, pattern: int) -> None:
        assert self.plan.lasting is not None
        due = time + self.plan.lasting
        if ground.late and due <= ground.watermark:
            return
        self.add(ground, [due, record.id, pattern, record.data.get("episode")])
        if ground.late:
            self.pending = OrderedDict(sorted(self.pending.items(), key=lambda item: item[1][:2]))
        self.arm_next(ground)
        ground.note(self, "waiting", time, (record.id,), due=due)

    def add(self, ground: Ground, entry: list[Any]) -> None:
        """Let an episode wait for its deadline."""
        _, id, _, episode = entry
        self.pending[id] = entry
        if episode is not None:
            ground.await_end((self, id), episode)

    def arm_next(self, ground: Ground) -> None:
        """Set the deadline to the first that is pending."""
        if self.pending:
            self.arm(ground, next(iter(self.pending.values()))[0])
        else:
            self.due = None

    def end(self, ground: Ground, id: str, time: int) -> None:
        """Cancel the deadline of an episode that ended."""
        due = self.pending.pop(id)[0]
        self.arm_next(ground)
        ground.note(self, "ended", time, (id,), due=due, since=due - (self.plan.lasting or 0))

    def decide(self, ground: Ground, due: int) -> None:
        try:
            while self.pending and next(iter(self.pending.values()))[0] <= due:
                id, (when, _, pattern, episode) = self.pending.popitem(last=False)
                ground.forget_end((self, id), episode)
                self.go(ground, self.about(f"{rfc3339(when)}#{id}"), when, id, pattern)
        finally:  # a fault at one episode leaves the others their deadlines
            self.arm_next(ground)

    def save(self) -> list[Any]:
        return [*super().save(), list(self.pending.values())]

    def load(self, ground: Ground, saved: list[Any]) -> None:
        *state, pending = saved
        super().load(ground, state)
        for entry in pending:
            self.add(ground, entry)


def run_occurs(watch: Watch, plan: OccursPlan, position: int, key: str | None) -> RunningOccurs:
    """Return the running state that the plan asks for."""
    if plan.after is not None:
        return RunningAfter(watch, plan, position, key)
    if plan.lasting is not None:
        return RunningLasting(watch, plan, position, key)
    return RunningOccurs(watch, plan, position, key)
