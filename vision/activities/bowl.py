"""At the bowl: eating and drinking.

Boxes show *at the bowl*, not chewing. Both are therefore inferences, and `basis` says from what: an animal's box has covered a
quarter of a bowl's zone for some seconds, and the bowl lies where a head that is down would be. Bowls stand on the floor, and
so does the animal, so in the picture of a camera that looks across a room the bowl is in the lower half of its box: what is
behind its raised end (the tail, a back) is not. Where the animal was seen to walk up, the end that went first is its head:
`head_at_bowl` says that the bowl is at that end. Nothing is concluded from the other end, since animals turn on the spot.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from vision.activity import Act, Shown, Timing
from vision.moment import Moment, Subject, is_at
from vision.track import ANIMAL
from vision.zone import Box, Zone, middle, share_covered

MEAL = Timing(dwell=timedelta(seconds=5))  # passing, or a sniff, is shorter
DRINK = Timing(dwell=timedelta(seconds=3))


def eating(moment: Moment) -> Iterator[Shown]:
    """Yield the animals with their lower, floor-side half at a food bowl."""
    return _at_bowls(moment, [zone for zone in moment.zones if zone.is_bowl])


def drinking(moment: Moment) -> Iterator[Shown]:
    """Yield the animals with their lower, floor-side half at a water bowl."""
    return _at_bowls(moment, [zone for zone in moment.zones if zone.is_water])


def _at_bowls(moment: Moment, bowls: list[Zone]) -> Iterator[Shown]:
    for subject in moment.of(ANIMAL) if bowls else ():
        for bowl in bowls:
            if _feeds(bowl, subject.box):
                since, covered = subject.made_out(partial(_feeds, bowl)), share_covered(bowl, subject.box)
                yield Shown(subject, _basis(subject, bowl), bowl.name, covered, since=since)


def _feeds(bowl: Zone, box: Box) -> bool:
    return is_at(bowl, box) and is_on_floor_side(bowl, box)


def is_on_floor_side(zone: Zone, box: Box) -> bool:
    """Return whether the zone's middle lies below the middle of the box."""
    return middle(zone.polygon)[1] >= (box[1] + box[3]) / 2


def _basis(subject: Subject, bowl: Zone) -> str:
    ahead = (middle(bowl.polygon)[0] - (subject.box[0] + subject.box[2]) / 2) * subject.heading
    return "head_at_bowl" if ahead > 0 else "at_bowl"


EATING = Act("eating", eating, MEAL)
DRINKING = Act("drinking", drinking, DRINK)
