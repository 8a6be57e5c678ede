"""What a rule tells after it was changed: the new times, in the place of the old ones."""

from __future__ import annotations

import pytest

from proactive.retelling import retold, reworded
from rules.rule import Rule
from tests.proactive.conftest import make_rule


def told(message: str, window: dict[str, str]) -> Rule:
    when = {"op": "absent", "of": [{"source": "cam.kitchen"}], "window": window}
    return make_rule(when=when, notify={"to": ["person.greg"], "message": message})


@pytest.mark.parametrize(
    ("window", "message"),
    [
        ({"from": "12:00", "until": "14:00"}, "Nobody came between noon and 2 pm."),
        ({"from": "13:00", "until": "14:00"}, "Nobody came between 1 pm and 2 pm."),
        ({"from": "11:00", "until": "12:00"}, "Nobody came between 11 am and noon."),
    ],
)
def test_each_time_that_changed_is_named_as_it_is_now_also_where_one_takes_the_name_of_another(
    window: dict[str, str], message: str
) -> None:
    before = told("Nobody came between noon and 1 pm.", {"from": "12:00", "until": "13:00"})
    after = retold(before, told("Nobody came between noon and 1 pm.", window))
    assert after.notify is not None and after.notify.message == message


def test_a_message_that_was_changed_as_well_stays() -> None:
    before = told("Nobody came by 1 pm.", {"from": "12:00", "until": "13:00"})
    after = told("Where is everybody at 1 pm?", {"from": "12:00", "until": "14:00"})
    assert retold(before, after) == after


def test_only_whole_words_are_renamed() -> None:
    assert reworded("11 pm, not 1 PM", {"1 pm": "2 pm"}) == "11 pm, not 2 pm"
    assert reworded("as it is", {}) == "as it is"
