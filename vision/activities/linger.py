"""What stays: a person who does not go on, and a thing that nobody took along.

Neither says why. Somebody who waits at the door for half a minute loiters as much as somebody who tries its handle; a bag is
left behind when whoever came with it has been gone from it for twenty seconds. Parcels are among what COCO's detectors call a
suitcase, when they see them at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from vision.activity import BRIDGE, Act, Shown, Timing
from vision.moment import Moment

STAY = Timing(
    dwell=timedelta(seconds=30)
)  # who is gone for longer than `BRIDGE` has left, and another one may have come
LEFT = Timing(dwell=timedelta(seconds=20), bridge=timedelta(seconds=10), every=timedelta(minutes=5))


def loitering(moment: Moment) -> Iterator[Shown]:
    """Yield the people at each zone; that they stay for half a minute makes it loitering."""
    for person in moment.of("person"):
        for zone in moment.zones_at(person.box):
            yield Shown(person, "stayed_in_zone", zone.name, person.confidence)


def left_behind(moment: Moment) -> Iterator[Shown]:
    """Yield the things that came with a person, and that nobody is near any more."""
    for thing in moment.things:
        if thing.came and thing.attended and moment.time - thing.attended > BRIDGE:
            for zone in moment.place(thing.box):
                yield Shown(thing, "stayed_without_person", zone, thing.confidence)


LOITERING = Act("loitering", loitering, STAY)
LEFT_BEHIND = Act("left_behind", left_behind, LEFT)
