"""Activities: what a box over a zone shows, and for how long it has to. Pure functions and their constants.

Boxes show *at the bowl*, not chewing. `eating` is therefore an inference, marked `basis: at_bowl`: an animal's box has
covered a quarter of a bowl zone for five seconds, and the bowl lies where a head that is down would be. That last part is
the one cue to which end of the animal is at the bowl: bowls stand on the floor, and so does the animal, so in the picture
of a camera that looks across a room the bowl is in the lower half of its box. What is behind its raised end (the tail, a
back) is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from vision.track import ANIMAL
from vision.zone import Box, Zone, anchor, contains, middle, share_covered

ACTIVITIES = frozenset({"entered", "left", "at", "eating"})

COVERED = 0.25  # of a bowl zone; see the module's README for what it was tried on
BRIDGE = timedelta(seconds=2)  # a detector blinks; a subject that is gone for longer has left
DWELL = timedelta(seconds=5)  # passing, or a sniff, is shorter
EVERY = timedelta(seconds=30)  # how often an episode that goes on is reported


@dataclass(frozen=True, slots=True)
class Timing:
    """When a happening counts and how it is reported: after `dwell`, over gaps of `bridge`, again `every` so often."""

    dwell: timedelta = timedelta(0)
    bridge: timedelta = BRIDGE
    every: timedelta = EVERY


VISIT = Timing()
MEAL = Timing(dwell=DWELL)


def is_at(zone: Zone, box: Box) -> bool:
    """Return whether a subject is at the zone: it stands in it, or is over it where the zone is a bowl."""
    return share_covered(zone, box) >= COVERED if zone.is_bowl else contains(zone.polygon, anchor(box))


def is_over_bowl(zone: Zone, group: str, box: Box) -> bool:
    """Return whether an animal has its lower, floor-side half at a bowl and covers enough of it."""
    return zone.is_bowl and group == ANIMAL and is_on_floor_side(zone, box) and is_at(zone, box)


def is_on_floor_side(zone: Zone, box: Box) -> bool:
    """Return whether the zone's middle lies below the middle of the box."""
    return middle(zone.polygon)[1] >= (box[1] + box[3]) / 2
