"""Calls: one question to a model, within the time that all questions about a request have together, and what they took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from typing import Any, TypeVar

from proactive.language.model import LanguageModel, ModelError, Prompt, Usage

_T = TypeVar("_T")
_TICK = 0.02  # seconds between looks at whether somebody cancelled


@dataclass(slots=True)
class Ledger:
    """What calls about one request took, and in order what was answered and what was wrong with it."""

    usage: list[Usage] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)


class Allowance:
    """The time that models have for one request, all of them together; `cancel` ends it early."""

    def __init__(self, seconds: float, cancel: Event | None = None) -> None:
        self._seconds = seconds
        self._until = monotonic() + seconds
        self._cancel = cancel or Event()

    def run(self, call: Callable[[Event], _T]) -> _T | None:
        """Return what a call returns, or None where that takes longer; the event that it is handed tells it to stop."""
        found: list[_T] = []
        stop = Event()
        thread = Thread(target=lambda: found.append(call(stop)), daemon=True)
        thread.start()
        while thread.is_alive() and not self._cancel.is_set() and monotonic() < self._until:
            thread.join(_TICK)
        stop.set()
        return found[0] if found else None

    @property
    def why(self) -> str:
        """Return why a call gave nothing."""
        return "cancelled" if self._cancel.is_set() else f"no answer in {self._seconds:g} s"


def answer_of(model: LanguageModel, prompt: Prompt, ledger: Ledger, cancel: Event) -> Any:
    """Return a model's answer, or None where the call fails; what it took is written into the ledger."""
    try:
        completion = model.complete(prompt, cancel=cancel)
    except ModelError as error:
        ledger.usage += [error.usage] if error.usage.model else []
        ledger.steps.append(f"{error.kind}: {error}")
        return None
    ledger.usage.append(completion.usage)
    ledger.steps += [f"thought: {completion.reasoning}"] if completion.reasoning else []
    ledger.steps.append(f"answered: {completion.value}")
    return completion.value
