"""Slips of the keyboard: what is put right, what is left alone, and that it is said."""

from __future__ import annotations

import pytest

from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.spelling import spelled
from rules.home import Home
from tests.proactive.language.conftest import Say

SLIPS = [
    ("tell me if teh back dor opens 3 tiems", "tell me if the back door opens 3 times"),
    ("alrt me wen the fridge is opend", "alert me when the fridge is opened"),
    ("lmk if the freezr isnt cold", "let me know if the freezer isnt cold"),
    ("tell me if it dosent open for 10 mintues", "tell me if it doesnt open for 10 minutes"),
]
ENGLISH = [
    "tell me if a card or a boar is near the cover",
    "the rear gravel is purple",
    "sag mir wenn die tür offen ist",
]


@pytest.mark.parametrize(("said", "meant"), SLIPS)
def test_a_slip_for_one_known_word_is_put_right_and_said(birch: Home, said: str, meant: str) -> None:
    text, _ = spelled(said, catalogue_of(birch))
    assert text == meant


@pytest.mark.parametrize("said", ENGLISH)
def test_a_word_of_any_language_is_no_slip(birch: Home, said: str) -> None:
    assert spelled(said, catalogue_of(birch)) == (said, ())


def test_a_rule_made_of_slips_says_how_they_were_read(say: Say) -> None:
    outcome = say("tell me if teh back dor opens")
    assert outcome.outcome == "rule"
    assert outcome.notes == ("I read 'teh' as 'the' and 'dor' as 'door'.",)


def test_a_name_with_a_capital_is_never_put_right(birch: Home) -> None:
    assert spelled("tell me if Dasiy eats", catalogue_of(birch)) == ("tell me if Dasiy eats", ())
