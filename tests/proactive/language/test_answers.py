"""Questions and their answers: a request that is read again with what was answered becomes its rule, and asks for all at once."""

from __future__ import annotations

from typing import Any

import pytest

from proactive.language.fact import Fact
from proactive.language.outcome import Outcome
from proactive.language.understand import understand
from rules.home import Home
from tests.proactive.language.conftest import NOW

EATING = {"activity": "eating", "zone": "food_bowls"}
DAISY = {"type": "detection", "source": "cam.kitchen", "subject": "pet.daisy", "where": EATING}
LEFT = {"state": "cover.left", "is": "open"}


def absent(**more: Any) -> dict[str, Any]:
    return {"op": "absent", "of": [DAISY], **more}


ANSWERED = [
    ("alert me if the garage is open for 10 minutes", {"device": "cover.left"}, {"op": "holds", "state": LEFT, "lasting": "10m"}),
    ("alert me if the garage is open for 10 minutes", {"device": "the left one"}, {"op": "holds", "state": LEFT, "lasting": "10m"}),
    ("tell me if Daisy hasn't eaten by 9", {"time": "21:00"}, absent(window={"from": "00:00", "until": "21:00"})),
    ("tell me if Daisy hasn't eaten", {"deadline": "by noon"}, absent(window={"from": "00:00", "until": "12:00"})),
    ("tell me if Daisy hasn't eaten", {"deadline": "12 hours"}, absent(duration="12h")),
    ("tell me if Daisy hasn't eaten", {"deadline": "at nine", "time": "09:00"}, absent(window={"from": "00:00", "until": "09:00"})),
    ("tell me if the left garage door is left open", {"duration": "half an hour"}, {"op": "holds", "state": LEFT, "lasting": "30m"}),
    ("tell me if the left garage door is open for too long", {"duration": "5 minutes"}, {"op": "holds", "state": LEFT, "lasting": "5m"}),
    ("tell me if the freezer temperature becomes too high", {"value": "20"}, {"op": "holds", "state": {"state": "sensor.freezer", "above": 20}}),
    ("tell me if Dasiy hasn't been fed by noon", {"subject": "pet.daisy"}, absent(window={"from": "00:00", "until": "12:00"})),
    ("tell me if Daisy isn't fed by bedtime", {"time.bedtime": "11pm"}, absent(window={"from": "00:00", "until": "23:00"})),
]  # fmt: skip


@pytest.mark.parametrize(("text", "answers", "when"), ANSWERED)
def test_an_answer_stands_in_the_rule_where_it_was_asked_for(
    birch: Home, text: str, answers: dict[str, str], when: Any
) -> None:
    asked = understand(text, None, birch, now=NOW)
    assert asked.outcome == "clarify", asked.reply
    outcome = understand(text, None, birch, now=NOW, answers=answers)
    assert outcome.rule is not None, outcome.reply
    assert outcome.rule.as_json()["when"] == when


def slots(outcome: Outcome) -> list[str]:
    return [ask.slot for ask in outcome.asks]


def test_all_that_is_open_is_asked_at_once_each_under_its_own_slot(birch: Home) -> None:
    said = "alert me if the garage is left open for a while between 9 and 10"
    outcome = understand(said, None, birch, now=NOW)
    assert slots(outcome) == ["device", "time", "time-2", "duration"]
    answers = {"device": "cover.right", "duration": "ten minutes", "time": "21:00", "time-2": "22:00"}
    rule = understand(said, None, birch, now=NOW, answers=answers).rule
    assert rule is not None
    assert rule.as_json()["when"] == {"op": "holds", "state": {"state": "cover.right", "is": "open"}, "lasting": "10m"}
    assert rule.as_json()["while"] == [{"between": ["21:00", "22:00"]}]


def test_an_answer_that_says_nothing_is_asked_for_again(birch: Home) -> None:
    outcome = understand("tell me if Daisy hasn't eaten", None, birch, now=NOW, answers={"deadline": "purple"})
    assert slots(outcome) == ["deadline"]


def test_a_told_time_is_a_time_by_its_name(birch: Home) -> None:
    told = (Fact("time", "person.ann", "bedtime", "23:15"), Fact("time", "person.bruno", "bedtime", "21:00"))
    outcome = understand("tell me if Daisy isn't fed by bedtime", "person.ann", birch, now=NOW, facts=told)
    assert outcome.rule is not None
    assert outcome.rule.as_json()["when"] == absent(window={"from": "00:00", "until": "23:15"})


def test_what_was_answered_to_one_request_is_unknown_to_the_next(birch: Home) -> None:
    understand("tell me if Daisy hasn't eaten", None, birch, now=NOW, answers={"deadline": "noon"})
    assert understand("tell me if Daisy hasn't eaten", None, birch, now=NOW).outcome == "clarify"
