"""Rounds and the command `confirm`: rows that are due are found, by real threads and from another process."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from proactive import clock
from proactive.cli.main import main
from proactive.notify.actor import Actor
from proactive.notify.notifier import Notifier
from proactive.notify.rounds import Rounds
from streams.source import Command
from tests.proactive.conftest import make_firing, make_rule

DOOR = {"device": "cover.garage", "command": "close"}


class Garage:
    """A door that says when it was told something."""

    def __init__(self) -> None:
        self.told: list[Command] = []
        self.closed = threading.Event()

    def __call__(self, command: Command) -> None:
        self.told.append(command)
        self.closed.set()


@pytest.fixture
def garage(notifier: Notifier) -> Garage:
    """Return the garage, asked about a moment ago."""
    notifier.store.put_rule(make_rule(do=[DOOR], notify={"to": ["person.greg"], "urgency": "critical"}), at=0)
    now = clock.now()
    notifier.receive(make_firing(time=now), now=now)
    return Garage()


def test_a_yes_from_the_command_line_is_carried_out_by_who_serves(
    notifier: Notifier,
    garage: Garage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path))
    with Rounds(notifier, Actor(notifier.store, garage)) as rounds:
        assert main(["confirm"]) == 0
        assert main(["confirm", "code-01"]) == 0
        rounds.nudge()
        assert garage.closed.wait(20)
    assert capsys.readouterr().out == "CODE01: close the garage door (14 min left)\nI will close the garage door.\n"
    assert garage.told == [Command("maple", "cover.garage", "close", None)]


def test_a_code_that_stands_for_nothing_is_a_mistake_of_the_input(
    notifier: Notifier,
    garage: Garage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path))
    assert main(["confirm", "NOTHIN"]) == 2
    assert main(["confirm", "CODE01", "--as", "person.zoe"]) == 2
    assert main(["confirm", "CODE01", "--no"]) == 0
    assert main(["confirm"]) == 0
    said = capsys.readouterr()
    assert said.err.endswith("Nothing waits for a yes.\n")
    assert "nothing that waits for this code" in said.err
    assert "Zoe may not say yes or no" in said.err
    assert said.out == "I will not close the garage door.\n"
