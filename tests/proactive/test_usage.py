"""`proactive usage` and what `doctor` says of models: sums, costs as far as they are known, and no secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from proactive import app
from proactive.cli.main import main
from proactive.language.model import Message, Prompt
from proactive.settings import ModelRole, load
from tests.proactive.conftest import HOME
from tests.proactive.language.backends.double import KEY, closed_port, refuse, running, say, send

PROMPT = Prompt((), (Message("user", "Is water wet?"),), {"type": "object"})
Run = Callable[..., tuple[int, str]]
ROLES: tuple[ModelRole, ...] = ("compiler", "router")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PROACTIVE_LLM_KEY", KEY)

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main(arguments)
        return status, capsys.readouterr().out

    return run


def test_without_a_model_there_is_nothing_to_show(run: Run) -> None:
    assert run("usage") == (0, "No language model was asked in the last 30 days.\n")


def test_what_each_role_used_is_summed_and_priced(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text("openai:big: {in: 10, cached: 1, out: 100}")
    monkeypatch.setenv("PROACTIVE_LLM_ROUTER", "openai:small")
    monkeypatch.setenv("PROACTIVE_LLM_COMPILER", "openai:gone, openai:big")
    monkeypatch.setenv("PROACTIVE_LLM_PRICES", str(prices))
    with running(refuse(401), say("{}")) as double:
        monkeypatch.setenv("PROACTIVE_LLM_URL", double.url)
        settings = load()
        with app.open_store(settings) as store:
            compiler, router = (app.load_language_model(settings, role, store) for role in ROLES)
            assert compiler and router
            usages = [model.complete(PROMPT).usage for model in (compiler, router)]
    assert [usage.cost for usage in usages] == [pytest.approx(0.001), None]
    status, out = run("usage")
    table = [line.split() for line in out.splitlines()]
    assert status == 0
    assert [row[:7] for row in table[1:-1]] == [
        ["openai:big", "compiler", "1", "0", "120", "100", "7"],
        ["openai:gone", "compiler", "1", "1", "0", "0", "0"],
        ["openai:small", "router", "1", "0", "120", "100", "7"],
    ]
    assert table[-1][:6] == ["together", "3", "1", "240", "200", "14"]
    assert [line.rpartition("  ")[2] for line in out.splitlines()[1:]] == [
        "$0.0010",
        "$0.0000",
        "unknown",
        "at least $0.0010",
    ]
    rows = [json.loads(line) for line in run("usage", "--days", "1", "--json")[1].splitlines()]
    assert [row["unpriced"] for row in rows] == [0, 0, 1]


def test_a_question_that_needs_the_answerer_is_answered_from_the_log_and_counted_as_its(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home.yaml").write_text(HOME)
    run("home", "import", "home.yaml")
    monkeypatch.setenv("PROACTIVE_LLM_ANSWERER", "openai:small")
    form = {"who": [], "what": ["garage"], "where": [], "does": "open", "wanted": "whether"}
    with running(say(json.dumps(form))) as double:
        monkeypatch.setenv("PROACTIVE_LLM_URL", double.url)
        status, out = run("ask", "did the garage door perchance open today?")
        plain = run("ask", "did the garage door open today?")
    assert (status, out) == (plain[0], f"{plain[1]}Note: I left out 'perchance'.\n")
    assert [line.split()[:3] for line in run("usage")[1].splitlines()[1:2]] == [["openai:small", "answerer", "1"]]


def test_no_model_is_loaded_where_none_is_configured() -> None:
    assert app.load_language_model(load({}), "compiler") is None
    assert app.load_language_model(load({"PROACTIVE_LLM": "local"}), "answerer") is None


def test_the_doctor_says_which_models_answer_and_shows_no_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROACTIVE_LLM", "openai:small, openai@lab:big")
    monkeypatch.setenv("PROACTIVE_LLM_URL_LAB", f"http://sam:hunter2@127.0.0.1:{closed_port()}/v1")
    with running(send(b'{"data": []}')) as double:
        monkeypatch.setenv("PROACTIVE_LLM_URL", double.url)
        status, out = run("doctor", "--json")
    rows = {row["about"]: row for row in map(json.loads, out.splitlines())}
    assert status == 1
    assert KEY not in out and "hunter2" not in out
    assert rows["PROACTIVE_LLM_KEY"]["found"] == "****"
    assert rows["model openai:small"]["found"].endswith("answers (200); for the compiler, answerer")
    assert rows["model openai@lab:big"]["state"] == "broken"


@pytest.mark.parametrize(
    ("name", "value", "about", "words"),
    [
        ("PROACTIVE_LLM", "opnai:x", "model opnai:x", "expected one of local"),
        ("PROACTIVE_LLM_ANSWERER", "llama:/nowhere.gguf", "model llama:/nowhere.gguf", "found no file"),
        ("PROACTIVE_LLM_PRICES", "/nowhere.yaml", "/nowhere.yaml", "expected lines such as"),
    ],
)
def test_the_doctor_names_a_model_or_prices_that_are_none(
    name: str, value: str, about: str, words: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    [row] = [row for row in map(json.loads, run("doctor", "--json")[1].splitlines()) if row["state"] == "broken"]
    assert row["about"] == about and words in row["found"]
