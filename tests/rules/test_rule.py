"""Rules as JSON: what is written comes back, and what is wrong is refused with its place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from rules.problem import InputError
from rules.rule import Rule, parse_rule
from tests.houses import oak
from tests.rules.strategies import rules_of

BELL = {"type": "event", "source": "bell"}
RING: dict[str, Any] = {"id": "ring", "home": "oak", "when": {"op": "occurs", "of": [BELL]}}


@given(rules_of(oak()))
def test_a_rule_written_as_json_is_read_as_the_same_rule(rule: Rule) -> None:
    assert parse_rule(rule.as_json()) == rule
    assert parse_rule(rule.model_dump(mode="json", by_alias=True)) == rule


@pytest.mark.parametrize(
    "guard",
    [
        {"state": "car.tesla", "attribute": "driver", "is": None},
        {"state": "car.tesla", "is_not": [None, "away"]},
        {"seen": {"of": [{"source": "bell", "where": {"name": {"ne": None}}}], "within": "6h"}},
        {"seen": {"of": [{"source": "bell", "where": {"name": None, "rung": [1, True]}}], "since": "18:00"}},
    ],
)
def test_null_is_a_value_that_can_be_asked_for(guard: dict[str, Any]) -> None:
    written = RING | {"while": [guard]}
    assert parse_rule(written).as_json() == written


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"while": [{"state": "a", "above": None}]}, "while[0].state", "'is', 'is_not', 'above', 'below'"),
        ({"while": [{"state": "a", "is": []}]}, "while[0].state", "'is', 'is_not', 'above', 'below'"),
        ({"while": [{"state": "a"}]}, "while[0].state", "'is', 'is_not', 'above', 'below'"),
        ({"while": [{"moon": "full"}]}, "while[0]", "expected a guard"),
        ({"when": {"op": "occurs", "of": [{"where": {"x": {"ge": None}}}]}}, "when.of[0].where.x", "needs a number"),
        ({"when": {"op": "occurs", "of": []}}, "when.of", "at least 1"),
        ({"when": {"op": "occurs", "of": [BELL], "lasting": "1m", "after": "1m"}}, "when", "at most one"),
        ({"when": {"op": "occurs", "of": [BELL], "cooldown": "0s"}}, "when.cooldown", "longer than nothing"),
        ({"when": {"op": "absent", "of": [BELL]}}, "when", "exactly one of 'window', 'duration'"),
        ({"when": {"op": "count", "of": [BELL], "at_least": 0, "within": "1h"}}, "when.at_least", "greater"),
        ({"when": {"op": "at", "time": "25:00"}}, "when.time", "'25:00'"),
        ({"when": {"op": "at", "rrule": "FREQ=SECONDLY"}}, "when", "FREQ=SECONDLY"),
        ({"when": {"op": "holds", "state": {"sun": "up"}, "lasting": "1h"}}, "when.state", "put times in 'while'"),
        ({"when": {"op": "sometimes"}}, "when", "'sometimes'"),
        ({"wen": {}}, "wen", "not a known key"),
        ({"expires": "2026-03-09T00:00:00"}, "expires", "timezone"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(changes: dict[str, Any], where: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_rule(RING | changes)
    assert any(problem.where.startswith(where) and words in problem.message for problem in caught.value.problems), (
        caught.value
    )
