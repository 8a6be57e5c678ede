"""The measure itself: a reader that answers with gold is right in everything, and one that does not is wrong where it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.language import main
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
    made, said = map(int, found["false rules"].split("/"))
    assert said == 60
    assert made > 30  # `understand` itself stops some, whoever read them
    assert found["outcome right"] <= 1 - made / said


def test_what_turned_right_and_what_broke_are_told_by_id() -> None:
    good, bad = results("mixed", oracle()), results("mixed", Babbler())
    saved = {result.id: result.as_json() | {"right": result.right} for result in bad}
    turned, broke = compared(saved, good)
    assert broke == []
    assert set(turned) == {result.id for result in bad if not result.right}
    back = {result.id: result.as_json() | {"right": result.right} for result in good}
    assert compared(back, bad) == ([], turned)


def test_the_development_set_is_skipped_with_a_reason_where_it_is_not_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROACTIVE_SHARED", str(tmp_path))
    ran = CliRunner().invoke(main, ["--dev"])
    assert ran.exit_code == 0
    assert "dev: skipped" in ran.stderr
    assert "PROACTIVE_SHARED" in ran.stderr


def test_the_table_says_what_turned_right_and_shows_nothing_unseen(tmp_path: Path) -> None:
    saved = str(tmp_path / "local.json")
    first = CliRunner().invoke(main, ["--set", "mixed_unseen", "--json", "--show", "--save", saved])
    assert json.loads(first.stdout)["mixed_unseen"]["items"] == 60
    before = json.loads(Path(saved).read_text(encoding="utf-8"))
    wrong = next(name for name, result in before["results"].items() if result["right"])
    before["results"][wrong]["right"] = False
    Path(saved).write_text(json.dumps(before), encoding="utf-8")
    again = CliRunner().invoke(main, ["--set", "mixed_unseen", "--compare", saved])
    assert f"turned right since local: 1\n  {wrong}  (unseen)" in again.stdout
    assert "broke since local: 0" in again.stdout
