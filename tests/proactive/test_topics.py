"""`proactive topics`, as people run it."""

from __future__ import annotations

import json

import pytest

from proactive.cli.main import main
from tests.brokers import names


@pytest.fixture
def here(kafka: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name the broker, and topics of this test, in the environment; return what their names begin with."""
    mine = names().prefix
    monkeypatch.setenv("PROACTIVE_KAFKA", kafka)
    monkeypatch.setenv("PROACTIVE_KAFKA_TOPICS", mine)
    return mine


def test_topics_are_made_and_listed(here: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["topics", "create", "--partitions", "2"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == [f"{here}.records", "created", "2", "partitions"]
    assert main(["topics", "list", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {(row["state"], *row["differences"]) for row in found} == {("differs", "partitions: expected 12, found 2")}


def test_what_is_missing_is_said_with_what_to_do(here: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["topics", "list"]) == 0
    told = capsys.readouterr()
    assert "missing" in told.out
    assert "proactive topics create" in told.err


def test_what_differs_is_left_as_it_is_and_said_with_what_to_do(here: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["topics", "create", "--partitions", "2"]) == 0
    assert not capsys.readouterr().err
    assert main(["topics", "create"]) == 0
    told = capsys.readouterr()
    assert "partitions: expected 12, found 2" in told.out
    assert "PROACTIVE_KAFKA_TOPICS" in told.err


def test_without_a_broker_the_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PROACTIVE_KAFKA", raising=False)
    assert main(["topics", "list"]) == 2
    assert "Set PROACTIVE_KAFKA" in capsys.readouterr().err


def test_a_retention_that_is_none_is_refused(here: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["topics", "create", "--retention", "long"]) == 2
    assert "expected a duration such as 30d, found 'long'" in capsys.readouterr().err
