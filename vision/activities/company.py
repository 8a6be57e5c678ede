"""Company: an animal without anybody, and two who are near each other.

`alone` is alone *in the picture*: who stands beside the camera is not seen, which `basis: nobody_in_picture` says. Two are
together when less than half of the smaller body is between them and they stand about equally deep in the room; in a picture
that can only be read off where their boxes end.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

from vision.activity import BRIDGE, Act, Shown, Timing
from vision.moment import Moment, Subject
from vision.track import ANIMAL

SOLITUDE = Timing(dwell=timedelta(seconds=60), every=timedelta(minutes=5))
COMPANY = Timing(dwell=timedelta(seconds=2))
NEAR = 0.5  # of the smaller body
_SOCIAL = frozenset({ANIMAL, "person"})


def alone(moment: Moment) -> Iterator[Shown]:
    """Yield the animals while no person has been seen for longer than a detector blinks."""
    if moment.unseen("person") > BRIDGE:
        for subject in moment.of(ANIMAL):
            yield Shown(subject, "nobody_in_picture", weight=subject.confidence)


def together(moment: Moment) -> Iterator[Shown]:
    """Yield each two people or animals who are near each other: an animal with a person, else the surer one first."""
    social = sorted((each for each in moment.subjects if each.group in _SOCIAL), key=_rank)
    for subject, other in combinations(social, 2):
        if is_near(moment, subject, other):
            yield Shown(subject, "near_in_picture", weight=subject.confidence, other=other)


def is_near(moment: Moment, one: Subject, other: Subject) -> bool:
    """Return whether less than half of the smaller body is between the two, across and in depth."""
    a, b = one.box, other.box
    reach = NEAR * min(moment.body(one), moment.body(other))
    across = max(a[0] - b[2], b[0] - a[2], 0.0) * moment.aspect
    return across <= reach and abs(a[3] - b[3]) <= reach


def _rank(subject: Subject) -> tuple[str, float]:
    return subject.group, -subject.confidence


ALONE = Act("alone", alone, SOLITUDE)
TOGETHER = Act("together", together, COMPANY)
