"""Laws of `rules.check`: what is refused, what is only advised, and that a sound rule passes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from rules.check import ADVICE, CODES, Capabilities, blocking, check, is_advice
from rules.home import Home
from rules.rule import Rule, parse_rule
from tests.houses import oak
from tests.rules.strategies import rules_of

HOME = oak()
EATING = {
    "type": "detection",
    "source": "cam.kitchen",
    "subject": "pet.daisy",
    "where": {"activity": "eating", "zone": "food_bowls"},
}
FRONT_OPENS = {"type": "state", "source": "contact.front", "where": {"value": "open"}}
BACK_OPENS = {"type": "state", "source": "contact.back", "where": {"value": "open"}}
BELL = {"type": "event", "source": "doorbell.front", "where": {"name": "pressed"}}
MORNING = {"from": "00:00", "until": "12:00"}
GREG = {"to": ["person.greg"], "message": "Look at the {place}"}


def rule(when: dict[str, Any], **rest: Any) -> Rule:
    return parse_rule({"id": "r", "home": "oak", "when": when, "notify": GREG} | rest)


def found(given: Rule, home: Home = HOME, detectors: Capabilities | None = None) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in check(given, home, detectors)]


def occurs(**pattern: Any) -> dict[str, Any]:
    return {"op": "occurs", "of": [pattern]}


def at(time: str = "21:00", **rest: Any) -> dict[str, Any]:
    return {"op": "at", "time": time, **rest}


SOUND = [
    ({"op": "absent", "of": [EATING], "window": MORNING}, {}),
    ({"op": "absent", "of": [EATING, FRONT_OPENS], "duration": "6h"}, {}),
    ({"op": "occurs", "of": [FRONT_OPENS], "after": "15m", "cooldown": "1h"}, {}),
    ({"op": "occurs", "of": [EATING], "lasting": "2m"}, {}),
    ({"op": "sequence", "first": [BELL], "then": [FRONT_OPENS], "within": "5m", "missing": True}, {}),
    ({"op": "holds", "state": {"state": "sensor.freezer", "above": -10}, "lasting": "1h"}, {}),
    ({"op": "holds", "state": {"all": [{"state": "contact.front", "is": "open"}, {"home": "nobody"}]}}, {}),
    ({"op": "count", "of": [BELL], "at_least": 3, "within": "10m"}, {}),
    ({"op": "count", "of": [FRONT_OPENS, BACK_OPENS], "at_least": 3, "within": "10m", "per": "source"}, {}),
    (at(), {"while": [{"state": "lock.front", "is": "unlocked"}, {"between": ["20:00", "22:00"]}]}),
    ({"op": "at", "sun": "sunset", "offset": "-30m", "days": ["mon"]}, {"while": [{"days": ["mon"]}]}),
    (at(rrule="FREQ=MONTHLY;BYDAY=1MO"), {}),
    (at("23:30"), {"while": [{"between": ["22:00", "24:00"]}, {"not": {"between": ["06:00", "23:00"]}}]}),
    (occurs(source="person.greg", where={"value": "home"}), {}),
    (occurs(source="gadget.attic", where={"anything": 7}), {}),
    (occurs(source="car.tesla", where={"attribute": "plugged_in", "value": False}), {}),
    (occurs(source="sensor.freezer", where={"value": {"gt": -5}, "unit": "C"}), {}),
    (occurs(subject="unknown", where={"label": "person", "zone": "gate"}), {"owner": "person.greg"}),
    (at(), {"do": [{"device": "light.porch", "command": "turn_on"}]}),
]


@pytest.mark.parametrize(("when", "rest"), SOUND)
def test_a_sound_rule_has_no_problems(when: dict[str, Any], rest: dict[str, Any]) -> None:
    assert found(rule(when, **rest)) == []


WRONG: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    (at(), {"home": "elm"}, "home_mismatch", "home"),
    (occurs(source="fridge2"), {}, "unknown_source", "when.of[0].source"),
    (occurs(source=["contact.front", "contact.frnt"]), {}, "unknown_source", "when.of[0].source[1]"),
    (occurs(source="pet.daisy"), {}, "unknown_source", "when.of[0].source"),
    (at(), {"while": [{"not": {"state": "lock.frnt", "is": "locked"}}]}, "unknown_source", "while[0].not.state"),
    (occurs(subject="pet.dasy"), {}, "unknown_subject", "when.of[0].subject"),
    (at(), {"owner": "person.bob"}, "unknown_person", "owner"),
    (at(), {"notify": {"to": ["pet.daisy"]}}, "unknown_person", "notify.to[0]"),
    (at(), {"notify": GREG | {"escalate": {"after": "5m", "to": ["x"]}}}, "unknown_person", "notify.escalate.to[0]"),
    (at(), {"while": [{"any": [{"home": "person.bob"}]}]}, "unknown_person", "while[0].any[0].home"),
    (occurs(source="cam.kitchen", where={"zone": "food_bowl"}), {}, "unknown_zone", "when.of[0].where.zone"),
    (occurs(type="detection", where={"zone": "moon"}), {}, "unknown_zone", "when.of[0].where.zone"),
    (occurs(type="state", source="cam.kitchen"), {}, "wrong_type", "when.of[0].source"),
    (occurs(type="detection", source="contact.front"), {}, "wrong_type", "when.of[0].source"),
    (at(), {"while": [{"state": "cam.kitchen", "is": "on"}]}, "wrong_type", "while[0].state"),
    (at(), {"while": [{"state": "doorbell.front", "is": "pressed"}]}, "wrong_type", "while[0].state"),
    (
        occurs(type="state", source="climate.main", where={"attribute": "mod", "value": "heat"}),
        {},
        "unknown_attribute",
        "when.of[0].where.attribute",
    ),
    (at(), {"while": [{"state": "climate.main", "is": "heat"}]}, "attribute_needed", "while[0].attribute"),
    (
        occurs(type="state", source="contact.front", where={"value": "opened"}),
        {},
        "unknown_value",
        "when.of[0].where.value",
    ),
    (at(), {"while": [{"state": "light.porch", "is": True}]}, "unknown_value", "while[0].is"),
    (at(), {"while": [{"state": "sensor.freezer", "is": "cold"}]}, "unknown_value", "while[0].is"),
    (at(), {"while": [{"state": "person.greg", "is_not": "kitchen"}]}, "unknown_value", "while[0].is_not"),
    (at(), {"while": [{"state": "contact.front", "above": 3}]}, "not_a_number", "while[0].above"),
    (occurs(type="detection", where={"activity": {"gt": 3}}), {}, "not_a_number", "when.of[0].where.activity"),
    (
        occurs(type="state", source="sensor.freezer", where={"value": {"gt": 20}, "unit": "F"}),
        {},
        "wrong_unit",
        "when.of[0].where.unit",
    ),
    (
        occurs(type="event", source="feeder.kitchen", where={"name": "fed"}),
        {},
        "unknown_event",
        "when.of[0].where.name",
    ),
    (
        {"op": "absent", "of": [{"subject": "pet.daisy"}], "duration": "6h"},
        {},
        "no_source",
        "when.of[0].source",
    ),
    (
        {"op": "any", "conditions": [at(), {"op": "absent", "of": [EATING, {"type": "event"}], "window": MORNING}]},
        {},
        "no_source",
        "when.conditions[1].of[1].source",
    ),
    ({"op": "occurs", "of": [FRONT_OPENS], "lasting": "10m"}, {}, "lasting_needs_episode", "when.of[0]"),
    ({"op": "occurs", "of": [{"source": "contact.front"}], "lasting": "1m"}, {}, "lasting_needs_episode", "when.of[0]"),
    (at(), {"while": [{"between": ["08:00", "08:00"]}]}, "empty_between", "while[0].between"),
    (at(), {"while": [{"between": ["08:00", "10:00"]}]}, "never_fires", "when"),
    (at("00:00"), {"while": [{"between": ["22:00", "24:00"]}]}, "never_fires", "when"),
    (at(days=["mon"]), {"while": [{"days": ["sat", "sun"]}]}, "never_fires", "when"),
    (at(date="2026-12-24"), {"while": [{"days": ["sat", "sun"]}]}, "never_fires", "when"),
    (
        {"op": "absent", "of": [EATING], "window": MORNING},
        {"while": [{"between": ["00:00", "12:00"]}]},
        "never_fires",
        "when",
    ),
    (occurs(**BELL), {"while": [{"days": ["mon"]}, {"not": {"days": ["mon", "tue"]}}]}, "never_fires", "while"),
    (at(date="2026-12-24"), {"expires": "2026-12-24T21:00:00-06:00"}, "never_fires", "when"),
    (at(rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), {}, "never_fires", "when.rrule"),
    (at(rrule="FREQ=DAILY;UNTIL=20200101"), {}, "never_fires", "when.rrule"),
    (
        {"op": "sequence", "first": [FRONT_OPENS], "then": [BACK_OPENS], "within": "5m", "per": "source"},
        {},
        "never_fires",
        "when.per",
    ),
    ({"op": "absent", "of": [FRONT_OPENS], "duration": "1h", "per": "subject"}, {}, "no_keys", "when.per"),
    (
        at(),
        {"while": [{"state": "contact.front", "is": "open"}, {"all": [{"state": "contact.front", "is": "closed"}]}]},
        "never_fires",
        "while",
    ),
    (at(), {"while": [{"home": "nobody"}, {"home": "person.greg"}]}, "never_fires", "while"),
    (at(), {"while": [{"state": "sensor.freezer", "above": 5, "below": 5}]}, "never_fires", "while[0]"),
    (occurs(source="sensor.freezer", where={"value": {"gt": 5, "le": 5}}), {}, "never_fires", "when.of[0].where.value"),
    (at(), {"notify": {"to": ["person.greg"], "message": "{who} ate"}}, "unknown_field", "notify.message"),
    (at(), {"notify": {"to": ["person.greg"], "message": "{oops"}}, "bad_message", "notify.message"),
    (at(), {"notify": {"to": ["person.greg"], "message": "{time:%H}"}}, "bad_message", "notify.message"),
    (at(), {"do": [{"device": "light.prch", "command": "turn_on"}]}, "unknown_device", "do[0].device"),
    (at(), {"do": [{"device": "valve.water", "command": "close"}]}, "not_allowed", "do[0].device"),
]

ADVISED: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    (at(), {"do": [{"device": "lock.front", "command": "lock"}]}, "needs_confirmation", "do[0].device"),
    (at(), {"notify": {"to": ["person.zoe"]}}, "no_channel", "notify.to[0]"),
    (at(), {"notify": None}, "nobody_told", "notify"),
    ({"op": "occurs", "of": [BELL], "cooldown": "1h"}, {"once": True}, "useless_cooldown", "when.cooldown"),
    ({"op": "occurs", "of": [BELL], "cooldown": "5m", "after": "5m"}, {}, "useless_cooldown", "when.cooldown"),
    ({"op": "occurs", "of": [EATING], "lasting": "30h"}, {}, "long_lasting", "when.lasting"),
    ({"op": "count", "of": [BELL], "at_least": 1, "within": "1h"}, {}, "count_of_one", "when.at_least"),
    ({"op": "count", "of": [BELL], "at_least": 2, "within": "1h", "per": "source"}, {}, "needless_per", "when.per"),
    (
        {"op": "absent", "of": [EATING], "duration": "6h"},
        {"blind_tolerance": "6h"},
        "tolerance_too_long",
        "blind_tolerance",
    ),
    (
        {"op": "sequence", "first": [BELL], "then": [{"type": "detection"}], "within": "5m", "missing": True},
        {},
        "blind_sequence",
        "when.then[0].source",
    ),
    (occurs(type="detection", where={"color": "red"}), {}, "unusual_key", "when.of[0].where.color"),
]


@pytest.mark.parametrize(("when", "rest", "code", "where"), WRONG + ADVISED)
def test_what_is_wrong_is_reported_where_it_stands(when: Any, rest: dict[str, Any], code: str, where: str) -> None:
    assert (code, where) in found(rule(when, **rest))


@pytest.mark.parametrize(("when", "rest", "code", "where"), WRONG)
def test_what_is_wrong_stops_a_rule(when: Any, rest: dict[str, Any], code: str, where: str) -> None:
    assert code in {problem.code for problem in blocking(check(rule(when, **rest), HOME))}


@pytest.mark.parametrize(("when", "rest", "code", "where"), ADVISED)
def test_advice_does_not_stop_a_rule(when: Any, rest: dict[str, Any], code: str, where: str) -> None:
    problems = check(rule(when, **rest), HOME)
    assert all(is_advice(problem) for problem in problems)


@pytest.mark.parametrize(
    ("when", "hint"),
    [
        (occurs(source="contact.frnt"), "'contact.front'"),
        (occurs(source="Front door"), "'contact.front'"),
        (occurs(subject="daisy"), "'pet.daisy'"),
        (occurs(source="cam.kitchen", where={"zone": "food_bowl"}), "'food_bowls'"),
        (occurs(source="pet.max"), "'subject'"),
        (occurs(source="zzz"), "The home lists"),
    ],
)
def test_a_hint_names_what_was_probably_meant(when: dict[str, Any], hint: str) -> None:
    assert any(hint in problem.hint for problem in check(rule(when), HOME))


GIVEN = Capabilities(
    frozenset({"dog", "person"}), frozenset({"at", "eating"}), frozenset({"pet.daisy"}), frozenset({"dog"})
)


@pytest.mark.parametrize(
    ("pattern", "where"),
    [
        (EATING, None),
        (EATING | {"subject": ["pet.daisy", "pet.max"]}, None),
        (EATING | {"subject": "pet.max"}, "when.of[0].subject"),
        (EATING | {"where": {"activity": "barking"}}, "when.of[0].where.activity"),
        (EATING | {"where": {"label": ["cat", "dog"]}}, None),
        (EATING | {"where": {"label": "cat"}}, "when.of[0].where.label"),
        (EATING | {"where": {"label": {"ne": "cat"}}}, None),
        ({"source": "cam.kitchen", "subject": "pet.max"}, "when.of[0].subject"),
        ({"source": "cam.kitchen", "subject": "unknown", "where": {"label": "dog"}}, None),
        ({"source": "cam.kitchen", "subject": "unknown"}, None),
        ({"source": "cam.kitchen", "subject": "unknown", "where": {"label": "person"}}, "when.of[0].subject"),
        ({"source": "person.greg", "where": {"value": "home"}}, None),
    ],
)
def test_what_no_detector_gives_is_said_before_the_rule_waits_for_it(pattern: Any, where: str | None) -> None:
    given = rule({"op": "occurs", "of": [pattern]})
    assert found(given, detectors=GIVEN) == ([("nobody_looks", where)] if where else [])
    assert "nobody_looks" not in {code for code, _ in found(given)}


@pytest.mark.parametrize(
    ("source", "zone", "drawn", "said"),
    [
        (["cam.kitchen"], None, {"cam.kitchen": {"bowls"}}, False),
        (["cam.kitchen"], "bowls", {"cam.kitchen": {"bowls"}}, False),
        (["cam.kitchen"], None, {"cam.kitchen": set()}, True),
        (["cam.kitchen"], None, {"cam.yard": {"bowls"}}, True),
        (["cam.kitchen"], "counter", {"cam.kitchen": {"bowls"}}, True),
        (None, None, {"cam.kitchen": {"bowls"}}, False),
        (None, None, {}, True),
    ],
)
def test_that_eating_is_told_at_bowls_only_is_said_before_a_rule_waits_for_it_elsewhere(
    source: list[str] | None, zone: str | None, drawn: dict[str, set[str]], said: bool
) -> None:
    where = {"activity": "eating"} | ({"zone": zone} if zone else {})
    pattern = {"type": "detection", "where": where} | ({"source": source} if source else {})
    zones = {"eating": {camera: frozenset(names) for camera, names in drawn.items()}}
    problems = check(rule({"op": "occurs", "of": [pattern]}), HOME, Capabilities(zones=zones))
    hints = [problem.hint for problem in problems if problem.code == "nobody_looks"]
    assert ["food_bowl" in hint for hint in hints] == ([True] if said else [])
    both = rule({"op": "occurs", "of": [pattern | {"where": where | {"activity": ["eating", "at"]}}]})
    assert "nobody_looks" not in {one.code for one in check(both, HOME, Capabilities(zones=zones))}


def test_the_sun_needs_a_place() -> None:
    home = oak(location=None)
    assert found(rule({"op": "at", "sun": "sunset"}), home) == [("no_location", "when.sun")]
    assert found(rule(at(), **{"while": [{"sun": "down"}]}), home) == [("no_location", "while[0].sun")]


def test_a_recurrence_that_never_comes_is_found_quickly_at_any_frequency() -> None:
    for frequency in ("MINUTELY", "HOURLY"):
        assert found(rule(at(rrule=f"FREQ={frequency};BYMONTH=2;BYMONTHDAY=30"))) == []


def test_every_code_is_in_the_table_of_the_readme() -> None:
    text = (Path(__file__).parents[2] / "rules" / "README.md").read_text()
    listed = set(re.findall(r"^\| `(\w+)` \|", text.partition("## Check")[2], re.MULTILINE))
    assert listed == CODES | ADVICE
    assert not CODES & ADVICE


@settings(max_examples=300, deadline=None)
@given(rules_of(HOME))
def test_checking_is_total_and_every_problem_says_where_and_why(given: Rule) -> None:
    for problem in check(given, HOME, GIVEN):
        assert problem.code in CODES | ADVICE
        assert problem.where
        assert problem.message
