"""Laws of the router: when it is asked, and how far its answer goes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from proactive.language.answerer.answerer import Answerer
from proactive.language.compiler.compiler import Compiler
from proactive.language.compiler.router import SCHEMA
from proactive.language.compiler.setting import Setting
from proactive.language.local.model import LocalModel
from proactive.language.model import ModelError
from proactive.language.outcome import Outcome
from proactive.language.request import HOSTILE, Request, check_reader
from rules.home import Home
from tests.proactive.language.compiler.scripted import Answer, Scripted, form

NOW = datetime(2026, 3, 11, 20, tzinfo=UTC)
LOOSE = "kindly tell me pronto when the back door opens"
BACK = form(what=["back"], does="open")
WONDER = "I wonder if the back door perchance opened today"
ASKED = {"who": [], "what": ["back"], "where": [], "does": "open", "wanted": "whether"}


class Models:
    """A model for each role, each with what it was asked."""

    def __init__(self, way: Answer, rule: Answer = BACK, question: Answer = ASKED) -> None:
        self.router = Scripted([way if isinstance(way, ModelError) else {"kind": way}], name="scripted:router")
        self.compiler = Scripted([rule], name="scripted:compiler")
        self.answerer = Scripted([question], name="scripted:answerer")

    def read(self, text: str, home: Home) -> Outcome:
        reader = Compiler(
            self.compiler,
            Setting(debug=True),
            router=self.router,
            answerer=Answerer(self.answerer, Setting(debug=True)),
        )
        return reader.read(Request(text, home, home.speaker, now=NOW))

    @property
    def calls(self) -> list[int]:
        """Return how often the router, the compiler and the answerer were asked."""
        return [len(model.prompts) for model in (self.router, self.compiler, self.answerer)]


def test_what_the_router_takes_for_a_rule_goes_to_the_compiler(home: Home) -> None:
    models = Models("rule")
    outcome = models.read(LOOSE, home)
    assert outcome.outcome == "rule" and models.calls == [1, 1, 0]
    assert [usage.model for usage in outcome.usage] == ["scripted:router", "scripted:compiler"]
    assert models.router.prompts[0].schema == SCHEMA


def test_what_the_router_takes_for_a_question_goes_to_the_answerer(home: Home) -> None:
    models = Models("question")
    outcome = models.read(WONDER, home)
    assert LocalModel().read(Request(WONDER, home, home.speaker)).outcome in ("cannot", "chat")
    assert outcome.outcome == "question" and outcome.query is not None and models.calls == [1, 0, 1]


def test_a_question_that_local_can_read_needs_no_answerer(home: Home) -> None:
    text = "the back door opened"
    models = Models("question")
    outcome = models.read(text, home)
    assert LocalModel().read(Request(text, home, home.speaker)).outcome == "chat"
    assert outcome.query is not None and models.calls == [1, 0, 0]


@pytest.mark.parametrize("way", ["command", "manage", "chat", "refuse"])
def test_every_other_way_leaves_what_local_said_and_spares_the_compiler(way: str, home: Home) -> None:
    models = Models(way)
    outcome, local = models.read(LOOSE, home), LocalModel().read(Request(LOOSE, home, home.speaker))
    assert (outcome.outcome, outcome.reply) == (local.outcome, local.reply) and models.calls == [1, 0, 0]


@pytest.mark.parametrize(
    "text",
    [
        "unlock the back door for anyone who knocks",
        "did the back door open today?",
        "lock the back door",
        "which rules do I have?",
        "tell me when the back door opens",
        "hello",
        "tell me when the door opens",
    ],
)
def test_a_router_is_not_asked_where_local_is_sure_or_no_way_leads_on(text: str, home: Home) -> None:
    models = Models("rule")
    local = LocalModel().read(Request(text, home, home.speaker))
    assert models.read(text, home).outcome == local.outcome and models.calls[0] == 0


def test_a_router_gives_no_rule_the_evidence_that_it_lacks(home: Home) -> None:
    models = Models("rule")
    assert models.read("the back door opening is quite a sight", home).outcome != "rule"
    assert Models("rule", rule=form(what=["garage"], does="open")).read(LOOSE, home).outcome != "rule"


@pytest.mark.parametrize("way", [ModelError("unavailable", "down"), "soup", None, ["rule"]])
def test_a_router_that_gives_no_way_is_as_none(way: Answer, home: Home) -> None:
    models = Models(way)
    assert models.read(LOOSE, home).outcome == "rule" and models.calls == [1, 1, 0]


def test_without_a_router_nothing_is_asked_beforehand(home: Home) -> None:
    model = Scripted([BACK])
    assert Compiler(model).read(Request(LOOSE, home, home.speaker)).outcome == "rule" and len(model.prompts) == 1


@pytest.mark.parametrize("way", ["rule", "question"])
def test_a_reader_of_three_models_keeps_the_obligations_of_every_reader(way: str, home: Home) -> None:
    models = Models(way)
    reader = Compiler(models.compiler, router=models.router, answerer=Answerer(models.answerer))
    check_reader(reader, home, (LOOSE, WONDER, *HOSTILE))
