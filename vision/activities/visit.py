"""Visits: who is at a zone, or anywhere in the picture.

The scene tells a visit's start as `entered` and its end as `left`, unless somebody was there when watching began or is there
when it stops.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from vision.activity import Act, Shown
from vision.moment import Moment, is_at
from vision.zone import share_covered


def at(moment: Moment) -> Iterator[Shown]:
    """Yield everybody in the picture, once for the whole of it and once for each zone that they are at."""
    for subject in moment.subjects:
        yield Shown(subject, "in_picture", weight=subject.confidence, since=subject.made_out(lambda _: True))
        for zone in moment.zones:
            if is_at(zone, subject.box):
                over = zone.is_bowl or zone.is_water
                basis = "box_over_zone" if over else "standing_in_zone"
                since = subject.made_out(partial(is_at, zone))
                yield Shown(subject, basis, zone.name, share_covered(zone, subject.box), since=since)


AT = Act("at", at)
