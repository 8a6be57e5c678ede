"""Sentences that were read and judged one by one, over three made homes: the rule each is, or that it is none.

`judged/HOME.jsonl` holds what a person would expect of each: the condition, guards, acts and message of a rule, or the
outcome of what must not become one. A row that changes has to be read again before it is written down.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from proactive.home_file import load_homes
from proactive.language.outcome import Outcome
from proactive.language.understand import understand
from rules.check import blocking, check
from rules.home import Home
from tests.proactive.language.conftest import NOW

JUDGED = Path(__file__).with_name("judged")
HOMES: dict[str, Home] = {path.stem: load_homes([path])[0] for path in sorted(JUDGED.glob("*.yaml"))}


def rows(name: str) -> list[dict[str, Any]]:
    """Return the judged sentences of a home."""
    return [json.loads(line) for line in (JUDGED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def told(outcome: Outcome, home: Home) -> dict[str, Any]:
    """Return what was judged of an outcome: its kind, and of a rule all that decides, acts and is said."""
    if outcome.rule is None:
        return {"outcome": outcome.outcome}
    rule = outcome.rule.as_json()
    notify = rule.get("notify", {})
    found: dict[str, Any] = {"outcome": "rule"}
    found |= {key: rule[key] for key in ("when", "while", "do", "expires", "once") if key in rule}
    found |= {key: notify[key] for key in ("to", "remind", "message") if key in notify}
    if len(outcome.rules) > 1:
        found["also"] = [other.as_json()["when"] for other in outcome.rules[1:]]
    if found.get("to") == [home.default_speaker]:
        del found["to"]
    return found


@pytest.mark.parametrize("name", HOMES)
def test_judged_sentences_are_read_as_they_were_judged(name: str) -> None:
    home = HOMES[name]
    for row in rows(name):
        outcome = understand(row["text"], None, home, now=NOW)
        assert {"text": row["text"], **told(outcome, home)} == row, outcome.reply
        assert all(blocking(check(rule, home)) == [] for rule in outcome.rules), row["text"]


@pytest.mark.parametrize("name", HOMES)
def test_a_not_that_is_put_in_never_leaves_the_rule_as_it_was(name: str) -> None:
    for row in (row for row in rows(name) if row["outcome"] == "rule"):
        said = re.sub(r"\b(is|are|has|have)\b(?! not)", r"\1 not", row["text"], count=1)
        outcome = understand(said, None, HOMES[name], now=NOW)
        found = told(outcome, HOMES[name])
        told_so = any(" not " in note for note in outcome.notes)  # it stood in what was left out
        same = all(found.get(key) == row.get(key) for key in ("when", "while", "do"))
        assert said == row["text"] or found["outcome"] != "rule" or not same or told_so, said


def test_half_of_what_was_judged_is_a_rule_and_the_rest_is_answered() -> None:
    judged = [row for name in HOMES for row in rows(name)]
    made = [row for row in judged if row["outcome"] == "rule"]
    assert len(judged) > 900
    assert 0.45 < len(made) / len(judged) < 0.8
