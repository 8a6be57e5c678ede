"""A chain of models: the next takes over, and who failed is left alone for a while."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from proactive.language.backends.chain import FIRST_REST, LONGEST_REST, Chain
from proactive.language.model import FailureKind, Message, ModelError, Prompt, check_language_model, load_model
from proactive.settings import load
from rules.problem import InputError
from tests.proactive.language.backends.double import KEY, fall_silent, refuse, running, say
from tests.proactive.language.backends.fakes import Hands, Scripted

PROMPT = Prompt((), (Message("user", "Is water wet?"),), {"type": "object"})
FAILURES: list[FailureKind] = ["timeout", "throttled", "unavailable", "denied", "invalid"]


def chain(*scripts: list[Any]) -> tuple[Chain, list[Scripted], Hands]:
    models, clock = [Scripted(name, script) for name, script in zip("abc", scripts, strict=False)], Hands()
    return Chain(models, clock), models, clock


def test_a_chain_keeps_the_obligations_of_the_port() -> None:
    check_language_model(chain(["unavailable"], [None])[0])


@pytest.mark.parametrize("kind", FAILURES)
def test_the_next_model_takes_over_and_the_answer_is_charged_with_what_failed(kind: FailureKind) -> None:
    both, (first, second), _ = chain([kind], [None])
    usage = both.complete(PROMPT).usage
    assert (first.asked, second.asked) == (1, 1)
    assert (usage.model, usage.tokens_in, usage.tokens_out, usage.cached, usage.took_ms) == ("b", 200, 20, 100, 10.0)


def test_a_cancelled_call_is_nobody_elses() -> None:
    cancel = Event()
    cancel.set()
    both, (first, second), _ = chain([None], [None])
    with pytest.raises(ModelError, match="a failed"):
        both.complete(PROMPT, cancel=cancel)
    assert (first.asked, second.asked) == (1, 0)


@pytest.mark.parametrize("kind", FAILURES[:-1])
def test_who_failed_is_left_alone_until_its_rest_is_over_and_longer_each_time(kind: FailureKind) -> None:
    both, (first, _), clock = chain([kind], [None])
    both.complete(PROMPT)
    for rest in (FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST):
        asked = first.asked
        clock.now += rest - 1
        both.complete(PROMPT)
        assert first.asked == asked
        clock.now += 1
        both.complete(PROMPT)
        assert first.asked == asked + 1


def test_no_rest_is_longer_than_the_longest() -> None:
    both, (first, _), clock = chain(["timeout"], [None])
    for _ in range(20):
        both.complete(PROMPT)
        clock.now += LONGEST_REST
    assert first.asked == 20


def test_while_one_request_tries_it_the_others_go_elsewhere() -> None:
    both, (first, second), clock = chain(["timeout", None], [None])
    both.complete(PROMPT)
    clock.now += FIRST_REST
    first_try = both._in_order()
    assert [link.model.name for link in first_try] == ["a", "b"]
    assert [link.model.name for link in both._in_order()] == ["b"]
    both.complete(PROMPT)
    assert (first.asked, second.asked) == (1, 2)


def test_who_answers_again_is_trusted_again() -> None:
    both, (first, _), clock = chain(["timeout", None], [None])
    both.complete(PROMPT)
    clock.now += FIRST_REST
    assert [both.complete(PROMPT).usage.model for _ in range(3)] == ["a", "a", "a"]
    assert first.asked == 4


def test_who_answers_nonsense_is_asked_again_next_time() -> None:
    both, (first, _), _ = chain(["invalid"], [None])
    both.complete(PROMPT)
    both.complete(PROMPT)
    assert first.asked == 2


def test_when_all_rest_one_is_asked_all_the_same() -> None:
    both, (first, second), clock = chain(["timeout"], ["unavailable"])
    with pytest.raises(ModelError, match=r"no model answered\. a: a failed b: b failed") as raised:
        both.complete(PROMPT)
    assert (raised.value.kind, raised.value.usage.tokens_in) == ("unavailable", 200)
    clock.now += 1
    with pytest.raises(ModelError, match="a failed"):
        both.complete(PROMPT)
    assert (first.asked, second.asked) == (2, 1)


def test_a_model_that_hangs_leaves_the_next_its_part_of_the_time() -> None:
    with running(fall_silent) as down, running(say("{}")) as up:
        environ = {"PROACTIVE_LLM_URL": down.url, "PROACTIVE_LLM_URL_LAB": up.url, "PROACTIVE_LLM_TIMEOUT": "10"}
        model = load_model("openai:small, openai@lab:small", load(environ))
        assert model.complete(PROMPT).usage.model == "openai@lab:small"
        model.complete(PROMPT)
    assert (len(down.asked), len(up.asked)) == (1, 2), "the one that hangs is left alone"


# --- from settings ----------------------------------------------------------------------------------------------


def test_a_setting_with_a_comma_is_a_chain_each_at_its_own_server_with_its_own_key() -> None:
    other = "sk-other"
    with running(refuse(401)) as down, running(say("{}")) as up:
        environ = {"PROACTIVE_LLM_URL": down.url, "PROACTIVE_LLM_KEY": KEY}
        environ |= {"PROACTIVE_LLM_URL_LAB": up.url, "PROACTIVE_LLM_KEY_LAB": other}
        model = load_model("openai:small, openai@lab:small", load(environ))
        completion = model.complete(PROMPT)
    assert model.name == "openai:small, openai@lab:small"
    assert completion.usage.model == "openai@lab:small"
    assert [asked.headers["authorization"] for asked in (*down.asked, *up.asked)] == [
        f"Bearer {KEY}",
        f"Bearer {other}",
    ]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("opnai:x", "Did you mean 'openai'"),
        ("openai:", "expected openai:NAME"),
        ("openai:x", "Set PROACTIVE_LLM_URL"),
        ("openai@lab:x", "Set PROACTIVE_LLM_URL_LAB"),
        (" , ", "expected provider:model"),
        ("bedrock:", "expected bedrock:MODEL_ID"),
        ("llama:/nowhere.gguf", "found no file '/nowhere.gguf'"),
    ],
)
def test_a_setting_that_is_not_enough_says_what_is_missing(setting: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        load_model(setting, load({}))
