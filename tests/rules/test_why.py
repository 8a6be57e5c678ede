"""Why a rule did or did not fire: a row for each reason, and the words of the ones that people ask for most."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from rules.record import Record, as_json
from rules.rule import Rule
from rules.units import instant
from rules.why import Why, explain_why, why
from tests.rules.days import (
    BELL,
    EATING,
    FED,
    HOME,
    LEFT_OPEN,
    OPENS,
    at,
    camera,
    drops,
    eats,
    garage,
    person,
    puts,
    record,
    rings,
    rule,
    tick,
)

START, END = tick("9 00:00"), tick("10 00:00")
RINGS = {"op": "occurs", "of": [BELL]}
AWAY = [{"home": "nobody"}]


def ask(asked: Rule, *records: Record, day: int = 9) -> Why:
    return why(asked, HOME, date(2026, 3, day), records)


def headline(asked: Rule, *records: Record, day: int = 9) -> str:
    """Return the first line without its date."""
    return explain_why(ask(asked, *records, day=day), asked, HOME).splitlines()[0].split(": ", 1)[1]


ROWS: list[tuple[str, Rule, list[Record], str]] = [
    (
        "fired",
        rule(FED),
        [START, END],
        "it fired at noon.",
    ),
    (
        "quiet",
        rule(FED),
        [START, eats("9 08:12"), END],
        "it did not fire, because Daisy was seen eating by the kitchen camera at 8:12 am.",
    ),
    (
        "unknown",
        rule(FED),
        [START, camera("9 10:40", "offline"), END],
        "it could not tell at noon.",
    ),
    (
        "blind",
        rule(FED, unknown="ignore"),
        [START, camera("9 10:40", "offline"), END],
        "it did not fire, because I could not tell at noon. "
        "The kitchen camera could not see from 10:40 am to noon (1 hour and 20 minutes in all).",
    ),
    (
        "guard",
        rule(RINGS, while_=AWAY),
        [START, person("9 07:00", "person.greg", "home"), rings("9 09:00"), END],
        "at 9 am it did not fire, because somebody was home (Greg).",
    ),
    (
        "guard",
        rule(RINGS, while_=AWAY),
        [START, *(person("9 07:00", who, "away") for who in ("person.greg", "person.maya")), rings("9 09:00"), END],
        "at 9 am it did not fire, because I never heard whether Zoe was home.",
    ),
    (
        "guard",
        rule(RINGS, while_=[{"state": "contact.front", "is": "open"}, {"between": ["22:00", "06:00"]}]),
        [START, rings("9 09:00"), END],
        "at 9 am it did not fire, because I never heard from the front door and it was not between 10 pm and 6 am.",
    ),
    (
        "fired",
        rule(RINGS, while_=[{"not": {"seen": {"of": [BELL], "within": "1h"}}}]),
        [START, rings("9 08:00"), rings("9 08:30"), END],
        "it fired at 8 am.",
    ),
    (
        "cooldown",
        rule(RINGS | {"cooldown": "2h"}),
        [START, rings("8 23:30"), rings("9 00:30"), END],
        "at 12:30 am it did not fire, because it had fired at 11:30 pm on Sunday, 8 March 2026, "
        "and it fires at most once in 2 hours.",
    ),
    (
        "expired",
        rule(RINGS, expires="2026-03-09T12:00:00Z"),
        [START, rings("9 09:00"), END],
        "at 9 am it did not fire, because it had expired.",
    ),
    (
        "ended",
        rule(LEFT_OPEN),
        [START, garage("9 15:00", "open"), garage("9 15:04", "closed"), END],
        "it did not fire, because it was over after 4 minutes, before its time (3:10 pm).",
    ),
    (
        "waiting",
        rule(LEFT_OPEN),
        [START, garage("9 15:00", "open"), tick("9 15:05")],
        "it has not fired yet. It waits until 3:10 pm on Monday, 9 March 2026, "
        "and these records end at 3:05 pm on Monday, 9 March 2026.",
    ),
    (
        "waiting",
        rule(LEFT_OPEN),
        [START, garage("9 23:55", "open"), tick("10 01:00")],
        "it did not fire that day, because it waited until 12:05 am on Tuesday, 10 March 2026.",
    ),
    (
        "not_due",
        rule(FED),
        [START, tick("9 10:00")],
        "it has not fired yet. It decides at noon, and these records end at 10 am on Monday, 9 March 2026.",
    ),
    (
        "undecided",
        rule(FED),
        [tick("9 09:13"), END],
        "it decided nothing at noon: the records begin only at 9:13 am, so nobody knows what came before.",
    ),
    (
        "undecided",
        rule(FED),
        [START, puts("9 13:00", rule(FED)), END],
        "it decided nothing at noon: the rule was put only at 1 pm on Monday, 9 March 2026.",
    ),
    (
        "lapsed",
        rule({"op": "sequence", "first": [BELL], "then": [OPENS], "within": "10m"}),
        [START, rings("9 09:00"), END],
        "it did not fire, because what was awaited did not follow in time.",
    ),
    (
        "repeat",
        rule({"op": "occurs", "of": [OPENS]}),
        [START, garage("9 09:00", "open"), END],
        "it did not fire, because what came was nothing new.",
    ),
    (
        "matched",
        rule({"op": "count", "of": [BELL], "at_least": 3, "within": "1h"}),
        [START, rings("9 09:00"), rings("9 09:10"), END],
        "it did not fire, because what came was not enough.",
    ),
    (
        "silent",
        rule(LEFT_OPEN),
        [tick("8 00:00"), garage("8 15:00", "open"), END],
        "it did not fire, because it was so before, and had been decided then.",
    ),
    (
        "paused",
        rule(RINGS),
        [START, puts("9 00:00", rule(RINGS)), puts("9 08:00", rule(RINGS), enabled=False), rings("9 09:00"), END],
        "it did not fire, because the rule was paused since 8 am.",
    ),
    (
        "dropped",
        rule(RINGS),
        [START, puts("9 00:00", rule(RINGS)), drops("9 08:00", rule(RINGS)), rings("9 09:00"), END],
        "it did not fire, because the rule was dropped since 8 am.",
    ),
    (
        "not_put",
        rule(RINGS),
        [START, rings("9 09:00"), END, puts("10 08:00", rule(RINGS))],
        "it did not fire, because the rule was not there yet: it was put at 8 am on Tuesday, 10 March 2026.",
    ),
    (
        "no_records",
        rule(RINGS),
        [],
        "there are no records at all, so nobody can say.",
    ),
    (
        "no_records",
        rule(RINGS),
        [tick("10 09:00"), tick("11 09:00")],
        "there are no records of that day, so nobody can say; "
        "they go from 9 am on Tuesday, 10 March 2026 to 9 am on Wednesday, 11 March 2026.",
    ),
    (
        "nothing",
        rule(RINGS),
        [START, END],
        "it did not fire, because nothing came that it waits for.",
    ),
    (
        "nothing",
        rule({"op": "at", "time": "22:00", "days": ["sat"]}),
        [START, END],
        "it did not fire, because its time did not come: it is to fire at 10 pm on Saturdays.",
    ),
    (
        "nothing",
        rule(LEFT_OPEN),
        [START, garage("9 09:00", "closed"), END],
        "it did not fire, because it did not come to be so.",
    ),
]


@pytest.mark.parametrize(
    ("outcome", "asked", "records", "said"), ROWS, ids=[f"{n}-{row[0]}" for n, row in enumerate(ROWS)]
)
def test_the_reason_is_said_in_one_sentence(outcome: str, asked: Rule, records: list[Record], said: str) -> None:
    assert (ask(asked, *records).outcome, headline(asked, *records)) == (outcome, said)


# --- the steps ----------------------------------------------------------------------------------------------------


def steps(asked: Rule, *records: Record, day: int = 9) -> list[str]:
    """Return the lines below the first, without the one that says that the rule was put when the log begins."""
    lines = explain_why(ask(asked, *records, day=day), asked, HOME).splitlines()[1:]
    return [line.removeprefix("- ") for line in lines if line.startswith("- ") and "the rule was put" not in line]


def test_the_evidence_is_named_and_what_comes_again_is_told_once() -> None:
    meals = [eats(f"9 08:{minute}", id=f"k-{minute}") for minute in (12, 13, 14)]
    assert steps(rule(FED), START, *meals, END) == [
        "At 8:12 am Daisy was seen eating by the kitchen camera. (Record k-12.) Again twice, until 8:14 am.",
        "At noon all was well: Daisy was seen eating by the kitchen camera at 8:14 am. (Record k-14.)",
    ]


def test_a_meal_from_before_the_rule_was_put_is_evidence_too() -> None:
    meal = eats("9 08:12", id="k-1")
    put = puts("9 11:00", rule(FED))
    put.data["history"] = [as_json(meal)]
    told = ask(rule(FED), START, meal, put, END)
    assert (told.outcome, told.supposed) == ("quiet", False)
    assert told.traces[-1].evidence == ("k-1",)
    assert headline(rule(FED), START, meal, put, END).endswith(
        "Daisy was seen eating by the kitchen camera at 8:12 am."
    )


def test_a_night_belongs_to_the_evening_and_to_the_morning() -> None:
    night = rule({"op": "absent", "of": [EATING], "window": {"from": "22:00", "until": "06:00"}})
    assert [ask(night, START, tick("11 00:00"), day=day).firings[-1].time for day in (9, 10)] == [
        instant(datetime.fromisoformat(at("10 06:00")))
    ] * 2
    until_midnight = rule({"op": "absent", "of": [EATING], "window": {"from": "00:00", "until": "24:00"}})
    asked = [ask(until_midnight, START, tick("10 09:00"), day=day).outcome for day in (9, 10)]
    assert asked == ["fired", "not_due"]


def test_what_a_late_record_takes_back_is_told_on_the_day_it_is_about() -> None:
    late = [START, tick("9 12:30"), eats("9 11:58"), END]
    assert [firing.verdict for firing in ask(rule(FED), *late).firings] == ["fired", "corrected"]
    assert "I was wrong about noon" in steps(rule(FED), *late)[-1]


def test_a_rule_is_told_in_the_words_of_its_version_of_the_day() -> None:
    first, second = rule(RINGS, while_=AWAY), rule(RINGS, while_=[{"days": ["sun"]}])
    log = [START, puts("9 00:00", first), person("9 07:00", "person.greg", "home"), rings("9 09:00"), END]
    log += [puts("10 08:00", second), rings("10 09:00"), tick("11 00:00")]
    assert headline(second, *log, day=9) == "at 9 am it did not fire, because somebody was home (Greg)."
    assert headline(second, *log, day=10) == "at 9 am it did not fire, because it was not a Sunday."


def test_each_door_has_reasons_of_its_own() -> None:
    doors = {"any": [{"state": door, "is": "open"} for door in ("contact.front", "contact.back")]}
    asked = rule({"op": "holds", "state": doors, "lasting": "10m", "per": "source"})
    front = [record("9 15:00", "state", "contact.front", value="open", id="o")]
    front += [record("9 15:04", "state", "contact.front", value="closed", id="c")]
    assert steps(asked, START, *front, END) == [
        "At 3 pm for the front door, the front door opened, and I waited until 3:10 pm. (Record o.)",
        "At 3:04 pm for the front door, it was over after 4 minutes, before its time (3:10 pm). (Record c.)",
    ]


def test_silence_of_a_source_is_told() -> None:
    assert steps(rule(RINGS), START, END) == ["I heard nothing from the front doorbell that day."]
    nothing = [rings("8 09:00"), record("9 09:00", "event", "doorbell.front", name="held"), END]
    assert steps(rule(RINGS), *nothing) == ["The front doorbell reported once that day."]


def test_a_guard_is_told_with_what_each_of_its_ends_looked_at() -> None:
    away = [person("9 07:00", who, "away") for who in ("person.greg", "person.maya")]
    guard = {"any": [{"state": "contact.front", "is": "open"}, {"not": {"home": "anyone"}}]}
    told = ask(rule(RINGS, while_=[guard]), START, *away, garage("9 08:00", "open"), rings("9 09:00"), END)
    assert told.traces[-1].detail["guards"] == [
        {
            "guard": 0,
            "holds": None,
            "leaves": [
                {"holds": None, "unheard": ["contact.front"]},
                {"holds": None, "home": [], "unheard": ["person.zoe"]},
            ],
        }
    ]


def test_what_is_asked_can_be_had_as_json() -> None:
    told = ask(rule(FED), START, eats("9 08:12", id="k-1"), END).as_json()
    assert json.loads(json.dumps(told)) == told
    assert (told["day"], told["outcome"], told["heard"]) == ("2026-03-09", "quiet", {"cam.kitchen": 1})
    assert [(step["kind"], step["what"]) for step in told["steps"]] == [
        ("trace", "put"),
        ("trace", "matched"),
        ("trace", "quiet"),
    ]
