"""What is unwrapped before a request is read: wishes, steps, norms, triggers; and what must stay as it is."""

from __future__ import annotations

import pytest

from proactive.language.local.wording import worded

WISHES = [
    ("It would be great if you could let me know when the dryer is done", "let me know when the dryer is done"),
    ("Is there a way to get a notification when the freezer is open?", "a notification when the freezer is open"),
    ("How can I get notified when the cellar leaks?", "notified when the cellar leaks"),
    ("I'd love an automation that notifies me when Daisy eats", "notifies me when Daisy eats"),
    ("Hey there, I was wondering if you could alert me when it rains", "alert me when it rains"),
    ("the system should send me a text when the door opens, thanks!", "send me a text when the door opens"),
    ("I want the lamps to turn on when I come home", "turn on the lamps when I come home"),
    ("Cleo: tell me when the door opens", "tell me when the door opens"),
]

STEPS = [
    ("1. Trigger at 9 pm every day\n2. Check if the gate is open\n3. If it is open, then close it.", "at 9 pm every day, if the gate is open, close it"),
    ("Doorbell rings -> notify everyone", "if Doorbell rings , then notify everyone"),
    ("Alert: freezer above 20 degrees", "alert me if freezer above 20 degrees"),
]  # fmt: skip

NORMS = [
    ("The gate should never be open at night", "tell me if The gate is open at night"),
    ("the doors must always be locked at night", "tell me if the doors is not locked at night"),
    ("nobody should be in the yard after 11pm", "tell me if anyone is in the yard after 11pm"),
    ("make sure the garage is closed by 10pm", "tell me if the garage is not closed by 10pm"),
    ("Grandma shouldn't be climbing the stairs", "tell me if Grandma is climbing the stairs"),
]

AS_THEY_ARE = [
    "should the door open, tell me",
    "tell me if the door opens",
    "turn off the light",
    "is the door open?",
    "what should I cook",
    "I know about the cold room",
    "you should go",
    "tell me if the washer finishes within 5 minutes",
]


@pytest.mark.parametrize(("said", "plain"), [*WISHES, *STEPS], ids=lambda text: text[:40])
def test_what_only_wraps_a_request_is_taken_off_without_a_word(said: str, plain: str) -> None:
    assert worded(said).text == plain
    assert worded(said).notes == ()


@pytest.mark.parametrize(("said", "plain"), NORMS, ids=lambda text: text[:40])
def test_a_norm_is_a_rule_for_when_it_is_broken_and_the_note_says_so(said: str, plain: str) -> None:
    assert worded(said).text == plain
    assert "otherwise" in worded(said).notes[0]


@pytest.mark.parametrize("said", AS_THEY_ARE)
def test_other_sentences_stay_as_they_were_said(said: str) -> None:
    assert worded(said).text == said


def test_a_thing_that_triggers_an_alert_is_its_condition() -> None:
    assert worded("Motion in the yard triggers an alert").text == "if Motion in the yard , send me an alert"


def test_an_order_said_backwards_is_turned_round() -> None:
    said = "tell me if the vacuum starts within 3 hours after Cleo comes home"
    assert worded(said).text == "tell me if Cleo comes home and then the vacuum starts within 3 hours"


@pytest.mark.parametrize("text", ["i want " * 300, "please " * 300, "the " * 500, "a within 2 minutes of " * 90])
def test_a_long_wish_ends_soon(text: str) -> None:
    assert isinstance(worded(text).text, str)


def test_who_looks_is_not_said_of_what_is_seen() -> None:
    assert worded("tell me if frigate has seen a person on the porch").text == "tell me if seen a person on the porch"


@pytest.mark.parametrize("said", ["doorbell rings, notify everyone", "person on the porch - send me a snapshot"])
def test_what_stands_before_a_request_without_if_is_its_condition(said: str) -> None:
    assert worded(said).text.startswith("if ")
