"""Lying: a body that is longer than it is high, and that stays as it is.

A standing dog in profile is up to about 1.4 times as long as its box is high, a lying one more than that; a person who lies is
longer than high. Someone curled up, or lying towards the camera, is not told from someone sitting, and is not said to lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from vision.activity import Act, Shown, Timing
from vision.moment import Moment, Subject
from vision.track import ANIMAL, overlap
from vision.zone import Box

FLAT = {ANIMAL: 1.5, "person": 1.3}  # width to height
STILL = 0.75  # of the union that the boxes of a moment have in common
FOR = timedelta(seconds=1.5)  # at a time; for how long in all is the timing's
REST = Timing(dwell=timedelta(seconds=10), bridge=timedelta(seconds=3), every=timedelta(minutes=5))
_EDGE = 0.01


def lying(moment: Moment) -> Iterator[Shown]:
    """Yield people and animals that are flat and keep still; that they do for ten seconds makes it lying."""
    for subject in moment.subjects:
        if is_flat(moment, subject) and is_still(moment, subject):
            for zone in moment.place(subject.box):
                yield Shown(subject, "flat_and_still", zone, subject.confidence)


def is_flat(moment: Moment, subject: Subject) -> bool:
    """Return whether the body is longer than one that stands; what the picture cuts off above or below may be anything."""
    width, height = moment.size(subject.box)
    return subject.group in FLAT and not _is_cut(subject.box) and width >= FLAT[subject.group] * height


def is_still(moment: Moment, subject: Subject) -> bool:
    """Return whether the box has been about the same for a moment."""
    return all(overlap(step.box, subject.box) >= STILL for step in subject.since(moment.time - FOR))


def _is_cut(box: Box) -> bool:
    return box[1] <= _EDGE or box[3] >= 1 - _EDGE


LYING = Act("lying", lying, REST)
