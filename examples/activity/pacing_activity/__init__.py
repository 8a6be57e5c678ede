"""An activity for Proactive: somebody or some animal that paces turns round again and again while crossing the picture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from vision.activity import Act, Shown, Timing
from vision.moment import Moment, Subject, centre

TURNS = 2  # within the six seconds that a trail is kept for
STRIDE = 0.5  # body lengths between two turns: less is fidgeting, or a box that trembles


def pacing(moment: Moment) -> Iterator[Shown]:
    """Yield people and animals that have turned round twice in the last seconds."""
    for subject in (*moment.of("person"), *moment.of("animal")):
        if turns(across(moment, subject), STRIDE * moment.body(subject)) >= TURNS:
            for zone in moment.place(subject.box):
                yield Shown(subject, "turned_twice", zone, subject.confidence)


def across(moment: Moment, subject: Subject) -> list[float]:
    """Return where the subject was from left to right, oldest first, in heights of the picture."""
    return [centre(step.box)[0] * moment.aspect for step in subject.trail]


def turns(places: list[float], stride: float) -> int:
    """Return how often the direction changed, after going at least a stride each way."""
    if not places or stride <= 0:
        return 0
    found, heading, edge = 0, 0, places[0]
    for place in places:
        went = place - edge
        if heading and heading * went > 0:
            edge = place  # further the same way
        elif abs(went) >= stride:
            found, heading, edge = found + (heading != 0), 1 if went > 0 else -1, place
    return found


PACING = Act("pacing", pacing, Timing(dwell=timedelta(seconds=5), bridge=timedelta(seconds=6)))
