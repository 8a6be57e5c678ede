"""Moments by hand: subjects with trails, at seconds after noon, in a picture that is as wide as high."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from vision.activity import Shown
from vision.detection import Detection
from vision.moment import Moment, Step, Subject
from vision.track import Track, group_of
from vision.zone import Box, Zone

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
BOWL = Zone("food_bowl", ((0.4, 0.75), (0.6, 0.75), (0.6, 1.0), (0.4, 1.0)))
WATER = Zone("water_bowl", BOWL.polygon)
PORCH = Zone("porch", ((0.0, 0.5), (1.0, 0.5), (1.0, 1.0), (0.0, 1.0)))
AT_BOWL: Box = (0.1, 0.2, 0.6, 0.95)


def at(seconds: float) -> datetime:
    """Return the time that many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def subject(label: str, *boxes: Box, every: float = 0.4, heading: int = 0) -> Subject:
    """Return who was in these boxes, one every so many seconds, the last at noon."""
    group = group_of(label)
    assert group, f"{label} is nobody"
    track = Track(1, group, Detection(boxes[-1], label, 0.9), NOON)
    track.follow(track.detection, NOON)
    steps = [Step(at(-every * back), box) for back, box in enumerate(reversed(boxes))]
    return Subject(track, tuple(reversed(steps)), heading)


def moment(*subjects: Subject, zones: Sequence[Zone] = (), **others: Any) -> Moment:
    """Return noon with these subjects, an hour after watching began, with other fields as given."""
    seen = {each.group: NOON for each in subjects}
    plain = Moment(NOON, at(-3600), 1.0, tuple(zones), subjects=subjects, last_seen=seen)
    return replace(plain, **others)


def places(shown: Callable[[Moment], Iterable[Shown]], *subjects: Subject, zones: Sequence[Zone] = ()) -> list[str]:
    """Return the zones at which an activity is shown."""
    return [each.zone for each in shown(moment(*subjects, zones=zones))]
