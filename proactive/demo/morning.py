"""What the demo's camera shows: three mornings, each of a few scenes. The stage, not the play: nothing here knows how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from proactive.demo_clip import BOWL, EMPTY
from rules.home import Home, parse_home

REQUEST = "let me know if Daisy isn't fed by noon every day"
SAID = datetime(2026, 3, 8, 21)  # the home's clock; the evening before
DAYS = (date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11))
NOON = time(12, 0, 5)  # when a morning is over: noon, and what may still be on its way
OFF = time(10, 40)
_LAST_LOOK = time(11, 59, 60 - EMPTY)
_LAST_BEFORE_OFF = time(10, 39, 60 - EMPTY)

Polygon = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Scene:
    """What the camera shows from `at` on, and whether it goes off when the film ends."""

    at: time
    film: Path
    then_off: bool = False


@dataclass(frozen=True, slots=True)
class Morning:
    """One day until noon: a title that says what is staged, and its scenes in order."""

    day: date
    title: str
    scenes: tuple[Scene, ...]


def demo_home(zone: Polygon = BOWL, species: str = "cat") -> Home:
    """Return the home of the story: Greg, Daisy, and a camera that sees her bowl in `zone`."""
    camera = {"id": "cam.kitchen", "name": "kitchen camera", "sees": "Daisy's bowl", "zones": {"food_bowls": [*zone]}}
    value = {
        "home": "maple",
        "name": "Maple Street",
        "time_zone": "America/Chicago",
        "default_speaker": "person.greg",
        "people": [{"id": "person.greg", "name": "Greg", "role": "owner", "channels": ["console"]}],
        "pets": [{"id": "pet.daisy", "name": "Daisy", "species": species}],
        "cameras": [camera],
    }
    return parse_home(value)


def mornings(breakfast: Path, empty: Path, first: str) -> tuple[Morning, ...]:
    """Return the three mornings; `first` is the title of the one in which the breakfast film is shown."""
    eight = time(8)
    return (
        Morning(DAYS[0], first, (Scene(eight, breakfast),)),
        Morning(DAYS[1], "the kitchen stays empty", (Scene(eight, empty), Scene(_LAST_LOOK, empty))),
        Morning(
            DAYS[2],
            "the camera goes off at 10:40",
            (Scene(eight, empty), Scene(_LAST_BEFORE_OFF, empty, then_off=True)),
        ),
    )


def at(home: Home, day: date, clock: time) -> datetime:
    """Return a time of day in the home as an aware datetime."""
    return datetime.combine(day, clock, ZoneInfo(home.time_zone))
