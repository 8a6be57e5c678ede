"""The obligations of an activity as a check that its author runs: `check_activity(WAITING)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from vision.activity import Activity
from vision.detection import Detection, Detections, detections_of
from vision.moment import Moment, Step, Subject, Thing
from vision.track import Track
from vision.vocabulary import MOVES
from vision.zone import Box, Zone

_NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
_ZONES = (
    Zone("food_bowl", ((0.4, 0.7), (0.6, 0.7), (0.6, 1.0), (0.4, 1.0))),
    Zone("line", ((0.1, 0.1), (0.2, 0.1), (0.3, 0.1))),
    Zone("floor", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))),
)
_BOXES: tuple[Box, ...] = ((0.1, 0.2, 0.6, 0.95), (0.0, 0.0, 1.0, 1.0), (0.5, 0.5, 0.5, 0.5), (0.3, 0.6, 0.8, 0.8))


def check_activity(activity: Activity, *moments: Moment) -> None:
    """Raise AssertionError unless the activity keeps the port's promises, on `moments` and on some of our own."""
    name, timing = activity.name, activity.timing
    assert re.fullmatch("[a-z][a-z0-9_]*", name), f"name: expected a word such as 'waiting_at_door', found {name!r}"
    assert name not in MOVES, f"name: {name!r} is how the ends of a visit are told; choose another"
    assert timing.dwell >= timedelta(0), f"timing.dwell: expected no negative time, found {timing.dwell}"
    assert timing.bridge > timedelta(0), f"timing.bridge: expected some time, found {timing.bridge}"
    assert timing.every > timedelta(0), f"timing.every: expected some time, found {timing.every}"
    for moment in (*_moments(), *moments):
        _check_moment(activity, moment)


def _moments() -> Iterator[Moment]:
    """Yield moments that have broken activities: nothing at all, no zones, a box of no size, a crowd, a tall picture."""
    nobody = Moment(_NOON, _NOON - timedelta(hours=1), zones=_ZONES)
    yield nobody
    for group, label in (("animal", "dog"), ("person", "person"), ("vehicle", "car"), ("bird", "bird")):
        crowd = tuple(_subject(group, label, box) for box in _BOXES)
        shown = replace(nobody, subjects=crowd, last_seen={group: _NOON}, detections=_found(crowd))
        yield from (shown, replace(shown, zones=()), replace(shown, aspect=9 / 16))
    bag = Thing("suitcase", _BOXES[0], 0.7, _NOON - timedelta(minutes=1), came=True, attended=_NOON - timedelta(0, 30))
    yield replace(nobody, things=(bag, replace(bag, attended=None), replace(bag, came=False)))


def _subject(group: str, label: str, box: Box) -> Subject:
    track = Track(1, group, Detection(box, label, 0.8), _NOON)
    track.follow(track.detection, _NOON)
    return Subject(track, tuple(Step(_NOON - timedelta(seconds=s), box) for s in (6, 4, 2, 1, 0)), heading=1)


def _found(crowd: tuple[Subject, ...]) -> Detections:
    return detections_of(subject.track.detection for subject in crowd)


def _check_moment(activity: Activity, moment: Moment) -> None:
    first, again = list(activity.shown(moment)), list(activity.shown(moment))
    assert first == again, f"the same moment showed {first}, then {again}: keep nothing from moment to moment"
    for shown in first:
        zones = {"", *(zone.name for zone in moment.zones)}
        assert shown.zone in zones, f"zone: expected one of the moment's ({sorted(zones)}), found {shown.zone!r}"
        assert shown.basis, "basis: expected what it was inferred from, such as 'in_picture'; found nothing"
        found = shown.subject.confidence
        assert 0 <= found <= 1, f"subject.confidence: expected a value in 0..1, found {found}"
        assert all(0 <= value <= 1 for value in shown.subject.box), (
            f"subject.box: expected 0..1, found {shown.subject.box}"
        )
