"""`holds`: a guard over states has held for a time since the report that made it true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rules.conditions.base import Ground, Running
from rules.guard import Test, compile_guard, guard_spots
from rules.record import Record
from rules.rule import AllGuard, AnyGuard, Guard, Holds, NotGuard, StateGuard
from rules.units import microseconds, rfc3339

if TYPE_CHECKING:
    from rules.watch import Watch


@dataclass(frozen=True, slots=True)
class HoldsPlan:
    """What a `holds` waits for, of one key; `lasting` in microseconds."""

    test: Test
    sources: tuple[str, ...]
    lasting: int


def plan_holds(condition: Holds) -> dict[str | None, HoldsPlan]:
    """Compile a `holds`: one plan, or with `per` one for each source that its state guards name."""
    if condition.per is None:
        return {None: _plan(condition.state, condition.lasting)}
    leaves = {source: _only_about(condition.state, source) for source in _state_sources(condition.state)}
    return {key: _plan(guard, condition.lasting) for key, guard in leaves.items() if guard is not None}


def _plan(guard: Guard, lasting: str) -> HoldsPlan:
    sources = tuple(dict.fromkeys(guard_spots(guard)))  # of states and persons, which have no zones
    return HoldsPlan(compile_guard(guard, []), sources, microseconds(lasting))


def _state_sources(guard: Guard) -> tuple[str, ...]:
    match guard:
        case StateGuard():
            return (guard.state,)
        case NotGuard():
            return _state_sources(guard.negated)
        case AnyGuard():
            return tuple(dict.fromkeys(s for inner in guard.any for s in _state_sources(inner)))
        case AllGuard():
            return tuple(dict.fromkeys(s for inner in guard.all for s in _state_sources(inner)))
        case _:
            return ()


def _only_about(guard: Guard, source: str) -> Guard | None:
    """Return the guard without its leaves about other sources, or None if nothing is left."""
    match guard:
        case StateGuard():
            return guard if guard.state == source else None
        case NotGuard():
            inner = _only_about(guard.negated, source)
            return None if inner is None else guard.model_copy(update={"negated": inner})
        case AnyGuard():
            some = tuple(g for g in (_only_about(inner, source) for inner in guard.any) if g is not None)
            return guard.model_copy(update={"any": some}) if some else None
        case AllGuard():
            rest = tuple(g for g in (_only_about(inner, source) for inner in guard.all) if g is not None)
            return guard.model_copy(update={"all": rest}) if rest else None
        case _:
            return guard


class RunningHolds(Running):
    """Judges its guard at every report of its sources."""

    __slots__ = ("cause", "since", "told", "true")

    state: ClassVar[tuple[str, ...]] = ("due", "true", "since", "cause", "told")
    plan: HoldsPlan

    def __init__(self, watch: Watch, plan: HoldsPlan, position: int, key: str | None) -> None:
        super().__init__(watch, plan, position, key)
        self.true = False
        self.since = 0
        self.cause: str | None = None
        self.told: str | None = None

    def begin(self, ground: Ground, put: int) -> None:
        self.report(ground, None, put)

    def report(self, ground: Ground, record: Record | None, time: int) -> None:
        """Judge the guard again, after a report or when the rule is put."""
        true = self.plan.test(ground, [], time) is True
        if true and not self.true:
            self.rise(ground, record, time)
        elif self.true and not true:
            self.fall(ground, record, time)
        self.true = true

    def rise(self, ground: Ground, record: Record | None, time: int) -> None:
        """Take a report that made the guard true."""
        self.since, self.cause = max(time, self.watch.put), record.id if record else None
        due = self.since + self.plan.lasting
        if not ground.late or due > ground.watermark:
            self.arm(ground, due)
            ground.note(self, "waiting", time, self.evidence(), due=due)

    def fall(self, ground: Ground, record: Record | None, time: int) -> None:
        """Take a report that made the guard false, or unknown."""
        evidence = (record.id,) if record else ()
        ground.note(self, "ended", time, evidence, due=self.due, since=self.since)
        self.due = None
        if self.told is not None:
            about, self.told = self.told, None
            ground.fire(self, about, "resolved", time, evidence)

    def evidence(self) -> tuple[str, ...]:
        """Return the report that made the guard true; empty if it was true when the rule was put."""
        return () if self.cause is None else (self.cause,)

    def decide(self, ground: Ground, due: int) -> None:
        if not ground.permits(self, due, self.evidence()):
            return
        verdict, coverage = ground.judge(self, self.plan.sources, self.since, due, self.evidence())
        about = self.about(rfc3339(due))
        if verdict is not None and ground.fire(self, about, verdict, due, self.evidence(), None, coverage):
            self.told = about
