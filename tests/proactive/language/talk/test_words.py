"""The law of short answers: a word that is said again and again is that word."""

import pytest

from proactive.language.talk.words import is_no, is_yes


@pytest.mark.parametrize("text", ["Yes.", "yes yes", "Yes. Yes.", "yeah, yeah", "Sí, sí"])
def test_a_yes_that_is_repeated_is_a_yes(text: str) -> None:
    assert is_yes(text)
    assert not is_no(text)


def test_a_no_that_is_repeated_is_a_no_and_a_mixture_is_neither() -> None:
    assert is_no("No, no!")
    assert not is_yes("yes no")
    assert not is_no("yes no")
