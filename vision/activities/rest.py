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
STILL = 0.75  # of the union that the boxes of some seconds have in common
FOR = timedelta(seconds=4)
REST = Timing(dwell=timedelta(seconds=10), bridge=timedelta(seconds=10), every=timedelta(minutes=5))
_EDGE = 0.01


def lying(moment: Moment) -> Iterator[Shown]:
    """Yield people and animals that are flat and have kept still for four seconds."""
    for subject in moment.subjects:
        if is_flat(moment, subject) and is_still(moment, subject):
            for zone in moment.place(subject.box):
                yield Shown(subject, "flat_and_still", zone, subject.confidence)


def is_flat(moment: Moment, subject: Subject) -> bool:
    """Return whether the body is longer than one that stands; what the picture cuts off above or below may be anything."""
    width, height = moment.size(subject.box)
    return subject.group in FLAT and not _is_cut(subject.box) and width >= FLAT[subject.group] * height


def is_still(moment: Moment, subject: Subject) -> bool:
    """Return whether the box has been about the same for four seconds, of which the trail must know."""
    steps = subject.since(moment.time - FOR)
    known = len(steps) < len(subject.trail) or subject.trail[0].time <= moment.time - FOR
    return known and all(overlap(step.box, subject.box) >= STILL for step in steps)


def _is_cut(box: Box) -> bool:
    return box[1] <= _EDGE or box[3] >= 1 - _EDGE


LYING = Act("lying", lying, REST)
