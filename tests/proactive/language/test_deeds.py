"""What a rule does: verbs, devices and values, over a home in which something can be set, locked, docked and armed."""

from __future__ import annotations

from typing import Any

import pytest

from proactive.language.understand import understand
from rules.explain import explain
from rules.home import parse_home
from tests.proactive.language.conftest import NOW

ON = {"state": ["on", "off"]}
HOME: dict[str, Any] = {
    "home": "rowan",
    "time_zone": "Europe/London",
    "location": {"latitude": 51.5, "longitude": -0.1},
    "default_speaker": "person.hana",
    "people": [
        {"id": "person.hana", "name": "Hana", "role": "owner", "aliases": ["me"], "channels": ["console"]},
        {"id": "person.omar", "name": "Omar", "role": "partner", "aliases": ["my husband"], "channels": ["console"]},
    ],
    "devices": [
        {"id": "contact.front", "type": "door", "name": "front door", "attributes": {"state": ["open", "closed"]}},
        {"id": "lock.front", "type": "lock", "name": "front door", "attributes": {"state": ["locked", "unlocked"]}},
        {"id": "cover.garage", "type": "garage_door", "name": "garage door", "attributes": {"state": ["open", "closed"]}},
        {"id": "climate.hall", "type": "thermostat", "name": "hall", "aliases": ["thermostat", "heating"], "unit": "C",
         "attributes": {"current_temperature": "number", "setpoint": "number", "mode": ["heat", "cool", "off"]}},
        {"id": "sensor.shed", "type": "temperature", "name": "shed temperature", "unit": "C", "attributes": {"value": "number"}},
        {"id": "light.porch", "type": "light", "name": "porch", "attributes": ON},
        {"id": "light.landing", "type": "light", "name": "landing", "attributes": {**ON, "brightness": "number"}},
        {"id": "tv.lounge", "type": "tv", "name": "lounge", "attributes": {**ON, "volume": "number"}},
        {"id": "vacuum.dusty", "type": "vacuum", "name": "Dusty", "attributes": {"state": ["docked", "cleaning", "stuck"]}},
        {"id": "alarm.home", "type": "alarm", "name": "home alarm", "attributes": {"state": ["armed_away", "disarmed"]}},
        {"id": "doorbell.front", "type": "doorbell", "name": "front", "events": ["pressed"]},
    ],
}  # fmt: skip
ROWAN = parse_home(HOME)


def act(device: str, command: str, value: object = None) -> dict[str, object]:
    """Return an act as a rule holds it."""
    return {"device": device, "command": command, **({} if value is None else {"value": value})}


RULES = [
    ("turn the porch light off when nobody is home", [act("light.porch", "turn_off")]),
    ("turn off all the lights when everyone has left", [act("light.porch", "turn_off"), act("light.landing", "turn_off")]),
    ("when Omar comes home turn on the porch light and the landing light", [act("light.porch", "turn_on"), act("light.landing", "turn_on")]),
    ("set the thermostat to 19 when Omar comes home", [act("climate.hall", "set_temperature", 19)]),
    ("set the thermostat to 17.5 degrees at 10 pm", [act("climate.hall", "set_temperature", 17.5)]),
    ("set the thermostat to away when everyone leaves", [act("climate.hall", "set_preset", "away")]),
    ("turn on cooling if the shed temperature goes over 30", [act("climate.hall", "set_mode", "cool")]),
    ("turn the heating off if the front door is open for 10 minutes", [act("climate.hall", "set_mode", "off")]),
    ("set the landing light to 30% at 10pm", [act("light.landing", "set_brightness", 30)]),
    ("increase the volume of the TV when the doorbell rings", [act("tv.lounge", "volume_up")]),
    ("turn down the volume when the doorbell rings", [act("tv.lounge", "volume_down")]),
    ("dock Dusty when I come home", [act("vacuum.dusty", "dock")]),
    ("start Dusty when everyone has left", [act("vacuum.dusty", "start")]),
    ("arm the alarm when everyone leaves", [act("alarm.home", "arm_away")]),
    ("lock the front door at 11pm every night", [act("lock.front", "lock")]),
    ("if the front door is unlocked at 11pm lock it", [act("lock.front", "lock")]),
    ("close the garage door if it is open at 10pm", [act("cover.garage", "close")]),
    ("turn on the porch light at sunset", [act("light.porch", "turn_on")]),
]  # fmt: skip

NOW_DONE = [
    ("turn off the porch light", [act("light.porch", "turn_off")]),
    ("set the thermostat to 20", [act("climate.hall", "set_temperature", 20)]),
    ("lock the front door", [act("lock.front", "lock")]),
    ("turn off the kitchen light", []),
    ("play some jazz", []),
]


@pytest.mark.parametrize(("said", "acts"), RULES, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_to_be_done_is_done_by_the_device_that_takes_it(said: str, acts: list[dict[str, object]]) -> None:
    found = understand(said, None, ROWAN, now=NOW)
    assert found.rule is not None, found.reply
    assert found.rule.as_json()["do"] == acts
    assert found.rule.notify is None


@pytest.mark.parametrize(("said", "acts"), NOW_DONE, ids=lambda value: value if isinstance(value, str) else "")
def test_a_command_carries_its_acts_where_they_are_clear(said: str, acts: list[dict[str, object]]) -> None:
    found = understand(said, None, ROWAN, now=NOW)
    assert found.outcome == "command"
    assert [one.model_dump(exclude_none=True) for one in found.acts] == acts


def test_an_act_of_no_name_is_judged_by_the_number_of_what_acts() -> None:
    rule = understand("turn on cooling if the temperature goes over 27", None, ROWAN, now=NOW).rule
    assert rule is not None
    assert rule.as_json()["when"]["state"]["state"] == "climate.hall"


def test_undoing_is_left_out_and_the_note_says_so() -> None:
    found = understand("turn on the porch light for 5 minutes when the doorbell rings", None, ROWAN, now=NOW)
    assert found.rule is not None
    assert "undo" in " ".join(found.notes)


def test_opening_for_a_while_is_asked_about_since_it_would_stay_open() -> None:
    found = understand("if the doorbell rings unlock the front door for 10 seconds", None, ROWAN, now=NOW)
    assert (found.outcome, found.asks[0].slot) == ("clarify", "undo")


def test_who_is_told_too_is_told_though_an_act_cannot_be_done() -> None:
    found = understand("when the doorbell rings tell me and close the curtains", None, ROWAN, now=NOW)
    assert found.rule is None or "curtains" in " ".join(found.notes)


@pytest.mark.parametrize(
    "said", ["set the porch light to blue when the doorbell rings", "start the sprinkler when I come home"]
)
def test_what_no_device_here_takes_is_no_rule(said: str) -> None:
    assert understand(said, None, ROWAN, now=NOW).outcome == "cannot"


def test_values_are_said_back_in_words() -> None:
    rules = understand("set the landing light to 30% at 10pm", None, ROWAN, now=NOW).rules
    assert "set the brightness of the landing light to 30" in explain(rules[0], ROWAN)
