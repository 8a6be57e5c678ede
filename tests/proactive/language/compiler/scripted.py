"""A language model that says what a test wrote down, and keeps what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from proactive.language.model import Completion, ModelError, Prompt, Usage

Answer = dict[str, Any] | ModelError | Any


@dataclass
class Scripted:
    """Answers in the order given, the last one again and again; waits for `until` first, where a test holds it back."""

    answers: list[Answer]
    name: str = "scripted:test"
    until: Event | None = None
    prompts: list[Prompt] = field(default_factory=list)
    cancelled: Event | None = None

    def complete(
        self, prompt: Prompt, *, on_text: Callable[[str], None] | None = None, cancel: Event | None = None
    ) -> Completion:
        self.prompts.append(prompt)
        self.cancelled = cancel
        if self.until is not None:
            self.until.wait(5)
        answer = self.answers[min(len(self.prompts), len(self.answers)) - 1]
        if isinstance(answer, ModelError):
            raise answer
        return Completion(answer, Usage(self.name, 100, 10, 90, 5.0))


def form(**said: Any) -> dict[str, Any]:
    """Return an answer with some fields said."""
    return {"who": [], "what": [], "where": [], "does": "", "kind": "happens", **said}
