"""What came back from a server, whole or in pieces, and what becomes of it: an answer, or a ModelError that says why not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Literal

from proactive.language.backends.schema import Shape
from proactive.language.model import Completion, ModelError, Prompt, Usage

# Four bytes a token, and as much again for escapes and framing: nothing that was asked for is longer.
LARGEST = 1 << 20

End = Literal["stop", "length", "filter"]


@dataclass(slots=True)
class Heard:
    """A server's words so far: the answer's text, thoughts, how it ended (None: not yet), and what it used."""

    text: str = ""
    reasoning: str = ""
    end: End | None = None
    usage: Usage = field(default_factory=Usage)

    def add(self, text: str, reasoning: str = "") -> None:
        """Take in a piece. Raise ModelError `invalid` where a server will not stop."""
        self.text += text
        self.reasoning += reasoning
        if len(self.text) + len(self.reasoning) > LARGEST:
            raise ModelError("invalid", f"expected an answer, found more than {LARGEST >> 20} MB of one.", self.usage)

    def completion(self, prompt: Prompt, shape: Shape) -> Completion:
        """Return the answer. Raise ModelError `invalid`, with what it cost, where there is none that fits."""
        if self.end == "length":
            limit = prompt.max_tokens + prompt.thinking
            raise ModelError("invalid", f"the answer was cut off at {limit} tokens.", self.usage)
        if self.end == "filter":
            raise ModelError("invalid", "the server withheld the answer: its content filter stopped it.", self.usage)
        try:
            value = shape.read(self.text)
        except ModelError as error:
            error.usage = self.usage
            raise
        return Completion(value, self.usage, self.reasoning if prompt.thinking else "")


def sendable(text: str) -> str:
    """Return a text without what UTF-8 cannot write: half of a surrogate pair, as a broken terminal gives it."""
    return text.encode(errors="replace").decode()


@contextmanager
def billed(model: str) -> Iterator[Clock]:
    """Name the model and the milliseconds in what a call used, also where it failed."""
    clock = Clock(model, perf_counter())
    try:
        yield clock
    except ModelError as error:
        error.usage = clock.stamp(error.usage)
        raise


@contextmanager
def charged(usage: Usage) -> Iterator[None]:
    """Add what was used before to what a failure used."""
    try:
        yield
    except ModelError as error:
        error.usage = error.usage + usage
        raise


@dataclass(frozen=True, slots=True)
class Clock:
    """A call under way, since `started` by the performance counter."""

    model: str
    started: float

    def stamp(self, usage: Usage) -> Usage:
        """Return a usage with the model's name and the milliseconds so far."""
        return replace(usage, model=self.model, took_ms=(perf_counter() - self.started) * 1000)
