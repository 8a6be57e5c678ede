"""What language is measured with: gold rules are sound, and a replay tells from them whatever decides otherwise."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from benchmarks.nl.gold import HERE, Item, homes, load
from benchmarks.nl.interest import interest
from benchmarks.nl.mutants import sound
from benchmarks.nl.replay import alike, as_rule, fired
from benchmarks.nl.scenes import make_log
from proactive.language.outcome import KINDS
from rules.check import blocking, check

SETS = sorted(path.stem for path in HERE.glob("*.jsonl"))
PER_SENTENCE = 2  # mutants of each rule that are tried here; `python -m benchmarks.nl.mutants` tries all
ITEMS = [item for name in ("open", "unseen") for item in load(name)]


def own(name: str) -> list[Item]:
    """Return the items of a set over made homes; gold for other homes has only ids and rules."""
    rows = [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return load(name) if all(row.get("home") in homes() for row in rows) else []


@pytest.mark.parametrize("name", SETS)
def test_gold_rules_pass_check_without_advice(name: str) -> None:
    for item in own(name):
        for rule in item.rules:
            made = as_rule(item.home, rule, "gold")
            assert blocking(check(made, item.home)) == [], item.text
            assert {p.code for p in check(made, item.home)} <= {"nobody_told"}, item.text


@pytest.mark.parametrize("name", SETS)
def test_exactly_what_may_be_a_rule_has_gold_rules(name: str) -> None:
    for item in own(name):
        assert bool(item.rules) == ("rule" in item.outcomes), item.text
        assert item.outcomes <= set(KINDS), item.text


def test_no_sentence_is_judged_twice() -> None:
    texts = [(item.home.home, item.text.lower()) for name in SETS for item in own(name)]
    assert len(texts) == len(set(texts))


def test_every_gold_rule_fires_in_the_logs_that_are_about_it() -> None:
    for item in ITEMS:
        for rule in item.rules[:1]:
            gold = as_rule(item.home, rule, "gold")
            about, random = interest([gold]), Random(item.id)
            logs = [make_log(item.home, about, random) for _ in range(8)]
            assert sum(bool(fired(item.home, [gold], log)["gold"]) for log in logs) >= 2, item.text


def test_nineteen_of_twenty_mutants_are_told_apart() -> None:
    random, missed, tried = Random(1), [], 0
    for item in ITEMS:
        for rule in item.rules[:1]:
            made = sound(item.home, rule)
            for name, mutant in random.sample(made, min(PER_SENTENCE, len(made))):
                tried += 1
                if alike(item.home, [mutant], [as_rule(item.home, rule, "gold")], item.id):
                    missed.append((item.id, name))
    assert tried > 350
    assert len(missed) <= tried / 20, missed


OPEN = [{"type": "state", "source": "contact.front", "where": {"value": "open"}}]
SAME: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"when": {"op": "absent", "of": OPEN, "duration": "24h"}},
        {"when": {"op": "absent", "of": OPEN, "duration": "1d"}},
    ),
    (
        {"when": {"op": "occurs", "of": OPEN}, "while": [{"not": {"home": "person.tom"}}]},
        {"when": {"op": "occurs", "of": OPEN}, "while": [{"state": "person.tom", "is": "away"}]},
    ),
    (
        {"when": {"op": "occurs", "of": OPEN}, "while": [{"between": ["22:00", "06:00"]}]},
        {"when": {"op": "occurs", "of": OPEN}, "while": [{"not": {"between": ["06:00", "22:00"]}}]},
    ),
    (
        {"when": {"op": "at", "time": "16:00"}, "while": [{"days": ["sat", "sun"]}, {"home": "nobody"}]},
        {"when": {"op": "at", "time": "16:00", "days": ["sat", "sun"]}, "while": [{"home": "nobody"}]},
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_rules_that_are_written_differently_and_decide_alike_are_equal(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    home = homes()["harbor"]
    assert alike(home, [as_rule(home, one, "one")], [as_rule(home, other, "other")], "same")
