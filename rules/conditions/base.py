"""What every condition's running state has: its place in a rule, its deadline, and what it may ask of its house.

A `Running` is the state of one condition of one rule (and of one `per` key). It is matched by records, decides at its
deadline, and asks the `Ground` it stands on for everything else. Its plan is its configuration: immutable, shared.

A deadline moves often and falls due seldom, so the heap holds at most one useful entry for each running state: moving
a deadline later only notes it, and the entry is put back when it comes up too early.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from zoneinfo import ZoneInfo

from rules.coverage import Spot
from rules.firing import Verdict
from rules.guard import View
from rules.home import Location
from rules.match import Matcher
from rules.record import Record
from rules.trace import Tracer, What
from rules.units import DAY

if TYPE_CHECKING:
    from rules.conditions.occurs import RunningLasting
    from rules.watch import Watch

Slot = int
Waiting = tuple["RunningLasting", str]  # for the end of an episode, with the id of its first matching record
Of = tuple[Matcher, ...]
Evidence = tuple[str, ...]


class Ground(View, Protocol):
    """What a running condition asks of its house."""

    zone: ZoneInfo
    place: Location | None
    people: tuple[str, ...]
    began: int | None
    lateness: int
    watermark: int
    late: bool
    trace: Tracer | None

    def schedule(self, due: int, running: Running) -> None:
        """Call `running.decide` at `due`, unless it has moved by then."""

    def happens(self, running: Running, slot: Slot, record: Record, of: Of) -> bool:
        """Tell whether a matching record is a happening: an edge of a state, or the first match of an episode."""

    def permits(self, running: Running, time: int, evidence: Evidence) -> bool:
        """Tell whether the rule's guards hold."""

    def judge(
        self, running: Running, spots: tuple[Spot, ...], start: int, due: int, evidence: Evidence
    ) -> tuple[Verdict | None, dict[str, Any]]:
        """Return the verdict of an absence over `[start, due)` (None: say nothing), and its coverage."""

    def fire(
        self,
        running: Running,
        about: str,
        verdict: Verdict,
        time: int,
        evidence: Evidence,
        pattern: int | None = None,
        coverage: dict[str, Any] | None = None,
    ) -> bool:
        """Emit a firing; return False where the rule may not fire now."""

    def await_end(self, who: Waiting, episode: Any) -> None:
        """Call `end` of the running condition, with the id, when an episode ends."""

    def forget_end(self, who: Waiting, episode: Any) -> None:
        """Take back `await_end`."""

    def note(self, running: Running, what: What, time: int, evidence: Evidence = (), **detail: Any) -> None:
        """Leave a trace, where somebody asked for it."""


class Running:
    """The running state of one condition: matched by records, decides at its deadline."""

    __slots__ = ("due", "key", "order", "plan", "position", "scheduled", "watch")

    state: ClassVar[tuple[str, ...]] = ("due",)  # what a snapshot keeps, as JSON values

    def __init__(self, watch: Watch, plan: Any, position: int, key: str | None) -> None:
        self.watch, self.plan, self.position, self.key = watch, plan, position, key
        self.order = order_of(watch, position, key)
        self.due: int | None = None
        self.scheduled: int | None = None

    def begin(self, ground: Ground, put: int) -> None:
        """Start anew at the instant the rule was put."""

    def match(self, ground: Ground, slot: Slot, record: Record, time: int, pattern: int, of: Of) -> None:
        """Take a record that matches pattern number `pattern` of a slot."""
        raise AssertionError(f"{type(self).__name__} has no patterns")

    def decide(self, ground: Ground, due: int) -> None:
        """Decide at a deadline, with everything before it known."""
        raise AssertionError(f"{type(self).__name__} has no deadlines")

    def remember(self, record: Record, time: int) -> None:
        """Take evidence from before the rule was put."""

    def arm(self, ground: Ground, due: int) -> None:
        """Set the deadline."""
        if self.watch.gone:
            return
        self.due = due
        if self.scheduled is None or due < self.scheduled:
            self.scheduled = due
            ground.schedule(due, self)

    def come_up(self, ground: Ground, due: int) -> None:
        """Take an entry of the heap: decide if it is time, else wait for the deadline as it is now."""
        if self.scheduled == due:
            self.scheduled = None
        if self.due is None:
            return
        if self.due <= due:
            self.due = None
            self.decide(ground, due)
        elif self.scheduled is None:
            self.scheduled = self.due
            ground.schedule(self.due, self)

    def look_again(self, ground: Ground, due: int) -> None:
        """Take an entry of the heap that is not the deadline any more, before its time."""
        if self.scheduled == due:
            self.scheduled = None
        if self.due is not None and self.scheduled is None:
            self.scheduled = self.due
            ground.schedule(self.due, self)

    def __lt__(self, other: Running) -> bool:
        """Order entries of the heap that differ in nothing else: two of the same state, of which one is stale."""
        return False

    def about(self, text: str) -> str:
        """Return what an occurrence is about: the text, and the key where each key has its own state."""
        return text if self.key is None else f"{text}|{self.key}"

    def save(self) -> list[Any]:
        """Return the state as JSON values."""
        return [getattr(self, name) for name in self.state]

    def load(self, ground: Ground, saved: list[Any]) -> None:
        """Take the state that `save` described and set the deadline again."""
        for name, value in zip(self.state, saved, strict=True):
            setattr(self, name, value)
        if self.due is not None:
            self.arm(ground, self.due)


def order_of(watch: Watch, position: int, key: str | None) -> str:
    """Return the text by which deadlines of the same instant are ordered: rule, position, key."""
    if key is None and position == 0:
        return watch.id
    return f"{watch.id}\x00{position:04d}\x00{key or ''}"


class Absence(Running):
    """A condition about what did not happen: told once, then corrected or resolved by what comes later."""

    __slots__ = ("told", "unresolved")

    state: ClassVar[tuple[str, ...]] = ("due", "told", "unresolved")

    def __init__(self, watch: Watch, plan: Any, position: int, key: str | None) -> None:
        super().__init__(watch, plan, position, key)
        # [about, due, first instant that would have counted] of each absence told in the last day, in order
        self.told: list[list[Any]] | None = None
        self.unresolved = False  # the last of them

    def tell(
        self,
        ground: Ground,
        spots: tuple[Spot, ...],
        start: int,
        due: int,
        counts_from: int,
        about: str,
        evidence: Evidence,
    ) -> None:
        """Decide an absence over `[start, due)`, in which a match from `counts_from` on would have counted."""
        self.close(ground, due)
        if not ground.permits(self, due, evidence):
            return
        verdict, coverage = ground.judge(self, spots, start, due, evidence)
        if verdict is not None and ground.fire(self, about, verdict, due, evidence, None, coverage):
            self.told = self.told or []
            self.told.append([about, due, counts_from])
            self.unresolved = True

    def close(self, ground: Ground, time: int) -> None:
        """Note that a decision was made: what was told before is not resolved any more, and in a day not corrected."""
        self.unresolved = False
        while self.told and self.told[0][1] + DAY + ground.lateness < time:
            del self.told[0]
        self.told = self.told or None

    def hear(self, ground: Ground, record: Record, time: int, pattern: int) -> None:
        """Correct or resolve what was told, now that a match is known."""
        if not self.told:
            return
        about, due, _ = self.told[-1]
        if self.unresolved and time >= due:
            self.unresolved = False
            ground.fire(self, about, "resolved", time, (record.id,), pattern)
        elif ground.late:
            self.correct(ground, record, time, pattern)

    def correct(self, ground: Ground, record: Record, time: int, pattern: int) -> None:
        """Correct the absence that a late match contradicts, if it was told within a day."""
        for entry in self.told or ():
            about, due, start = entry
            if start <= time < due and ground.watermark <= due + DAY:
                self.unresolved = self.unresolved and entry is not self.told[-1]  # type: ignore[index]  # it has entries
                self.told.remove(entry)  # type: ignore[union-attr]
                ground.fire(self, about, "corrected", due, (record.id,), pattern)
                return
