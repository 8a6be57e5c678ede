"""Laws of changing a rule in words: what people say there makes what they mean, or says what to do instead."""

from __future__ import annotations

import html
import re

import pytest

from rules.home import Home
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import Browser, browser_of, family

RULE = "/rules/daisy-fed"


@pytest.fixture
def owner(running: Running, maple: Home) -> Browser:
    running.store.import_home(family(maple))
    running.store.put_rule(make_rule(), at=0)
    running.site.look()
    return browser_of(running, "person.greg")


def answer(browser: Browser, said: str) -> str:
    """Return the words of the page that answers."""
    text = browser.post(f"{RULE}/say", said=said).text
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text[text.index("<main") :])))


@pytest.mark.parametrize(
    ("said", "reads"),
    [
        ("not before 7", "between 7 am and noon"),
        ("start at 6 am", "between 6 am and noon"),
        ("until 11", "between midnight and 11 am"),
        ("skip Sundays", "On: every day, now on Mondays"),
        ("tell Max instead of me", "Who gets it: Greg, now Max"),
        ("don't tell me, tell Max", "Who gets it: Greg, now Max"),
        ("tell Max and not me", "Who gets it: Greg, now Max"),
        ("make it critical", "critical"),
        ("send a picture", "With a picture: no, now yes"),
    ],
)
def test_words_make_of_the_rule_what_they_mean(owner: Browser, said: str, reads: str) -> None:
    text = answer(owner, said)
    assert "Is this right?" in text and reads in text, text


@pytest.mark.parametrize(("said", "label"), [("pause it", "Pause"), ("delete it", "Delete")])
def test_what_is_no_change_of_words_but_one_tap_is_offered_as_that_tap(
    running: Running, owner: Browser, said: str, label: str
) -> None:
    text = owner.post(f"{RULE}/say", said=said).text
    deed = {"Pause": "pause", "Delete": "drop"}[label]
    assert "one tap is enough" in text and f'action="{RULE}/{deed}"' in text
    assert running.store.rule("maple", "daisy-fed").version == 1


@pytest.mark.parametrize("said", ["blah", "watch the moon instead", "if I sleep wake Max"])
def test_words_that_are_not_understood_as_a_change_are_not_taken_for_a_new_rule(owner: Browser, said: str) -> None:
    text = answer(owner, said)
    assert "I do not understand that as a change of this rule." in text and "Say it with 'if'" not in text


def test_what_is_so_already_is_said_to_be_so(owner: Browser) -> None:
    assert "It is so already" in answer(owner, "make it urgent")


def test_a_change_says_whom_nothing_reaches_and_counts_a_device_as_a_way(running: Running, owner: Browser) -> None:
    from tests.proactive.web.pushes import house

    assert "Nothing reaches Max yet" in answer(owner, "tell Max too")
    with house(running) as home:
        home.device("person.max", "Firefox on Android")
        text = answer(owner, "tell Max too")
    assert "Nothing reaches Max" not in text and "no channel" not in text
