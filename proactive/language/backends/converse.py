"""How Bedrock's Converse is asked, and what it says: plain values in and out, no network.

The answer is the input of a tool that the model is made to call, so that the schema holds for every model family. A cache point
closes the prefix. What a model family does not know (cache points, forced tools, streams, temperature, thoughts) is left out once
it complains, as in `dialect`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, Literal

import msgspec

from proactive.language.backends.heard import End, Heard, sendable
from proactive.language.backends.patience import Passing
from proactive.language.backends.schema import Shape
from proactive.language.model import Message, ModelError, Prompt, Usage

Json = Mapping[str, Any]

_CACHE_POINT = {"cachePoint": {"type": "default"}}
_LEAST_THINKING = 1024  # tokens; Claude takes no smaller budget
_ENDS: dict[str, End] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "guardrail_intervened": "filter",
    "content_filtered": "filter",
}


@dataclass(frozen=True, slots=True)
class Manners:
    """What a model takes. `tool`: it must call the tool, may call it, or knows no tools and is told the schema."""

    cache: bool = True
    tool: Literal["forced", "offered", "none"] = "forced"
    stream: bool = True
    temperature: bool = True
    thinking: bool = True

    def request(self, model: str, prompt: Prompt, shape: Shape) -> dict[str, Any]:
        """Return the arguments of `converse` and `converse_stream`."""
        if not (prompt.thinking and self.thinking):
            return self.plain_request(model, prompt, shape, prompt.max_tokens)
        budget = max(prompt.thinking, _LEAST_THINKING)
        # Claude neither thinks while a tool is forced, nor at a temperature.
        free = replace(self, tool="offered" if self.tool == "forced" else self.tool, temperature=False)
        thoughts = {"thinking": {"type": "enabled", "budget_tokens": budget}}
        return free.plain_request(model, prompt, shape, prompt.max_tokens + budget) | {
            "additionalModelRequestFields": thoughts
        }

    def plain_request(self, model: str, prompt: Prompt, shape: Shape, limit: int) -> dict[str, Any]:
        """Return the arguments without thoughts, for so many tokens out."""
        limits = {"maxTokens": limit} | ({"temperature": 0.0} if self.temperature else {})
        request: dict[str, Any] = {
            "modelId": model,
            "messages": self._messages(prompt, shape),
            "inferenceConfig": limits,
            "system": self._system(prompt),
            "toolConfig": self._tools(prompt.name, shape) if self.tool != "none" else None,
        }
        return {key: value for key, value in request.items() if value}

    def without(self, complaint: str) -> Manners | None:
        """Return how to ask after a complaint, or None where it is about nothing that can be left out."""
        for pattern, change in _COMPLAINTS:
            changed = replace(self, **change)
            if changed != self and pattern.search(complaint):
                return changed
        if self.tool == "forced" and re.search(r"tool_?\s?choice", complaint, re.IGNORECASE):
            return replace(self, tool="offered")
        if self.tool != "none" and re.search(r"\btool", complaint, re.IGNORECASE):
            return replace(self, tool="none")
        return None

    def _system(self, prompt: Prompt) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = [_text(m) for m in prompt.prefix if m.role == "system" and m.text.strip()]
        return [*blocks, _CACHE_POINT] if blocks and self.cache else blocks

    def _messages(self, prompt: Prompt, shape: Shape) -> list[dict[str, Any]]:
        """Return the messages, each role in turn: several of one role become blocks of one message."""
        before = [m for m in prompt.prefix if m.role != "system" and m.text.strip()]
        turn = [m for m in prompt.turn if m.text.strip()]
        blocks = [(m.role, _text(m)) for m in before]
        if blocks and self.cache:
            blocks.append((before[-1].role, _CACHE_POINT))
        # A system message in the turn would change the prefix: it goes where it was said, as the user's.
        blocks += [("assistant" if m.role == "assistant" else "user", _text(m)) for m in turn]
        if self.tool != "forced":
            blocks.append(("user", {"text": self._instruction(prompt.name, shape)}))
        together = groupby(blocks, key=lambda block: block[0])
        return [{"role": role, "content": [block for _, block in some]} for role, some in together]

    def _instruction(self, name: str, shape: Shape) -> str:
        return (
            shape.instruction if self.tool == "none" else f"Answer by calling the tool {name}, and with nothing else."
        )

    def _tools(self, name: str, shape: Shape) -> dict[str, Any]:
        spec = {"name": name, "description": "Give the answer.", "inputSchema": {"json": shape.sent}}
        choice: dict[str, Any] = {"tool": {"name": name}} if self.tool == "forced" else {"auto": {}}
        return {"tools": [{"toolSpec": spec}], "toolChoice": choice}


_COMPLAINTS: tuple[tuple[re.Pattern[str], Mapping[str, Any]], ...] = (
    (re.compile(r"cach(e|ing)", re.IGNORECASE), {"cache": False}),
    (re.compile(r"stream", re.IGNORECASE), {"stream": False}),
    (re.compile(r"temperature", re.IGNORECASE), {"temperature": False}),
    (re.compile(r"thinking|reasoning", re.IGNORECASE), {"thinking": False}),
)


def _text(message: Message) -> dict[str, Any]:
    return {"text": sendable(message.text)}


# --- what it says -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Spoken:
    """A reply as it comes: the tool's input is the answer; text beside it counts only where no tool was called."""

    heard: Heard = field(default_factory=Heard)
    called: bool = False

    def take_reply(self, reply: Json) -> None:
        """Take in a whole reply."""
        for block in reply.get("output", {}).get("message", {}).get("content", ()):
            if "toolUse" in block:
                self._call()
                self.heard.add(msgspec.json.encode(block["toolUse"].get("input")).decode())
            elif not self.called:
                self.heard.add(block.get("text") or "")
            thoughts = block.get("reasoningContent", {}).get("reasoningText", {})
            self.heard.add("", thoughts.get("text") or "")
        self._end(reply.get("stopReason"))
        self.heard.usage = _usage(reply.get("usage", {}))

    def take_event(self, event: Json) -> str:
        """Take in an event of a stream and return the new text of the answer."""
        if "contentBlockStart" in event and "toolUse" in event["contentBlockStart"].get("start", {}):
            self._call()
        elif "contentBlockDelta" in event:
            return self._take_delta(event["contentBlockDelta"]["delta"])
        elif "messageStop" in event:
            self._end(event["messageStop"].get("stopReason"))
        elif "metadata" in event:
            self.heard.usage = _usage(event["metadata"].get("usage", {}))
        return ""

    def _take_delta(self, delta: Json) -> str:
        self.heard.add("", delta.get("reasoningContent", {}).get("text") or "")
        piece: str = delta.get("toolUse", {}).get("input") or ("" if self.called else delta.get("text")) or ""
        self.heard.add(piece)
        return piece if self.called else ""

    def _call(self) -> None:
        self.called = True
        self.heard.text = ""

    def _end(self, reason: str | None) -> None:
        if reason in {"malformed_model_output", "malformed_tool_use"}:
            raise ModelError("invalid", f"the model gave no valid answer: {reason}.", self.heard.usage)
        self.heard.end = _ENDS.get(reason or "", "stop")


def _usage(used: Json) -> Usage:
    """Return what a call used: Bedrock counts what the cache gave and took apart from the other tokens in."""
    cached, written = used.get("cacheReadInputTokens") or 0, used.get("cacheWriteInputTokens") or 0
    into = (used.get("inputTokens") or 0) + cached + written
    return Usage(tokens_in=into, tokens_out=used.get("outputTokens") or 0, cached=cached, written=written)


def whole(reply: Json) -> Heard:
    """Return what a reply said. Raise ModelError."""
    if "output" not in reply:
        # boto3 makes an empty reply of a body that is cut short or is no JSON.
        raise Passing("unavailable", "expected a reply of Converse, found something else.")
    spoken = Spoken()
    spoken.take_reply(reply)
    return spoken.heard


def follow(events: Iterable[Json], emit: Callable[[str], None], given_up: Callable[[], bool]) -> Heard:
    """Return what a stream said. Raise ModelError where it ends too early; stop following once the call is given up."""
    spoken = Spoken()
    for event in events:
        if given_up():
            raise ModelError("cancelled", "the request was cancelled.", spoken.heard.usage)
        if text := spoken.take_event(event):
            emit(text)
    if spoken.heard.end is None:
        raise ModelError("unavailable", "the stream broke off in the middle of an answer.", spoken.heard.usage)
    return spoken.heard
