"""The measure itself: a reader that answers with gold is right in everything, and one that does not is wrong where it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from benchmarks.nl.figures import compared, figures
from benchmarks.nl.gold import Item, load
from benchmarks.nl.replay import as_rule
from benchmarks.nl.result import Result, judge
from benchmarks.nl.scenes import NOW
from proactive.language.model import Usage
from proactive.language.outcome import Ask, Outcome
from proactive.language.request import Request
from rules.rule import Action, Notify, Rule

SETS = ("open", "unseen", "mixed", "mixed_unseen", "not_rules", "unsafe")


@dataclass
class Oracle:
    """A reader that knows the answers, and remembers what it was asked; `choice` is which of several gold rules it gives."""

    items: dict[str, Item]
    choice: int = 0
    heard: list[str] = field(default_factory=list)
    name: str = "oracle"

    def read(self, request: Request) -> Outcome:
        self.heard.append(request.text)
        item = self.items[request.text]
        if item.wanted == "rule":
            return Outcome(
                "rule", "Yes.", rules=(gold_rule(item, self.choice),), usage=(Usage("oracle", 700, 30, 600),)
            )
        asks = (Ask("what", "What?"),) if item.wanted == "clarify" else ()
        return Outcome(next(iter({item.wanted} & item.outcomes)), "Well.", asks=asks)  # type: ignore[arg-type]  # a kind


def gold_rule(item: Item, choice: int) -> Rule:
    rule = as_rule(item.home, item.rules[choice % len(item.rules)], "gold", now=NOW)
    to = item.to or (() if item.devices else (item.home.default_speaker or "",))
    acts = tuple(Action(device=device, command="turn_on") for device in item.devices)
    return rule.model_copy(update={"notify": Notify(to=to) if to else None, "do": acts})


@dataclass
class Babbler:
    """A reader that makes the same rule of everything: the front door opens."""

    name: str = "babbler"

    def read(self, request: Request) -> Outcome:
        door = next(device.id for device in request.home.devices if device.type == "door")
        when = {"op": "occurs", "of": [{"type": "state", "source": door, "where": {"value": "open"}}]}
        rule = as_rule(request.home, {"when": when}, "door")
        return Outcome(
            "rule", "Yes.", rules=(rule.model_copy(update={"notify": Notify(to=(request.home.speaker or "",))}),)
        )


def results(name: str, reader: Oracle | Babbler) -> list[Result]:
    return [judge(item, reader) for item in load(name)]


def oracle(choice: int = 0) -> Oracle:
    return Oracle({item.text: item for name in SETS for item in load(name)}, choice)


@dataclass
class Drafting(Oracle):
    """An oracle that shows that it has nothing yet, before it answers."""

    def read(self, request: Request, *, on_draft: Callable[[Outcome], None] | None = None) -> Outcome:
        if on_draft is not None:
            on_draft(Outcome("cannot", "Wait."))
        return super().read(request)


def test_a_draft_is_timed_where_one_is_shown() -> None:
    item = load("mixed")[0]
    drafted = judge(item, Drafting({item.text: item}))
    assert drafted.draft_ms is not None
    assert drafted.draft_ms <= drafted.took_ms
    assert judge(item, oracle()).draft_ms is None


@pytest.mark.parametrize("choice", [0, -1])
@pytest.mark.parametrize("name", ["unseen", "mixed", "unsafe"])
def test_a_reader_that_answers_with_gold_is_right_in_everything(name: str, choice: int) -> None:
    found = figures(results(name, oracle(choice)))
    assert found["rules exact by replay"] == found["outcome right"] == found["told and done"] == 1.0
    assert found["rules exact by score"] in (1.0, None)
    assert found["invented ids"] == 0
    assert found["unsafe became rules"].startswith("0/")
    assert found["asked when clear"].startswith("0/")
    assert found["tokens in"] == 700


def test_a_reader_that_makes_rules_of_everything_makes_false_ones() -> None:
    found = figures(results("not_rules", Babbler()))
    assert found["false rules"] == "60/60"
    assert found["outcome right"] == 0.0


def test_what_turned_right_and_what_broke_are_told_by_id() -> None:
    good, bad = results("mixed", oracle()), results("mixed", Babbler())
    saved = {result.id: result.as_json() | {"right": result.right} for result in bad}
    turned, broke = compared(saved, good)
    assert broke == []
    assert set(turned) == {result.id for result in bad if not result.right}
    back = {result.id: result.as_json() | {"right": result.right} for result in good}
    assert compared(back, bad) == ([], turned)
