"""Spanish: sentences judged one by one over a home with Spanish names, and laws that hold for any Spanish text."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive.home_file import load_homes
from proactive.language.local.spanish.reply import in_words, spanish_rows
from proactive.language.local.spanish.time import time_at
from proactive.language.local.spanish.transfer import in_english
from proactive.language.local.spanish.verb import forms_of
from proactive.language.local.spanish.word import words_of
from proactive.language.local.tongue import Tongue, not_read, tongue_of
from proactive.language.request import Turn
from proactive.language.understand import understand
from rules.check import blocking, check
from rules.home import Home, parse_home
from tests.proactive.language.conftest import HOME, NOW
from tests.proactive.language.test_judged import told

JUDGED = Path(__file__).with_name("judged_spanish")
LOCAL = Path(__file__).parents[3] / "proactive" / "language" / "local"
CASA: Home = load_homes([JUDGED / "casa.yaml"])[0]
BIRCH: Home = parse_home(HOME)
ROWS = [json.loads(line) for line in (JUDGED / "casa.jsonl").read_text(encoding="utf-8").splitlines()]
WORDS = sorted({word for row in ROWS for word in row["text"].split()})

sentences = st.lists(st.sampled_from(WORDS), max_size=16).map(" ".join)
requests = st.lists(sentences, max_size=3).map(" si ".join).map(lambda text: f"avísame {text}")


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_a_judged_spanish_sentence_is_read_as_it_was_judged(row: dict[str, object]) -> None:
    outcome = understand(str(row["text"]), None, CASA, now=NOW)
    assert {"text": row["text"], **told(outcome, CASA)} == row, outcome.reply
    assert all(rule.said == row["text"] for rule in outcome.rules)


def test_the_judged_sentences_have_outcomes_of_every_kind() -> None:
    kinds = {row["outcome"] for row in ROWS}
    assert kinds == {"rule", "clarify", "cannot", "question", "command", "manage", "refuse", "chat"}
    assert len(ROWS) >= 150


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_whatever_is_asked_in_spanish_is_answered_in_spanish(row: dict[str, object]) -> None:
    outcome = understand(str(row["text"]), None, CASA, now=NOW)
    said = [outcome.reply, *(ask.question for ask in outcome.asks), *(problem.message for problem in outcome.problems)]
    assert [tongue_of(text) for text in said if text] == ["es"] * len([text for text in said if text]), said


# --- laws -------------------------------------------------------------------------------------------------------


@given(st.one_of(sentences, requests, st.text(alphabet="abcdeéíñóuü¿?¡ ,.0123456789", max_size=200)))
@settings(max_examples=120, deadline=None)
def test_no_spanish_text_raises_hangs_or_invents_an_id(text: str) -> None:
    started = process_time()
    outcome = understand(text, None, CASA, now=NOW)
    assert process_time() - started < 1
    for rule in outcome.rules:
        assert blocking(check(rule, CASA)) == []
        named = set(
            re.findall(
                r"\b(?:person|pet|cam|contact|lock|cover|sensor|leak|light|car)\.\w+", json.dumps(rule.as_json())
            )
        )
        assert named <= set(CASA.by_id)


@pytest.mark.parametrize("word", ["purpúreo", "Winston"])
def test_a_spanish_sentence_with_a_word_that_was_not_understood_is_never_a_rule(word: str) -> None:
    for row in (row for row in ROWS if row["outcome"] == "rule" and "recuérdame" not in row["text"]):
        marked = re.sub(r"\b(si|cuando)\b", rf"\1 {word}", row["text"], count=1)
        outcome = understand(marked, None, CASA, now=NOW)
        assert marked == row["text"] or outcome.outcome != "rule", f"{marked}: {outcome.reply}"


def test_accents_may_be_left_out() -> None:
    for row in ROWS:
        if row["outcome"] == "rule" and "recuérdame" not in row["text"]:
            bare = row["text"].translate(str.maketrans("áéíóú", "aeiou"))
            found = told(understand(bare, None, CASA, now=NOW), CASA)
            same = {key: found.get(key) for key in ("outcome", "when", "while", "do")}
            assert same == {key: row.get(key) for key in same}, bare


# --- English names, and what is carried over ----------------------------------------------------------------------

CARRIED = [
    ("avísame si Daisy no ha comido antes de las doce", "tell me if Daisy has not eaten before noon"),
    ("si se abre la puerta izquierda del garaje, avísame", "if the left garage door opens, tell me"),
    ("avísame cuando el garage door abra", "tell me when the garage door opens"),
    ("avísame si la ventana de la cocina lleva abierta una hora y media", "tell me if the kitchen window has been open for 90 minutes"),
    ("avísame si no hay nadie en casa", "tell me if nobody is home"),
    ("avísame si la nevera se queda abierta 3 minutos", "tell me if the fridge stays open for 3 minutes"),
    ("apágala", "turn off it"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "english"), CARRIED)
def test_a_sentence_is_carried_over_into_plain_english(said: str, english: str) -> None:
    assert in_english(said, BIRCH).text == english


TIMES = [
    ("a las ocho y media de la tarde", "at 8:30 pm"), ("antes de las doce", "before noon"), ("a las nueve menos cuarto", "at 8:45"),
    ("entre las 10 de la noche y las 6 de la mañana", "between 10 pm and 6 am"), ("las doce de la noche", "midnight"), ("desde hace 12 horas", "for 12 hours"),
    ("media hora después del atardecer", "30 minutes after sunset"), ("de lunes a jueves", "on mondays and tuesdays and wednesdays and thursdays"),
    ("los lunes y viernes", "on mondays and fridays"), ("en menos de 2 minutos", "within 2 minutes"), ("tres veces", "3 times"), ("a la 1", "at 1"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "english"), TIMES)
def test_times_are_carried_over_with_their_prepositions(said: str, english: str) -> None:
    words = words_of(said)
    found = time_at(words, 0)
    assert found is not None
    assert (found[0].english, found[1]) == (english, len(words))


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("avísame", "avisar"),
        ("llegue", "llegar"),
        ("cierre", "cerrar"),
        ("encendida", "encender"),
        ("apágala", "apagar"),
        ("suene", "sonar"),
        ("hayan", "haber"),
        ("vuelva", "volver"),
    ],
)
def test_forms_lead_to_their_infinitive(form: str, lemma: str) -> None:
    assert lemma in {found.lemma for found in forms_of(words_of(form)[0].fold)}


# --- conversation -----------------------------------------------------------------------------------------------


def test_a_spanish_answer_settles_a_spanish_question() -> None:
    asked = understand("avísame si Trufa no ha comido antes de las nueve", None, CASA, now=NOW)
    turn = Turn("avísame si Trufa no ha comido antes de las nueve", asked)
    settled = understand("de la mañana", None, CASA, (turn,), now=NOW)
    assert settled.rule is not None, settled.reply
    assert "09:00" in json.dumps(settled.rule.as_json())
    assert tongue_of(settled.reply) == "es"


@pytest.mark.parametrize(
    ("said", "times"), [("nueve", ["09:00", "21:00"]), ("siete", ["07:00", "19:00"]), ("dos", ["02:00", "14:00"])]
)
def test_buttons_of_a_time_are_in_spanish_and_answer_it(said: str, times: list[str]) -> None:
    request = f"avísame si Trufa no ha comido antes de las {said}"
    asked = understand(request, None, CASA, now=NOW)
    labels = [choice.label for choice in asked.asks[0].choices]
    assert "de la mañana" in labels[0] and "de la" in labels[1]
    settled = [understand(label, None, CASA, (Turn(request, asked),), now=NOW).rule for label in labels]
    assert [rule.as_json()["when"]["window"]["until"] for rule in settled if rule is not None] == times


def test_a_yes_in_spanish_saves_what_was_proposed() -> None:
    made = understand("avísame cuando termine la lavadora", None, CASA, now=NOW)
    said = understand("sí", None, CASA, (Turn("avísame cuando termine la lavadora", made),), now=NOW)
    assert said.change is not None
    assert said.change.deed == "save"
    assert said.reply == "De acuerdo."


# --- other languages, and replies ---------------------------------------------------------------------------------

OTHERS: list[tuple[str, Tongue]] = [
    ("Sag mir Bescheid, wenn die Haustür offen ist", "de"), ("préviens-moi si le chien n'a pas mangé avant midi", "fr"), ("avvisami quando qualcuno apre la porta", "it"),
    ("waarschuw me als de deur open staat", "nl"), ("me avise quando alguém abrir a porta", "pt"), ("сообщи мне, если дверь открыта", "ru"),
    ("玄関のドアが開いたら教えて", "ja"), ("如果门开了请告诉我", "zh"), ("문이 열리면 알려줘", "ko"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tongue"), OTHERS, ids=[tongue for _, tongue in OTHERS])
def test_a_language_that_is_not_read_is_told_so_in_itself(text: str, tongue: Tongue) -> None:
    outcome = understand(text, None, BIRCH, now=NOW)
    assert tongue_of(text) == tongue
    assert (outcome.outcome, outcome.reply) == ("cannot", not_read(tongue))
    assert tongue_of(outcome.reply) == tongue


def test_english_is_english_whatever_its_names() -> None:
    for text in (
        "tell me when Miso enters La Casita",
        "y",
        "no",
        "",
        "turn on the patio light",
        "alert me if the sofa cam sees Coco",
    ):
        assert tongue_of(text) == "en", text


def test_every_reply_of_local_has_its_spanish() -> None:
    missing = [said for said in _replies() if in_words(said) is None]
    assert missing == [], "add a row to proactive/language/local/spanish/saying.py for each"


def test_gaps_of_a_spanish_reply_are_gaps_of_the_english_one() -> None:
    for english, spanish in spanish_rows():
        assert spanish, english
        assert {int(n) for n in re.findall(r"\{(\d)\}", spanish)} <= set(range(english.count("{}"))), english


def _replies() -> Iterator[str]:
    """Yield the replies written out in calls of `ask` and `cannot`, with something in their gaps."""
    for path in (path for path in LOCAL.glob("*.py") if path.name != "detour.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("ask", "cannot"):
                yield from filter(None, map(_written, node.args[1:]))


def _written(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "Coco" for part in node.values)
    return ""


def test_an_english_request_after_a_spanish_one_is_english() -> None:
    assert tongue_of("lock the front door when everyone has left", "avísame si Daisy no ha comido") == "en"
    assert tongue_of("ok", "avísame si Daisy no ha comido") == "es"
