"""Tracks: detections of one thing, joined from frame to frame by overlap.

At a few frames a second ids break and labels waver (a black dog is a bear, a pale one a sheep), so a track is joined
within a class *group*, its label is voted over its life, and nothing that the product remembers hangs on its id.

Boxes are joined as in ByteTrack (Zhang et al., 2022): what a detector is sure of first, then what it is less sure of to the
tracks that are left, each by the overlap with where the track is expected. In its place stand the best overlap first for the
optimal assignment, and a smoothed velocity for the Kalman filter, since a home has few boxes and few frames a second. A thing
may also stop: so a box where it was last seen fits as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from vision.detection import Detection, Detections
from vision.detectors.coco import COCO_80
from vision.look import Look
from vision.zone import Box

ANIMAL = "animal"
PETS = frozenset({"dog", "cat"})
_MEMBERS = {
    ANIMAL: PETS | {"cow", "sheep", "horse", "bear"},
    "person": {"person"},
    "bird": {"bird"},
    "vehicle": {"car", "truck", "bus", "motorcycle", "bicycle"},
}
FORESEEN = 1.0  # seconds for which a thing is expected to go on as it went
_THINGS = frozenset(COCO_80)
GROUPS = {label: group for group, labels in _MEMBERS.items() for label in labels}


def group_of(label: str) -> str | None:
    """Return the class group of a label, or None for things that do not come and go by themselves.

    A label that COCO lacks was made to be looked for: it is a group of its own.
    """
    return GROUPS.get(label) or (None if label in _THINGS else label)


@dataclass(slots=True)
class Votes:
    """Confidence summed by label. What else a detector takes a dog or a cat for loses to them."""

    weights: dict[str, float] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return the label with the most votes, of which there must be one."""
        pets = {label: weight for label, weight in self.weights.items() if label in PETS}
        leading = pets or self.weights
        return max(leading, key=lambda label: (leading[label], label))

    def cast(self, label: str, weight: float) -> None:
        """Add a vote of that weight."""
        self.weights[label] = self.weights.get(label, 0.0) + weight


@dataclass(slots=True, eq=False)
class Track:
    """One thing over time, as far as overlap shows that it is one.

    `looks` are what an identifier has seen of it so far; it is `undecided` while they are too few to say who it is.
    """

    tracker_id: int
    group: str
    detection: Detection
    last: datetime
    votes: Votes = field(default_factory=Votes)
    velocity: tuple[float, float] = (0.0, 0.0)
    looks: list[Look] = field(default_factory=list)
    undecided: bool = False

    @property
    def label(self) -> str:
        return self.votes.label

    @property
    def box(self) -> Box:
        return self.detection.xyxy

    def follow(self, detection: Detection, time: datetime) -> None:
        """Take the detection as where the thing is now."""
        if (passed := (time - self.last).total_seconds()) > 0:
            moved = ((b - a) / passed for a, b in zip(_centre(self.box), _centre(detection.xyxy), strict=True))
            x, y = ((before + now) / 2 for before, now in zip(self.velocity, moved, strict=True))
            self.velocity = x, y
        self.detection, self.last = detection, time
        self.votes.cast(detection.label, detection.confidence)

    def fits(self, box: Box, time: datetime) -> float:
        """Return how much of their union a box shares with where the thing was, or is expected at that time."""
        passed = min((time - self.last).total_seconds(), FORESEEN)
        x, y = (speed * passed for speed in self.velocity)
        x1, y1, x2, y2 = self.box
        return max(overlap(self.box, box), overlap((x1 + x, y1 + y, x2 + x, y2 + y), box))


@dataclass(frozen=True, slots=True)
class Tracking:
    """How tracks are joined: sure enough to begin (and to be joined first) or to go on, overlapping, not gone for long."""

    begin: float = 0.4
    go_on: float = 0.25
    overlap: float = 0.3
    lost_after: timedelta = timedelta(seconds=2)


class Tracker:
    """Joins the detections of one camera, frame by frame, the best overlap first."""

    def __init__(self, settings: Tracking = Tracking()) -> None:
        self._settings = settings
        self._tracks: list[Track] = []
        self._count = 0

    def receive(self, time: datetime, detections: Detections) -> list[Track]:
        """Return the tracks that are seen in this frame."""
        self._tracks = [track for track in self._tracks if time - track.last <= self._settings.lost_after]
        found = [one for one in detections if group_of(one.label) and one.confidence >= self._settings.go_on]
        sure = [one for one in found if one.confidence >= self._settings.begin]
        weak = [one for one in found if one.confidence < self._settings.begin]
        seen = self._join(time, sure, self._tracks)
        seen += self._join(time, weak, [track for track in self._tracks if track not in seen])
        taken = {id(track.detection) for track in seen}
        return seen + [self._begin(time, one) for one in sure if id(one) not in taken and self._begins(one)]

    def _join(self, time: datetime, found: list[Detection], tracks: list[Track]) -> list[Track]:
        """Give each track the detection that fits it best, the best pair first, and return those that got one."""
        pairs = [
            (share, at, to)
            for at, track in enumerate(tracks)
            for to, one in enumerate(found)
            if group_of(one.label) == track.group and (share := track.fits(one.xyxy, time)) >= self._settings.overlap
        ]
        joined: dict[int, int] = {}
        for _, at, to in sorted(pairs, reverse=True):
            if at not in joined and to not in joined.values():
                joined[at] = to
        for at, to in joined.items():
            tracks[at].follow(found[to], time)
        return [tracks[at] for at in joined]

    def _begins(self, one: Detection) -> bool:
        """Return whether a thing begins here: not one that is followed already, found twice."""
        return all(overlap(t.box, one.xyxy) < 0.6 for t in self._tracks if t.group == group_of(one.label))

    def _begin(self, time: datetime, one: Detection) -> Track:
        self._count += 1
        track = Track(self._count, group_of(one.label) or one.label, one, time)
        track.follow(one, time)
        self._tracks.append(track)
        return track


def _centre(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def overlap(a: Box, b: Box) -> float:
    """Return the share of their union that two boxes have in common."""
    across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if across <= 0 or down <= 0:
        return 0.0
    common = across * down
    return common / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common)
