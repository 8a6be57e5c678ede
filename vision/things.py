"""Things: bags and cases that somebody puts down, by their place. They do not move by themselves, so the place is the thing.

A thing is *attended* while a person is within one of their own heights of it, or was just before it was first seen: whoever puts a bag down
mostly hides it at first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from vision.detection import Detection
from vision.moment import Subject, Thing
from vision.track import Votes, overlap
from vision.zone import Box, anchor

LABELS = frozenset({"backpack", "handbag", "suitcase"})
SURE = 0.4
FIRST_LOOK = timedelta(seconds=1)  # whatever is found within it was there before
FORGOTTEN = timedelta(seconds=10)  # a passer-by hides a bag for some seconds
_SAME_PLACE = 0.4
_HIDING = timedelta(seconds=5)
_REACH = 1.0  # of a person's height


@dataclass(slots=True)
class _Place:
    box: Box
    since: datetime
    last: datetime
    came: bool
    attended: datetime | None
    confidence: float = 0.0
    votes: Votes = field(default_factory=Votes)

    def follow(self, one: Detection, time: datetime) -> None:
        """Take the detection as what lies here now."""
        self.box, self.last, self.confidence = one.xyxy, time, one.confidence
        self.votes.cast(one.label, one.confidence)

    def thing(self) -> Thing:
        return Thing(self.votes.label, self.box, self.confidence, self.since, self.came, self.attended)


class Things:
    """Remembers the places of one camera's things."""

    def __init__(self) -> None:
        self._places: list[_Place] = []

    def receive(
        self, time: datetime, began: datetime, found: Iterable[Detection], subjects: Iterable[Subject], aspect: float
    ) -> tuple[Thing, ...]:
        """Return the things that a frame shows, each with since when it lies there and when it was last attended."""
        people = [each for each in subjects if each.group == "person"]
        self._places = [place for place in self._places if time - place.last <= FORGOTTEN]
        for one in found:
            if one.label in LABELS and one.confidence >= SURE:
                self._put(one, time, began, people, aspect)
        for place in self._places:
            if any(_is_near(place.box, person.box, aspect) for person in people):
                place.attended = time
        return tuple(place.thing() for place in self._places if place.last == time)

    def _put(self, one: Detection, time: datetime, began: datetime, people: list[Subject], aspect: float) -> None:
        place = max(self._places, key=lambda known: overlap(known.box, one.xyxy), default=None)
        if place is None or overlap(place.box, one.xyxy) < _SAME_PLACE:
            place = _Place(one.xyxy, time, time, time - began > FIRST_LOOK, _attended(one.xyxy, time, people, aspect))
            self._places.append(place)
        place.follow(one, time)


def _attended(box: Box, time: datetime, people: list[Subject], aspect: float) -> datetime | None:
    """Return when one of the people was last near a place, of what their trails know."""
    steps = (step for person in people for step in person.since(time - _HIDING))
    return max((step.time for step in steps if _is_near(box, step.box, aspect)), default=None)


def _is_near(box: Box, person: Box, aspect: float) -> bool:
    (x1, y1), (x2, y2) = anchor(box), anchor(person)
    height = person[3] - person[1]
    return abs(x1 - x2) * aspect <= _REACH * height and abs(y1 - y2) <= _REACH * height / 2
