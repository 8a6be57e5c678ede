"""`bedrock:` with the real boto3, against a server on loopback that speaks Converse and AWS's event stream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest

from proactive.language.backends.bedrock import BedrockModel, load
from proactive.language.backends.patience import Patience
from proactive.language.model import Message, ModelError, Prompt, check_language_model
from proactive.settings import load as load_settings
from rules.problem import InputError
from tests.proactive.language.backends.bedrock_double import frame, frames, refuse, reply, stream, thoughts, tool
from tests.proactive.language.backends.double import (
    Act,
    Double,
    Handler,
    cancelling,
    closed_port,
    cut_short,
    fall_silent,
    hang_up,
    running,
    send,
)

pytest.importorskip("boto3", reason="boto3 is not installed: pip install 'proactive[aws]'")

SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["answer"],
    "additionalProperties": False,
}
PROMPT = Prompt((Message("system", "Be brief."),), (Message("user", "Is water wet?"),), SCHEMA)
YES = {"answer": "yes"}
SECRET = "hunter2hunter2hunter2"
QUICK = Patience(seconds=60, connect=30, first_pause=0.001, longest_pause=0.002)


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@contextmanager
def served(*acts: Act, patience: Patience = QUICK) -> Iterator[tuple[BedrockModel, Double]]:
    with running(*acts) as double:
        yield model_at(double.port, patience), double


def model_at(port: int, patience: Patience = QUICK) -> BedrockModel:
    return BedrockModel("some.model-v1:0", "eu-central-1", f"http://127.0.0.1:{port}", patience)


def failure(model: BedrockModel, **arguments: Any) -> ModelError:
    with pytest.raises(ModelError) as raised:
        model.complete(PROMPT, **arguments)
    assert SECRET not in str(raised.value)
    assert raised.value.usage.model == "bedrock:some.model-v1:0"
    return raised.value


# --- what is asked, what is answered ----------------------------------------------------------------------------


def test_the_backend_keeps_the_obligations_of_the_port() -> None:
    with served(reply(tool(YES))) as (model, _):
        check_language_model(model)


def test_the_model_is_made_to_call_a_tool_with_the_schema_and_the_prefix_is_cached() -> None:
    examples = (Message("user", "Is fire cold?"), Message("assistant", '{"answer":"no"}'))
    prompt = replace(PROMPT, prefix=(*PROMPT.prefix, *examples))
    with served(reply(tool(YES))) as (model, double):
        completion = model.complete(prompt)
    [asked] = double.asked
    assert asked.path == "/model/some.model-v1%3A0/converse"
    assert asked.body["system"] == [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}]
    assert asked.body["messages"] == [
        {"role": "user", "content": [{"text": "Is fire cold?"}]},
        {"role": "assistant", "content": [{"text": '{"answer":"no"}'}, {"cachePoint": {"type": "default"}}]},
        {"role": "user", "content": [{"text": "Is water wet?"}]},
    ]
    config = asked.body["toolConfig"]
    assert config["toolChoice"] == {"tool": {"name": "answer"}}
    assert config["tools"][0]["toolSpec"]["inputSchema"] == {"json": SCHEMA}
    assert asked.body["inferenceConfig"] == {"maxTokens": 600, "temperature": 0.0}
    usage = completion.usage
    assert (usage.tokens_in, usage.cached, usage.written, usage.tokens_out) == (120, 90, 10, 7)
    assert (completion.value, usage.model, usage.cost) == (YES, "bedrock:some.model-v1:0", None)


def test_thoughts_are_asked_for_and_shown_only_with_a_budget_and_the_tool_is_offered_then() -> None:
    with served(reply(thoughts("It is a liquid."), tool(YES))) as (model, double):
        assert model.complete(PROMPT).reasoning == ""
        assert model.complete(replace(PROMPT, thinking=2000)).reasoning == "It is a liquid."
    first, second = (asked.body for asked in double.asked)
    assert "additionalModelRequestFields" not in first
    assert second["additionalModelRequestFields"] == {"thinking": {"type": "enabled", "budget_tokens": 2000}}
    assert (second["inferenceConfig"], second["toolConfig"]["toolChoice"]) == ({"maxTokens": 2600}, {"auto": {}})


def test_who_listens_hears_the_answer_as_it_streams() -> None:
    heard: list[str] = []
    chatter = frame("contentBlockDelta", {"delta": {"text": "Let me see."}, "contentBlockIndex": 0})
    with served(stream(chatter, *frames('{"answer": "yes"}'))) as (model, double):
        completion = model.complete(PROMPT, on_text=heard.append)
    assert (completion.value, "".join(heard), completion.usage.cached) == (YES, '{"answer": "yes"}', 90)
    assert double.asked[0].path.endswith("/converse-stream")


def test_a_model_that_answers_in_text_where_no_tool_is_forced_is_understood() -> None:
    with served(reply({"text": 'Here: {"answer": "yes"}'}, stop="end_turn")) as (model, _):
        assert model.complete(replace(PROMPT, thinking=1)).value == YES


def test_a_schema_that_is_no_object_at_its_root_is_wrapped() -> None:
    either = {"oneOf": [SCHEMA, {"type": "null"}], "discriminator": {"propertyName": "answer"}}
    with served(reply(tool({"answer": YES}))) as (model, double):
        assert model.complete(replace(PROMPT, schema=either)).value == YES
    sent = double.asked[0].body["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]
    assert sent["properties"]["answer"] == {"anyOf": [SCHEMA, {"type": "null"}]}


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("cachePoint", "You invoked an unsupported model or your request did not allow prompt caching."),
        ("toolChoice", "This model doesn't support the toolConfig.toolChoice.tool field. Remove it and try again."),
        ("toolConfig", "This model doesn't support tool use."),
        ("temperature", "`temperature` is deprecated for this model."),
        ("additionalModelRequestFields", "Malformed input request: extraneous key [thinking] is not permitted"),
    ],
)
def test_what_a_model_refuses_by_name_is_left_out_from_then_on(key: str, message: str) -> None:
    def act(handler: Handler) -> None:
        body = handler.double.asked[-1].body
        forced = "tool" in body.get("toolConfig", {}).get("toolChoice", {})
        refused = forced if key == "toolChoice" else key in json.dumps(body)
        (refuse("ValidationException", 400, message) if refused else reply({"text": json.dumps(YES)}))(handler)

    asking = replace(PROMPT, thinking=1 if key.startswith("additional") else 0)
    with served(act) as (model, double):
        assert [model.complete(asking).value for _ in range(2)] == [YES, YES]
    assert len(double.asked) <= 4


def test_a_model_that_cannot_stream_answers_whole() -> None:
    def act(handler: Handler) -> None:
        streaming = handler.double.asked[-1].path.endswith("stream")
        answer = reply(tool(YES))
        (refuse("ValidationException", 400, "The model is unsupported for streaming") if streaming else answer)(handler)

    with served(act) as (model, _):
        assert model.complete(PROMPT, cancel=Event()).value == YES


# --- everything that goes wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "kind", "words", "tries"),
    [
        (refuse("ThrottlingException", 429, "Too many tokens"), "throttled", "Too many tokens", 3),
        (refuse("ModelTimeoutException", 408), "timeout", "ModelTimeoutException", 3),
        (refuse("ServiceUnavailableException", 503), "unavailable", "ServiceUnavailable", 3),
        (refuse("InternalServerException", 500), "unavailable", "InternalServer", 3),
        (refuse("AccessDeniedException", 403), "denied", "Check the AWS credentials", 1),
        (refuse("UnrecognizedClientException", 403), "denied", "Check the AWS credentials", 1),
        (refuse("ExpiredTokenException", 403), "denied", "Check the AWS credentials", 1),
        (refuse("ResourceNotFoundException", 404), "unavailable", "the region", 1),
        (refuse("ValidationException", 400, "Input is too long"), "invalid", "Input is too long", 1),
        (send(b"<html>", 502, "text/html"), "unavailable", "502", 3),
        (hang_up, "unavailable", "cannot be reached", 3),
        (cut_short, "unavailable", "expected a reply of Converse", 3),
        (send(b"hello"), "unavailable", "expected a reply of Converse", 3),
        (send(b"{}"), "unavailable", "expected a reply of Converse", 3),
        (reply(stop="end_turn"), "invalid", "found nothing", 1),
        (reply(tool({"answer": "perhaps"})), "invalid", "does not fit the schema at answer", 1),
        (reply(tool(None)), "invalid", "does not fit the schema", 1),
        (reply({"text": "Certainly!"}, stop="end_turn"), "invalid", "expected JSON, found 'Certainly!'", 1),
        (reply(tool({}), stop="max_tokens"), "invalid", "cut off at 600 tokens", 1),
        (reply({"text": "no"}, stop="guardrail_intervened"), "invalid", "content filter", 1),
        (reply(stop="malformed_tool_use"), "invalid", "malformed_tool_use", 1),
        (reply(tool({"answer": "x" * 1_100_000})), "invalid", "more than 1 MB", 1),
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


THROTTLED = frame("throttlingException", {"message": "slow down"}, message="exception")
BEGUN = frames('{"answer": "yes"}')[:4]


@pytest.mark.parametrize(
    ("act", "kind", "tries"),
    [
        (stream(*BEGUN), "unavailable", 1),
        (stream(*BEGUN, then=hang_up), "unavailable", 1),
        (stream(*BEGUN, b"\x00\x00\x01\x00 no frame at all, but long enough for a prelude"), "unavailable", 1),
        (stream(*BEGUN, THROTTLED), "throttled", 1),
        (stream(THROTTLED), "throttled", 3),
        (stream(frame("validationException", {"message": "too long"}, message="exception")), "invalid", 1),
        (stream(*frames("{nonsense")), "invalid", 1),
    ],
)
def test_a_broken_stream_is_a_failure_and_is_not_begun_again(act: Act, kind: str, tries: int) -> None:
    with served(act) as (model, double):
        error = failure(model, on_text=lambda _: None)
    assert (error.kind, len(double.asked)) == (kind, tries), str(error)


def test_a_passing_failure_passes_and_nobody_else_tries_again() -> None:
    with served(refuse("ThrottlingException", 429), reply(tool(YES))) as (model, double):
        assert model.complete(PROMPT).value == YES
    assert len(double.asked) == 2


def test_what_failed_is_charged_all_the_same() -> None:
    with served(reply(tool({"answer": "perhaps"}))) as (model, _):
        usage = failure(model).usage
    assert (usage.tokens_in, usage.tokens_out) == (120, 7) and usage.took_ms > 0


def test_nobody_at_the_endpoint_is_unavailable() -> None:
    assert failure(model_at(closed_port())).kind == "unavailable"


def test_a_call_ends_when_its_time_is_up() -> None:
    with served(fall_silent, patience=replace(QUICK, seconds=0.3)) as (model, _):
        started = monotonic()
        assert failure(model).kind == "timeout"
        assert monotonic() - started < 20


def drip(handler: Handler) -> None:
    while not handler.double.ending.wait(0.02):
        handler.piece(BEGUN[-1])


@pytest.mark.parametrize("act", [fall_silent, stream(*BEGUN, then=drip)])
def test_a_cancelled_call_ends_at_once_and_leaves_its_stream(act: Act) -> None:
    cancel = Event()
    with served(cancelling(cancel, act)) as (model, double):
        model._bedrock()  # making the client takes a while
        started = monotonic()
        assert failure(model, cancel=cancel).kind == "cancelled"
        assert monotonic() - started < 20
        assert act is fall_silent or double.gone.wait(20)


def test_missing_credentials_are_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    model = model_at(closed_port())
    error = failure(model)
    assert error.kind == "denied" and "Set AWS_PROFILE" in str(error)
    with pytest.raises(ModelError, match="no AWS credentials"):
        model.probe()


def test_where_the_model_is_and_by_whose_credentials_can_be_asked() -> None:
    model = model_at(9)
    assert model.probe().startswith("http://127.0.0.1:9, credentials by env")
    assert SECRET not in f"{model!r} {model.probe()}"


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_the_region_is_found_under_either_name(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.setenv(variable, "eu-west-3")
    assert "bedrock-runtime.eu-west-3" in BedrockModel("some.model-v1:0").probe()


def test_a_missing_region_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    error = failure(BedrockModel("some.model-v1:0"))
    assert error.kind == "denied" and "Set AWS_DEFAULT_REGION" in str(error)


def test_the_setting_names_a_model() -> None:
    assert load("some.model-v1:0", load_settings({}, None)).name == "bedrock:some.model-v1:0"
    with pytest.raises(InputError, match="expected bedrock:MODEL_ID"):
        load("", load_settings({}, None))
