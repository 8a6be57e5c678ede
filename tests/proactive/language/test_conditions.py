"""What a clause means, a class of sentences at a time: absence, order, counts and what holds, each with its condition and guards."""

from __future__ import annotations

from typing import Any

import pytest

from proactive.language.outcome import Outcome
from tests.proactive.language.conftest import Say
from tests.proactive.language.test_rules import (
    BACK,
    DAISY,
    EATING,
    MIMI,
    OTTO,
    absent,
    change,
    holds,
    occurs,
    rule_json,
)

BELL = {"type": "event", "source": "doorbell.front", "where": {"name": "pressed"}}
FRONT_OPENS, BACK_OPENS = change("contact.front", "open"), change("contact.back", "open")
UNLOCKED = {"state": "lock.front", "is": "unlocked"}
DOGS = {"type": "detection", "source": "cam.kitchen", "subject": ["pet.daisy", "pet.otto"], "where": EATING}
CAR = {"type": "detection", "source": "cam.drive", "where": {"label": "car", "activity": "entered", "zone": "driveway"}}
SOON = ("You did not say within how long, so I took 10 minutes.",)


def sequence(first: dict[str, Any], then: dict[str, Any], within: str, **more: Any) -> dict[str, Any]:
    return {"op": "sequence", "first": [first], "then": [then], "within": within, **more}


def count(at_least: int, within: str, *of: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"op": "count", "of": list(of), "at_least": at_least, "within": within, **more}


def range_of(low: int, high: int) -> dict[str, Any]:
    return {"any": [{"state": "sensor.office", "below": low}, {"state": "sensor.office", "above": high}]}


ABSENCE = [
    ("tell me if it's been more than a day since Mimi ate", absent(MIMI, duration="1d"), None),
    ("tell me if 6 hours pass without anyone opening the back door", absent(BACK_OPENS, duration="6h"), None),
    ("ping me if I forgot to feed Otto by 8am", absent(OTTO, window={"from": "00:00", "until": "08:00"}), None),
    ("tell me if Daisy goes 10 hours without eating", absent(DAISY, duration="10h"), None),
    ("tell me if Mimi was last fed more than 12 hours ago", absent(MIMI, duration="12h"), None),
    ("tell me if neither dog has eaten by 9am", absent(DOGS, window={"from": "00:00", "until": "09:00"}), None),
    ("tell me if Mimi doesn't eat between six and ten in the morning", absent(MIMI, window={"from": "06:00", "until": "10:00"}), None),
    ("tell me when it's 9pm and Daisy still hasn't eaten", absent(DAISY, window={"from": "00:00", "until": "21:00"}), None),
    (
        "tell me if no one has opened the back door by sunday 6pm",
        absent(BACK_OPENS, window={"from": "00:00", "until": "18:00", "days": ["sun"]}),
        None,
    ),
    (
        "tell me if the porch light stays off from 8 to 10 in the evening",
        absent(change("light.porch", "on"), window={"from": "20:00", "until": "22:00"}),
        None,
    ),
]  # fmt: skip

ORDER = [
    ("tell me if the back door opens within 2 minutes after the doorbell rings", sequence(BELL, BACK_OPENS, "2m"), None),
    ("tell me if the back door opens after the doorbell rings within 2 minutes", sequence(BELL, BACK_OPENS, "2m"), None),
    (
        "tell me if the back door isn't closed within 5 minutes of the front door opening",
        sequence(FRONT_OPENS, change("contact.back", "closed"), "5m", missing=True),
        None,
    ),
    ("tell me if the front door is unlocked but not opened within a minute", sequence(change("lock.front", "unlocked"), FRONT_OPENS, "1m", missing=True), None),
    ("tell me if the front door opens followed by the back door within 2 minutes", sequence(FRONT_OPENS, BACK_OPENS, "2m"), None),
    (
        "tell me when everyone has left and the front door isn't locked within 5 minutes",
        holds({"all": [{"home": "nobody"}, {"state": "lock.front", "is_not": "locked"}]}, "5m"),
        None,
    ),
    ("tell me if the back door is still open ten minutes after Bruno leaves", occurs(change("person.bruno", "away"), after="10m"), [BACK]),
]  # fmt: skip

COUNTS = [
    ("tell me if the back door opens again within 5 minutes", count(2, "5m", BACK_OPENS), None),
    ("tell me if the back door opens for the third time within an hour", count(3, "1h", BACK_OPENS), None),
    ("tell me if the back door opens 5 or more times per day", count(5, "1d", BACK_OPENS), None),
    ("tell me if the back door opens more than once between 10pm and 6am", count(2, "8h", BACK_OPENS), [{"between": ["22:00", "06:00"]}]),
    ("tell me if either dog eats more than twice a day", count(3, "1d", DOGS, per="subject"), None),
    ("tell me if two cars come into the driveway within ten minutes", count(2, "10m", CAR), None),
]  # fmt: skip

HOLDS = [
    ("tell me if the office is between 60 and 70 degrees for an hour", holds({"not": range_of(60, 70)}, "1h"), None),
    ("tell me if the office is outside 60 to 70 degrees for an hour", holds(range_of(60, 70), "1h"), None),
    ("tell me if the freezer is warmer than minus five celsius for 20 minutes", holds({"state": "sensor.freezer", "above": 23}, "20m"), None),
    ("tell me if the office has stayed at 75 degrees or above for a full three hours", holds({"not": {"state": "sensor.office", "below": 75}}, "3h"), None),
    ("tell me if everyone is away for 30 minutes and the front door is unlocked", holds({"home": "nobody"}, "30m"), [UNLOCKED]),
    ("tell me if the fridge is left open for 5 minutes and it's night", holds({"state": "contact.fridge", "is": "open"}, "5m"), [{"between": ["22:30", "06:30"]}]),
    (
        "tell me if the porch light is on for 3 hours or the back door is open for 5 minutes",
        {"op": "any", "conditions": [holds({"state": "light.porch", "is": "on"}, "3h"), holds(BACK, "5m")]},
        None,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "when", "guards"), [*ABSENCE, *ORDER, *COUNTS, *HOLDS])
def test_each_way_to_say_it_becomes_the_condition_it_means(say: Say, text: str, when: Any, guards: Any) -> None:
    rule = rule_json(say(text))
    assert (rule["when"], rule.get("while")) == (when, guards)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("tell me if someone rings and nobody answers", sequence(BELL, FRONT_OPENS, "10m", missing=True)),
        ("tell me if the back door opens soon after the doorbell rings", sequence(BELL, BACK_OPENS, "10m")),
        ("tell me if the back door opens and then the fridge opens", sequence(BACK_OPENS, change("contact.fridge", "open"), "10m")),
    ],
)  # fmt: skip
def test_an_order_without_a_length_has_a_default_that_is_said(say: Say, text: str, when: Any) -> None:
    outcome: Outcome = say(text)
    assert rule_json(outcome)["when"] == when
    assert outcome.notes == SOON


def test_two_deadlines_on_two_kinds_of_days_are_two_rules(say: Say) -> None:
    outcome = say("tell me if Cleo isn't home by 10pm on weekdays and 11pm on weekends")
    whens = [rule.as_json()["when"] for rule in outcome.rules]
    assert [(when["time"], len(when["days"])) for when in whens] == [("22:00", 5), ("23:00", 2)]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("tell me if the front door opens after the doorbell rings", "clarify"),
        ("tell me if the back door opens no more than three times a day", "cannot"),
        ("tell me if the front door opens and nobody is on the porch", "cannot"),
        ("tell me if Daisy isn't fed by bedtime", "clarify"),
    ],
)
def test_what_no_condition_says_is_asked_or_declined(say: Say, text: str, outcome: str) -> None:
    assert say(text).outcome == outcome
