"""What the tests of this folder share: a home in words, a real SQLite store, and instants that are moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from proactive.home_file import load_homes
from proactive.store import Store
from rules.firing import Firing, Verdict, firing_id, occurrence_id
from rules.home import Home
from rules.rule import Rule, parse_rule
from rules.units import instant

HOME = """
home: maple
name: Maple Street
time_zone: America/Chicago
location: {latitude: 41.88, longitude: -87.63}
quiet_hours: 22:30-06:30
default_speaker: person.greg
people:
- {id: person.greg, name: Greg, role: owner, aliases: [me, dad], channels: [console]}
- {id: person.maya, name: Maya, role: partner, channels: [phone.maya, console]}
- {id: person.zoe, name: Zoe, role: 'daughter, 9'}
groups: {everyone: [person.greg, person.maya, person.zoe]}
pets:
- {id: pet.daisy, name: Daisy, species: dog, looks: golden retriever}
cameras:
- id: cam.kitchen
  name: kitchen camera
  sees: food bowls
  zones:
    food_bowls: [[0.0, 0.4], [0.25, 0.4], [0.25, 1.0], [0.0, 1.0]]
    counter: [[0.25, 0.4], [0.5, 0.4], [0.5, 1.0]]
devices:
- {id: cover.garage, type: garage_door, name: garage door, attributes: {state: [open, closed]}}
- {id: light.hall, type: light, name: hall light, attributes: {state: [on, off], level: number}}
- {id: doorbell.front, type: doorbell, name: front doorbell, events: [pressed]}
calendars:
- {id: calendar.family, name: family}
"""

FED = {
    "type": "detection",
    "source": "cam.kitchen",
    "subject": "pet.daisy",
    "where": {"activity": "eating", "zone": "food_bowls"},
}


def at(text: str) -> int:
    """Return an ISO time with an offset as an instant."""
    return instant(datetime.fromisoformat(text))


def make_rule(**changes: object) -> Rule:
    """Return the Daisy rule with some keys changed."""
    rule = {
        "id": "daisy-fed",
        "home": "maple",
        "owner": "person.greg",
        "said": "let me know if Daisy isn't fed by noon every day",
        "when": {"op": "absent", "of": [FED], "window": {"from": "00:00", "until": "12:00"}},
        "notify": {"to": ["person.greg"], "message": "Daisy has not been fed by noon", "urgency": "high"},
    }
    return parse_rule(rule | changes)


def make_firing(verdict: Verdict = "fired", time: int = at("2026-03-09T12:00:00-05:00"), **changes: object) -> Firing:
    """Return a firing of the Daisy rule about 9 March 2026."""
    occurrence = occurrence_id("maple", "daisy-fed", "2026-03-09")
    values = {
        "id": firing_id(occurrence, verdict),
        "occurrence": occurrence,
        "rule": "daisy-fed",
        "home": "maple",
        "time": time,
        "verdict": verdict,
    }
    return Firing(**(values | changes))  # type: ignore[arg-type]  # the tests give the right types


@pytest.fixture(scope="session")
def maple(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return the home of these tests."""
    path = tmp_path_factory.mktemp("homes") / "maple.yaml"
    path.write_text(HOME)
    return load_homes([path])[0]


@pytest.fixture
def store(tmp_path: Path, maple: Home) -> Iterator[Store]:
    """Return a store on a real SQLite file that knows the home."""
    with Store(f"sqlite:///{tmp_path / 'proactive.db'}") as store:
        store.import_home(maple)
        yield store
