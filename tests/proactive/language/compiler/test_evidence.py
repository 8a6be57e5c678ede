"""What words show for a rule: each row is a request, what a model answered, and the codes of what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest

from proactive.language.compiler.build import build
from proactive.language.compiler.compiler import task_of
from proactive.language.compiler.evidence import Evidence, evidence_of
from proactive.language.compiler.foreign import asks_in, labels_in
from proactive.language.compiler.form import parse_form
from proactive.language.compiler.roster import Roster, whole_roster
from proactive.language.local.detour import DetourError
from proactive.language.request import Request
from rules.home import Home
from tests.proactive.language.compiler.scripted import form

BACK = form(what=["back"], does="open")
BORNE_OUT: list[tuple[str, dict[str, Any]]] = [
    ("tell me when the back door opens", BACK),
    ("tell me if the back door is open for 10 minutes", {**BACK, "kind": "is"}),
    ("tell me if the back door is not closed for 10 minutes", {**BACK, "kind": "is"}),
    ("tell me if Daisy isn't fed by noon", form(who=["daisy"], does="eats", kind="missing")),
    ("tell me when the cellar humidity is above 60", form(what=["sensor.cellar"], does="above", number=60)),
    ("tell me when someone is at the porch after 10 pm", form(who=["person"], where=["front_door/porch"], does="seen")),
    ("tell me if the back door opens while nobody is home", {**BACK, "guards": ["nobody home"]}),
    ("tell me if the back door opens three times within an hour", {**BACK, "kind": "count"}),
    ("tell me when the back door opens, the plumber said something about dripping pipes", BACK),
]
NOT_BORNE_OUT: list[tuple[str, dict[str, Any], str]] = [
    ("tell me when the back door opens", form(what=["washer"], does="running"), "not_named"),
    ("tell me when the back door opens", {**BACK, "guards": ["dark"]}, "not_said"),
    ("tell me when the back door opens", {**BACK, "guards": ["nobody home"]}, "not_said"),
    ("tell me when the back door opens", {**BACK, "kind": "is", "lasting": "10m"}, "not_said"),
    ("tell me when the back door closes", BACK, "not_said"),
    ("tell me when the back door opens and the washer is running", BACK, "left_out"),
    ("tell me when the back door opens before 6 am and nobody is home", BACK, "left_out"),
    ("tell Bruno when the back door opens", {**BACK, "guards": ["bruno home"]}, "not_named"),
    ("tell me when the sauna or the back door opens", BACK, "unknown_thing"),
    ("tell me when a stranger is at the porch", form(who=["person"], where=["front_door/porch"], does="seen"), "left_out"),
]  # fmt: skip


def evidence(text: str, answer: dict[str, Any], home: Home) -> Evidence:
    task = task_of(Request(text, home, home.speaker))
    named = {entry.handle for entry in task.roster.entries}
    rest = tuple(entry for entry in whole_roster(home).entries if entry.handle not in named)
    outcome = build(parse_form(answer), Roster((*task.roster.entries, *rest)), task.found, task.request)
    return evidence_of(outcome.rules[0], task.found, task.roster, task.request)


@pytest.mark.parametrize("text, answer", BORNE_OUT, ids=[row[0] for row in BORNE_OUT])
def test_a_rule_that_the_words_show_is_believed(text: str, answer: dict[str, Any], home: Home) -> None:
    found = evidence(text, answer, home)
    assert found.sound, found


@pytest.mark.parametrize("text, answer, code", NOT_BORNE_OUT, ids=[f"{row[0]}: {row[2]}" for row in NOT_BORNE_OUT])
def test_a_rule_that_the_words_do_not_show_is_not(text: str, answer: dict[str, Any], code: str, home: Home) -> None:
    found = evidence(text, answer, home)
    assert not found.sound and code in {problem.code for problem in (*found.invented, *found.dropped)}, found


@pytest.mark.parametrize(
    "text",
    [
        "Benachrichtige mich, wenn die Garage offen ist",
        "Préviens-moi quand quelqu'un arrive",
        "Avvisami se la porta si apre",
        "Laat me weten als de deur opengaat",
        "Сообщи, если кто-то придет",
    ],
)
def test_a_request_of_another_language_is_told_from_talk_in_it(text: str) -> None:
    assert asks_in(text)


@pytest.mark.parametrize(
    "text", ["Wie geht es dir?", "Quelle heure est-il ?", "Che tempo fa?", "Hoe laat is het", "Привет"]
)
def test_talk_in_another_language_asks_for_nothing(text: str) -> None:
    assert not asks_in(text)


def test_whom_a_foreign_request_is_about_is_known_by_few_words() -> None:
    assert labels_in("wenn ein Hund oder jemand kommt".split()) == {"dog", "person"}


def test_a_plural_is_all_of_its_kind_whichever_a_model_chose(home: Home) -> None:
    task = task_of(Request("tell me if the garage doors are open for 10 minutes", home, home.speaker))
    outcome = build(parse_form(form(what=["left"], does="open", kind="is")), task.roster, task.found, task.request)
    assert outcome.rules[0].as_json()["when"]["state"]["any"] == [
        {"state": "cover.left", "is": "open"},
        {"state": "cover.right", "is": "open"},
    ]


def test_one_of_several_is_asked_about_whichever_a_model_chose(home: Home) -> None:
    task = task_of(Request("tell me if the garage door is open for 10 minutes", home, home.speaker))
    with pytest.raises(DetourError) as asked:
        build(parse_form(form(what=["left"], does="open", kind="is")), task.roster, task.found, task.request)
    assert {choice.id for choice in asked.value.outcome.asks[0].choices} == {"cover.left", "cover.right", "any"}
