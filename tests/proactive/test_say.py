"""`proactive say` and `proactive compile`: words in, rules out, nothing saved without a yes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from proactive.cli.compile import compile_
from proactive.cli.home import home as home_commands
from proactive.cli.rules import rules as rule_commands
from proactive.cli.say import say
from proactive.settings import load
from proactive.store import Store
from rules.problem import InputError
from rules.rule import Rule
from tests.proactive.conftest import HOME
from tests.proactive.history.frigate_double import frigate

DAISY = "let me know if Daisy isn't fed by noon every day"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    path = tmp_path / "home.yaml"
    path.write_text(HOME)
    return path


def said(home: Path, *arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(say, [*arguments, "--home", str(home)], input=answer, catch_exceptions=False)


def saved() -> list[Rule]:
    with Store.open(load()) as store:
        return store.rules("maple")


def test_a_rule_is_read_back_and_saved_on_a_yes(home: Path) -> None:
    result = said(home, DAISY, answer="y\n")
    assert "Daisy" in result.output and "noon" in result.output
    assert [rule.id for rule in saved()] == ["daisy-fed"]


def test_nothing_is_saved_without_a_yes(home: Path) -> None:
    said(home, DAISY, answer="\n")
    assert saved() == []


def test_a_question_shows_its_choices_and_saves_nothing(home: Path) -> None:
    assert "9:00 in the morning" in said(home, "tell me if Daisy isn't fed by 9", "--yes").output
    assert saved() == []


def test_the_same_words_again_are_the_same_rule_and_other_words_another(home: Path) -> None:
    said(home, DAISY, "--yes")
    said(home, DAISY, "--yes")
    said(home, "let me know if Daisy isn't fed by 6pm every day", "--yes")
    assert [(rule.id, rule.version) for rule in saved()] == [("daisy-fed", 1), ("daisy-fed-2", 1)]


def test_who_says_it_owns_it_and_is_told(home: Path) -> None:
    said(home, DAISY, "--as", "person.maya", "--yes")
    rule = saved()[0]
    assert rule.notify is not None
    assert (rule.owner, rule.notify.to) == ("person.maya", ("person.maya",))


def test_where_nobody_is_named_the_only_owner_speaks(home: Path) -> None:
    home.write_text(HOME.replace("default_speaker: person.greg\n", "").replace("role: partner", "role: member"))
    said(home, DAISY, "--yes")
    assert [rule.notify.to for rule in saved() if rule.notify] == [("person.greg",)]


def test_where_several_owners_could_speak_it_asks_who_is_told(home: Path) -> None:
    home.write_text(HOME.replace("default_speaker: person.greg\n", ""))
    assert "Who should be told?" in said(home, DAISY, "--yes").output
    assert saved() == []


def test_somebody_who_does_not_live_there_cannot_say_anything(home: Path) -> None:
    with pytest.raises(InputError, match=r"person\.greg"):
        said(home, DAISY, "--as", "person.gred")


def compiled(home: Path, *lines: str) -> list[dict[str, object]]:
    result = CliRunner().invoke(compile_, ["--home", str(home)], input="\n".join(lines), catch_exceptions=False)
    return [json.loads(line) for line in result.output.splitlines()]


def test_compile_answers_each_request_in_order_and_saves_nothing(home: Path) -> None:
    lines = [
        json.dumps({"id": "a", "text": DAISY}),
        json.dumps({"id": 7, "text": "tell me a joke", "speaker": "person.maya"}),
    ]
    found = compiled(home, *lines)
    assert [(one["id"], one["outcome"]) for one in found] == [("a", "rule"), (7, "chat")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", "line 1: expected one request as a JSON object"),
        ("[]", "line 1: expected an object"),
        ('{"id":"a"}', "line 1: text"),
        ('{"text":"hi"}', "line 1: id"),
        ('{"id":"a","text":"hi","speaker":"person.grek"}', "line 1: speaker"),
        ('{"id":"a","text":"hi","home":"mapel"}', "line 1: home"),
    ],
)
def test_a_line_that_is_no_request_is_named_and_the_rest_is_read(home: Path, line: str, expected: str) -> None:
    lines = "\n".join([line, json.dumps({"id": "b", "text": DAISY})])
    result = CliRunner().invoke(compile_, ["--home", str(home)], input=lines)
    assert expected in result.stderr
    assert [json.loads(one)["id"] for one in result.stdout.splitlines()] == ["b"]
    assert isinstance(result.exception, InputError) and "1 line left out" in str(result.exception)


def spoken(home: Path, *texts: str) -> str:
    """Say one thing after the other, each in a command of its own, and return what the last one wrote."""
    result = None
    for text in texts:
        result = CliRunner().invoke(say, [text, "--no-ask"], input="", catch_exceptions=False)
    assert result is not None
    return result.output


def test_where_nobody_sits_there_nothing_is_asked_and_the_way_on_is_said(home: Path) -> None:
    result = said(home, DAISY, "--no-ask")
    assert "[y/N]" not in result.output
    assert result.output.rstrip().endswith("Nothing is changed yet. To go on: proactive say yes")


def test_a_command_goes_on_with_what_the_last_one_said(home: Path) -> None:
    said(home, DAISY)
    spoken(home, "make it ten instead", "only on weekdays", "yes")
    assert [json.dumps(rule.as_json()["when"]["window"]) for rule in saved()] == [
        '{"from": "00:00", "until": "10:00", "days": ["mon", "tue", "wed", "thu", "fri"]}'
    ]


def test_new_begins_a_conversation_that_refers_to_nothing(home: Path) -> None:
    said(home, DAISY)
    result = CliRunner().invoke(say, ["yes", "--new"], input="", catch_exceptions=False)
    assert "nothing that waits" in result.output
    assert saved() == []


def test_somebody_who_sits_there_is_asked_until_it_is_settled(home: Path) -> None:
    result = said(home, "--ask", "tell me if Rex isn't fed by noon", answer="2\nmake it one\nyes\n")
    assert "2. a cat" in result.output and "Added pet.rex" in result.output
    assert [rule.as_json()["when"]["window"]["until"] for rule in saved()] == ["13:00"]


def test_an_empty_line_ends_the_talk_and_saves_nothing(home: Path) -> None:
    said(home, "--ask", DAISY, answer="make it ten\n\n")
    assert saved() == []


def edited(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(rule_commands, ["edit", *arguments], input=answer, catch_exceptions=False)


def test_a_rule_is_edited_in_words_and_keeps_its_versions(home: Path) -> None:
    said(home, "--yes", DAISY)
    assert "midnight and 1 pm" in edited("daisy-fed", "make it one o'clock").output
    assert [rule.version for rule in saved()] == [1]
    edited("daisy-fed", "make it one o'clock", answer="yes\n")
    edited("daisy-fed", "tell Maya too", "--yes")
    (rule,) = saved()
    assert (rule.version, rule.notify and rule.notify.to) == (3, ("person.greg", "person.maya"))
    assert rule.as_json()["when"]["window"]["until"] == "13:00"


@pytest.mark.parametrize("text", ["tell me when the garage door opens", "drop it", "is the garage open?", "hello"])
def test_what_is_no_change_of_the_rule_is_not_done_by_an_edit(home: Path, text: str) -> None:
    said(home, "--yes", DAISY)
    before = saved()
    with pytest.raises(InputError, match="expected a change of it"):
        edited("daisy-fed", text, "--yes")
    assert saved() == before


def test_what_is_told_is_listed_and_deleted_by_commands(home: Path) -> None:
    said(home, "--yes", "my bedtime is eleven")
    listed = CliRunner().invoke(home_commands, ["facts"], catch_exceptions=False)
    assert listed.output == "person.greg.bedtime: Greg's bedtime is at 11 pm\n"
    gone = CliRunner().invoke(home_commands, ["forget", "person.greg.bedtime"], catch_exceptions=False)
    assert gone.output == "Forgot: Greg's bedtime is at 11 pm.\n"
    with pytest.raises(InputError, match="there is no such fact"):
        CliRunner().invoke(home_commands, ["forget", "person.greg.bedtime"], catch_exceptions=False)


def test_a_rule_is_tried_on_what_frigate_saw_before_it_is_saved(home: Path) -> None:
    now = datetime.now(UTC).timestamp()
    eaten = [
        {"id": f"e{number}", "camera": "kitchen", "label": "dog", "zones": ["counter"], "start_time": now - number * 3600, "end_time": now - number * 3600 + 60}
        for number in range(1, 50)
    ]  # fmt: skip
    assert "No history yet" in said(home, "tell me when the dog is on the counter", answer="no\n").output
    with frigate(eaten) as server:
        result = CliRunner().invoke(home_commands, ["history", "--frigate", server.url], catch_exceptions=False)
    assert "Read 49 events, kept 98 new records." in result.output
    shown = said(home, "tell me if you see a dog at the counter", answer="at most once in 6 hours\n").output
    assert "would have fired 49 times" in shown and "Give it a cooldown" in shown
    again = spoken(home, "make it at most once in 6 hours")
    assert "At most once in 6 hours" in again and "would have fired 49 times" not in again
    assert saved() == []
    assert "Deleted." in CliRunner().invoke(home_commands, ["history", "--forget"], catch_exceptions=False).output
