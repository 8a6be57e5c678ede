"""Several requests in one text: as many rules, each with an id of its own; and one request stays one."""

from __future__ import annotations

import pytest

from proactive.language.local.several import pieces_of
from tests.proactive.language.conftest import Say

SEVERAL = [
    ("let me know if the front door opens. Also tell me when the back door opens.", 2),
    ("tell me if Daisy isn't fed by noon, and remind me at 9pm to lock up", 2),
    ("notify me when the washer is done and when the front door opens", 2),
    ("if the back door is open for 10 minutes tell me; if the fridge is open for 2 minutes tell Bruno", 2),
    ("turn on the porch light when I come home and turn it off when I leave", 2),
    ("tell me if Daisy isn't fed by noon, tell me if Otto isn't fed by 1pm and tell me if Mimi hasn't eaten by 6pm", 3),
]

ONE = [
    "tell me if the front door is open and the back door is open",
    "tell me when Cleo comes home and turn on the porch light",
    "if the back door opens, tell me and turn on the porch light",
    "tell me if the back door opens. It should be closed.",
    "tell me when the back door opens or the front door opens",
]


@pytest.mark.parametrize(("said", "count"), SEVERAL, ids=lambda value: str(value)[:40])
def test_a_text_that_holds_several_requests_gives_as_many_rules(say: Say, said: str, count: int) -> None:
    found = say(said)
    assert len(found.rules) == count, found.reply
    assert len({rule.id for rule in found.rules}) == count


@pytest.mark.parametrize("said", ONE)
def test_one_request_is_not_cut(said: str) -> None:
    assert pieces_of(said) == [said]


def test_it_is_what_was_named_before(say: Say) -> None:
    rules = say("turn on the porch light when I come home and turn it off when I leave").rules
    assert [rule.do[0].command for rule in rules] == ["turn_on", "turn_off"]
    assert {rule.do[0].device for rule in rules} == {"light.porch"}


def test_nothing_is_made_of_a_text_of_which_one_request_is_no_rule(say: Say) -> None:
    assert say("tell me when the washer finishes. Tell me when the mailman arrives.").rules == ()


def test_two_reminders_are_never_one_with_two_times(say: Say) -> None:
    rules = say("remind me to water the tomatoes at 7 pm and remind Bruno to feed Mimi at 8 pm").rules
    assert [rule.notify.message for rule in rules if rule.notify] == ["Water the tomatoes", "Feed Mimi"]


def test_steps_with_a_time_are_no_story_before_a_request(say: Say) -> None:
    rule = say(
        "1. Check at 10pm every night\n2. See if the left garage door is open\n3. If it is, close it and tell me."
    ).rule
    assert rule is not None
    assert rule.as_json()["when"] == {"op": "at", "time": "22:00"}
