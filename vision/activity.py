"""The port `Activity`: what can be said about a moment, how it becomes an episode, and how one is found by name.

Activities are an open set: a package adds one with an entry point in the group `proactive.activities`, named as the
activity is and with the activity as its value. The built-ins, in `vision.activities`, are entry points too.

An activity answers for one moment only. That a sighting is no slip, how long it has to go on to count and which gaps are
bridged is its `timing`, which `episode` applies; who does it and with which words it is told is the `scene`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, cast

from vision.moment import Moment, Subject, Thing
from vision.vocabulary import MOVES

GROUP = "proactive.activities"
BUILT_IN = (
    EntryPoint("at", "vision.activities.visit:AT", GROUP),
    EntryPoint("eating", "vision.activities.bowl:EATING", GROUP),
    EntryPoint("drinking", "vision.activities.bowl:DRINKING", GROUP),
    EntryPoint("lying", "vision.activities.rest:LYING", GROUP),
    EntryPoint("running", "vision.activities.speed:RUNNING", GROUP),
    EntryPoint("alone", "vision.activities.company:ALONE", GROUP),
    EntryPoint("together", "vision.activities.company:TOGETHER", GROUP),
    EntryPoint("loitering", "vision.activities.linger:LOITERING", GROUP),
    EntryPoint("left_behind", "vision.activities.linger:LEFT_BEHIND", GROUP),
)
BRIDGE = timedelta(seconds=2)  # a detector blinks; a subject that is gone for longer has left
EVERY = timedelta(seconds=30)  # how often an episode that goes on is reported


@dataclass(frozen=True, slots=True)
class Timing:
    """When a happening counts and how it is reported: after `dwell`, over gaps of `bridge`, again `every` so often."""

    dwell: timedelta = timedelta(0)
    bridge: timedelta = BRIDGE
    every: timedelta = EVERY


@dataclass(frozen=True, slots=True)
class Shown:
    """That the moment shows the activity: who does it, where, from what that is inferred, and with whom.

    `zone` is "" for the whole picture. Of several of one class group at one zone the one with the most `weight` stands for
    the episode. `basis` is told in the record as it is: what was seen, not what it is taken for. `since` is when it began,
    where that is known only now (`Subject.made_out`).
    """

    subject: Subject | Thing
    basis: str
    zone: str = ""
    weight: float = 1.0
    other: Subject | None = None
    since: datetime | None = None


class Activity(Protocol):
    """Says whether a moment shows something. `name` is the record's `activity`; `shown` is pure."""

    @property
    def name(self) -> str: ...

    @property
    def timing(self) -> Timing: ...

    def shown(self, moment: Moment, /) -> Iterable[Shown]:
        """Return who does it at this moment, and where; nothing where the moment does not show it."""
        ...


@dataclass(frozen=True, slots=True)
class Act:
    """An activity made of a name, a pure function and its timing."""

    name: str
    shown: Callable[[Moment], Iterable[Shown]]
    timing: Timing = Timing()


def activities() -> dict[str, EntryPoint]:
    """Return every activity that can be told, by name, without importing any."""
    return {entry.name: entry for entry in (*BUILT_IN, *entry_points(group=GROUP))}


def names() -> frozenset[str]:
    """Return the values that `data.activity` can have here."""
    return MOVES | activities().keys()


@cache
def load_activities() -> tuple[Activity, ...]:
    """Return every activity. Raise what an installed package raises when it is imported."""
    return tuple(cast(Activity, entry.load()) for _, entry in sorted(activities().items()))


def longest(told: Iterable[Activity]) -> timedelta:
    """Return how long after its time a record of these activities can come at most."""
    return max((each.timing.dwell + 2 * each.timing.bridge for each in told), default=2 * BRIDGE)
