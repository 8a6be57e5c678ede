"""Questions that were read and judged one by one, over three made homes: the query each is, or that it is none.

`questions.jsonl` holds what a person would expect of each, asked on Wednesday, 11 March 2026 at 19:00 UTC by the one who
usually speaks. A row that changes has to be read again before it is written down.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive.language.local.question.reading import query_of
from proactive.language.outcome import Outcome
from proactive.language.request import Request
from proactive.language.understand import understand
from rules.home import Home
from tests.proactive.language.test_judged import HOMES

NOW = datetime(2026, 3, 11, 19, tzinfo=UTC)
LINES = Path(__file__).with_name("questions.jsonl").read_text(encoding="utf-8").splitlines()
ROWS: list[dict[str, Any]] = [json.loads(line) for line in LINES]


def asked(text: str, home: Home) -> Outcome:
    return query_of(Request(text, home, home.speaker, now=NOW))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['home']}: {row['text']}" for row in ROWS])
def test_a_judged_question_asks_for_what_its_words_say(row: dict[str, Any]) -> None:
    found = asked(row["text"], HOMES[row["home"]])
    if "query" in row:
        assert found.query is not None, found.reply
        assert {key: value for key, value in found.query.as_json().items() if key != "about"} == row["query"]
    else:
        assert (found.query, found.outcome, found.reply) == (None, row["outcome"], row["reply"])


def test_every_source_and_subject_of_a_query_is_listed_in_the_home() -> None:
    for row in ROWS:
        home, query = HOMES[row["home"]], asked(row["text"], HOMES[row["home"]]).query
        for pattern in query.of if query else ():
            assert {*(pattern.source or ()), *(pattern.subject or ())} <= {*home.by_id, "unknown"}


def test_understanding_a_question_gives_its_query() -> None:
    home = HOMES["harbor"]
    outcome = understand("is the garage door open?", None, home, now=NOW)
    assert outcome.outcome == "question"
    assert outcome.query == asked("is the garage door open?", home).query is not None


def test_a_question_without_a_time_to_count_from_has_no_query() -> None:
    outcome = understand("is the garage door open?", None, HOMES["harbor"])
    assert (outcome.outcome, outcome.query) == ("question", None)


def test_what_the_home_lacks_is_never_answered_with_something_else() -> None:
    outcome = asked("did the unicorn come home?", HOMES["harbor"])
    assert (outcome.outcome, outcome.query) == ("cannot", None)
    assert "unicorn" in outcome.reply


SPANISH = {
    "¿Está abierta la puerta del garaje?": "is the garage door open?",
    "¿Cuándo se abrió por última vez la puerta principal?": "when did the front door last open?",
    "¿Comió Biscuit hoy?": "did Biscuit eat today?",
    "¿Comieron los perros hoy?": "did the dogs eat today?",
    "¿Hay alguien en casa?": "is someone home?",
    "¿Quién está en casa?": "who is home?",
    "¿Qué pasó mientras yo estaba fuera?": "what happened while I was away?",
    "¿Qué pasó mientras Tom estaba fuera?": "what happened while Tom was away?",
    "¿Se abrió la puerta trasera ayer?": "did the back door open yesterday?",
    "¿Cuántas veces sonó el timbre esta semana?": "how often did the doorbell ring this week?",
    "¿Dónde está Olive?": "where is Olive?",
    "¿Cuál es la temperatura del congelador?": "what is the freezer temperature?",
    "¿Cuánto tiempo estuvo abierta la puerta trasera ayer?": "how long was the back door open yesterday?",
    "¿Quién abrió la puerta trasera anoche?": "who opened the back door last night?",
    "¿A qué hora llegó Tom a casa ayer?": "what time did Tom come home yesterday?",
    "¿Qué me dijiste ayer?": "what did you tell me yesterday?",
    "¿Por qué no me avisaste de que el garaje estaba abierto?": "why didn't you tell me that the garage was open?",
    "¿Qué puertas están abiertas?": "which doors are open?",
    "¿Está cerrada con llave la puerta trasera?": "is the back door locked?",
    "¿Sonó el timbre mientras estábamos de vacaciones?": "did the doorbell ring while we were on holiday?",
    "¿Viste a un desconocido ayer?": "did you see a stranger yesterday?",
    "¿Está encendida la luz del porche?": "is the porch light on?",
}


@pytest.mark.parametrize("spanish", SPANISH)
def test_a_spanish_question_asks_what_the_english_one_does(spanish: str) -> None:
    one, other = (asked(text, HOMES["harbor"]).query for text in (spanish, SPANISH[spanish]))
    assert one is not None and other is not None
    assert replace(one, about="") == replace(other, about="")


_WORDS = st.sampled_from(
    """who what when why where how often long many did is was were has the a front door back open closed last first time today
    yesterday since noon until between 3 and 4 pm while i we was away home Tom Biscuit dogs kids tell told me you about garage
    freezer temperature too warm happened ago hours ten night week monday ? , not any every out outside in kitchen seen 25 :""".split()
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORDS, max_size=14).map(" ".join))
def test_no_words_whatever_make_reading_a_question_fail(text: str) -> None:
    home = HOMES["harbor"]
    outcome = asked(text, home)
    assert (outcome.query is None) == (outcome.outcome != "question")
    assert outcome.query is not None or outcome.reply
    for pattern in outcome.query.of if outcome.query else ():
        assert {*(pattern.source or ()), *(pattern.subject or ())} <= {*home.by_id, "unknown"}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_no_text_whatever_makes_reading_a_question_fail(text: str) -> None:
    assert asked(text, HOMES["loft"]).outcome in ("question", "clarify", "cannot")
