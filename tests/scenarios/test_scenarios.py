"""Stories: what was said, the home, the rule, the log, and what must be told of it, on every runtime.

Each folder here is one. Words that the local compiler cannot read yet are in it with the outcome that they have: then it
asks or says no, and the rule is written by hand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from proactive.home_file import load_homes
from proactive.language.understand import understand
from rules.check import blocking, check
from rules.firing import Firing
from rules.home import Home
from rules.record import Record, decode
from rules.rule import Rule, parse_rule
from rules.units import MICROSECOND, microseconds
from streams.embedded import Embedded
from streams.log import Log
from streams.replay import Replay

HERE = Path(__file__).parent
STORIES = sorted(path.parent for path in HERE.glob("*/rule.json"))

Run = Callable[[Home, Rule, list[Record]], list[Firing]]


@pytest.fixture(params=STORIES, ids=lambda path: path.name)
def story(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.param
    return folder


@pytest.fixture
def home(story: Path) -> Home:
    return load_homes([story / "home.yaml"])[0]


@pytest.fixture
def rule(story: Path) -> Rule:
    return parse_rule(json.loads((story / "rule.json").read_text()))


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def records(story: Path) -> list[Record]:
    return [decode(line) for line in (story / "log.jsonl").read_bytes().splitlines()]


def told(firings: Sequence[Firing]) -> list[dict[str, Any]]:
    """Return what a story says of firings, in order of time; of one instant what fired goes before what settled it."""
    said = [{key: firing.as_json()[key] for key in ("time", "verdict", "evidence")} for firing in firings]
    return sorted(said, key=lambda row: (row["time"], row["verdict"]))


# --- the words --------------------------------------------------------------------------------------------------


def test_the_words_become_the_storys_rule_or_none(story: Path, home: Home, rule: Rule) -> None:
    request = json.loads((story / "request.json").read_text())
    outcome = understand(request["text"], None, home)
    assert outcome.outcome == request["outcome"], outcome.reply
    if outcome.rule is not None:
        made = outcome.rule
        assert (made.when, made.guards, made.owner) == (rule.when, rule.guards, rule.owner)


def test_the_storys_rule_passes_its_check(home: Home, rule: Rule) -> None:
    assert blocking(check(rule, home)) == []


# --- the runtimes -----------------------------------------------------------------------------------------------


def replayed(home: Home, rule: Rule, log: list[Record]) -> list[Firing]:
    """Return what a replay of the log fires."""
    return list(Replay([home], [rule]).run([log]))


class Hand:
    """A clock that is moved by hand."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def __call__(self) -> datetime:
        return self.time

    def run(self, runtime: Embedded, until: datetime) -> None:
        """Move on, stopping where the runtime asks to be woken."""
        while (due := runtime.next_deadline()) is not None and due < until:
            self.time = max(due, self.time + MICROSECOND)
            runtime.wake()
        self.time = until
        runtime.wake()


def lived(home: Home, rule: Rule, log: list[Record], folder: Path) -> list[Firing]:
    """Return what the embedded runtime fires when each record comes at its time, until the last deadline of the log."""
    clock = Hand(log[0].time)
    firings: list[Firing] = []
    with Log(folder / "log.db") as kept:
        runtime = Embedded(kept, [home], clock=clock, on_firings=firings.extend, lapse=None)
        runtime.start()
        runtime.put_rule(rule)
        for record in log:
            clock.run(runtime, record.time)
            runtime.ingest([record])
        clock.run(runtime, log[-1].time + MICROSECOND * (microseconds(home.lateness) + 1))
    return firings


@pytest.fixture(params=["replay", "embedded"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    """Return each runtime in turn."""
    if request.param == "replay":
        return replayed
    return lambda home, rule, log: lived(home, rule, log, tmp_path)


def test_every_runtime_tells_the_story(story: Path, home: Home, rule: Rule, run: Run) -> None:
    assert told(run(home, rule, records(story))) == rows(story / "firings.jsonl")


def test_the_runtimes_derive_the_same_ids(story: Path, home: Home, rule: Rule, tmp_path: Path) -> None:
    log = records(story)
    live = {firing.id for firing in lived(home, rule, log, tmp_path)}
    assert live == {firing.id for firing in replayed(home, rule, log)}
