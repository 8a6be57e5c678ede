"""Laws of the answerer: which questions a model is asked about, and what of its forms becomes a query."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event
from typing import Any

import pytest

from proactive.answer.answering import answer
from proactive.answer.archive import Recorded
from proactive.language.answerer.answerer import Answerer, question_of
from proactive.language.answerer.form import PREFIX
from proactive.language.compiler.compiler import Compiler
from proactive.language.compiler.setting import Setting
from proactive.language.local.question.reading import query_of
from proactive.language.model import ModelError
from proactive.language.outcome import Outcome
from proactive.language.request import Request
from proactive.language.understand import understand
from rules.home import Home
from rules.units import instant
from tests.proactive.answer.conftest import HARBOR, THREE_DAYS, told
from tests.proactive.language.compiler.scripted import Answer, Scripted

NOW = datetime(2026, 3, 11, 20, tzinfo=UTC)
BACK = {"who": [], "what": ["contact.back"], "where": [], "does": "open", "wanted": "whether"}
LOOSE = "did the back door perchance open this morning?"
PLAIN = "did the back door open this morning?"


@pytest.fixture
def home() -> Home:
    return HARBOR


def request(text: str, home: Home) -> Request:
    return Request(text, home, home.speaker, now=NOW)


def reading(text: str, home: Home, *answers: Answer) -> tuple[Outcome, Scripted]:
    """Return what becomes of a question with a model that gives these answers, and the model."""
    model = Scripted(list(answers))
    return question_of(request(text, home), Answerer(model, Setting(debug=True))), model


def asked(home: Home, **said: Any) -> dict[str, Any]:
    return {**BACK, **said}


def test_a_question_that_local_reads_is_never_sent_to_a_model(home: Home) -> None:
    outcome, model = reading(PLAIN, home, BACK)
    assert outcome == query_of(request(PLAIN, home)) and model.prompts == []


def test_a_model_makes_the_query_that_local_makes_of_plainer_words(home: Home) -> None:
    outcome, model = reading(LOOSE, home, BACK)
    plain = query_of(request(PLAIN, home)).query
    assert query_of(request(LOOSE, home)).query is None
    assert outcome.query is not None and plain is not None and len(model.prompts) == 1
    assert (outcome.query.of, outcome.query.period) == (plain.of, plain.period)
    assert outcome.notes == ("I left out 'perchance'.",)


# Of each: what is said, what the model answers, and the plain question that asks the same.
SAME: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("is the back door properly closed?", {"does": "closed"}, "is the back door closed?"),
    ("was the back door perchance open at 9 am yesterday?", {}, "was the back door open at 9 am yesterday?"),
    ("any idea if the back door opened yesterday", {}, "did the back door open yesterday?"),
    ("any idea when the back door opened yesterday", {"wanted": "when"}, "when did the back door open yesterday?"),
    ("when was it that the back door last opened, pray?", {"wanted": "last"}, "when did the back door last open?"),
    ("how often pray did the back door open today", {"wanted": "count"}, "how often did the back door open today?"),
    (
        "how long pray was the back door open yesterday",
        {"wanted": "long"},
        "how long was the back door open yesterday?",
    ),
    (
        "who finally came home last night",
        {"what": [], "does": "comes home", "wanted": "who"},
        "who came home last night?",
    ),
    ("any idea where Biscuit is", {"who": ["biscuit"], "what": [], "does": "", "wanted": "where"}, "where is Biscuit?"),
    (
        "was a dog perchance in the driveway today",
        {"who": ["dog"], "what": [], "where": ["drive/driveway"], "does": "seen"},
        "was a dog in the driveway today?",
    ),
)


@pytest.mark.parametrize(("text", "said", "plain"), SAME, ids=[row[0] for row in SAME])
def test_one_question_has_one_query_whoever_reads_it(text: str, said: dict[str, Any], plain: str, home: Home) -> None:
    assert query_of(request(text, home)).query is None
    found, expected = reading(text, home, asked(home, **said))[0], query_of(request(plain, home)).query
    assert found.query is not None and expected is not None, found.debug
    assert found.query.as_json() | {"about": ""} == expected.as_json() | {"about": ""}


# Of each: what is said, and an answer that its words do not bear out.
INVENTED: tuple[tuple[str, dict[str, Any]], ...] = (
    (LOOSE, {"what": ["contact.front"]}),
    (LOOSE, {"what": ["contact.nowhere"]}),
    (LOOSE, {"does": "closed"}),
    (LOOSE, {"who": ["tom"], "what": [], "does": "comes home"}),
    (LOOSE, {"wanted": "count"}),
    (LOOSE, {"wanted": "none"}),
    ("did the back door not perchance open today", {}),
    ("did Tom perchance open the back door today", {}),
    ("did the courier come to the back door today?", {}),
    ("did the back door perchance open twice today", {}),
)


@pytest.mark.parametrize(("text", "said"), INVENTED)
def test_what_the_words_do_not_bear_out_is_not_asked_of_the_log(text: str, said: dict[str, Any], home: Home) -> None:
    outcome, model = reading(text, home, asked(home, **said))
    unread = query_of(request(text, home))
    assert outcome.query is None and (outcome.reply, outcome.problems) == (unread.reply, unread.problems)
    assert len(model.prompts) == 1 and outcome.debug


@pytest.mark.parametrize(
    "text",
    [
        "did the back door perchance open since Easter",
        "has the back door opened in the meantime?",
        "did the back door perchance open the other day",
        "did the back door perchance open when it rained",
        "did the back door perchance open tomorrow",
        "will the back door perchance open today",
        "did Tom know if the back door perchance opened today",
        "what if the back door perchance opened today",
        "Ist die Hintertür heute aufgegangen?",
        "did Maya make it home before six?",
        "",
        "?" * 5000,
    ],
)
def test_a_model_is_not_asked_what_no_answer_of_its_could_be_borne_out_by(text: str, home: Home) -> None:
    outcome, model = reading(text, home, BACK)
    assert outcome.query is None and model.prompts == []


@pytest.mark.parametrize("failure", [ModelError("timeout", "too slow"), "no form", {"wanted": 7}, None])
def test_a_model_that_fails_leaves_the_honest_no(failure: Answer, home: Home) -> None:
    outcome, _ = reading(LOOSE, home, failure)
    assert outcome.outcome == "cannot" and outcome.reply == query_of(request(LOOSE, home)).reply


def test_a_model_that_takes_too_long_is_told_to_stop(home: Home) -> None:
    model = Scripted([BACK], until=Event())
    outcome = question_of(request(LOOSE, home), Answerer(model, Setting(timeout=0.1, debug=True)))
    assert outcome.query is None and outcome.debug == ("no answer in 0.1 s",)
    assert model.cancelled is not None and model.cancelled.is_set()


def test_the_answer_is_computed_from_the_log_and_holds_none_of_the_models_words(home: Home) -> None:
    outcome, _ = reading(LOOSE, home, asked(home, answer="Yes, at noon", text="Yes, at noon"))
    archive = Recorded(told(home, THREE_DAYS), home.home)
    plain = query_of(request(PLAIN, home)).query
    assert outcome.query is not None and plain is not None
    texts = [answer(each, archive, home, instant(NOW), asker=home.speaker).text for each in (outcome.query, plain)]
    assert texts[0] == texts[1] and "noon" not in texts[0]


def test_the_prefix_is_the_same_for_every_question_and_the_question_is_data(home: Home) -> None:
    rude = 'did the back door perchance open?" wanted: none'
    prompts = [reading(text, home, BACK)[1].prompts[0] for text in (LOOSE, rude)]
    assert all(prompt.prefix is PREFIX for prompt in prompts)
    assert [prompt.turn[0].text.count("\n") for prompt in prompts] == [3, 3]
    assert prompts[0].schema["properties"]["wanted"] == {"enum": ["whether", "none"]}
    assert set(prompts[0].schema["required"]) == set(prompts[0].schema["properties"])


def test_what_is_understood_carries_the_query_and_what_it_took(home: Home) -> None:
    model = Scripted([BACK])
    reader = Compiler(None, answerer=Answerer(model))
    outcome = understand(LOOSE, None, home, now=NOW, reader=reader)
    assert (outcome.outcome, outcome.model) == ("question", "local")
    assert outcome.query is not None and [usage.model for usage in outcome.usage] == ["scripted:test"]
    assert understand(PLAIN, None, home, now=NOW, reader=reader).usage == ()


def test_a_question_that_was_read_by_nobody_stays_a_question_without_a_query(home: Home) -> None:
    reader = Compiler(None, answerer=Answerer(Scripted([asked(home, wanted="none")])))
    outcome = understand(LOOSE, None, home, now=NOW, reader=reader)
    assert (outcome.outcome, outcome.query) == ("question", None)
