"""Laws of amending: what a reason calls for, made of the rule, the report and the home, and nothing that makes no sound rule."""

from __future__ import annotations

from datetime import datetime

import pytest

from proactive.amending import Reason, amendments, is_absence
from rules.home import Home
from rules.record import Record
from rules.rule import Rule
from rules.units import instant
from tests.proactive.conftest import make_firing, make_rule

SEEN = {"type": "detection", "where": {"label": "dog"}}
TIME = datetime.fromisoformat("2026-03-09T14:20:00-05:00")


def at_door(**when: object) -> Rule:
    return make_rule(id="dog", when={"op": "occurs", "of": [SEEN], **when})


def report(subject: str | None = None, **data: object) -> Record:
    told = {"label": "dog", "confidence": 0.62, "zone": "counter", **data}
    return Record(id="r1", type="detection", time=TIME, source="cam.kitchen", subject=subject, home="maple", data=told)


def offered(rule: Rule, home: Home, reason: Reason, *evidence: Record) -> dict[str, Rule]:
    fired = make_firing(time=instant(TIME), rule=rule.id, evidence=tuple(each.id for each in evidence))
    return {each.words: each.rule for each in amendments(rule, home, fired, evidence, reason)}


def pattern(rule: Rule) -> dict[str, object]:
    body = rule.as_json()["when"]["of"][0]
    assert isinstance(body, dict)
    return body


def test_not_my_pet_asks_for_the_pets_of_the_home_or_for_more_confidence(maple: Home) -> None:
    found = offered(at_door(), maple, "subject", report())
    assert list(found) == ["Only Daisy", "Only where I am at least 65 % sure"]
    assert pattern(found["Only Daisy"])["subject"] == "pet.daisy"
    assert pattern(found["Only where I am at least 65 % sure"])["where"] == {"label": "dog", "confidence": {"ge": 0.65}}
    known = offered(at_door(), maple, "subject", report("pet.daisy"))
    assert list(known) == ["Only where I am at least 65 % sure"], "who was taken for Daisy is not Daisy"


def test_a_person_is_one_of_us_or_is_not(maple: Home) -> None:
    rule = make_rule(id="who", when={"op": "occurs", "of": [{"type": "detection", "where": {"label": "person"}}]})
    ours = offered(rule, maple, "subject", report("person.greg", label="person"))
    assert pattern(ours["Only somebody I don't know"])["subject"] == "unknown"
    stranger = offered(rule, maple, "subject", report("unknown", label="person"))
    assert pattern(stranger["Only people of the home"])["subject"] == ["person.greg", "person.maya", "person.zoe"]


def test_the_wrong_place_asks_for_another_zone_of_that_camera(maple: Home) -> None:
    found = offered(at_door(), maple, "place", report())
    assert list(found) == ["Only at the food bowls"], "the only camera of the home cannot be left out"
    assert pattern(found["Only at the food bowls"])["where"] == {"label": "dog", "zone": "food_bowls"}
    anywhere = offered(at_door(), maple, "place", report(zone=None))
    assert "Only at the food bowls or counter" in anywhere


def test_nothing_there_asks_for_more_confidence_or_that_it_lasts(maple: Home) -> None:
    found = offered(at_door(), maple, "nothing", report())
    assert found["Only once it has lasted 10 seconds"].as_json()["when"]["lasting"] == "10s"
    longer = offered(at_door(lasting="30s"), maple, "nothing", report())
    assert longer["Only once it has lasted 1 minute"].as_json()["when"]["lasting"] == "1m"
    assert not any("sure" in each for each in offered(at_door(), maple, "nothing", report(confidence=0.97)))


def test_not_interesting_asks_for_nobody_home_or_for_less_often(maple: Home) -> None:
    found = offered(at_door(), maple, "boring", report())
    assert found["Only while nobody is home"].as_json()["while"] == [{"home": "nobody"}]
    assert found["At most once in 1 hour"].as_json()["when"]["cooldown"] == "1h"


def test_the_wrong_time_leaves_out_the_hour_the_day_or_the_night(maple: Home) -> None:
    found = offered(at_door(), maple, "time", report())
    assert list(found) == ["Not between 2 pm and 3 pm", "Only at night", "Not on Mondays"]
    assert found["Not between 2 pm and 3 pm"].as_json()["while"] == [{"not": {"between": ["14:00", "15:00"]}}]


def test_an_absence_that_was_wrong_counts_more_or_waits_longer(maple: Home) -> None:
    rule = make_rule()
    assert is_absence(rule) and not is_absence(at_door())
    later = offered(rule, maple, "time")
    assert list(later) == ["Decide later: at 1 pm"], "never at this hour, or on no such day, is no answer to too early"
    one = later["Decide later: at 1 pm"].as_json()
    assert one["when"]["window"]["until"] == "13:00" and one["notify"]["message"] == "Daisy has not been fed by 1 pm"
    loose = offered(rule, maple, "subject")["Count anybody of the kind, recognised or not"]
    assert pattern(loose) == {
        "type": "detection", "source": "cam.kitchen", "where": {"activity": "eating", "zone": "food_bowls", "label": "dog"}
    }  # fmt: skip
    [anywhere] = offered(rule, maple, "place").values()
    assert pattern(anywhere)["where"] == {"activity": "eating"}
    assert offered(rule, maple, "nothing") == {}


@pytest.mark.parametrize("reason", ["subject", "place", "nothing", "boring", "time"])
def test_a_rule_about_something_else_is_never_made_unsound(maple: Home, reason: Reason) -> None:
    from rules.check import check, is_advice

    bell = {"type": "event", "source": "doorbell.front", "where": {"name": "pressed"}}
    for when in (
        {"op": "occurs", "of": [bell]},
        {"op": "at", "time": "14:00"},
        {"op": "count", "of": [bell, SEEN], "at_least": 2, "within": "1h"},
    ):
        for each in offered(make_rule(id="x", when=when), maple, reason, report()).values():
            assert all(map(is_advice, check(each, maple)))
