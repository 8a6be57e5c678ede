"""What people tell is remembered as facts, shown in words, used by those who read, and forgotten again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from proactive.language.fact import Fact
from proactive.language.outcome import Outcome
from proactive.language.request import Request
from proactive.language.talk.facts import fact_text
from proactive.language.understand import converse
from rules.home import Home
from tests.proactive.language.conftest import NOW

Tell = Callable[..., Outcome]


@pytest.fixture
def tell(birch: Home) -> Tell:
    """Return a function that hears what Ann says, with what was told before."""
    return lambda text, *facts: converse(Request(text, birch, "person.ann", now=NOW, facts=facts)).outcome


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("my bedtime is eleven", "Ann's bedtime is at 11 pm"),
        ("My bedtime is at 11:30 pm.", "Ann's bedtime is at 11:30 pm"),
        ("Cleo's bedtime is half past eight", "Cleo's bedtime is at 8:30 pm"),
        ("remember that dinner is at half past six", "dinner is at 6:30 pm"),
        ("our breakfast is at seven", "breakfast is at 7 am"),
        ("I go to bed at ten", "Ann's bedtime is at 10 pm"),
        ("we have dinner at 7", "dinner is at 7 pm"),
        ("I usually wake up at six", "Ann's wake up is at 6 am"),
        ("Daisy eats at 8 am", "Daisy eats at 8 am"),
        ("Otto is fed at noon", "Otto eats at noon"),
        ("Otto is the black one", "Otto is also called 'the black one'"),
        ("the couch potato is Otto", "Otto is also called 'the couch potato'"),
        ("call the back door the garden door", "back door is also called 'the garden door'"),
        ("we call the washer the old lady", "washer is also called 'the old lady'"),
        ("Cleo is also called Cle", "Cleo is also called 'cle'"),
        ("by the boss I mean Mimi", "Mimi is also called 'the boss'"),
        ("we are away until Sunday", "everybody is away until Sunday 15 March, 06:30"),
        ("I'm on vacation until tomorrow", "Ann is away until Tuesday 10 March, 06:30"),
        ("we're out of town for three days", "everybody is away until Thursday 12 March, 10:00"),
        ("we are away", "everybody is away until somebody says otherwise"),
        ("Rex is our new dog", "Rex is a dog of this home"),
        ("we got a new kitten called Luna", "Luna is a cat of this home"),
        ("our dog is called Rex", "Rex is a dog of this home"),
        ("Rosa is my grandmother", "Rosa lives here or comes by (grandmother)"),
    ],
)
def test_what_is_told_is_understood_as_a_fact(tell: Tell, birch: Home, text: str, shown: str) -> None:
    change = tell(text).change
    assert change is not None
    assert change.deed == "tell"
    assert fact_text(change.facts[0], birch) == shown


@pytest.mark.parametrize(
    "text",
    [
        "the back door is open",
        "Otto is on the couch",
        "the freezer is above ten degrees",
        "is dinner at seven?",
        "call me when the back door opens",
        "call Bruno",
        "tell me if Daisy hasn't eaten by noon",
        "remind me at eleven that my bedtime is near",
        "Otto is the dog that barks at night when somebody rings",
        "dinner is ready",
    ],
)
def test_what_is_no_fact_is_not_remembered(tell: Tell, text: str) -> None:
    change = tell(text).change
    assert change is None or change.deed != "tell"


def test_a_time_that_could_be_two_is_asked_about(tell: Tell) -> None:
    found = tell("Daisy eats at eight")
    assert [choice.id for choice in found.asks[0].choices] == ["08:00", "20:00"]


def test_another_name_that_was_told_is_understood(tell: Tell) -> None:
    told = Fact("alias", "contact.back", "the garden door")
    found = tell("tell me when the garden door opens", told)
    assert found.rule is not None
    assert found.reply == tell("tell me when the back door opens").reply


def test_an_absence_that_is_over_is_not_used_any_more(tell: Tell) -> None:
    over = Fact("away", "birch", "away", until=NOW - timedelta(hours=1))
    assert tell("we are back", over).change is None
    still = Fact("away", "birch", "away", until=NOW + timedelta(hours=1))
    back = tell("we are back", still)
    assert "everybody was away until Monday 9 March, 10:00" in back.reply
    change = back.change
    assert change is not None
    assert (change.deed, change.facts) == ("tell", (replace(still, until=NOW),))


def test_what_was_told_can_be_forgotten_and_shown(tell: Tell) -> None:
    bed, name = Fact("time", "person.ann", "bedtime", "23:00"), Fact("alias", "pet.otto", "the black one")
    forgotten = tell("forget my bedtime", bed, name).change
    assert forgotten is not None
    assert (forgotten.deed, forgotten.facts) == ("forget", (bed,))
    assert (
        tell("what have I told you?", bed, name).reply
        == "1. Ann's bedtime is at 11 pm\n2. Otto is also called 'the black one'"
    )


def test_a_fact_is_read_and_nothing_is_written(tell: Tell, tmp_path: Path) -> None:
    tell("my bedtime is eleven")
    assert list(tmp_path.iterdir()) == []
