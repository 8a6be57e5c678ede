"""`at`: at a local time, at sunrise or sunset, or as an RFC 5545 rule says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from rules import calendar
from rules.conditions.base import Ground, Running
from rules.rule import At
from rules.units import FIRST_YEAR, LAST_YEAR, WEEKDAYS, offset_microseconds, rfc3339, seconds_of_day

if TYPE_CHECKING:
    from rules.watch import Watch

HORIZON_DAYS = 366 * 5  # where the sun does not set for so long, it is not waited for


@dataclass(frozen=True, slots=True)
class AtPlan:
    """When an `at` is due: a clock in seconds of the day, or the sun, on weekdays, one date, or a recurrence."""

    clock: int | None
    sun: str | None
    offset: int
    days: frozenset[int] | None
    date: int | None
    rrule: str | None


def plan_at(condition: At) -> AtPlan:
    """Compile an `at`."""
    return AtPlan(
        seconds_of_day(condition.time) if condition.time else None,
        condition.sun,
        offset_microseconds(condition.offset) if condition.offset else 0,
        frozenset(map(WEEKDAYS.index, condition.days)) if condition.days else None,
        condition.date.toordinal() if condition.date else None,
        condition.rrule,
    )


class RunningAt(Running):
    """Waits for its next instant. `put` anchors a recurrence that has no DTSTART of its own."""

    __slots__ = ("put", "recurrence")

    state: ClassVar[tuple[str, ...]] = ("due", "put")
    plan: AtPlan

    def __init__(self, watch: Watch, plan: AtPlan, position: int, key: str | None) -> None:
        super().__init__(watch, plan, position, key)
        self.put = 0
        self.recurrence: Iterator[int] | None = None  # derived: begun anew after a restore

    def begin(self, ground: Ground, put: int) -> None:
        self.put = put
        self.wait(ground, put)

    def wait(self, ground: Ground, earliest: int) -> None:
        """Wait for the first instant at or after one, if there is any."""
        if self.plan.rrule is None:
            instants = _dated(self.plan, ground, earliest)
        else:
            instants = self.recurrence = self.recurrence or _recurring(self.plan, ground, self.put, earliest)
        due = next((instant for instant in instants if instant >= earliest), None)
        if due is not None:
            self.arm(ground, due)

    def decide(self, ground: Ground, due: int) -> None:
        self.wait(ground, due + 1)
        if ground.permits(self, due, ()):
            ground.fire(self, rfc3339(due), "fired", due, ())


def _dated(plan: AtPlan, ground: Ground, earliest: int) -> Iterator[int]:
    """Yield the instants on the plan's date or weekdays, from a little before `earliest` on."""
    if plan.date is not None:
        days: Iterable[int] = (plan.date,)
    else:
        # A time of the date before may count: a skipped local time, or a summer's sunset after midnight in the north.
        first = calendar.local(ground.zone, earliest - plan.offset)[0]
        early = 1 if plan.clock is not None or (ground.place and abs(ground.place.latitude) > 50) else 0
        days = range(first - early, first + HORIZON_DAYS)
    for day in days:
        if plan.days is None or calendar.weekday(day) in plan.days:
            found = _on(plan, ground, day)
            if found is not None:
                yield found


def _recurring(plan: AtPlan, ground: Ground, put: int, earliest: int) -> Iterator[int]:
    """Yield the instants of the plan's recurrence: its dates at the plan's time, or its own times."""
    last = None
    for naive in _recurrence(plan, ground.zone, put, earliest):
        if plan.clock is None and plan.sun is None:
            clock = naive.hour * 3600 + naive.minute * 60 + naive.second
            yield calendar.resolve(ground.zone, naive.toordinal(), clock)
        elif naive.toordinal() != last:
            last = naive.toordinal()
            found = _on(plan, ground, last)
            if found is not None:
                yield found


def _recurrence(plan: AtPlan, zone: ZoneInfo, put: int, earliest: int) -> Iterator[datetime]:
    assert plan.rrule is not None
    begin = datetime.fromordinal(calendar.local(zone, put)[0]) + timedelta(seconds=plan.clock or 0)
    begin = _forward(plan.rrule, begin, calendar.naive_local(zone, earliest))
    try:
        for naive in rrulestr(plan.rrule, dtstart=begin, ignoretz=True):
            if naive.year > LAST_YEAR:
                return
            if naive.year >= FIRST_YEAR:
                yield naive
    except ValueError:  # dateutil's word for a recurrence whose hours its interval never meets: it is empty
        return


_STEPS = {"HOURLY": timedelta(hours=1), "MINUTELY": timedelta(minutes=1)}


def _forward(rule: str, begin: datetime, wanted: datetime) -> datetime:
    """Return a later beginning in step with `begin`: an rrule that repeats by the minute is walked from where it begins."""
    found = re.search(r"FREQ=(HOURLY|MINUTELY)\b", rule)
    if found is None or "COUNT" in rule or "DTSTART" in rule:
        return begin
    interval = re.search(r"INTERVAL=(\d+)", rule)
    step = _STEPS[found[1]] * (int(interval[1]) if interval else 1)
    return begin + max(0, (wanted - begin) // step - 1) * step


def _on(plan: AtPlan, ground: Ground, day: int) -> int | None:
    """Return the plan's instant on a local date, or None where the sun does not rise or set."""
    if plan.clock is not None:
        return calendar.resolve(ground.zone, day, plan.clock)
    if ground.place is None or plan.sun is None:
        return None
    found = calendar.sun_time(ground.place, ground.zone, day, plan.sun)
    return None if found is None else found + plan.offset
