"""Why a rule did or did not fire on a day: its records again, and what it decided at each step.

    told = why(rule, home, day, records)
    told.outcome                     # "fired", "quiet", "guard", ...
    explain_why(told, rule, home)    # the same in plain English, in order

Nothing is kept for this while the engine runs: the log decides, so the log can be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from rules.calendar import weekday, window_on, zone_of
from rules.diary import Diary, Step, bounds
from rules.firing import Firing
from rules.home import Home
from rules.record import Record
from rules.rerun import batches, days_of
from rules.rule import Absent, Rule, Sequence, leaf_conditions
from rules.trace import Trace
from rules.units import WEEKDAYS, rfc3339, seconds_of_day
from rules.words.whys import Told, explain_why, tell_why

__all__ = ["Outcome", "Told", "Why", "explain_why", "tell_why", "why"]

Outcome = Literal[
    "fired",
    "unknown",  # could not tell, and said so
    "blind",  # could not tell, and says nothing then
    "guard",  # a guard stopped it
    "cooldown",  # had fired a short while before
    "expired",
    "quiet",  # decided, and all was well
    "ended",  # was over before its time
    "waiting",  # something began, and its time did not come on the day
    "not_due",  # decides later than these records go
    "undecided",  # a window that began before the records, or ended before the rule was put
    "lapsed",  # something began, and what was awaited did not follow in time
    "repeat",  # matched, and was nothing new
    "matched",  # matched, and that was not enough
    "silent",  # has been told, and nothing changed since
    "paused",
    "dropped",
    "not_put",
    "no_records",  # of this day
    "nothing",  # nothing matched
]


@dataclass(frozen=True, slots=True)
class Why:
    """What a rule did on the local date `day`, from `start` to `end`, in order.

    `records` are those that the steps name. `began` and `until` are the first and the last instant of the log, None
    where it is empty. `heard` counts what the sources that the rule names reported on the day. `before` is, for each
    condition and key, the last step before the day. `due` are deadlines of the day that are not decided yet,
    `undecided` those of windows that never will be. `versions` are the rule as it was put, each with its instant;
    `supposed` tells that the log never puts it, so that it was put at the beginning.
    """

    home: str
    rule: str
    day: date
    start: int
    end: int
    outcome: Outcome
    began: int | None = None
    until: int | None = None
    steps: tuple[Step, ...] = ()
    records: Mapping[str, Record] = field(default_factory=dict)
    heard: Mapping[str, int] = field(default_factory=dict)
    before: tuple[Step, ...] = ()
    due: tuple[int, ...] = ()
    undecided: tuple[int, ...] = ()
    versions: tuple[tuple[int, Rule], ...] = ()
    supposed: bool = False

    @property
    def firings(self) -> tuple[Firing, ...]:
        """Return what was told about the day."""
        return tuple(step for step in self.steps if isinstance(step, Firing))

    @property
    def traces(self) -> tuple[Trace, ...]:
        """Return what was decided on the day and not told."""
        return tuple(step for step in self.steps if isinstance(step, Trace))

    def version_at(self, time: int, otherwise: Rule) -> Rule:
        """Return the rule as it stood at an instant, or another where it did not."""
        return next((rule for put, rule in reversed(self.versions) if put <= time), otherwise)

    def as_json(self) -> dict[str, Any]:
        """Return a JSON object: the outcome, and every step as the firing or the trace that it is."""
        return {
            "home": self.home,
            "rule": self.rule,
            "day": self.day.isoformat(),
            "outcome": self.outcome,
            "supposed": self.supposed,
            "steps": [{"kind": type(step).__name__.lower()} | step.as_json() for step in self.steps],
            "due": [rfc3339(due) for due in self.due],
            "undecided": [rfc3339(due) for due in self.undecided],
            "heard": dict(self.heard),
        }


def why(rule: Rule, home: Home, day: date, records: Iterable[Record]) -> Why:
    """Return why a rule did or did not fire on a local date. `records` are the home's log, in the order of arrival.

    The rule is put and dropped as the log says; where the log never does, it is put at the beginning. Everything due
    by the last record is decided, and what came late is counted as it was.
    """
    began, given = batches(records, home)
    if began is None:
        return Why(rule.home, rule.id, day, *bounds(home, day), "no_records")
    put, supposed = (Diary(rule, home, day, began, put=at_once) for at_once in (False, True))
    for batch in given:
        put.receive(batch)
        if not put.rerun.changes:
            supposed.receive(batch)
    return _told(put if put.rerun.changes else supposed)


def _told(diary: Diary) -> Why:
    """Return what a diary tells, once everything is decided."""
    diary.finish()
    steps = tuple(diary.steps())
    due = tuple(due for due in diary.rerun.due() if diary.day.toordinal() in days_of(diary.rule, diary.home, due))
    undecided = tuple(_undecided(diary, steps))
    return Why(
        home=diary.rule.home,
        rule=diary.rule.id,
        day=diary.day,
        start=diary.start,
        end=diary.end,
        outcome=_outcome(diary, steps, due, undecided),
        began=diary.rerun.began,
        until=diary.rerun.until,
        steps=steps,
        records=diary.records,
        heard=dict(diary.heard),
        before=tuple(diary.before.values()),
        due=due,
        undecided=undecided,
        versions=tuple(diary.versions),
        supposed=diary.supposed,
    )


def _undecided(diary: Diary, steps: tuple[Step, ...]) -> Iterator[int]:
    """Yield the ends of the day's windows that passed without a decision."""
    day, zone = diary.day.toordinal(), zone_of(diary.home)
    decided = {step.time for step in steps}
    for window in (leaf.window for leaf in leaf_conditions(diary.rule.when) if isinstance(leaf, Absent)):
        if window is None or (window.days is not None and WEEKDAYS[weekday(day)] not in window.days):
            continue
        start, end = window_on(zone, day, seconds_of_day(window.start), seconds_of_day(window.until))
        if start < end <= diary.rerun.until and end not in decided:
            yield end


def _outcome(diary: Diary, steps: tuple[Step, ...], due: tuple[int, ...], undecided: tuple[int, ...]) -> Outcome:
    """Return the one word for the day: what was told, else what came nearest to it."""
    return _from_firings(steps) or _from_traces(diary, steps) or _from_what_is_missing(diary, due, undecided)


def _from_firings(steps: tuple[Step, ...]) -> Outcome | None:
    verdicts = {step.verdict for step in steps if isinstance(step, Firing)}
    return "fired" if "fired" in verdicts else "unknown" if "unknown" in verdicts else None


_NEARLY: tuple[tuple[Outcome, ...], ...] = (("blind", "guard", "cooldown", "expired"), ("quiet",))


def _from_traces(diary: Diary, steps: tuple[Step, ...]) -> Outcome | None:
    kinds = [step.what for step in steps if isinstance(step, Trace)]
    for group in _NEARLY:
        for kind in reversed(kinds):
            if kind in group:
                return kind
    if any(step.what == "ended" and step.detail["due"] is not None for step in steps if isinstance(step, Trace)):
        return "ended"
    return _from_waiting(diary, [step for step in steps if isinstance(step, Trace) and step.what == "waiting"])


def _from_waiting(diary: Diary, waiting: list[Trace]) -> Outcome | None:
    """Tell what became of what was waited for: not over that day, or (of a sequence) what was awaited did not follow."""
    if not waiting:
        return None
    due = waiting[-1].detail["due"]
    if due >= min(diary.end, diary.rerun.until + 1) and _absence(diary) is None:
        return "waiting"
    leaf = leaf_conditions(diary.rule.when)
    follows = any(isinstance(leaf[t.position], Sequence) for t in waiting if t.position < len(leaf))
    return "lapsed" if follows else None


def _from_what_is_missing(diary: Diary, due: tuple[int, ...], undecided: tuple[int, ...]) -> Outcome:
    """Tell why nothing at all was decided on the day."""
    if diary.rerun.until < diary.start or diary.rerun.began >= diary.end:
        return "no_records"
    if (absent := _absence(diary)) is not None:
        return absent
    if due:
        return "not_due"
    if undecided:
        return "undecided"
    kinds = {trace.what for trace in diary.traces}
    for kind in ("matched", "repeat"):
        if kind in kinds:
            return kind
    told = {(firing.time) for firing in diary.rerun.firings if firing.time < diary.start}
    return "silent" if told and any(t.what == "waiting" for t in diary.before.values()) else "nothing"


def _absence(diary: Diary) -> Outcome | None:
    """Tell why the rule was not at work when the day ended, or None if it was."""
    by_then = [trace for trace in diary.status if trace.time < diary.end]
    if not by_then:
        return "not_put"
    last = by_then[-1]
    if last.what == "dropped":
        return "dropped"
    return None if last.detail["enabled"] else "paused"
