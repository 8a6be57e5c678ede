"""What may be left out of a sentence, always with a note; and what is never left out."""

from __future__ import annotations

import pytest

from tests.proactive.language.conftest import Say

LEFT_OUT = [
    ("tell me when the washer finishes so that I can hang up the clothes", "so that i can hang up the clothes"),
    ("alert me if the freezer is above 20 degrees because we lost a lot of meat", "because we lost a lot of meat"),
    ("send a notification to my phone via the companion app when the back door opens", "to my phone via the companion app"),
    ("tell me when the back door opens unexpectedly", "unexpectedly"),
    ("send me a loud alert if the cellar is wet", "loud"),
    ("tell me when a person wearing a mask is on the porch", "wearing a mask"),
    ("tell me when Otto is on the couch chewing a pillow at night", "chewing a pillow"),
    ("alert me when a suspicious person is on the porch", "suspicious"),
    ("tell me when Cleo gets home from school", "from school"),
    ("We keep losing socks. Tell me when the washer finishes.", "we keep losing socks"),
    ("send me an alert to check and close the window when the kitchen window is open at 10pm", "to check and close the window"),
]  # fmt: skip

KEPT = [
    "warn me when the attic window opens",  # another thing than this home has
    "tell me when the kitchen window opens before the rain",
    "send a text to bob when the back door opens",
    "notify the police when the back door opens",
    "tell me if exactly one door is open",
    "tell me if the back door opens repeatedly",
    "tell me if Daisy isn't fed in the garden by noon",
    "tell me when the back door opens since Rex left",
    "tell me when the mailman arrives",
    "tell me if the brown dog isn't fed by noon",
]


@pytest.mark.parametrize(("said", "piece"), LEFT_OUT, ids=lambda text: text[:40])
def test_what_changes_nothing_is_left_out_with_a_note(say: Say, said: str, piece: str) -> None:
    found = say(said)
    assert found.rule is not None, found.reply
    assert f"I left out '{piece}'." in found.notes


@pytest.mark.parametrize("said", KEPT)
def test_what_names_or_measures_what_is_watched_is_never_left_out(say: Say, said: str) -> None:
    assert say(said).rule is None


def test_a_time_stays_when_what_stands_before_it_is_left_out(say: Say) -> None:
    rule = say("tell me when Otto is on the couch chewing a pillow at night").rule
    assert rule is not None
    assert rule.as_json()["while"] == [{"between": ["22:30", "06:30"]}]


def test_a_compiled_request_carries_its_notes_and_one_without_has_none(say: Say) -> None:
    assert say("tell me when the back door opens unexpectedly").as_json()["notes"] == ["I left out 'unexpectedly'."]
    assert "notes" not in say("tell me when the back door opens").as_json()
