"""`absent`: nothing matched in a daily window, or for a duration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rules import calendar
from rules.conditions.base import Absence, Ground, Of, Slot
from rules.coverage import Spot
from rules.match import Matcher, compile_pattern, spots_of
from rules.record import Record
from rules.rule import Absent
from rules.units import WEEKDAYS, microseconds, rfc3339, seconds_of_day

if TYPE_CHECKING:
    from rules.watch import Watch


@dataclass(frozen=True, slots=True)
class AbsentPlan:
    """What an `absent` waits for: a window in seconds of the day on some weekdays, or a duration in microseconds."""

    of: Of
    spots: tuple[Spot, ...]
    start: int
    until: int
    days: frozenset[int] | None
    duration: int | None
    per: str | None


def plan_absent(condition: Absent) -> AbsentPlan:
    """Compile an `absent`."""
    of = tuple(map(compile_pattern, condition.of))
    spots = spots_of(of)
    window = condition.window
    if window is None:
        assert condition.duration is not None
        return AbsentPlan(of, spots, 0, 0, None, microseconds(condition.duration), condition.per)
    days = frozenset(map(WEEKDAYS.index, window.days)) if window.days else None
    return AbsentPlan(of, spots, seconds_of_day(window.start), seconds_of_day(window.until), days, None, condition.per)


def rests_on(of: Of, spots: tuple[Spot, ...], per: str | None, key: str | None) -> tuple[Spot, ...]:
    """Return the spots that the absence of a match rests on, for one key."""
    if key is None:
        return spots
    if per == "source":
        own = (m.spots_at(key) for m in of if m.sources is None or key in m.sources)
        return tuple(dict.fromkeys(spot for some in own for spot in some)) or (key,)
    return spots_of(m for m in of if m.subjects is None or key in m.subjects)


def keys_of(of: Of, per: str) -> tuple[str, ...]:
    """Return the keys that patterns name: an absence is decided for each."""

    def named(matcher: Matcher) -> tuple[str, ...]:
        return (matcher.sources if per == "source" else matcher.subjects) or ()

    return tuple(dict.fromkeys(key for matcher in of for key in named(matcher)))


class RunningWindow(Absence):
    """Decides each local date's window at its end."""

    __slots__ = ("day", "last", "start")

    state: ClassVar[tuple[str, ...]] = (*Absence.state, "day", "start", "last")
    plan: AbsentPlan

    def __init__(self, watch: Watch, plan: AbsentPlan, position: int, key: str | None) -> None:
        super().__init__(watch, plan, position, key)
        self.day, self.start = 0, 0  # of the window that is decided next
        self.last: int | None = None

    def begin(self, ground: Ground, put: int) -> None:
        self.wait(ground, calendar.local(ground.zone, put)[0] - 2, put)

    def wait(self, ground: Ground, day: int, after: int) -> None:
        """Wait for the first window of `day` or later that ends after an instant and does not begin before the log."""
        began = ground.began if ground.began is not None else after
        while True:
            if self.plan.days is None or calendar.weekday(day) in self.plan.days:
                start, until = calendar.window_on(ground.zone, day, self.plan.start, self.plan.until)
                if until > after and began <= start < until:
                    self.day, self.start = day, start
                    self.arm(ground, until)
                    return
            day += 1

    def remember(self, record: Record, time: int) -> None:
        self.last = time if self.last is None else max(self.last, time)

    def match(self, ground: Ground, slot: Slot, record: Record, time: int, pattern: int, of: Of) -> None:
        if self.last is None or time > self.last:
            self.last = time
        if self.told:
            self.hear(ground, record, time, pattern)
        ground.note(self, "matched", time, (record.id,))

    def decide(self, ground: Ground, due: int) -> None:
        day, start = self.day, self.start
        self.wait(ground, day + 1, due)
        if self.last is not None and self.last >= start:
            self.close(ground, due)
            ground.note(self, "quiet", due, start=start, last=self.last)
            return
        spots = rests_on(self.plan.of, self.plan.spots, self.plan.per, self.key)
        text = calendar.date_text(day) + (f"#{self.position}" if self.position else "")
        self.tell(ground, spots, start, due, start, self.about(text), ())


class RunningDuration(Absence):
    """Decides once a duration has passed since the last match."""

    __slots__ = ("last",)

    state: ClassVar[tuple[str, ...]] = (*Absence.state, "last")
    plan: AbsentPlan

    def __init__(self, watch: Watch, plan: AbsentPlan, position: int, key: str | None) -> None:
        super().__init__(watch, plan, position, key)
        self.last = 0

    def begin(self, ground: Ground, put: int) -> None:
        assert self.plan.duration is not None
        self.last = put
        self.arm(ground, put + self.plan.duration)

    def match(self, ground: Ground, slot: Slot, record: Record, time: int, pattern: int, of: Of) -> None:
        assert self.plan.duration is not None
        if self.told:
            self.hear(ground, record, time, pattern)
        ground.note(self, "matched", time, (record.id,))
        if time <= self.last:
            return
        self.last = time
        due = time + self.plan.duration
        if not ground.late or due > ground.watermark:
            self.arm(ground, due)

    def decide(self, ground: Ground, due: int) -> None:
        spots = rests_on(self.plan.of, self.plan.spots, self.plan.per, self.key)
        self.tell(ground, spots, self.last, due, self.last + 1, self.about(rfc3339(due)), ())


def run_absent(watch: Watch, plan: AbsentPlan, position: int, key: str | None) -> Absence:
    """Return the running state that the plan asks for."""
    kind = RunningWindow if plan.duration is None else RunningDuration
    return kind(watch, plan, position, key)
