"""What a person is told of a camera, or a zone of it, that was blind at noon: from pictures to the sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from proactive.notify.text import render
from rules.record import Record
from rules.rule import parse_rule
from streams.replay import Replay
from tests.vision.live.test_watch import FAULTS, fault
from tests.vision.live.test_zone_sight import HIDING
from tests.vision.live.yards import HOME, START, play, watching, yard

DAISY = parse_rule(
    {
        "id": "daisy-fed",
        "home": "maple",
        "when": {
            "op": "absent",
            "of": [
                {
                    "type": "detection",
                    "source": "cam.yard",
                    "subject": "pet.daisy",
                    "where": {"activity": "eating", "zone": "food_bowl"},
                }
            ],
            "window": {"from": "11:00", "until": "12:00"},
        },
        "notify": {"to": ["person.greg"], "message": "Daisy has not been fed by noon"},
    }
)
SAID = {
    "too_dark": "it was too dark for the yard",
    "covered": "the yard was covered",
    "moved": "the yard looked elsewhere",
    "frozen": "the yard showed one and the same picture",
    "no_picture": "the yard was off",
}
SAID_OF_ZONE = {"covered": "the food bowl was covered", "too_dark": "it was too dark at the food bowl"}


def told(records: list[Record]) -> str:
    """Return what the Daisy rule tells at noon, a minute after `START`."""
    began = START - timedelta(minutes=59)
    online = Record(id="o", type="health", time=began, source="cam.yard", home="maple", data={"status": "online"})
    (firing,) = Replay([HOME], [DAISY], began, START + timedelta(minutes=2)).run([[online, *records]])
    return render(firing, DAISY, HOME).body


@pytest.mark.parametrize("kind", FAULTS)
def test_of_a_blind_camera_it_is_said_why_it_cannot_tell_and_since_when(kind: str) -> None:
    watch = watching()
    said = told(play(watch, yard(), 0, 45) + fault(watch, kind, 45, 62))
    assert said.startswith(f"I can't tell whether Daisy has been fed by noon: {SAID[kind]} from 11:59:4")
    assert said.endswith(" am to noon.")


@pytest.mark.parametrize("reason", HIDING)
def test_of_a_zone_that_alone_is_hidden_it_is_said_so(reason: str) -> None:
    watch = watching()
    said = told(play(watch, yard(), 0, 45) + play(watch, HIDING[reason](yard()), 45, 62))
    assert said.startswith(f"I can't tell whether Daisy has been fed by noon: {SAID_OF_ZONE[reason]} from 11:59:4")
