"""Laws of rule files: all rules or every problem, each with its file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rules.problem import InputError
from streams.rule_lines import load_rules
from tests.streams.logs import fed_by_noon, ring


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join((text if isinstance(text, str) else json.dumps(text)) + "\n" for text in lines))
    return path


def test_rules_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "rules.jsonl", fed_by_noon().as_json(), "", ring().as_json())
    rules = [json.loads(rule) for rule in load_rules(path, {"maple"})]
    assert rules == [fed_by_noon().as_json(), ring().as_json()]


def test_every_problem_is_named_with_file_and_line(tmp_path: Path) -> None:
    broken = fed_by_noon(id="other").as_json()
    broken["when"]["window"]["until"] = "noon"
    broken["wen"] = 1
    path = write(
        tmp_path / "rules.jsonl",
        fed_by_noon().as_json(),
        "{",
        broken,
        fed_by_noon().as_json(),
        ring("mapel").as_json(),
    )
    with pytest.raises(InputError) as caught:
        load_rules(path, {"maple"})
    places = [(p.where.removeprefix(str(path)), p.code) for p in caught.value.problems]
    assert places == [
        (":2", "not_json"),
        (":3: when.window.until", "invalid"),
        (":3: wen", "unknown_key"),
        (":4", "rule_twice"),
        (":5: home", "unknown_home"),
    ]
    assert "Did you mean 'maple'?" in str(caught.value)


def test_a_file_of_another_kind_does_not_flood_the_screen(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_rules(write(tmp_path / "rules.jsonl", *["no rule"] * 5_000), {"maple"})
    assert len(caught.value.problems) == 101
    assert str(caught.value.problems[-1]) == "and 4,900 more."


@pytest.mark.parametrize("name", ["id", "home", "when"])
def test_a_rule_needs_its_id_its_home_and_its_condition(name: str, tmp_path: Path) -> None:
    rule = ring().as_json()
    del rule[name]
    with pytest.raises(InputError, match=rf"rules\.jsonl:1: {name}: is required"):
        load_rules(write(tmp_path / "rules.jsonl", rule), {"maple"})


@pytest.mark.parametrize("line", ["[]", "3", '"rule"', "null"])
def test_a_line_that_is_no_object_is_no_rule(line: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"rules\.jsonl:1: "):
        load_rules(write(tmp_path / "rules.jsonl", line), {"maple"})


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_rules(tmp_path / "nowhere.jsonl", {"maple"})
