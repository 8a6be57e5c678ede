"""Laws of `rules.explain`: what a family reads is what the rule does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.checks.places import guards, patterns
from rules.explain import explain, explain_firing
from rules.firing import Firing, Verdict
from rules.rule import HomeGuard, Rule, StateGuard, parse_rule
from rules.units import instant
from rules.words.names import called
from rules.words.recurrence import recurring
from rules.words.times import clock, duration, on_days, ordinal
from tests.houses import oak
from tests.rules.strategies import rules_of

HOME = oak()
EATING = {
    "type": "detection",
    "source": "cam.kitchen",
    "subject": "pet.daisy",
    "where": {"activity": "eating", "zone": "food_bowls"},
}
FED = {"type": "event", "source": "feeder.kitchen", "where": {"name": "dispensed"}}
FRONT_OPENS = {"type": "state", "source": "contact.front", "where": {"value": "open"}}
BELL = {"type": "event", "source": "doorbell.front", "where": {"name": "pressed"}}
DAISY = {"op": "absent", "of": [EATING], "window": {"from": "00:00", "until": "12:00"}}
GARAGE = {"op": "holds", "state": {"state": "cover.garage", "is": "open"}, "lasting": "10m"}
LEFT = {"op": "sequence", "first": [BELL], "then": [FRONT_OPENS], "within": "5m", "missing": True}
TEN = {"op": "at", "time": "22:00"}
SEEN = "Daisy has not been seen eating at the food bowls by the kitchen camera"


def rule(when: dict[str, Any], **rest: Any) -> Rule:
    return parse_rule({"id": "r", "home": "oak", "when": when, "notify": {"to": ["person.greg"]}} | rest)


def guard(**given: Any) -> dict[str, Any]:
    return {"while": [given]}


RULES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (
        DAISY,
        {"notify": {"to": ["person.greg"], "message": "Daisy has not been fed by noon", "urgency": "high"}},
        f"If {SEEN} between midnight and noon, every day, I'll tell Greg (high priority). "
        "If I could not see well enough, I'll say so.",
    ),
    (
        {"op": "absent", "of": [FED, EATING], "duration": "6h"},
        {"unknown": "ignore", "blind_tolerance": "5m"},
        f'If the kitchen feeder has not reported "dispensed" and {SEEN} for 6 hours, I\'ll tell Greg. '
        "If I could not see for more than 5 minutes, I'll say nothing.",
    ),
    (
        {"op": "absent", "of": [EATING], "window": {"from": "18:00", "until": "02:00", "days": ["fri"]}},
        {"unknown": "fire"},
        f"If {SEEN} between 6 pm and 2 am of the next day, on Fridays (the day it starts), I'll tell Greg. "
        "If I could not see well enough, I'll say it all the same.",
    ),
    (
        {"op": "occurs", "of": [FRONT_OPENS], "after": "15m", "cooldown": "1h30m"},
        {"once": True},
        "15 minutes after the front door opens, I'll tell Greg. At most once in 1 hour and 30 minutes. "
        "Only once: then the rule is gone.",
    ),
    (
        {"op": "occurs", "of": [EATING], "lasting": "2m", "per": "subject"},
        {},
        "When Daisy is seen eating at the food bowls by the kitchen camera, for at least 2 minutes, I'll tell Greg. "
        "Each person or pet counts by itself.",
    ),
    (
        LEFT,
        {},
        "If the front doorbell is pressed and within 5 minutes of that the front door has not opened, I'll tell Greg. "
        "If I could not tell because a device was offline, I'll say so.",
    ),
    (
        {"op": "sequence", "first": [BELL], "then": [FRONT_OPENS], "within": "5m"},
        {},
        "When the front doorbell is pressed and less than 5 minutes later the front door opens, I'll tell Greg.",
    ),
    (
        GARAGE,
        {},
        "When the garage door is open for 10 minutes, I'll tell Greg. "
        "If I could not tell because a device was offline, I'll say so.",
    ),
    (
        {"op": "count", "of": [BELL], "at_least": 3, "within": "10m"},
        {},
        "When it comes 3 times within 10 minutes that the front doorbell is pressed, I'll tell Greg.",
    ),
    (
        {"op": "at", "sun": "sunset", "offset": "-30m", "days": ["sat", "sun"]},
        {"notify": {"to": ["person.greg", "person.maya"], "urgency": "critical", "snapshot": True}},
        "30 minutes before sunset at weekends, "
        "I'll tell Greg and Maya (critical: even in quiet hours), with a picture.",
    ),
    ({"op": "at", "time": "12:00", "date": "2026-12-24"}, {}, "At noon on 24 December 2026, I'll tell Greg."),
    (
        {"op": "any", "conditions": [TEN, {"op": "occurs", "of": [BELL]}]},
        {"enabled": False},
        "When any of these comes true: (1) at 10 pm every day; (2) when the front doorbell is pressed, "
        "I'll tell Greg. This rule is paused.",
    ),
    (
        TEN,
        {
            "notify": {
                "to": ["person.greg"],
                "remind": {"every": "10m", "times": 2},
                "escalate": {"after": "1h", "to": ["person.maya"]},
            },
            "expires": "2026-12-25T06:00:00Z",
        },
        "At 10 pm every day, I'll tell Greg. I'll repeat it every 10 minutes, up to 2 times, until somebody reacts. "
        "If nobody reacts within 1 hour, I'll tell Maya. It ends at midnight on Friday, 25 December 2026.",
    ),
    (
        TEN,
        {"do": [{"device": "light.porch", "command": "turn_off"}, {"device": "lock.front", "command": "lock"}]},
        "At 10 pm every day, I'll tell Greg, turn off the porch light and "
        "lock the front door lock, once somebody confirms it.",
    ),
    (TEN, {"notify": {}, "owner": "person.maya"}, "At 10 pm every day, I'll tell Maya."),
    (TEN, {"notify": None}, "At 10 pm every day, I'll note it and tell nobody."),
]


@pytest.mark.parametrize(("when", "rest", "text"), RULES)
def test_a_rule_is_said_as_a_family_would_say_it(when: dict[str, Any], rest: dict[str, Any], text: str) -> None:
    assert explain(rule(when, **rest), HOME) == text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"state": "lock.front", "is": "unlocked"}, "the front door lock is unlocked"),
        ({"state": "contact.front", "is_not": ["open", "closed"]}, "the front door is not open or closed"),
        (
            {"state": "sensor.freezer", "above": -10, "below": 4},
            "the freezer temperature is above -10 °C and below 4 °C",
        ),
        ({"state": "climate.main", "attribute": "mode", "is": "heat"}, "the main thermostat's mode is heat"),
        ({"state": "car.tesla", "attribute": "plugged_in", "is": False}, "the Tesla is not plugged in"),
        ({"home": "nobody"}, "nobody is home"),
        ({"not": {"home": "nobody"}}, "somebody is home"),
        ({"not": {"home": "person.greg"}}, "Greg is not home"),
        ({"seen": {"of": [EATING], "since": "18:00"}}, f"{SEEN.replace('not ', '')} since 6 pm"),
        ({"not": {"seen": {"of": [EATING], "within": "6h"}}}, f"{SEEN} in the last 6 hours"),
        ({"between": ["22:00", "06:30"]}, "it is between 10 pm and 6:30 am"),
        ({"not": {"days": ["sat", "sun"]}}, "it is not a Saturday or Sunday"),
        ({"sun": "down"}, "the sun is down"),
        ({"any": [{"home": "anyone"}, {"sun": "up"}]}, "somebody is home or the sun is up"),
        ({"not": {"any": [{"home": "anyone"}, {"sun": "up"}]}}, "nobody is home and the sun is not up"),
        ({"all": [{"home": "person.zoe"}]}, "Zoe is home"),
        (
            {"all": [{"any": [{"home": "anyone"}, {"sun": "up"}]}, {"days": ["mon"]}]},
            "(somebody is home or the sun is up) and it is a Monday",
        ),
    ],
)
def test_a_guard_is_a_sentence_and_so_is_its_negation(given: dict[str, Any], words: str) -> None:
    assert explain(rule(TEN, **guard(**given)), HOME) == f"At 10 pm every day, but only if {words}, I'll tell Greg."


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ({"type": "detection", "where": {"label": "dog"}}, "a dog is seen by any camera"),
        (
            {"source": ["cam.kitchen", "cam.yard"], "subject": "unknown", "where": {"label": "person"}},
            "a person I don't know is seen by the kitchen camera or the yard camera",
        ),
        (
            {"source": "cam.yard", "subject": ["pet.daisy", "pet.max"], "where": {"activity": "left", "zone": "lawn"}},
            "Daisy or Max is seen leaving the lawn by the yard camera",
        ),
        (
            {"source": "cam.yard", "where": {"label": "person", "confidence": {"ge": 0.8}}},
            "a person is seen by the yard camera with confidence at least 0.8",
        ),
        ({"source": "person.maya", "where": {"value": "away"}}, "Maya leaves home"),
        (
            {"type": "state", "source": "sensor.freezer", "where": {"value": {"gt": -5}}},
            "the freezer temperature rises above -5 °C",
        ),
        (
            {"type": "state", "source": "car.tesla", "where": {"attribute": "plugged_in", "value": True}},
            "the Tesla is now plugged in",
        ),
        ({"source": "calendar.family"}, "the family calendar reports something"),
        ({"type": "state", "source": "lock.old", "where": {"value": "locked"}}, "lock.old is locked"),
    ],
)
def test_a_pattern_is_said_with_names_and_never_with_ids_that_are_listed(pattern: dict[str, Any], words: str) -> None:
    assert explain(rule({"op": "occurs", "of": [pattern]}), HOME) == f"When {words}, I'll tell Greg."


BLIND = {
    "cam.kitchen": {
        "online": False,
        "offline_s": 4800,
        "intervals": [["2026-03-09T15:40:00Z", "2026-03-09T17:00:00Z"]],
    }
}
WATCHED = {"cam.kitchen": {"online": True, "offline_s": 0, "intervals": []}}
ATE = "Daisy was seen eating at the food bowls by the kitchen camera"


def firing(verdict: Verdict, time: str = "2026-03-09T17:00:00Z", **rest: Any) -> Firing:
    when = instant(datetime.fromisoformat(time))
    return Firing(id="i", occurrence="o", rule="r", home="oak", time=when, verdict=verdict, **rest)


NOON = "noon on Monday, 9 March 2026"


@pytest.mark.parametrize(
    ("when", "given", "text"),
    [
        (
            DAISY,
            firing("fired", coverage=WATCHED),
            f"At {NOON}: {SEEN.replace('has', 'had')} between midnight and noon. "
            "The kitchen camera was online all the time.",
        ),
        (
            DAISY,
            firing("unknown", coverage=BLIND),
            f"At {NOON} I can't tell whether this is so: {SEEN.replace('has', 'had')} between midnight and noon. "
            "The kitchen camera could not see from 10:40 am to noon (1 hour and 20 minutes in all).",
        ),
        (DAISY, firing("corrected", pattern=0), f"I was wrong about {NOON}: {ATE}, and the report came late."),
        (
            DAISY,
            firing("resolved", "2026-03-09T17:20:00Z"),
            f"At 12:20 pm on Monday, 9 March 2026: {ATE}, so this is settled.",
        ),
        (
            {"op": "occurs", "of": [BELL, FRONT_OPENS]},
            firing("fired", pattern=1),
            f"At {NOON}: the front door opened.",
        ),
        (
            LEFT,
            firing("fired"),
            f"At {NOON}: the front doorbell was pressed, and within 5 minutes the front door had not opened.",
        ),
        (GARAGE, firing("fired"), f"At {NOON}: the garage door is open, for 10 minutes by then."),
        (
            GARAGE,
            firing("resolved"),
            f"At {NOON}: it is no longer so that the garage door is open, so this is settled.",
        ),
        (TEN, firing("fired"), f"At {NOON}: it was time, at 10 pm every day."),
        (
            {"op": "count", "of": [BELL], "at_least": 3, "within": "10m"},
            firing("fired"),
            f"At {NOON}: it came 3 times within 10 minutes that the front doorbell was pressed.",
        ),
    ],
)
def test_a_firing_is_said_in_the_time_of_the_home(when: dict[str, Any], given: Firing, text: str) -> None:
    assert explain_firing(given, rule(when), HOME) == text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (clock("24:00"), "midnight"),
        (clock("00:05"), "12:05 am"),
        (clock("12:30:15"), "12:30:15 pm"),
        (duration("0s"), "0 seconds"),
        (duration("90s"), "1 minute and 30 seconds"),
        (duration("2d"), "2 days"),
        (on_days(None), "every day"),
        (on_days(["fri", "mon", "tue", "thu", "wed"]), "on weekdays"),
        (on_days(["wed", "mon"]), "on Mondays and Wednesdays"),
        (ordinal(-1), "last"),
        (ordinal(21), "21st"),
        (ordinal(12), "12th"),
        (recurring("FREQ=MONTHLY;BYDAY=1MO"), "on the first Monday of every month"),
        (recurring("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"), "on Tuesdays and Thursdays every 2 weeks"),
        (recurring("FREQ=MONTHLY;BYMONTHDAY=-1"), "on the last day of every month"),
        (recurring("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=14"), "on the 14th day of every February"),
        (recurring("FREQ=DAILY;COUNT=3"), 'by the calendar rule "FREQ=DAILY;COUNT=3"'),
    ],
)
def test_times_are_said_as_people_say_them(said: str, text: str) -> None:
    assert said == text


def _named(given: Rule) -> set[str]:
    sources = {source for _, pattern in patterns(given) for source in pattern.source or ()}
    for _, leaf in guards(given):
        if isinstance(leaf, StateGuard):
            sources.add(leaf.state)
        if isinstance(leaf, HomeGuard) and leaf.home not in ("nobody", "anyone"):
            sources.add(leaf.home)
    return sources


@settings(max_examples=300, deadline=None)
@given(rules_of(HOME))
def test_every_valid_rule_is_explained_and_every_source_is_named(given: Rule) -> None:
    text = explain(given, HOME)
    assert text.endswith(".")
    assert "  " not in text
    for source in _named(given):
        assert called(source, HOME).casefold() in text.casefold()


@settings(max_examples=200, deadline=None)
@given(
    rules_of(HOME),
    st.sampled_from(["fired", "unknown", "corrected", "resolved"]),
    st.sampled_from([None, 0, 7]),
    st.sampled_from([BLIND, WATCHED, {}]),
)
def test_every_firing_is_explained(
    given: Rule, verdict: Verdict, pattern: int | None, coverage: dict[str, Any]
) -> None:
    text = explain_firing(firing(verdict, pattern=pattern, coverage=coverage), given, HOME)
    assert "2026" in text
    assert text.endswith(".")
