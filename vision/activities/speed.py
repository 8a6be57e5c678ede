"""Running: moving across the picture faster than a walk, in lengths of one's own body a second.

A dog that walks moves by about its own length a second, one that runs by three and more; a person walks 0.8 times their
height and runs 1.5 times. Only what crosses the picture is measured: someone who runs towards the camera is not seen to run.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from vision.activity import Act, Shown
from vision.moment import Moment, Subject, centre
from vision.track import ANIMAL
from vision.trail import alike

FASTEST_WALK = {ANIMAL: 2.5, "person": 1.5}  # body lengths a second
OVER = timedelta(seconds=1)
SHORTEST = timedelta(seconds=0.5)


def running(moment: Moment) -> Iterator[Shown]:
    """Yield people and animals that have moved faster than any walk over the last second."""
    for subject in moment.subjects:
        if subject.group in FASTEST_WALK and speed(moment, subject) > FASTEST_WALK[subject.group]:
            for zone in moment.place(subject.box):
                yield Shown(subject, "speed_in_picture", zone, subject.confidence)


def speed(moment: Moment, subject: Subject) -> float:
    """Return body lengths a second over the last second, or 0 where less than half a second is known."""
    first = subject.since(moment.time - OVER)[0]
    took, body = moment.time - first.time, moment.body(subject)
    if not body or took < SHORTEST or not alike(first.box, subject.box):
        return 0.0
    return moment.apart(centre(first.box), centre(subject.box)) / body / took.total_seconds()


RUNNING = Act("running", running)
