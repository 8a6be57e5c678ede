"""Patterns over records: values compare as in JSON, and what a record lacks matches nothing."""

from __future__ import annotations

from typing import Any

import pytest

from rules.match import MAIN, compile_pattern
from rules.record import Record, from_json
from rules.rule import Pattern


def state(**data: Any) -> Record:
    time = "2026-03-09T11:00:00Z"
    return from_json({"id": "r", "type": "state", "source": "meter", "home": "maple", "time": time, "data": data})


def matches(where: dict[str, Any], record: Record, names: tuple[str, ...] = MAIN) -> bool:
    return compile_pattern(Pattern.model_validate({"where": where})).matches(record, names)


@pytest.mark.parametrize(
    ("where", "value", "expected"),
    [
        ("open", "open", True),
        (1, 1.0, True),
        (1, True, False),
        (True, 1, False),
        (0, False, False),
        ("1", 1, False),
        (None, None, True),
        (["open", "ajar"], "ajar", True),
        ([1, 2], True, False),
        ({"ne": "open"}, "closed", True),
        ({"ne": 1}, True, True),
        ({"ne": None}, None, False),
        ({"ge": 5}, 5, True),
        ({"gt": 5}, 5, False),
        ({"ge": 1, "lt": 3}, 2.5, True),
        ({"gt": 0}, True, False),
        ({"gt": 0}, "7", False),
        ({"gt": 0, "ne": 7}, 7, False),
    ],
)
def test_values_compare_as_in_json(where: Any, value: Any, expected: bool) -> None:
    assert matches({"value": where}, state(value=value)) is expected


@pytest.mark.parametrize("test", ["x", ["x"], {"ne": "x"}, {"gt": 1}, None])
def test_a_key_that_the_record_lacks_matches_nothing(test: Any) -> None:
    assert not matches({"missing": test}, state(value=1))


def test_alike_patterns_that_differ_in_type_stay_apart() -> None:
    assert matches({"value": {"ne": True}}, state(value=1))
    assert not matches({"value": {"ne": 1}}, state(value=1))


def test_a_pattern_without_attribute_means_the_main_one() -> None:
    assert matches({"value": 1}, state(value=1))
    assert not matches({"value": 1}, state(value=1, attribute="battery"), ("battery",))
    assert matches({"value": 1, "attribute": "battery"}, state(value=1, attribute="battery"), ("battery",))
    assert matches({"value": 1, "attribute": "state"}, state(value=1))


def test_homes_that_name_things_alike_share_matchers() -> None:
    one, other = (Pattern.model_validate({"source": "cam.kitchen", "where": {"label": "dog"}}) for _ in range(2))
    assert compile_pattern(one) is compile_pattern(other)
