"""Trails: where each subject was in the last seconds, also over a track's broken id, and which way it walked.

What runs moves further between two frames than it is long; its boxes do not overlap, and its track breaks with every frame. So
a trail goes on with a new track where only one of its group was lost within a second, only one came, and they are of
one size and no further apart than an animal can run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from vision.moment import Step, Subject, centre
from vision.track import Track
from vision.zone import Box

KEPT = timedelta(seconds=6)
PICKED_UP = timedelta(seconds=1)
FASTEST = 6.0  # box widths (across) or heights (down) a second
WALK = timedelta(seconds=1)
WALKED = 0.4  # of its width: less is swaying
_SIZES = (0.6, 1.6)  # a box that grows or shrinks by more is cut off, half hidden or another subject's
_TURNED = (0.75, 1.35)  # a box whose width changes by more, while it stands, is of an animal that turned


@dataclass(slots=True)
class _Trail:
    track: Track
    steps: deque[Step] = field(default_factory=deque)
    heading: int = 0
    width: float = 0.0  # of the box when it last walked

    @property
    def last(self) -> Step:
        return self.steps[-1]

    def is_lost(self, group: str, now: datetime) -> bool:
        """Return whether it is of that group and was lost so lately that what comes now may be the same."""
        return self.track.group == group and timedelta(0) < now - self.last.time <= PICKED_UP

    def add(self, step: Step) -> None:
        """Go one step on, and forget what is older than `KEPT`."""
        self.steps.append(step)
        while step.time - self.steps[0].time > KEPT:
            self.steps.popleft()
        self._head(step)

    def _head(self, step: Step) -> None:
        """Learn which end went first over the last second, or that nobody knows any more."""
        first = next(each for each in self.steps if step.time - each.time <= WALK)
        width = step.box[2] - step.box[0]
        moved = centre(step.box)[0] - centre(first.box)[0]
        if alike(first.box, step.box) and abs(moved) > WALKED * width:
            self.heading, self.width = (1 if moved > 0 else -1), width
        elif self.heading and not _TURNED[0] * self.width <= width <= _TURNED[1] * self.width:
            self.heading = 0


class Trails:
    """Keeps the trails of one camera's subjects."""

    def __init__(self) -> None:
        self._trails: dict[int, _Trail] = {}

    def receive(self, time: datetime, tracks: Iterable[Track]) -> tuple[Subject, ...]:
        """Return the subjects of a frame: its tracks with their trails, this frame's step included."""
        seen = list(tracks)
        self._trails = {name: trail for name, trail in self._trails.items() if time - trail.last.time <= KEPT}
        self._pick_up(time, [track for track in seen if track.tracker_id not in self._trails])
        return tuple(self._step(time, track) for track in seen)

    def _step(self, time: datetime, track: Track) -> Subject:
        trail = self._trails.setdefault(track.tracker_id, _Trail(track))
        for earlier, box in track.before:
            if not trail.steps or trail.last.time < earlier:
                trail.add(Step(earlier, box))
        trail.add(Step(time, track.box))
        return Subject(track, tuple(trail.steps), trail.heading)

    def _pick_up(self, time: datetime, fresh: list[Track]) -> None:
        """Let new tracks go on with the trails of lost ones, where there is one of each; with each goes what it was called."""
        for track in fresh:
            first = Step(*track.before[0]) if track.before else Step(time, track.box)
            recent = [name for name, trail in self._trails.items() if trail.is_lost(track.group, first.time)]
            rivals = [other for other in fresh if other.group == track.group]
            if len(recent) == len(rivals) == 1 and _reaches(self._trails[recent[0]].last, first):
                trail = self._trails[track.tracker_id] = self._trails.pop(recent[0])
                track.go_on(trail.track)
                trail.track = track


def alike(a: Box, b: Box) -> bool:
    """Return whether two boxes are of about one size, so that both may be of one whole subject."""
    low, high = _SIZES
    return all(low * (a[i + 2] - a[i]) <= b[i + 2] - b[i] <= high * (a[i + 2] - a[i]) for i in (0, 1))


def _reaches(a: Step, b: Step) -> bool:
    reach = FASTEST * (b.time - a.time).total_seconds()
    (x1, y1), (x2, y2) = centre(a.box), centre(b.box)
    width, height = a.box[2] - a.box[0], a.box[3] - a.box[1]
    return alike(a.box, b.box) and abs(x2 - x1) <= reach * width and abs(y2 - y1) <= reach * height
