"""How an OpenAI-compatible server is asked: what it is known to take, and what to leave out once it complains.

"OpenAI-compatible" means many things: some servers hold a model to a JSON schema, some only to JSON, some to nothing; newer
models count `max_completion_tokens` and take no temperature; some do not know `stream_options`. A server is asked for the most
first, save what is known to be unknown there. What it refuses by name is left out from then on; a refusal that names nothing known is passed on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from proactive.language.backends.heard import sendable
from proactive.language.backends.schema import Shape
from proactive.language.model import Message, Prompt

Format = Literal["json_schema", "json_object", "plain"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server takes. `told`: the schema stands in the prompt too, since the server does not hold the model to it."""

    format: Format = "json_schema"
    told: bool = False
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    stream_options: bool = True
    effort: bool = True
    template: bool = True

    def body(self, name: str, prompt: Prompt, shape: Shape, *, stream: bool) -> dict[str, Any]:
        """Return the body of a chat completion: the prefix first, and byte for byte."""
        body: dict[str, Any] = {"model": name, "messages": self._messages(prompt, shape)}
        body[self.limit] = prompt.max_tokens + prompt.thinking
        if self.temperature:
            body["temperature"] = 0
        if self.format != "plain":
            body["response_format"] = self._response_format(prompt.name, shape)
        if prompt.thinking and self.effort:
            body["reasoning_effort"] = _effort(prompt.thinking)
        if self.template:
            # Models that think unless they are told not to (Qwen3 and its like), behind llama.cpp and vLLM.
            body["chat_template_kwargs"] = {"enable_thinking": prompt.thinking > 0}
        if stream:
            body["stream"] = True
        if stream and self.stream_options:
            body["stream_options"] = {"include_usage": True}
        return body

    def _messages(self, prompt: Prompt, shape: Shape) -> list[dict[str, str]]:
        messages = [*prompt.prefix, *prompt.turn]
        if self.told or self.format != "json_schema":
            messages = _with_instruction(messages, shape.instruction)
        return [{"role": message.role, "content": sendable(message.text)} for message in messages]

    def _response_format(self, name: str, shape: Shape) -> dict[str, Any]:
        if self.format == "json_object":
            return {"type": "json_object"}
        return {"type": "json_schema", "json_schema": {"name": name, "strict": shape.strict, "schema": shape.sent}}

    def without(self, complaint: str) -> Dialect | None:
        """Return how to ask after a complaint, or None where it is about nothing that can be left out."""
        for pattern, change in _COMPLAINTS:
            changed = replace(self, **change)
            if changed != self and pattern.search(complaint):
                return changed
        if _FORMAT.search(complaint):
            return self.plainer()
        return None

    def plainer(self) -> Dialect | None:
        """Return this with the next weaker format, or None where there is none."""
        match self.format:
            case "json_schema":
                return replace(self, format="json_object")
            case "json_object":
                return replace(self, format="plain")
            case "plain":
                return None


_FORMAT = re.compile(
    r"response_format|json_schema|json_object|json schema|guided|grammar|structured output", re.IGNORECASE
)
_COMPLAINTS: tuple[tuple[re.Pattern[str], Mapping[str, Any]], ...] = (
    (re.compile(r"max_completion_tokens", re.IGNORECASE), {"limit": "max_completion_tokens"}),
    (re.compile(r"temperature", re.IGNORECASE), {"temperature": False}),
    (re.compile(r"stream_options", re.IGNORECASE), {"stream_options": False}),
    (re.compile(r"reasoning_effort|reasoning\.effort", re.IGNORECASE), {"effort": False}),
    (re.compile(r"chat_template", re.IGNORECASE), {"template": False}),
)


def _with_instruction(messages: list[Message], instruction: str) -> list[Message]:
    """Add an instruction to the last message, so that what comes before keeps its bytes, and roles still alternate."""
    last = messages[-1]
    if last.role != "user":
        return [*messages, Message("user", instruction)]
    return [*messages[:-1], Message("user", f"{last.text}\n\n{instruction}")]


def _effort(budget: int) -> str:
    """Return the effort that takes about so many tokens of thought: servers take words for it, not numbers."""
    return "low" if budget <= 1024 else "medium" if budget <= 8192 else "high"
