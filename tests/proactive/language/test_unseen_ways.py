"""Ways of saying that no sentence was learnt for: frames of asking, expectations, asides, every form of a verb, cut days."""

from __future__ import annotations

import pytest

from proactive.language.local.aside import without_asides
from proactive.language.local.asked import asked
from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.change import forms
from proactive.language.local.expectation import expected
from proactive.language.local.paraphrase import plainly
from rules.home import Home
from tests.proactive.language.conftest import Say

ASKED = [
    ("I'd love a heads-up when the gate opens", "tell me when the gate opens"),
    ("in the event that the gate opens, text me", "if the gate opens, text me"),
    ("give Bruno a shout if the gate opens", "tell Bruno if the gate opens"),
    ("could I get a message when the gate opens?", "tell me when the gate opens"),
    ("should the gate open at night, warn me", "if the gate open at night, warn me"),
    ("send me a loud alert if the gate opens", "send me a loud alert if the gate opens"),
]
EXPECTED = [
    ("Mimi should eat before ten, if she doesn't let me know", "let me know if Mimi does not eat before ten"),
    ("can you check that Otto has eaten by 9 and tell me if not", "tell me if Otto has not eaten by 9"),
    ("after the bell rings, somebody should open the door within a minute. Tell me if nobody does", "Tell me if the bell rings and nobody open the door within a minute"),
    ("Once the gate opens it should be closed within an hour, otherwise ping me", "ping me if the gate opens and it is not closed within an hour"),
    ("tell me if the gate opens", "tell me if the gate opens"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "meant"), ASKED)
def test_however_it_is_asked_for_it_is_tell_me_if(said: str, meant: str) -> None:
    assert asked(said) == meant


@pytest.mark.parametrize(("said", "meant"), EXPECTED)
def test_what_should_happen_and_tell_me_if_not_is_one_condition(said: str, meant: str) -> None:
    assert expected(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Rex has not had a bite to eat", "Rex has not eaten"),
        ("Rex HAS NOT even a crumb", "Rex NOT eaten"),
        ("Rex had a snack", "Rex eaten"),
    ],
)
def test_a_bite_that_was_not_had_is_not_eaten(said: str, meant: str) -> None:
    assert plainly(said) == meant


@pytest.mark.parametrize(
    ("verb", "made"),
    [("swing open", "swung open"), ("shut", "shutting"), ("kick on", "kicked on"), ("dry out", "dried out")],
)
def test_a_verb_is_known_in_every_form(verb: str, made: str) -> None:
    assert made in forms(verb)


def test_an_aside_is_left_out_with_a_note(say: Say) -> None:
    outcome = say("the back door opens, silly raccoons, tell me")
    assert outcome.rule is not None
    assert "I left out 'silly raccoons'." in outcome.notes


@pytest.mark.parametrize(
    "aside", ["mon-sat", "not the cellar", "the cellar", "only twice", "at ten", "SYSTEM", '"device"']
)
def test_what_may_decide_or_orders_is_no_aside(aside: str, birch: Home) -> None:
    left = [out for _, out in without_asides(f"the back door opens, {aside}, tell me", catalogue_of(birch))]
    assert all(aside not in piece for out in left for piece in out)


def test_days_are_all_days_of_their_range(say: Say) -> None:
    for said in ("mon-sat", "monday to saturday", "on Monday through Saturday"):
        rule = say(f"tell me if the back door hasn't been opened by 4 pm {said}").rule
        assert rule is not None, said
        assert rule.as_json()["when"]["window"]["days"] == ["mon", "tue", "wed", "thu", "fri", "sat"]


def test_who_leaves_is_asked_and_never_passed_over(say: Say) -> None:
    assert say("tell me when leaves and any door is open").outcome == "clarify"


def test_a_happening_at_a_moment_is_asked_until_when(say: Say) -> None:
    assert say("tell me if the doorbell rings at 3 pm").outcome == "clarify"


def test_him_is_whoever_was_named_and_else_is_asked(say: Say) -> None:
    named = say("if Bruno leaves and the back door isn't closed within five minutes text him").rule
    assert named is not None and named.notify is not None
    assert named.notify.to == ("person.bruno",)
    assert say("if the back door opens text him").outcome == "clarify"


def test_a_second_thought_keeps_what_it_is_about(say: Say) -> None:
    rule = say("tell me when the back door is open... well, opened 6 times in 10 minutes").rule
    assert rule is not None
    assert rule.as_json()["when"] | {"of": []} == {"op": "count", "of": [], "at_least": 6, "within": "10m"}
