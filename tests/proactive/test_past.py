"""`proactive rules why` and `backtest`: over files and over the data folder, with the statuses that scripts rely on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from proactive.cli.main import main
from proactive.store import Store
from rules.home import Home
from rules.record import Record, encode, from_json
from rules.units import moment
from streams.changes import put_record
from streams.log import Log
from tests.proactive.conftest import HOME, at, make_rule

MEAL = {"activity": "eating", "zone": "food_bowls"}
RECORDS: list[dict[str, object]] = [
    {"id": "t0", "type": "tick", "time": "2026-03-09T00:00:00-05:00"},
    {"id": "k-1", "type": "detection", "time": "2026-03-09T08:12:00-05:00", "data": MEAL, "subject": "pet.daisy"},
    {"id": "t1", "type": "tick", "time": "2026-03-10T18:00:00-05:00"},
]
FILES = ("--home", "home.yaml", "--rules", "rules.jsonl", "--log", "log.jsonl")


@dataclass
class Answer:
    """What a command answered."""

    status: int
    out: str
    err: str


Ask = Callable[..., Answer]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return a function that runs `proactive rules` in a folder with a home, a rule and a log as files."""
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("PROACTIVE_DATABASE", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home.yaml").write_text(HOME)
    (tmp_path / "rules.jsonl").write_text(json.dumps(make_rule().as_json()) + "\n")
    (tmp_path / "log.jsonl").write_bytes(b"".join(encode(record) + b"\n" for record in records()))

    def ask(*arguments: str) -> Answer:
        capsys.readouterr()
        status = main(["rules", *arguments])
        said = capsys.readouterr()
        return Answer(status, said.out, said.err)

    return ask


def records() -> list[Record]:
    return [from_json({"home": "maple", "source": "cam.kitchen"} | record) for record in RECORDS]


@pytest.fixture
def lived(ask: Ask, tmp_path: Path, maple: Home) -> Ask:
    """Return the same with the rule in the store, and in the log from eleven on."""
    with Store(f"sqlite:///{tmp_path / 'data' / 'proactive.db'}") as store:
        store.import_home(maple)
        rule = store.put_rule(make_rule(), who="person.greg", at=0)
    with Log(tmp_path / "data" / "log.db") as log:
        first, meal, last = records()
        log.append([first, meal, put_record(rule, moment(at("2026-03-09T11:00:00-05:00")), [meal]), last])
    return ask


# --- files --------------------------------------------------------------------------------------------------------


def test_why_over_files_is_about_the_day_of_the_last_record(ask: Ask) -> None:
    answer = ask("why", "daisy-fed", *FILES)
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.splitlines()[0] == "Tuesday, 10 March 2026: it fired at noon."


def test_why_of_another_day(ask: Ask) -> None:
    answer = ask("why", "daisy-fed", "--date", "2026-03-09", *FILES)
    assert answer.out.splitlines()[0] == (
        "Monday, 9 March 2026: it did not fire, "
        "because Daisy was seen eating at the food bowls by the kitchen camera at 8:12 am."
    )


def test_why_as_json(ask: Ask) -> None:
    told = json.loads(ask("why", "daisy-fed", "--date", "2026-03-09", "--json", *FILES).out)
    assert (told["outcome"], told["steps"][-1]["evidence"]) == ("quiet", ["k-1"])


def test_backtest_of_a_rule_that_is_not_saved(ask: Ask) -> None:
    answer = ask("backtest", "--rule", "rules.jsonl", "--home", "home.yaml", "--log", "log.jsonl", "--days", "1")
    assert answer.status == 0
    assert answer.out.splitlines() == ["Tue 10 Mar  fired at noon", "", "In 1 day it would have fired once."]


def test_backtest_as_json(ask: Ask) -> None:
    told = json.loads(ask("backtest", "daisy-fed", "--json", *FILES).out)
    assert told["totals"] == {"fired": 1, "unknown": 0, "corrected": 0, "resolved": 0}


def test_lines_that_are_no_records_are_named_and_skipped(ask: Ask, tmp_path: Path) -> None:
    with (tmp_path / "log.jsonl").open("ab") as log:
        log.write(b"nonsense\n")
    answer = ask("why", "daisy-fed", *FILES)
    assert answer.status == 0
    assert "log.jsonl:4: expected one JSON object on the line" in answer.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("why", "daisy-fet", *FILES), "Error: rules.jsonl: has no rule 'daisy-fet'. Did you mean 'daisy-fed'?"),
        (("why", "daisy-fed", "--log", "log.jsonl"), "Error: --log: needs the home and the rule as files too."),
        (("why", "daisy-fed", "--date", "monday", *FILES), "expected a date such as '2026-03-09'"),
        (("why", "daisy-fed", *FILES[:4], "--log", "gone.jsonl"), "Error: gone.jsonl: cannot be read"),
        (("backtest", "--rule", "gone.json", *FILES[:2], *FILES[4:]), "Error: gone.json: cannot be read"),
        (("backtest", "--rule", "log.jsonl", *FILES[:2], *FILES[4:]), "Error: log.jsonl:1: "),
        (("backtest", "daisy-fed", "--days", "0", *FILES), "0 is not in the range"),
        (("why", "daisy-fed"), "Error: the store has no home yet."),
    ],
)
def test_wrong_input_ends_with_status_2_and_says_what_is_wrong(ask: Ask, arguments: tuple[str, ...], said: str) -> None:
    answer = ask(*arguments)
    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err


# --- the data folder ----------------------------------------------------------------------------------------------


def test_why_over_the_data_folder_knows_when_the_rule_was_put(lived: Ask) -> None:
    lines = lived("why", "daisy-fed", "--date", "2026-03-09").out.splitlines()
    assert lines[1:] == [
        "- At 8:12 am Daisy was seen eating at the food bowls by the kitchen camera. (Record k-1.)",
        "- At 11 am the rule was put.",
        "- At noon all was well: Daisy was seen eating at the food bowls by the kitchen camera at 8:12 am. (Record k-1.)",
    ]


def test_backtest_over_the_data_folder_puts_the_rule_at_the_beginning(lived: Ask) -> None:
    assert lived("backtest", "daisy-fed").out.splitlines()[:2] == ["Mon 9 Mar   quiet", "Tue 10 Mar  fired at noon"]


def test_a_rule_that_was_dropped_has_a_past_too(lived: Ask) -> None:
    assert lived("drop", "daisy-fed").status == 0
    assert "it fired at noon" in lived("why", "daisy-fed", "--date", "2026-03-10").out


def test_a_rule_that_never_was_is_answered_with_the_nearest(lived: Ask) -> None:
    answer = lived("why", "daisy-fet")
    assert answer.status == 2
    assert "Did you mean 'daisy-fed'?" in answer.err


def test_where_nothing_ran_yet_there_is_no_history_and_no_log_is_made(lived: Ask, tmp_path: Path) -> None:
    for file in (tmp_path / "data").glob("log.db*"):
        file.unlink()
    assert lived("backtest", "daisy-fed").out.startswith("No history yet")
    assert "there are no records at all" in lived("why", "daisy-fed").out
    assert not (tmp_path / "data" / "log.db").exists()
