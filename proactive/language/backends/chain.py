"""Several models in order: the next takes over where one times out, is throttled, is not there, or answers nonsense.

A model that failed is left alone for a while, so that a dead first server does not cost every request its timeout; then one
request tries it again, and the others meanwhile still go elsewhere. (The circuit breaker of M. Nygard's "Release It!".)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event, Lock
from time import monotonic

from proactive.language.model import Completion, LanguageModel, ModelError, Prompt, Usage

FIRST_REST = 30.0  # seconds for which a model is left alone after a failure; doubled by each further one
LONGEST_REST = 600.0


@dataclass(slots=True)
class Link:
    """A model of a chain: how often it failed in a row, and until when it is left alone, by the chain's clock."""

    model: LanguageModel
    failures: int = 0
    rests_until: float = 0.0

    def failed(self, now: float) -> None:
        """Leave the model alone, for longer each time."""
        self.failures += 1
        self.rests_until = now + min(LONGEST_REST, FIRST_REST * 2.0 ** (self.failures - 1))

    def worked(self) -> None:
        """Trust the model again."""
        self.failures, self.rests_until = 0, 0.0


class Chain:
    """Asks models in order until one answers. May be used from several threads at once."""

    def __init__(self, models: Sequence[LanguageModel], clock: Callable[[], float] = monotonic) -> None:
        """Keep the models, the first one first; `clock` gives seconds."""
        assert models, "a chain needs a model"
        self._links = [Link(model) for model in models]
        self._clock = clock
        self._lock = Lock()

    @property
    def name(self) -> str:
        """Return the names of the models, as the setting lists them."""
        return ", ".join(link.model.name for link in self._links)

    def __repr__(self) -> str:
        return f"Chain({self.name!r})"

    def complete(
        self, prompt: Prompt, *, on_text: Callable[[str], None] | None = None, cancel: Event | None = None
    ) -> Completion:
        """Return the first answer, charged with what failed before it. Raise ModelError, of the last one's kind.

        `on_text` may hear the beginning of an answer that breaks off, and then another one from its start.
        """
        used, errors = Usage(), list[ModelError]()
        for link in self._in_order():
            try:
                completion = link.model.complete(prompt, on_text=on_text, cancel=cancel)
            except ModelError as error:
                error.usage = used = error.usage + used
                if error.kind == "cancelled":
                    raise
                self._note(link, error)
                errors.append(error)
            else:
                self._note(link, None)
                return replace(completion, usage=completion.usage + used) if errors else completion
        raise _all(errors)

    def _in_order(self) -> list[Link]:
        """Return who is asked: those who do not rest; where all do, whoever rests least long."""
        with self._lock:
            now = self._clock()
            ready = [link for link in self._links if link.rests_until <= now]
            for link in ready:
                if link.failures:  # this request tries it; until it is back, the others do not
                    link.rests_until = now + FIRST_REST
            return ready or [min(self._links, key=lambda link: link.rests_until)]

    def _note(self, link: Link, error: ModelError | None) -> None:
        with self._lock:
            if error is None or error.kind == "invalid":  # it is there, and answers
                link.worked()
            else:
                link.failed(self._clock())


def _all(errors: Sequence[ModelError]) -> ModelError:
    if len(errors) == 1:
        return errors[0]
    last = errors[-1]
    words = " ".join(f"{error.usage.model}: {error}" for error in errors)
    return ModelError(last.kind, f"no model answered. {words}", last.usage)
