"""`openai:` against a server on loopback that speaks the real wire shapes, and fails in every way a server can."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest

from proactive.language.backends.openai import OpenAIModel
from proactive.language.backends.patience import Patience
from proactive.language.model import Message, ModelError, Prompt, check_language_model
from rules.problem import InputError
from tests.proactive.language.backends.double import (
    KEY,
    Act,
    Double,
    Handler,
    cancelling,
    chunks,
    closed_port,
    cut_short,
    fall_silent,
    hang_up,
    ping,
    refuse,
    running,
    say,
    send,
    stream,
    taking,
    trickle,
)

SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["answer"],
    "additionalProperties": False,
}
PROMPT = Prompt((Message("system", "Be brief."),), (Message("user", "Is water wet?"),), SCHEMA)
YES = {"answer": "yes"}
QUICK = Patience(seconds=60, connect=30, first_pause=0.001, longest_pause=0.002)


@contextmanager
def served(*acts: Act, patience: Patience = QUICK) -> Iterator[tuple[OpenAIModel, Double]]:
    with running(*acts) as double:
        model = OpenAIModel("small", double.url, KEY, patience)
        try:
            yield model, double
        finally:
            model.close()


def failure(model: OpenAIModel, **arguments: Any) -> ModelError:
    with pytest.raises(ModelError) as raised:
        model.complete(PROMPT, **arguments)
    assert KEY not in str(raised.value)
    assert raised.value.usage.model == "openai:small"
    return raised.value


# --- what is asked, what is answered ----------------------------------------------------------------------------


def test_the_backend_keeps_the_obligations_of_the_port() -> None:
    with served(say(YES)) as (model, _):
        check_language_model(model)


def test_an_answer_comes_with_what_it_used() -> None:
    with served(say(YES)) as (model, _):
        usage = model.complete(PROMPT).usage
    assert replace(usage, took_ms=0.0) == replace(usage, model="openai:small", took_ms=0.0)
    assert (usage.tokens_in, usage.cached, usage.tokens_out, usage.reasoning) == (120, 100, 7, 3)
    assert usage.took_ms > 0 and usage.cost is None


def test_the_prefix_is_sent_first_and_byte_for_byte() -> None:
    prefix = (Message("system", "House: “Ñandú”\n\t. "), Message("user", "a"), Message("assistant", "{}"))
    with served(say(YES)) as (model, double):
        for words in ("one", "another, longer"):
            model.complete(Prompt(prefix, (Message("user", words),), SCHEMA))
    first, second = (asked.raw for asked in double.asked)
    same = next(i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b)
    assert json.loads(first)["messages"][:3] == [{"role": m.role, "content": m.text} for m in prefix]
    assert b'"one"' in first[same - 1 : same + 4]


def test_the_schema_is_asked_for_strictly_and_the_key_goes_into_one_header() -> None:
    with served(say(YES)) as (model, double):
        model.complete(PROMPT)
    [asked] = double.asked
    assert asked.body["response_format"]["json_schema"] == {"name": "answer", "strict": True, "schema": SCHEMA}
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert KEY.encode() not in asked.raw and KEY not in repr(model) and KEY not in model.name
    assert (asked.path, asked.body["temperature"], "reasoning_effort" in asked.body) == (
        "/v1/chat/completions",
        0,
        False,
    )


@pytest.mark.parametrize(("thinking", "effort"), [(500, "low"), (4000, "medium"), (20000, "high")])
def test_thoughts_are_asked_for_and_shown_only_with_a_budget(thinking: int, effort: str) -> None:
    with served(say(YES, reasoning_content="It is a liquid.")) as (model, double):
        assert model.complete(PROMPT).reasoning == ""
        assert model.complete(replace(PROMPT, thinking=thinking)).reasoning == "It is a liquid."
    assert double.asked[1].body["reasoning_effort"] == effort
    assert double.asked[1].body["max_tokens"] == PROMPT.max_tokens + thinking


def test_who_listens_hears_the_answer_as_it_streams() -> None:
    heard: list[str] = []
    with served(stream(b": hello\n\n", *chunks('{"answer": "yes"}'))) as (model, double):
        completion = model.complete(PROMPT, on_text=heard.append)
    assert (completion.value, "".join(heard), completion.usage.cached) == (YES, '{"answer": "yes"}', 100)
    assert len(heard) == 4
    assert double.asked[0].body["stream_options"] == {"include_usage": True}


def test_a_stream_may_be_cut_anywhere_between_bytes() -> None:
    words = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}
    text = '{"answer": "dos \u2028 Ñandúes 🐦"}'
    whole = b"".join(chunks(text)).replace(b"\n\n", b"\r\n\r\n")
    with served(stream(*(whole[i : i + 1] for i in range(len(whole))))) as (model, _):
        completion = model.complete(replace(PROMPT, schema=words), on_text=lambda _: None)
    assert completion.value == json.loads(text)


def test_half_a_surrogate_pair_is_sent_as_a_question_mark() -> None:
    with served(say(YES)) as (model, double):
        model.complete(replace(PROMPT, turn=(Message("user", "caf\udce9"),)))
    assert double.asked[0].body["messages"][-1]["content"] == "caf?"


@pytest.mark.parametrize(
    "reply",
    [
        {"choices": [{"message": {"content": '{"answer":"yes"}', "reasoning": None}, "finish_reason": None}]},
        {"choices": [{"message": {"content": '```json\n{"answer":"yes"}\n```'}}], "usage": None, "error": None},
        {
            "choices": [{"message": {"content": '<think>{"a":1}</think> {"answer":"yes"} Done.'}}],
            "timings": {"cache_n": 5},
        },
    ],
)
def test_what_servers_leave_out_or_add_is_no_matter(reply: dict[str, Any]) -> None:
    with served(send(json.dumps(reply).encode())) as (model, _):
        assert model.complete(PROMPT).value == YES


# --- servers that take less -------------------------------------------------------------------------------------


def no_schema(body: dict[str, Any]) -> str | None:
    kind = body.get("response_format", {}).get("type")
    return "'response_format.type' must be 'json_object'" if kind == "json_schema" else None


def no_format(body: dict[str, Any]) -> str | None:
    return "response_format is not supported" if "response_format" in body else None


@pytest.mark.parametrize(("allowed", "tries", "format"), [(no_schema, 2, "json_object"), (no_format, 3, "plain")])
def test_a_server_without_schemas_is_told_of_it_in_the_prompt_from_then_on(
    allowed: Any, tries: int, format: str
) -> None:
    with served(taking(allowed, say(YES))) as (model, double):
        assert [model.complete(PROMPT).value for _ in range(2)] == [YES, YES]
    assert len(double.asked) == tries + 1
    assert model.dialect.format == format
    messages = double.asked[-1].body["messages"]
    assert messages[0] == {"role": "system", "content": "Be brief."}
    assert messages[-1]["content"].startswith("Is water wet?\n\n") and '"enum":["yes","no"]' in messages[-1]["content"]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        ("temperature", "Unsupported value: 'temperature' does not support 0 with this model."),
        ("stream_options", "Extra inputs are not permitted: stream_options"),
        ("chat_template_kwargs", "Extra inputs are not permitted: chat_template_kwargs"),
        ("reasoning_effort", "Unrecognized request argument supplied: reasoning_effort"),
    ],
)
def test_what_a_server_refuses_by_name_is_left_out_from_then_on(key: str, message: str) -> None:
    act = taking(lambda body: message if key in body else None, stream(*chunks('{"answer": "yes"}')))
    asking = replace(PROMPT, thinking=100)
    with served(act) as (model, double):
        assert [model.complete(asking, on_text=lambda _: None).value for _ in range(2)] == [YES, YES]
    assert len(double.asked) == 3


def test_a_server_that_does_not_hold_the_model_to_the_schema_is_told_of_it_once() -> None:
    with served(say("Yes, it is."), say(YES)) as (model, double):
        completion = model.complete(PROMPT)
        model.complete(PROMPT)
    assert (completion.value, completion.usage.tokens_in, completion.usage.model) == (YES, 240, "openai:small")
    assert ["JSON schema" in asked.body["messages"][-1]["content"] for asked in double.asked] == [False, True, True]


def test_a_refusal_that_names_nothing_known_is_passed_on() -> None:
    with served(refuse(400, "the request exceeds the available context size")) as (model, double):
        error = failure(model)
    assert (error.kind, len(double.asked)) == ("invalid", 1)
    assert "context size" in str(error)


# --- everything that goes wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "kind", "words", "tries"),
    [
        (refuse(401, f"Incorrect API key: {KEY}"), "denied", "Check PROACTIVE_LLM_KEY", 1),
        (refuse(403), "denied", "403", 1),
        (refuse(404, "model 'small' not found"), "unavailable", "not found Check PROACTIVE_LLM_URL", 1),
        (refuse(429), "throttled", "429", 3),
        (refuse(500), "unavailable", "500", 3),
        (refuse(503, "Loading model"), "unavailable", "Loading model", 3),
        (send(b"<html>Bad gateway</html>", 502, "text/html"), "unavailable", "Bad gateway", 3),
        (refuse(302, Location="http://elsewhere"), "unavailable", "302", 1),
        (hang_up, "unavailable", "cannot be reached", 3),
        (cut_short, "unavailable", "cannot be reached", 3),
        (send(b"hello"), "unavailable", "expected a chat completion, found 'hello'", 1),
        (send(b"\xff\xfe"), "unavailable", "expected a chat completion", 1),
        (send(b"{}"), "invalid", "empty answer", 1),
        (say(None, finish="length"), "invalid", "cut off at 600 tokens", 1),
        (say('{"answer": "y', finish="length"), "invalid", "cut off at 600 tokens", 1),
        (say("", finish="content_filter"), "invalid", "content filter", 1),
        (say(None, refusal="I cannot help."), "invalid", "declined: I cannot help", 1),
        (say("certainly!"), "invalid", "expected JSON, found 'certainly!'", 2),
        (say({"answer": "perhaps"}), "invalid", "does not fit the schema at answer: 'perhaps'", 2),
        (say([1]), "invalid", "does not fit the schema", 2),
        (say("{" * 5000), "invalid", "expected JSON", 2),
        (say("x" * 1_100_000), "invalid", "more than 1 MB", 1),
        (send(b" " * 2_200_000), "invalid", "more than 2 MB", 1),
        (send(b'{"error": "model crashed"}'), "unavailable", "model crashed", 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_failure_says_its_kind_and_is_tried_again_only_where_it_may_pass(
    act: Act, kind: str, words: str, tries: int
) -> None:
    with served(act) as (model, double):
        error = failure(model)
    assert (error.kind, len(double.asked)) == (kind, tries), str(error)
    assert words in str(error)


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (stream(*chunks('{"answer": "yes"}')[:3]), "unavailable"),
        (stream(*chunks('{"answer": "yes"}')[:3], then=hang_up), "unavailable"),
        (stream(chunks("{}")[1], b'data: {"error": {"message": "slot lost"}}\n\n'), "unavailable"),
        (stream(b"data: {nonsense\n\n"), "unavailable"),
        (stream(b"data: " + b"x" * 1_100_000), "invalid"),
        (stream(b"data: [DONE]\n\n"), "invalid"),
        (stream(*chunks("no JSON")), "invalid"),
    ],
)
def test_a_broken_stream_is_a_failure_and_is_not_begun_again(act: Act, kind: str) -> None:
    with served(act) as (model, double):
        error = failure(model, on_text=lambda _: None)
    assert (error.kind, len(double.asked)) == (kind, 1), str(error)


def test_what_failed_is_charged_all_the_same() -> None:
    with served(say({"answer": "perhaps"}), refuse(401)) as (model, _):
        usage = failure(model).usage
    assert (usage.tokens_in, usage.tokens_out) == (120, 7) and usage.took_ms > 0


def test_a_passing_failure_passes() -> None:
    with served(refuse(503), refuse(429, Retry_After="0"), say(YES)) as (model, double):
        assert model.complete(PROMPT).value == YES
    assert len(double.asked) == 3


def test_a_server_that_wants_to_be_left_alone_for_longer_than_there_is_time_is_left_alone() -> None:
    with served(refuse(429, Retry_After="300")) as (model, double):
        assert failure(model).kind == "throttled"
    assert len(double.asked) == 1


def test_nobody_at_the_address_is_unavailable() -> None:
    model = OpenAIModel("small", f"http://127.0.0.1:{closed_port()}/v1", KEY, QUICK)
    assert failure(model).kind == "unavailable"
    with pytest.raises(ModelError, match="cannot be reached"):
        model.probe()


@pytest.mark.parametrize(("act", "on_text"), [(fall_silent, None), (trickle, None), (ping, print)])
def test_a_call_ends_when_its_time_is_up_and_hangs_up(act: Act, on_text: Any) -> None:
    with served(act, patience=replace(QUICK, seconds=0.25)) as (model, double):
        started = monotonic()
        assert failure(model, on_text=on_text).kind == "timeout"
        assert monotonic() - started < 20
        assert double.gone.wait(20)


@pytest.mark.parametrize("act", [fall_silent, trickle])
def test_a_cancelled_call_ends_at_once_and_hangs_up(act: Act) -> None:
    cancel = Event()
    with served(cancelling(cancel, act)) as (model, double):
        started = monotonic()
        assert failure(model, cancel=cancel).kind == "cancelled"
        assert monotonic() - started < 20
        assert double.gone.wait(20)


def test_a_call_that_waits_to_try_again_can_be_cancelled() -> None:
    cancel = Event()
    with served(cancelling(cancel, refuse(503, Retry_After="40"))) as (model, _):
        started = monotonic()
        assert failure(model, cancel=cancel).kind == "cancelled"
        assert monotonic() - started < 20


def test_many_threads_may_ask_at_once_and_each_hears_its_own_answer() -> None:
    def echo(handler: Handler) -> None:
        said = json.loads(handler.raw)["messages"][-1]["content"]
        stream(*chunks(json.dumps({"answer": said})))(handler)

    def ask(word: str) -> tuple[Any, str]:
        heard: list[str] = []
        completion = model.complete(replace(words, turn=(Message("user", word),)), on_text=heard.append)
        return completion.value, "".join(heard)

    schema = {"type": "object", "properties": {"answer": {"type": "string"}}}
    words = replace(PROMPT, schema=schema)
    with served(echo) as (model, _), ThreadPoolExecutor(8) as pool:
        for number, (value, heard) in enumerate(pool.map(ask, map(str, range(40)))):
            assert value == json.loads(heard) == {"answer": str(number)}


def test_what_a_listener_raises_ends_the_call() -> None:
    def listener(text: str) -> None:
        raise LookupError(text)

    with served(stream(*chunks('{"answer": "yes"}'), then=fall_silent)) as (model, double):
        with pytest.raises(LookupError):
            model.complete(PROMPT, on_text=listener)
        assert double.gone.wait(20)


def test_the_server_is_asked_whether_it_answers() -> None:
    with served(send(b'{"data": []}'), refuse(401)) as (model, double):
        assert model.probe() == f"{double.url} answers (200)"
        with pytest.raises(ModelError, match="Check PROACTIVE_LLM_KEY"):
            model.probe()
    assert double.asked[0].path == "/v1/models"


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://host/v1", "http://", "http://[::1", "http://host:port/"])
def test_an_address_that_is_none_is_said_at_once(url: str) -> None:
    with pytest.raises(InputError, match="expected an address such as"):
        OpenAIModel("small", url)


def test_a_key_that_is_none_is_said_at_once_and_not_shown() -> None:
    with pytest.raises(InputError, match="PROACTIVE_LLM_KEY") as raised:
        OpenAIModel("small", key="hunter2\n")
    assert "hunter2" not in str(raised.value)


def test_a_password_in_the_address_is_never_shown() -> None:
    model = OpenAIModel("small", f"http://sam:hunter2@127.0.0.1:{closed_port()}/v1", None, QUICK)
    assert "hunter2" not in repr(model) + str(failure(model))


def test_a_process_that_ends_waits_for_no_model() -> None:
    code = "import sys\nfrom threading import Thread\nfrom time import sleep\n"
    code += "from tests.proactive.language.backends.test_openai import PROMPT, OpenAIModel\n"
    code += "model = OpenAIModel('small', sys.argv[1])\nThread(target=model.complete, args=(PROMPT,), daemon=True).start()\n"
    code += "print('asked', file=sys.stderr)\nsys.stdin.read()"
    with running(fall_silent) as double:
        own = [sys.executable, "-c", code, double.url]
        with subprocess.Popen(own, stdin=subprocess.PIPE, cwd=Path(__file__).parents[4]) as process:
            while not double.asked:
                assert process.poll() is None
            process.communicate(timeout=10)
        assert process.returncode == 0
