"""Laws of follow-ups, tried on made-up words and rules: what is changed passes check, and changed back it is as it was."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from proactive.language.outcome import KINDS, Outcome
from proactive.language.request import Request, Turn
from proactive.language.understand import converse, understand
from rules.check import blocking, check
from rules.home import Home, parse_home
from rules.rule import Rule
from tests.proactive.language.conftest import HOME, NOW

REQUESTS = (
    "let me know if Daisy isn't fed by noon every day",
    "tell me when the left garage door is open for 10 minutes",
    "tell me when the back door opens",
    "alert me if the freezer is above 10 degrees",
    "tell me at 10 pm if the front door is unlocked",
    "tell me when Otto is on the couch",
    "tell me when the back door opens three times in an hour",
    "tell me when the doorbell is pressed and the front door doesn't open within 2 minutes",
    "remind me every Monday at 8 am to water the plants",
)
EDITS = (
    "make it ten", "no, 11:30", "half past nine", "an hour later", "15 minutes", "for half an hour", "5 minutes longer", "twice", "make it 15 degrees",
    "only on weekdays", "every day", "except on Sundays", "the black one", "the other one", "the cat", "the other door", "Otto", "the counter", "and tell Bruno too",
    "tell Bruno instead", "make it critical", "at most once an hour", "only at night", "only when nobody is home", "unless Bruno is home", "while it is dark", "just once",
    "with a picture", "remind me every 5 minutes", "call it night watch", "same for dinner at 7.30", "same for Otto", "between 8 and 11", "from six", "in the evening",
)  # fmt: skip


@cache
def birch() -> Home:
    """Return the home of these laws."""
    return parse_home(HOME)


@cache
def proposed(text: str) -> Turn:
    """Return the turn of a request that becomes a rule."""
    return Turn(text, understand(text, None, birch(), now=NOW))


def after(turns: tuple[Turn, ...], text: str, rules: tuple[Rule, ...] = ()) -> Outcome:
    """Return what becomes of words after some turns."""
    return converse(Request(text, birch(), None, turns, NOW, rules=rules)).outcome


def test_each_request_of_these_laws_is_a_rule() -> None:
    assert [proposed(text).outcome.outcome for text in REQUESTS] == ["rule"] * len(REQUESTS)


@settings(max_examples=60)
@given(st.sampled_from(REQUESTS), st.lists(st.sampled_from(EDITS), min_size=1, max_size=4))
def test_whatever_is_changed_passes_check(request: str, edits: list[str]) -> None:
    turns: tuple[Turn, ...] = (proposed(request),)
    for text in edits:
        outcome = after(turns, text)
        turns = (*turns, Turn(text, outcome))
        for rule in outcome.rules:
            assert not blocking(check(rule, birch())), text


@pytest.mark.parametrize(
    ("request_", "there", "back"),
    [
        (REQUESTS[0], "make it ten", "make it noon"),
        (REQUESTS[0], "only on weekdays", "every day"),
        (REQUESTS[0], "the black one", "Daisy"),
        (REQUESTS[0], "and tell Bruno too", "don't tell Bruno"),
        (REQUESTS[0], "make it critical", "make it urgent"),
        (REQUESTS[0], "an hour later", "an hour earlier"),
        (REQUESTS[0], "remind me every 5 minutes", "don't remind me again"),
        (REQUESTS[1], "15 minutes", "ten minutes"),
        (REQUESTS[1], "the other one", "the other one"),
        (REQUESTS[1], "5 minutes longer", "5 minutes shorter"),
        (REQUESTS[2], "no, the other door", "the back door"),
        (REQUESTS[2], "with a picture", "without a picture"),
        (REQUESTS[2], "just once", "every time"),
        (REQUESTS[2], "only on weekdays", "every day"),
        (REQUESTS[3], "make it 15", "make it 10"),
        (REQUESTS[4], "eleven", "ten"),
        (REQUESTS[5], "the cat", "Otto"),
        (REQUESTS[5], "the counter", "the couch"),
        (REQUESTS[6], "twice", "three times"),
        (REQUESTS[6], "in two hours", "in one hour"),
    ],
)
def test_changed_and_changed_back_a_rule_is_as_it_was(request_: str, there: str, back: str) -> None:
    first = proposed(request_)
    then = after((first,), there)
    again = after((first, Turn(there, then)), back)
    assert then.rule is not None and again.rule is not None and first.outcome.rule is not None
    assert then.rule != first.outcome.rule
    assert again.rule.model_copy(update={"said": None}) == first.outcome.rule.model_copy(update={"said": None})


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("before", REQUESTS)
def test_a_full_request_is_always_a_new_one(before: str, request_: str) -> None:
    first, new = proposed(before).outcome, proposed(request_).outcome
    assert after((proposed(before),), request_).rules == new.rules
    assert (
        after((Turn(before, first), Turn("yes", after((proposed(before),), "yes"))), request_, first.rules).rules
        == new.rules
    )


_WORDS = st.sampled_from(
    """make it ten the other one no yes 15 minutes only on weekdays tell Bruno too except Sundays at half past noon Otto black door front stop telling me that
    pause delete rule what if when is called away until Sunday same for dinner call change to 7.30 twice hours later not but and , . ? 5 -1 999999999 %
    """.split()
)


@settings(max_examples=80)
@example(REQUESTS[1], "999999999")
@example(REQUESTS[1], "999999999 days longer")
@example(REQUESTS[1], "mute everything for 999999999 days")
@example(REQUESTS[2], "at most once in 999999999 days")
@example(REQUESTS[6], "999999999 times")
@example(REQUESTS[4], "until dinner")
@given(st.sampled_from(REQUESTS), st.lists(_WORDS, max_size=9).map(" ".join) | st.text(max_size=40))
def test_no_text_makes_a_conversation_raise_or_invent(request: str, text: str) -> None:
    turn = proposed(request)
    outcome = after((turn,), text, turn.outcome.rules)
    assert outcome.outcome in KINDS
    assert outcome.reply
    for rule in outcome.rules:
        assert not blocking(check(rule, birch()))
