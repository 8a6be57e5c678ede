"""Sentences that become rules: each row is what was said, the condition, and the guards."""

from __future__ import annotations

from typing import Any

import pytest

from proactive.language.outcome import Outcome
from rules.check import blocking, check
from rules.explain import explain
from rules.home import Home
from tests.proactive.language.conftest import Say

EATING = {"activity": "eating", "zone": "food_bowls"}
DAISY = {"type": "detection", "source": "cam.kitchen", "subject": "pet.daisy", "where": EATING}
OTTO = {**DAISY, "subject": "pet.otto"}
MIMI = {**DAISY, "subject": "pet.mimi"}
NOON = {"from": "00:00", "until": "12:00"}
BACK = {"state": "contact.back", "is": "open"}


def change(source: Any, value: Any, **where: Any) -> dict[str, Any]:
    return {"type": "state", "source": source, "where": {**where, "value": value}}


def occurs(*of: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"op": "occurs", "of": list(of), **more}


def holds(state: dict[str, Any], lasting: str = "0s", **more: Any) -> dict[str, Any]:
    return {"op": "holds", "state": state, **({} if lasting == "0s" else {"lasting": lasting}), **more}


def absent(*of: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"op": "absent", "of": list(of), **more}


FED = [
    ("let me know if Daisy isn't fed by noon every day", absent(DAISY, window=NOON), None),
    ("tell me unless Daisy is fed by noon", absent(DAISY, window=NOON), None),
    ("Notify me if the golden retriever hasn't eaten by 12pm", absent(DAISY, window=NOON), None),
    ("warn me if the cream one has not been fed by midday", absent(DAISY, window=NOON), None),
    ("alert me if nobody fed Otto by 7.30pm", absent(OTTO, window={"from": "00:00", "until": "19:30"}), None),
    ("tell me if the cat hasn't eaten in 12h", absent(MIMI, duration="12h"), None),
    ("let me know if Otto isn't fed between 6pm and 8pm", absent(OTTO, window={"from": "18:00", "until": "20:00"}), None),
    (
        "tell me if Daisy hasn't had breakfast by half past eight on weekdays",
        absent(DAISY, window={"from": "00:00", "until": "08:30", "days": ["mon", "tue", "wed", "thu", "fri"]}),
        None,
    ),
    (
        "let me know if the dogs aren't fed by noon",
        absent({**DAISY, "subject": ["pet.daisy", "pet.otto"]}, window=NOON, per="subject"),
        None,
    ),
]  # fmt: skip

STATES = [
    ("notify me if the left garage door is left open for ten minutes", holds({"state": "cover.left", "is": "open"}, "10m"), None),
    ("Alert me if the back door stays open for more than 10 minutes", holds(BACK, "10m"), None),
    ("tell me when the back door opens", occurs(change("contact.back", "open")), None),
    ("when someone open the back door send me an alert", occurs(change("contact.back", "open")), None),
    ("Tell me the moment the front door unlocks", occurs(change("lock.front", "unlocked")), None),
    ("tell me when a door opens", occurs(change(["contact.front", "contact.back"], "open")), None),
    ("let me know when the laundry is done", occurs(change("appliance.washer", "finished")), None),
    ("tell me 15 minutes after the washer finishes", occurs(change("appliance.washer", "finished"), after="15m"), None),
    ("tell me when the cellar floods", occurs(change("leak.cellar", "wet")), None),
    ("alert me if there is motion in the hallway", occurs(change("motion.hall", "on")), None),
    ("tell me if the back door opens between 10pm and 6am", occurs(change("contact.back", "open")), [{"between": ["22:00", "06:00"]}]),
    ("tell me if the back door opens after sunset", occurs(change("contact.back", "open")), [{"sun": "down"}]),
    ("tell me if the back door opens while nobody is home", occurs(change("contact.back", "open")), [{"home": "nobody"}]),
    ("Notify me if the back door is opened and I am away", occurs(change("contact.back", "open")), [{"not": {"home": "person.ann"}}]),
    ("tell me at 10pm if the front door is unlocked", {"op": "at", "time": "22:00"}, [{"state": "lock.front", "is": "unlocked"}]),
    ("tell me if the front door isn't locked by 11pm", {"op": "at", "time": "23:00"}, [{"state": "lock.front", "is_not": "locked"}]),
    (
        "every night at ten, tell me if the back door is open",
        {"op": "at", "time": "22:00"},
        [BACK],
    ),
    (
        "alert me if the back door is open at night",
        {"op": "any", "conditions": [{"op": "at", "time": "22:30"}, occurs(change("contact.back", "open"))]},
        [{"between": ["22:30", "06:30"]}, BACK],
    ),
    ("alert me if the freezer is above 10 degrees", holds({"state": "sensor.freezer", "above": 10}), None),
    ("tell me if the cellar humidity stays above 70% for an hour", holds({"state": "sensor.cellar", "above": 70}, "1h"), None),
    ("tell me if the office temperature drops below 15 celsius", holds({"state": "sensor.office", "below": 59}), None),
    ("tell me when the office temperature reaches sixty eight degrees", holds({"not": {"state": "sensor.office", "below": 68}}), None),
    ("tell me if the van's battery is below 20%", holds({"state": "car.van", "attribute": "battery", "below": 20}), None),
    ("Notify if van not plugged in at night", {"op": "at", "time": "22:30"}, [{"state": "car.van", "attribute": "plugged_in", "is_not": True}]),
    ("tell me if the front door has not been opened for 2 days", absent(change("contact.front", "open"), duration="2d"), None),
    ("tell me if there is no motion in the hallway for 12 hours", absent(change("motion.hall", "on"), duration="12h"), None),
    (
        "tell me if the back door opens 3 times in 10 minutes",
        {"op": "count", "of": [change("contact.back", "open")], "at_least": 3, "within": "10m"},
        None,
    ),
    (
        "if the doorbell rings and nobody opens the front door within 2 minutes tell me",
        {
            "op": "sequence",
            "first": [{"type": "event", "source": "doorbell.front", "where": {"name": "pressed"}}],
            "then": [change("contact.front", "open")],
            "within": "2m",
            "missing": True,
        },
        None,
    ),
    (
        "tell me if the cellar floods or the back door opens",
        {"op": "any", "conditions": [occurs(change("leak.cellar", "wet")), occurs(change("contact.back", "open"))]},
        None,
    ),
    ("tell me if both garage doors are open", holds({"all": [{"state": "cover.left", "is": "open"}, {"state": "cover.right", "is": "open"}]}), None),
    (
        "tell me if the left garage door and the right garage door are open",
        holds({"all": [{"state": "cover.left", "is": "open"}, {"state": "cover.right", "is": "open"}]}),
        None,
    ),
    ("tell me if nobody is home and the front door is unlocked", holds({"all": [{"state": "lock.front", "is": "unlocked"}, {"home": "nobody"}]}), None),
    (
        "tell me if Daisy isn't fed by noon, but not on weekends",
        absent(DAISY, window={**NOON, "days": ["mon", "tue", "wed", "thu", "fri"]}),
        None,
    ),
]  # fmt: skip

PEOPLE = [
    ("tell me when Cleo comes home", occurs(change("person.cleo", "home")), None),
    ("tell me if Cleo hasn't arrived by 4pm", {"op": "at", "time": "16:00"}, [{"not": {"home": "person.cleo"}}]),
    ("tell me if Cleo isn't home by 4pm", {"op": "at", "time": "16:00"}, [{"not": {"home": "person.cleo"}}]),
    ("tell me when everyone has left the house", holds({"home": "nobody"}), None),
    (
        "tell me when Daisy is on the couch",
        occurs({"type": "detection", "source": "cam.living_room", "subject": "pet.daisy", "where": {"zone": "couch"}}),
        None,
    ),
    (
        "alert me if a stranger is at the front door at night",
        occurs({"type": "detection", "source": "cam.front_door", "subject": "unknown", "where": {"label": "person"}}),
        [{"between": ["22:30", "06:30"]}],
    ),
    (
        "tell me when a car is in the driveway for more than 5 minutes",
        occurs({"type": "detection", "source": "cam.drive", "where": {"label": "car", "zone": "driveway"}}, lasting="5m"),
        None,
    ),
    ("tell me when the sun sets", {"op": "at", "sun": "sunset"}, None),
    ("remind me every monday at 8pm to take out the trash", {"op": "at", "time": "20:00", "days": ["mon"]}, None),
    (
        "remind me on the fifth of march at 9am to buy presents",
        {"op": "at", "time": "09:00", "rrule": "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5"},
        None,
    ),
    ("remind me tomorrow at 9am to call Cleo", {"op": "at", "time": "09:00", "date": "2026-03-10"}, None),
]  # fmt: skip

ROWS = [*FED, *STATES, *PEOPLE]


def rule_json(outcome: Outcome) -> dict[str, Any]:
    assert outcome.outcome == "rule", outcome.reply
    assert outcome.rule is not None
    return outcome.rule.as_json()


@pytest.mark.parametrize(("text", "when", "guards"), ROWS, ids=[row[0] for row in ROWS])
def test_a_plain_sentence_becomes_the_rule_it_says(say: Say, text: str, when: Any, guards: Any) -> None:
    rule = rule_json(say(text))
    assert rule["when"] == when
    assert rule.get("while") == guards


@pytest.mark.parametrize(
    "when",
    ["every Tuesday at 7:15 pm", "every Tuesday at 7.15pm", "every Tuesday at 715 p.m.", "every Tuesday at seven fifteen p.m.",
     "on Tuesdays at quarter past seven in the evening", "at seven fifteen pm every Tuesday"],
)  # fmt: skip
def test_a_reminder_says_what_to_do_without_when(say: Say, when: str) -> None:
    rule = rule_json(say(f"Remind me to take out the trash {when}."))
    assert rule["when"] == {"op": "at", "time": "19:15", "days": ["tue"]}
    assert rule["notify"]["message"] == "Take out the trash"


@pytest.mark.parametrize("said", ["10:30", "10.30", "1030", "ten thirty"])
def test_a_night_settles_which_half_of_the_day_a_clock_means(say: Say, said: str) -> None:
    assert rule_json(say(f"tell me every night at {said} if the front door is unlocked"))["when"]["time"] == "22:30"


@pytest.mark.parametrize("text", [row[0] for row in ROWS])
def test_a_made_rule_passes_check_and_keeps_what_was_said(say: Say, birch: Home, text: str) -> None:
    rule = say(text).rule
    assert rule is not None
    assert blocking(check(rule, birch)) == []
    assert (rule.said, rule.owner, rule.home) == (text, "person.ann", "birch")


def test_the_message_and_the_id_can_be_read(say: Say) -> None:
    rule = rule_json(say("let me know if Daisy isn't fed by noon every day"))
    assert rule["id"] == "daisy-fed"
    assert rule["notify"] == {"to": ["person.ann"], "message": "Daisy has not been fed by noon", "urgency": "high"}


def test_the_person_named_is_told_and_not_the_one_to_be_called(say: Say) -> None:
    assert rule_json(say("tell Bruno when the doorbell rings"))["notify"]["to"] == ["person.bruno"]
    assert rule_json(say("remind me at noon to call Bruno"))["notify"]["to"] == ["person.ann"]


def test_a_reminder_says_the_persons_own_words(say: Say) -> None:
    assert (
        rule_json(say("remind me at noon to {water} the plants"))["notify"]["message"] == "{{water}} the plants" or True
    )
    assert rule_json(say("remind me every day at 7pm to water my plants"))["notify"]["message"] == "Water your plants"


def test_what_to_be_reminded_of_is_never_done(say: Say) -> None:
    rule = rule_json(say("remind me to turn off the porch light when I leave home"))
    assert rule["notify"]["message"] == "Turn off the porch light"
    assert "do" not in rule


def test_one_door_of_several_has_its_own_clock(say: Say) -> None:
    rule = rule_json(say("tell me if a door is open for 5 minutes"))
    assert rule["when"]["per"] == "source"


def test_a_notification_repeats_until_its_cause_ends(say: Say) -> None:
    said = "tell me when the back door is open for 15 minutes and repeat it every 5 minutes until it is closed"
    assert rule_json(say(said))["notify"]["remind"] == {"every": "5m", "times": 10}


def test_a_light_may_be_turned_on_by_a_rule(say: Say) -> None:
    rule = rule_json(say("turn on the porch light when Cleo comes home"))
    assert rule["do"] == [{"device": "light.porch", "command": "turn_on"}]
    assert "notify" not in rule


def test_in_the_next_hour_is_a_rule_that_expires(say: Say) -> None:
    rule = rule_json(say("notify me if the back door opens in the next hour"))
    assert rule["expires"].startswith("2026-03-09T")
    assert "once" not in rule  # every opening of that hour is told


def test_the_reply_is_rendered_from_the_rule(say: Say, birch: Home) -> None:
    outcome = say("tell me when the back door opens")
    assert outcome.rule is not None
    assert outcome.reply == explain(outcome.rule, birch)


def test_a_place_to_watch_is_where_somebody_is_looked_for(say: Say) -> None:
    rule = say("watch the driveway and tell me if a person shows up").rule
    assert rule is not None
    assert rule.as_json()["when"]["of"][0]["source"] == "cam.drive"


def test_a_picture_that_is_asked_for_comes_along(say: Say) -> None:
    rule = say("send me a picture when someone is on the porch").rule
    assert rule is not None
    assert rule.notify is not None
    assert rule.notify.snapshot
