"""Notes, second thoughts and what is said before the request: the one sentence that each comes down to."""

from __future__ import annotations

import pytest

from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.context import in_context
from proactive.language.local.paraphrase import plainly
from proactive.language.local.terse import decided, noted
from rules.home import Home
from tests.proactive.language.conftest import Say

NOTES = [
    ("back door open, ten minutes, dark: alert", "alert me if back door open for ten minutes while it is dark"),
    ("fridge opened >6x in 1h, tell me", "tell me if fridge opened >6x in 1h"),
    ("doorbell 3x / 10 min -> ping", "ping me if doorbell 3x within 10 min"),
    ("bin unopened 36h = warn", "warn me if bin not opened for 36h"),
    ("freezer > 10F 30 min -> me + bruno", "tell me and bruno if freezer > 10F for 30 min"),
    ("tell me if the back door is open for 5 minutes", "tell me if the back door is open for 5 minutes"),
    ("turn on the light half an hour before sunset", "turn on the light half an hour before sunset"),
]
PLAIN = [
    ("tell me if it's been more than a day since Mimi ate", "tell me if no Mimi ate for a day"),
    (
        "tell me if 6 hours pass without anyone opening the back door",
        "tell me if nobody opening the back door for 6 hours",
    ),
    ("ping me if I forgot to feed Otto by 8am", "ping me if nobody feed Otto by 8am"),
    ("tell me if Otto skips breakfast", "tell me if Otto not had breakfast"),
    ("tell me if Mimi was last fed more than 12 hours ago", "tell me if Mimi has not fed for 12 hours"),
    ("tell me if it is at 20 degrees or above", "tell me if it is at least 20 degrees"),
    ("tell me if it is outside 40 to 60 percent", "tell me if it is not between 40 and 60 percent"),
    ("tell me when the last person leaves", "tell me when everyone has left"),
]


@pytest.mark.parametrize(("said", "meant"), NOTES)
def test_a_note_is_the_sentence_that_it_stands_for(said: str, meant: str) -> None:
    assert noted(said) == meant


@pytest.mark.parametrize(("said", "meant"), PLAIN)
def test_what_is_said_in_a_roundabout_way_is_put_plainly(said: str, meant: str) -> None:
    assert plainly(said) == meant


def test_the_last_word_counts_and_is_said_to(say: Say, birch: Home) -> None:
    said = "tell me if the front door opens... no wait, if the back door opens"
    assert decided(said, catalogue_of(birch))[0] == "tell me if the back door opens"
    outcome = say(said)
    assert outcome.rule is not None
    assert outcome.rule.as_json()["when"]["of"][0]["source"] == "contact.back"
    assert outcome.notes == ("You said it twice; I took what you said last.",)


def test_a_pronoun_stands_for_whom_the_sentence_before_was_about(birch: Home, say: Say) -> None:
    said = "Mimi is a picky eater. Tell me if she goes 16 hours without eating."
    text, notes = in_context(said, catalogue_of(birch))
    assert (text, notes) == ("Tell me if mimi goes 16 hours without eating.", ("I left out 'mimi is a picky eater'.",))
    outcome = say(said)
    assert outcome.rule is not None
    assert outcome.rule.as_json()["when"]["duration"] == "16h"


def test_what_follows_a_request_is_never_left_out(birch: Home) -> None:
    said = "Tell me if the back door opens. Only at night."
    assert in_context(said, catalogue_of(birch)) == (said, ())
