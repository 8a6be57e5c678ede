"""Models without a server, with visible state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from proactive.language.model import Completion, FailureKind, ModelError, Prompt, Usage


@dataclass
class Scripted:
    """Answers, or fails as it is told: a kind of failure each time, None for an answer, the last one again and again."""

    name: str
    script: list[FailureKind | None] = field(default_factory=lambda: [None])
    asked: int = 0

    def complete(
        self, prompt: Prompt, *, on_text: Callable[[str], None] | None = None, cancel: Event | None = None
    ) -> Completion:
        self.asked += 1
        usage = Usage(self.name, tokens_in=100, tokens_out=10, cached=50, took_ms=5.0)
        kind = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if cancel is not None and cancel.is_set():
            kind = "cancelled"
        if kind is not None:
            raise ModelError(kind, f"{self.name} failed", usage)
        return Completion({"answer": "yes"}, usage)


@dataclass
class Hands:
    """A clock that is moved by hand, in seconds."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now
