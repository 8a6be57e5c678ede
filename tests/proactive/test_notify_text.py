"""What is said: only what was decided, in the home's own time."""

from __future__ import annotations

import pytest

from proactive.notify.text import Picture, caption, lateness, picture_of, render
from rules.firing import Firing
from rules.home import Home
from rules.record import Record, from_json
from tests.proactive.conftest import at, make_firing, make_rule

NOON = at("2026-03-09T12:00:00-05:00")
DAISY = make_rule()
GARAGE = make_rule(
    id="garage",
    when={"op": "holds", "state": {"state": "cover.garage", "is": "open"}, "lasting": "10m"},
    notify={"to": ["person.greg"], "message": "{place} has been open for ten minutes"},
)
WALK = make_rule(
    when={
        "op": "sequence",
        "first": [{"type": "event", "source": "doorbell.front"}],
        "then": [{"type": "state", "source": "cover.garage", "where": {"value": "closed"}}],
        "within": "5m",
        "missing": True,
    },
    notify={"to": ["person.greg"], "message": "Look at the door"},
)


def eating(time: str = "2026-03-09T11:58:00-05:00", **data: object) -> Record:
    return from_json(
        {
            "id": "k-1",
            "type": "detection",
            "source": "cam.kitchen",
            "subject": "pet.daisy",
            "time": time,
            "home": "maple",
            "data": {"label": "dog", "activity": "eating", "zone": "food_bowls"} | data,
        }
    )


def state(value: object, time: str = "2026-03-09T12:20:00-05:00") -> Record:
    base = {"id": "s-1", "type": "state", "source": "cover.garage", "home": "maple"}
    return from_json(base | {"time": time, "data": {"value": value}})


def blind(*intervals: tuple[str, str], online: bool = True) -> dict[str, object]:
    return {"cam.kitchen": {"online": online, "offline_s": 4800, "intervals": [list(each) for each in intervals]}}


OFF = ("2026-03-09T15:40:00Z", "2026-03-09T17:00:00Z")


def test_a_firing_says_the_rules_message(maple: Home) -> None:
    text = render(make_firing(), DAISY, maple)
    assert (text.title, text.body) == ("Maple Street", "Daisy has not been fed by noon.")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("{subject} ate at {time} at the {zone}", "Daisy ate at 11:58 am at the food bowls."),
        ("{place}: {activity}, sure to {confidence}", "The kitchen camera: eating, sure to 0.9."),
        ("{nothing} of {that} kind", "{nothing} of {that} kind."),
        ("Done!", "Done!"),
    ],
)
def test_a_message_may_name_what_the_evidence_has(maple: Home, message: str, expected: str) -> None:
    rule = make_rule(when={"op": "occurs", "of": [{"source": "cam.kitchen"}]}, notify={"message": message})
    firing = make_firing(time=at("2026-03-09T11:58:00-05:00"), evidence=("k-1",))
    assert render(firing, rule, maple, [eating(confidence=0.9)]).body == expected


def test_without_the_records_the_rule_says_whom_and_where(maple: Home) -> None:
    rule = make_rule(notify={"message": "{subject} has not been at {place} by {time}"})
    assert render(make_firing(), rule, maple).body == "Daisy has not been at the kitchen camera by noon."


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("Daisy has not been fed by noon", "Daisy has been fed by noon"),
        ("Daisy hasn't eaten", "Daisy has eaten"),
        ("The dog was not fed", "the dog was fed"),
        ("Feed the dog", "Daisy was seen eating at the food bowls by the kitchen camera"),
        ("It is not so that she was not fed", "Daisy was seen eating at the food bowls by the kitchen camera"),
        ("", "Daisy has been seen eating at the food bowls by the kitchen camera"),
    ],
)
def test_what_could_not_be_seen_is_said_as_a_question(maple: Home, message: str, question: str) -> None:
    firing = make_firing("unknown", coverage=blind(OFF))
    rule = make_rule(notify={"message": message})
    assert render(firing, rule, maple).body == (
        f"I can't tell whether {question}: the kitchen camera was off from 10:40 am to noon."
    )


@pytest.mark.parametrize(
    ("coverage", "why"),
    [
        (blind(online=False), "the kitchen camera is off"),
        (blind(OFF, ("2026-03-09T12:00:00Z", "2026-03-09T12:30:00Z")), "10:40 am to noon and from 7 am to 7:30 am"),
        (blind(*[OFF] * 4), "the kitchen camera was off 4 times, 5 hours and 20 minutes in all"),
        ({}, "not everything could be seen"),
    ],
)
def test_the_reason_for_not_knowing_is_said(maple: Home, coverage: dict[str, object], why: str) -> None:
    assert render(make_firing("unknown", coverage=coverage), DAISY, maple).body.endswith(f"{why}.")


def test_a_source_that_was_seen_throughout_is_not_blamed(maple: Home) -> None:
    coverage = blind(OFF) | {"cover.garage": {"online": True, "offline_s": 0, "intervals": []}}
    assert "garage" not in render(make_firing("unknown", coverage=coverage), DAISY, maple).body


def test_an_undecided_state_is_asked_as_the_rule_has_it(maple: Home) -> None:
    body = render(make_firing("unknown", coverage=blind(OFF)), GARAGE, maple).body
    assert body.startswith("I can't tell whether the garage door is open: ")


def test_an_undecided_sequence_asks_for_what_was_awaited(maple: Home) -> None:
    body = render(make_firing("unknown", coverage=blind(OFF)), WALK, maple).body
    assert body.startswith("I can't tell whether the garage door was closed: ")


def test_a_correction_owns_up(maple: Home) -> None:
    firing = make_firing("corrected", evidence=("k-1",))
    proof = "Daisy was seen eating at the food bowls by the kitchen camera at 11:58 am; the report came late."
    assert render(firing, DAISY, maple, [eating()], make_firing()).body == f"I was wrong: {proof}"
    assert render(firing, DAISY, maple, [eating()], make_firing("unknown")).body == f"I could not tell before: {proof}"


def test_a_correction_without_its_record_claims_no_details(maple: Home) -> None:
    body = render(make_firing("corrected", evidence=("k-1",)), DAISY, maple).body
    assert body.startswith("I was wrong: it did happen in time; the report came late (")


def test_a_resolution_says_what_happened_when(maple: Home) -> None:
    late = eating("2026-03-09T12:20:00-05:00")
    body = render(make_firing("resolved", evidence=("k-1",)), DAISY, maple, [late]).body
    assert body == "Resolved: Daisy was seen eating at the food bowls by the kitchen camera at 12:20 pm."
    firing = make_firing("resolved", evidence=("s-1",))
    assert render(firing, GARAGE, maple, [state("closed")]).body == "Resolved: the garage door closed at 12:20 pm."


def test_a_record_that_is_no_evidence_proves_nothing(maple: Home) -> None:
    assert "was seen" not in render(make_firing("resolved"), DAISY, maple, [eating()]).body


def test_a_stranger_is_never_named(maple: Home) -> None:
    seen = from_json(
        {
            "id": "k-1",
            "type": "detection",
            "source": "cam.kitchen",
            "subject": "unknown",
            "time": "2026-03-09T12:00:00Z",
            "home": "maple",
            "data": {"label": "person"},
        }
    )
    body = render(make_firing("resolved", evidence=("k-1",)), DAISY, maple, [seen]).body
    assert body == "Resolved: a person I don't know was seen by the kitchen camera at 7 am."


def test_a_rule_without_a_message_speaks_for_itself(maple: Home) -> None:
    body = render(make_firing(), make_rule(notify={"to": ["person.greg"]}), maple).body
    assert body == "Daisy has not been seen eating at the food bowls by the kitchen camera."


@pytest.mark.parametrize("verdict", ["fired", "unknown", "corrected", "resolved"])
@pytest.mark.parametrize(
    "when",
    [
        {"op": "occurs", "of": [{}]},
        {"op": "absent", "of": [{"type": "event"}], "duration": "6h"},
        {"op": "count", "of": [{"source": ["a", "b"]}], "at_least": 3, "within": "1h"},
        {"op": "at", "time": "22:00"},
        {"op": "any", "conditions": [{"op": "at", "time": "22:00"}]},
        GARAGE.when.model_dump(by_alias=True, exclude_none=True),
        WALK.when.model_dump(by_alias=True, exclude_none=True),
    ],
    ids=lambda when: str(when["op"]),
)
def test_every_kind_and_verdict_has_words(maple: Home, verdict: str, when: dict[str, object]) -> None:
    firing: Firing = make_firing(verdict)  # type: ignore[arg-type]
    for notify in ({"message": "Something is not right"}, {}):
        assert len(render(firing, make_rule(when=when, notify=notify), maple).body) > 10


def test_a_late_notification_says_so(maple: Home) -> None:
    assert lateness(NOON, NOON + 299_000_000, "held", maple) == ""
    late = lateness(NOON, NOON + 300_000_000, "held for quiet hours", maple)
    assert late == "(This is from noon on Monday, 9 March 2026; held for quiet hours.)"


def test_the_picture_is_the_last_one_of_the_evidence(maple: Home) -> None:
    first, last = eating(snapshot="a.jpg"), state("closed")
    picture = picture_of(make_firing(evidence=("k-1", "s-1")), [last, first])
    assert picture == Picture("a.jpg", "cam.kitchen", at("2026-03-09T11:58:00-05:00"))
    assert caption(picture, maple) == "Picture: the kitchen camera, 11:58 am on Monday, 9 March 2026."
    assert picture_of(make_firing(evidence=("s-1",)), [first]) is None


def test_an_unknown_absence_says_which_zone_was_blind_and_why(maple: Home) -> None:
    zone = {"online": True, "offline_s": 4800, "intervals": [list(OFF)], "reasons": ["covered"]}
    coverage = {"cam.kitchen": {"online": True, "offline_s": 0, "intervals": [], "zones": {"food_bowls": zone}}}
    body = render(make_firing("unknown", coverage=coverage), DAISY, maple).body
    assert body.endswith("the food bowls were covered from 10:40 am to noon.")


def test_a_spanish_home_is_told_in_spanish_what_nobody_could_see(maple: Home) -> None:
    zone = {"online": True, "offline_s": 4800, "intervals": [list(OFF)], "reasons": ["covered"]}
    coverage = {"cam.kitchen": {"online": True, "offline_s": 0, "intervals": [], "zones": {"food_bowls": zone}}}
    body = render(make_firing("unknown", coverage=coverage), DAISY, maple.model_copy(update={"language": "es"})).body
    assert body.startswith("No puedo saber si es así: «") and body.endswith(
        "la zona «food bowls» estuvo tapada de las 10:40 a mediodía."
    )
