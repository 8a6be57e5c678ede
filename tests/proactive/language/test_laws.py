"""Laws of reading that hold for any words: nothing raises, nothing is invented, and no word of a rule is ignored."""

from __future__ import annotations

import json
import re
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive.language.local.model import LocalModel
from proactive.language.reader import load_reader
from proactive.language.request import Request, check_reader
from proactive.language.understand import understand
from rules.check import blocking, check
from rules.home import Home, parse_home
from rules.problem import InputError
from tests.proactive.language.conftest import HOME, NOW
from tests.proactive.language.test_rules import ROWS

BIRCH = parse_home(HOME)
WORDS = sorted(
    {word for row in ROWS for word in row[0].split()} | set("not never or and until 7 10% half past".split())
)
NONSENSE = ("purple", "xylophone", "quantum", "zebra", "gravel", "Rex", "Winston")

sentences = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
requests = st.lists(sentences, max_size=3).map(" if ".join).map(lambda text: f"tell me {text}")


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_text_raises_or_becomes_a_rule_by_chance(text: str) -> None:
    assert understand(text, None, BIRCH, now=NOW).reply


@given(st.one_of(sentences, requests))
@settings(max_examples=300, deadline=None)
def test_whatever_becomes_a_rule_names_only_what_the_home_lists_and_passes_check(text: str) -> None:
    for rule in understand(text, None, BIRCH, now=NOW).rules:
        assert blocking(check(rule, BIRCH)) == []
        named = set(
            re.findall(
                r"\b(?:person|pet|cam|cover|contact|lock|sensor|appliance|leak|motion|light|car)\.\w+",
                json.dumps(rule.as_json()),
            )
        )
        assert named <= set(BIRCH.by_id)


@given(st.sampled_from([row[0] for row in ROWS]), st.sampled_from(NONSENSE), st.data())
@settings(max_examples=200, deadline=None)
def test_a_word_that_was_not_understood_makes_no_rule_unless_it_is_said_to_be_left_out(
    text: str, word: str, data: st.DataObject
) -> None:
    words = text.split()
    marks = [i for i, w in enumerate(words) if w.lower() in ("if", "when", "while")]
    if not marks or "remind" in text:
        return
    place = data.draw(st.integers(marks[-1] + 1, len(words)))
    outcome = understand(" ".join([*words[:place], word, *words[place:]]), None, BIRCH, now=NOW)
    assert outcome.outcome != "rule" or any(word.lower() in note for note in outcome.notes), outcome.reply


TAILS = (
    "before Cleo", "after Cleo", "except Cleo", "but not Cleo", "without Cleo", "with Cleo", "instead of Cleo", "since Monday",
    "the second time", "until Cleo", "for the third time", "not the back door", "or so before Cleo", "between Cleo and Bruno",
)  # fmt: skip


@pytest.mark.parametrize("tail", TAILS)
def test_a_tail_that_no_condition_holds_makes_a_sentence_no_rule(tail: str, birch: Home) -> None:
    for text in (row[0] for row in ROWS if "remind" not in row[0] and "repeat" not in row[0]):
        outcome = understand(f"{text} {tail}", None, birch, now=NOW)
        assert outcome.outcome != "rule", f"{text} {tail}: {outcome.reply}"


@pytest.mark.parametrize("lead", ["it is not true that", "nobody but Cleo says that", "for the third time"])
def test_a_lead_that_no_condition_holds_makes_a_sentence_no_rule(lead: str, birch: Home) -> None:
    for text in (row[0] for row in ROWS if row[0].startswith("tell me if")):
        said = text.replace("tell me if", f"tell me if {lead}")
        assert understand(said, None, birch, now=NOW).outcome != "rule", said


@given(requests)
@settings(max_examples=100, deadline=None)
def test_the_same_words_have_the_same_outcome(text: str) -> None:
    request = Request(text, BIRCH, "person.ann", now=NOW)
    assert LocalModel().read(request) == LocalModel().read(request)


@pytest.mark.parametrize(
    "text", ["if " * 700, "a door and " * 200, "ten " * 500, "the " * 600, "tell me when " + "x" * 2000]
)
def test_a_long_text_holds_nobody_up(text: str, birch: Home) -> None:
    """It takes a quarter of a second; where time grew with the square of the length, or faster, it would be many."""
    started = thread_time()
    understand(text, None, birch)
    assert thread_time() - started < 3.0


def test_the_local_model_keeps_the_obligations_of_the_port(birch: Home) -> None:
    check_reader(load_reader("local"), birch, tuple(row[0] for row in ROWS))


def test_an_unknown_model_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match="local"):
        load_reader("lokal")


def test_an_outcome_is_written_as_compile_promises(birch: Home) -> None:
    outcome = understand("tell me when the back door opens", None, birch)
    keys = ["outcome", "rule", "reply", "asks", "problems", "model", "took_ms"]
    assert list(outcome.as_json()) == keys
    assert outcome.model == "local"


def test_a_home_with_nothing_in_it_answers_too() -> None:
    empty = parse_home({"home": "empty"})
    assert understand("tell me if Daisy isn't fed by noon", None, empty).outcome == "cannot"
    assert understand("tell me if the dog isn't fed by noon", None, empty).outcome == "cannot"
    assert understand("tell me when the back door opens", None, empty).outcome == "cannot"


@pytest.mark.parametrize("digit", ["\U00010e60", "\u00b2", "\u0663", "\u2460"])
def test_a_digit_of_any_script_raises_nothing(digit: str, birch: Home) -> None:
    assert understand(f"tell me if the back door is open for 0{digit} minutes", None, birch).reply
