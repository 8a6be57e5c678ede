"""Moments: what one camera shows at one instant, with what is remembered of it; all that an activity is told.

Everything here is a value. Memory (where a subject was, how long a thing has lain there) is kept by `Trails` and `Things` and
handed over with the moment, so that an activity is a pure function and needs no state of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from vision.detection import Detections, nothing
from vision.track import Track
from vision.zone import Box, Point, Zone, anchor, contains, share_covered

COVERED = 0.25  # of a bowl's zone; see the module's README for what it was tried on


@dataclass(frozen=True, slots=True)
class Step:
    """Where a subject was, and when."""

    time: datetime
    box: Box


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody or some animal that this frame shows: its track, and its trail of the last seconds, oldest step first.

    The trail ends with this frame's box and goes on where a track's id breaks. `heading` is the end of its box that went
    first when it last walked across the picture: -1 left, 1 right, 0 where nobody saw it walk.
    """

    track: Track
    trail: tuple[Step, ...]
    heading: int = 0

    @property
    def group(self) -> str:
        return self.track.group

    @property
    def label(self) -> str:
        return self.track.label

    @property
    def box(self) -> Box:
        return self.track.box

    @property
    def confidence(self) -> float:
        return self.track.detection.confidence

    def made_out(self, there: Callable[[Box], bool]) -> datetime | None:
        """Return since when it was there, where a detector became sure of it only now; None where it was before.

        `there` says of each box that it had meanwhile whether that is there.
        """
        since = None
        for time, box in reversed(self.track.before):
            if not there(box):
                break
            since = time
        return since

    def since(self, time: datetime) -> tuple[Step, ...]:
        """Return the steps of the trail from `time` on."""
        return tuple(step for step in self.trail if step.time >= time)


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that this frame shows, in the place where it has been since `since`.

    `came` is false for what was there at the first look. `attended` is when a person was last near it, None for never.
    """

    label: str
    box: Box
    confidence: float
    since: datetime
    came: bool
    attended: datetime | None = None

    @property
    def group(self) -> str:
        return "thing"


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant before one camera. `aspect` is the picture's width to its height; boxes are in 0..1 of each.

    `subjects` are the people, animals, birds and vehicles, `things` the bags that stay where they are put, and `detections` all that
    the detector found clearly, whatever its label: an activity may tell of any of them, as a `Thing` of its own.
    `last_seen` has, for each class group ever seen, the time of its last sighting, this frame's included; `began` is when
    watching began.
    """

    time: datetime
    began: datetime
    aspect: float = 16 / 9
    zones: tuple[Zone, ...] = ()
    detections: Detections = field(default_factory=nothing)
    subjects: tuple[Subject, ...] = ()
    things: tuple[Thing, ...] = ()
    last_seen: Mapping[str, datetime] = field(default_factory=dict)

    def of(self, group: str) -> tuple[Subject, ...]:
        """Return the subjects of a class group: `person`, `animal`, `bird` or `vehicle`."""
        return tuple(subject for subject in self.subjects if subject.group == group)

    def zones_at(self, box: Box) -> tuple[Zone, ...]:
        """Return the zones that a subject with that box is at."""
        return tuple(zone for zone in self.zones if is_at(zone, box))

    def place(self, box: Box) -> tuple[str, ...]:
        """Return the names of the zones at which it is, or the whole picture, named "", where it is at none."""
        return tuple(zone.name for zone in self.zones_at(box)) or ("",)

    def unseen(self, group: str) -> timedelta:
        """Return for how long no subject of the group has been seen, at most since watching began."""
        return self.time - self.last_seen.get(group, self.began)

    def size(self, box: Box) -> tuple[float, float]:
        """Return width and height of a box, both in heights of the picture."""
        return (box[2] - box[0]) * self.aspect, box[3] - box[1]

    def body(self, subject: Subject | Thing) -> float:
        """Return the length of a body in heights of the picture: how tall people are, how long anything else is."""
        width, height = self.size(subject.box)
        return height if subject.group == "person" else max(width, height)

    def apart(self, a: Point, b: Point) -> float:
        """Return the distance of two points in heights of the picture."""
        return float((((a[0] - b[0]) * self.aspect) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)


def is_at(zone: Zone, box: Box) -> bool:
    """Return whether a subject is at the zone: it stands in it, or is over it where the zone is a food or water bowl."""
    over = zone.is_bowl or zone.is_water
    return share_covered(zone, box) >= COVERED if over else contains(zone.polygon, anchor(box))


def centre(box: Box) -> Point:
    """Return the middle of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
