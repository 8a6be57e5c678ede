"""Laws of calendars in words: what names one is a guard on it, and what names none is as it was."""

from __future__ import annotations

import pytest

from proactive.language.local.model import LocalModel
from proactive.language.local.scheduled import without_schedules
from proactive.language.outcome import Outcome
from proactive.language.request import Request
from rules.explain import explain
from rules.home import Home, parse_home

HOME = parse_home(
    {
        "home": "oak",
        "time_zone": "America/Chicago",
        "default_speaker": "person.greg",
        "people": [{"id": "person.greg", "name": "Greg", "role": "owner", "channels": ["console"]}],
        "devices": [{"id": "motion.hall", "type": "motion", "name": "hallway", "attributes": {"state": ["on", "off"]}}],
        "calendars": [
            {"id": "calendar.work", "name": "work calendar", "aliases": ["meetings"]},
            {"id": "calendar.school", "name": "school holidays"},
        ],
    }
)
MEETING, HOLIDAYS = {"state": "calendar.work", "is": "on"}, {"state": "calendar.school", "is": "on"}
MOTION = "tell me when there is motion in the hallway"


def read(text: str, home: Home = HOME) -> Outcome:
    return LocalModel().read(Request(text=text, home=home, speaker="person.greg"))


@pytest.mark.parametrize(
    ("text", "guards"),
    [
        (f"{MOTION}, unless I'm in a meeting", [{"not": MEETING}]),
        (f"{MOTION} except when I am in a meeting", [{"not": MEETING}]),
        (f"{MOTION} but only while I'm in meetings", [MEETING]),
        (f"{MOTION} during the school holidays", [HOLIDAYS]),
        (f"{MOTION}, but not during school holidays", [{"not": HOLIDAYS}]),
        (f"During school holidays, {MOTION}", [HOLIDAYS]),
        (f"{MOTION} outside of school holidays, unless I’m in a meeting", [{"not": MEETING}, {"not": HOLIDAYS}]),
    ],
)
def test_what_is_said_of_a_calendar_is_a_guard_on_it(text: str, guards: list[object]) -> None:
    outcome = read(text)
    [rule] = outcome.rules
    written = rule.as_json()
    assert sorted(map(str, written["while"])) == sorted(map(str, guards))
    assert written["said"] == text
    assert written["when"] == read(MOTION).rules[0].as_json()["when"]


@pytest.mark.parametrize(
    "text",
    [
        f"{MOTION}, unless Maya is in a meeting",
        "tell me when I'm in a meeting",
        f"{MOTION} unless I'm in a concert",
    ],
)
def test_what_nobody_can_know_makes_no_rule(text: str) -> None:
    assert read(text).rules == ()


def test_a_home_without_calendars_reads_as_ever() -> None:
    without = HOME.model_copy(update={"calendars": ()})
    assert read(f"{MOTION} unless I'm in a meeting", without).rules == ()
    assert without_schedules(MOTION, without).guards == ()


def test_a_name_of_two_calendars_means_neither() -> None:
    two = HOME.model_copy(update={"calendars": (*HOME.calendars, HOME.calendars[0].model_copy(update={"id": "calendar.b"}))})  # fmt: skip
    assert without_schedules(f"{MOTION}, unless I'm in a meeting", two).guards == ()


def test_the_rule_is_read_back_with_its_calendar() -> None:
    [rule] = read(f"{MOTION}, unless I'm in a meeting").rules
    assert "nothing is on in the work calendar" in explain(rule, HOME)
