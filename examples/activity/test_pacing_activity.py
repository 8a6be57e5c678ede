"""The promises of every activity, and what this one can tell: of boxes that go up and down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pacing_activity import PACING, pacing

from vision.activities.conformance import check_activity
from vision.activity import activities
from vision.detection import Detection
from vision.moment import Moment, Step, Subject
from vision.track import Track
from vision.zone import Box

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
EVERY = timedelta(seconds=0.4)  # between two looks


def box(left: float) -> Box:
    """Return a dog's box, about 0.36 heights of the picture long."""
    return (left, 0.6, left + 0.2, 0.9)


def moment(label: str, *lefts: float) -> Moment:
    """Return the moment at which somebody has been at these places, the last one now."""
    steps = tuple(Step(NOON - EVERY * (len(lefts) - 1 - n), box(left)) for n, left in enumerate(lefts))
    track = Track(1, "person" if label == "person" else "animal", Detection(box(lefts[-1]), label, 0.9), NOON)
    track.follow(track.detection, NOON)
    return Moment(NOON, NOON - timedelta(minutes=1), subjects=(Subject(track, steps),))


UP_AND_DOWN = (0.1, 0.3, 0.5, 0.3, 0.1, 0.3, 0.5)


def test_it_keeps_the_promises_of_every_activity() -> None:
    check_activity(PACING, moment("dog", *UP_AND_DOWN))


def test_it_is_found_by_its_name() -> None:
    assert activities()["pacing"].load() is PACING


@pytest.mark.parametrize("label", ["dog", "person"])
def test_who_turns_round_twice_paces(label: str) -> None:
    (shown,) = pacing(moment(label, *UP_AND_DOWN))
    assert (shown.basis, shown.zone) == ("turned_twice", "")


@pytest.mark.parametrize(
    "lefts",
    [
        (0.1, 0.2, 0.3, 0.4, 0.5, 0.6),  # crosses
        (0.1, 0.3, 0.5, 0.3, 0.1),  # goes and comes back
        (0.3, 0.34, 0.3, 0.34, 0.3, 0.34),  # trembles
        (0.3,),  # has only just been seen
    ],
)
def test_who_does_not_turn_round_twice_does_not_pace(lefts: tuple[float, ...]) -> None:
    assert list(pacing(moment("dog", *lefts))) == []
