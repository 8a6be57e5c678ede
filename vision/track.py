"""Tracks: detections of one thing, joined from frame to frame by overlap.

At a few frames a second ids break and labels waver (a black dog is a bear, a pale one a sheep), so a track is joined
within a class *group*, its label is voted over its life, and nothing that the product remembers hangs on its id.

Boxes are joined as in ByteTrack (Zhang et al., 2022): what a detector is sure of first, then what it is less sure of to the
tracks that are left, each by the overlap with where the track is expected. In its place stand the best overlap first for the
optimal assignment, and a smoothed velocity for the Kalman filter, since a home has few boxes and few frames a second. A thing
may also stop: so a box where it was last seen fits as well.

A thing that a detector is not sure of yet is followed in silence. Once it is sure, the thing has been there since it was first
followed, two seconds back at most: who comes out of the dark, or from behind a chair, came when it was first made out. How sure
that has to be is its group's: a coat on a hook is a person to some degree, and hangs there all day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vision.detection import CLEAR, FAINT, Detection, Detections
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
ONE = 0.7  # of their union: with that much in common two boxes of one group are of one thing
CONTENDS = 0.25  # of the votes: of one animal seen from behind, or curled up, a detector is sure for seconds that it is of another kind
MOVED = 0.15  # of its width or height: less is a detector's unsteady hand
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
    """Confidence summed by label, over `count` sightings. What else a detector takes a dog or a cat for loses to them."""

    weights: dict[str, float] = field(default_factory=dict)
    count: int = 0

    @property
    def label(self) -> str:
        """Return the label with the most votes, of which there must be one."""
        pets = {label: weight for label, weight in self.weights.items() if label in PETS}
        leading = pets or self.weights
        return max(leading, key=lambda label: (leading[label], label))

    @property
    def contenders(self) -> frozenset[str]:
        """Return the labels that it may be: the leading one and, of dogs and cats, any with `CONTENDS` of the votes for them."""
        pets = {label: weight for label, weight in self.weights.items() if label in PETS}
        whole = sum(pets.values())
        return frozenset({self.label, *(label for label, weight in pets.items() if weight >= CONTENDS * whole)})

    def cast(self, label: str, weight: float) -> None:
        """Add a vote of that weight."""
        self.weights[label] = self.weights.get(label, 0.0) + weight

    def hear(self, detection: Detection) -> None:
        """Add a vote for each label that the detection was given."""
        for label, weight in detection.called:
            self.cast(label, weight)
        self.count += 1

    def add(self, others: Votes) -> None:
        """Add all votes of the others."""
        for label, weight in others.weights.items():
            self.cast(label, weight)
        self.count += others.count


@dataclass(slots=True, eq=False)
class Track:
    """One thing over time, as far as overlap shows that it is one.

    It is `sure` once a detector was; where it became so in this frame, `before` is where it was followed until then, and when.
    `looks` are what an identifier has seen of it so far; it is `undecided` while they are too few to say who it is.
    `settled` are the labels by which it was named, if it was: to be named is to stay so.
    """

    tracker_id: int
    group: str
    detection: Detection
    last: datetime
    votes: Votes = field(default_factory=Votes)
    velocity: tuple[float, float] = (0.0, 0.0)
    looks: list[Look] = field(default_factory=list)
    undecided: bool = False
    settled: frozenset[str] = frozenset()
    sure: bool = True
    clear: datetime | None = None
    before: list[tuple[datetime, Box]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.votes.label

    @property
    def kinds(self) -> frozenset[str]:
        """Return the labels that it may be."""
        return self.settled or self.votes.contenders

    @property
    def box(self) -> Box:
        return self.detection.xyxy

    @property
    def moved(self) -> bool:
        """Return whether both sides of its box, or top and bottom, went one way by `MOVED` of it while nobody was sure of it."""
        if not self.before:
            return False
        x1, y1, x2, y2 = (now - then for now, then in zip(self.box, self.before[0][1], strict=True))
        width, height = self.box[2] - self.box[0], self.box[3] - self.box[1]
        return _together(x1, x2) > MOVED * width or _together(y1, y2) > MOVED * height

    def follow(self, detection: Detection, time: datetime) -> None:
        """Take the detection as where the thing is now."""
        if (passed := (time - self.last).total_seconds()) > 0:
            moved = ((b - a) / passed for a, b in zip(_centre(self.box), _centre(detection.xyxy), strict=True))
            x, y = ((before + now) / 2 for before, now in zip(self.velocity, moved, strict=True))
            self.velocity = x, y
            self.before = [] if self.sure else [*self.before, (self.last, self.box)]
        self.detection, self.last = detection, time
        self.votes.hear(detection)

    def go_on(self, lost: Track) -> None:
        """Take this for the same thing as a track that broke: from now on they have one vote, also where that one comes back."""
        if lost.votes is not self.votes:
            lost.votes.add(self.votes)
            self.votes = lost.votes
        self.settled = self.settled or lost.settled

    def weigh(self, settings: Tracking) -> None:
        """Learn from what was just followed whether the detector is sure of it, and when it was seen clearly."""
        confidence = self.detection.confidence
        self.before = [(time, box) for time, box in self.before if self.last - time <= settings.back]
        self.sure = self.sure or settings.tells(self)
        if self.clear is None or confidence >= settings.go_on:
            self.clear = self.last

    def fits(self, box: Box, time: datetime) -> float:
        """Return how much of their union a box shares with where the thing was, or is expected at that time."""
        passed = min((time - self.last).total_seconds(), FORESEEN)
        x, y = (speed * passed for speed in self.velocity)
        x1, y1, x2, y2 = self.box
        return max(overlap(self.box, box), overlap((x1 + x, y1 + y, x2 + x, y2 + y), box))


@dataclass(frozen=True, slots=True)
class Tracking:
    """How sure a detector has to be, and how boxes are joined.

    `begin`: to be joined first, and to be told. A person is told from `moving` on, where it moved, else from `still` on: coats, statues
    and patterns of curtains stay where they are. `go_on`: to be followed. `faint`: to be followed for as long as `faintly` since
    it was seen that clearly. `overlap`: of two boxes of a thing. `back`: how long it may have been there before it is told.
    """

    begin: float = 0.4
    moving: float = 0.5
    still: float = 0.7
    go_on: float = CLEAR
    faint: float = FAINT
    overlap: float = 0.3
    lost_after: timedelta = timedelta(seconds=2)
    faintly: timedelta = timedelta(seconds=2)
    back: timedelta = timedelta(seconds=2)

    def tells(self, track: Track) -> bool:
        """Return whether the detector is as sure as it takes."""
        begin = self.begin if track.group != "person" else self.moving if track.moved else self.still
        return track.detection.confidence >= begin


class Tracker:
    """Joins the detections of one camera, frame by frame, the best overlap first."""

    def __init__(self, settings: Tracking = Tracking()) -> None:
        self._settings = settings
        self._tracks: list[Track] = []
        self._count = 0

    def receive(self, time: datetime, detections: Detections) -> list[Track]:
        """Return the tracks that are seen in this frame, and were made out in it or before."""
        self._tracks = [track for track in self._tracks if time - track.last <= self._settings.lost_after]
        found = one_each(d for d in detections if group_of(d.label) and d.confidence >= self._settings.faint)
        firm = [one for one in found if one.confidence >= self._settings.begin]
        seen = self._join(time, firm, [track for track in self._tracks if track.sure])
        plain = [one for one in _left(found, seen) if one.confidence >= self._settings.go_on]
        seen += self._join(time, plain, [track for track in self._tracks if track.sure and track not in seen])
        lately = [track for track in self._tracks if track not in seen and self._is_clear(track, time)]
        seen += self._join(time, _left(found, seen), lately)
        seen += [self._begin(time, one) for one in _left(found, seen) if self._begins(one)]
        for track in seen:
            track.weigh(self._settings)
        return [track for track in seen if track.sure]

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

    def _is_clear(self, track: Track, time: datetime) -> bool:
        """Return whether it was seen so clearly, so lately, that a faint sight of it counts."""
        return track.clear is not None and time - track.clear <= self._settings.faintly

    def _begins(self, one: Detection) -> bool:
        """Return whether a thing begins here: not one that is followed already, found twice."""
        return all(overlap(t.box, one.xyxy) < 0.6 for t in self._tracks if t.group == group_of(one.label))

    def _begin(self, time: datetime, one: Detection) -> Track:
        self._count += 1
        track = Track(self._count, group_of(one.label) or one.label, one, time, sure=False)
        track.follow(one, time)
        self._tracks.append(track)
        return track


def one_each(found: Iterable[Detection]) -> list[Detection]:
    """Return the detections with one for each thing: a detector that cannot tell a dog from a cat has found an animal.

    Labels of one group that lie in one place are independent votes for it, so that what none of them is, is their product.
    """
    kept: list[Detection] = []
    for one in sorted(found, key=lambda one: -one.confidence):
        same = next((at for at, other in enumerate(kept) if _are_one(one, other)), None)
        if same is None:
            kept.append(one)
        elif one.label != kept[same].label:
            sure = 1 - (1 - kept[same].confidence) * (1 - one.confidence)
            kept[same] = replace(kept[same], confidence=sure, labels=kept[same].called + one.called)
    return kept


def _are_one(one: Detection, other: Detection) -> bool:
    return group_of(one.label) == group_of(other.label) and overlap(one.xyxy, other.xyxy) >= ONE


def _left(found: Iterable[Detection], seen: Iterable[Track]) -> list[Detection]:
    """Return the detections that no track has taken."""
    taken = {id(track.detection) for track in seen}
    return [one for one in found if id(one) not in taken]


def _together(one: float, other: float) -> float:
    """Return how far both went, or 0.0 where they went apart: what grows has not moved."""
    return min(abs(one), abs(other)) if one * other > 0 else 0.0


def _centre(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def overlap(a: Box, b: Box) -> float:
    """Return the share of their union that two boxes have in common."""
    across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if across <= 0 or down <= 0:
        return 0.0
    common = across * down
    return common / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common)
