"""The port `LanguageModel`: a model that answers a prompt with JSON that fits a schema. `README.md` lists what it owes.

Models register under the entry-point group `proactive.models` as a callable that takes the part of the setting after the
colon and the settings (`openai:NAME` calls the entry `openai` with `NAME`), and returns a model. A model proposes; it decides nothing: what
it answers is checked, and what a person is told is rendered from the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import entry_points
from threading import Event
from typing import Any, Literal, Protocol, runtime_checkable

from proactive.settings import Settings, load
from rules.problem import InputError, Problem, nearest

GROUP = "proactive.models"

Role = Literal["system", "user", "assistant"]
FailureKind = Literal["timeout", "throttled", "unavailable", "invalid", "denied", "cancelled"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: a `prefix` that is the same for many requests, byte for byte, and what is new in this `turn`.

    `schema` is the JSON schema of the answer, an object at its root; `name` names it for servers that want one.
    `thinking` is a budget in tokens; 0 asks for none.
    """

    prefix: tuple[Message, ...]
    turn: tuple[Message, ...]
    schema: Mapping[str, Any]
    name: str = "answer"
    max_tokens: int = 600
    thinking: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call took, or several together.

    Tokens in, of which `cached` came from the server's prompt cache and `written` were put there; tokens out, of which
    `reasoning` were thoughts; milliseconds; and US dollars, None where a price is not known.
    """

    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cached: int = 0
    took_ms: float = 0.0
    cost: float | None = None
    written: int = 0
    reasoning: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Return both together, under this one's model; the cost is known where it is of all that used tokens."""
        costs = [each.cost for each in (self, other) if each.cost is not None or each.tokens_in + each.tokens_out]
        known = bool(costs) and None not in costs
        return Usage(
            model=self.model or other.model,
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            cached=self.cached + other.cached,
            took_ms=self.took_ms + other.took_ms,
            cost=(self.cost or 0.0) + (other.cost or 0.0) if known else None,
            written=self.written + other.written,
            reasoning=self.reasoning + other.reasoning,
        )


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer: the decoded JSON `value`, what it used, and its `reasoning` where it was asked to think."""

    value: Any
    usage: Usage = field(default_factory=Usage)
    reasoning: str = ""


class ModelError(Exception):
    """A call that gave no valid answer; `kind` says how it failed, `usage` what it cost all the same."""

    def __init__(self, kind: FailureKind, message: str, usage: Usage | None = None) -> None:
        self.kind: FailureKind = kind
        self.usage = usage or Usage()
        super().__init__(message)


@runtime_checkable
class LanguageModel(Protocol):
    """Answers prompts with JSON; `name` is the setting that made it, without secrets."""

    @property
    def name(self) -> str:
        """Return the name that usage carries, such as `openai:qwen2.5`."""
        ...

    def complete(
        self, prompt: Prompt, *, on_text: Callable[[str], None] | None = None, cancel: Event | None = None
    ) -> Completion:
        """Return the answer; `on_text` hears it as it streams, `cancel` ends it early. Raise ModelError."""
        ...


@runtime_checkable
class Probing(Protocol):
    """A model that can say whether it would answer, before it is asked anything: for `proactive doctor`."""

    def probe(self) -> str:
        """Return what is found, in words. Raise ModelError where it would not answer."""
        ...


def load_model(
    setting: str,
    settings: Settings | None = None,
    wrap: Callable[[LanguageModel], LanguageModel] = lambda model: model,
) -> LanguageModel:
    """Return the model of a setting such as `openai:NAME`, or of several with commas between: the next takes over.

    Where models are and what opens them stand in the `settings`, by default those in force; `openai@lab:NAME` is at the server
    with the label `lab`. Several share the time there is: one that hangs leaves the next its part. `wrap` is put around each
    model, as a meter is. Raise InputError for an unknown one.
    """
    names, own = split_setting(setting), settings or load()
    share = replace(own, llm_timeout=own.llm_timeout / len(names))
    models = [wrap(_load_one(name, share)) for name in names]
    if len(models) == 1:
        return models[0]
    from proactive.language.backends.chain import Chain

    return Chain(models)


def split_setting(setting: str) -> list[str]:
    """Return the models that a setting lists, in order. Raise InputError where it lists none."""
    names = [name.strip() for name in setting.split(",") if name.strip()]
    if not names:
        raise InputError([Problem("no_model", "PROACTIVE_LLM", "expected provider:model, found nothing.")])
    return names


def _load_one(setting: str, settings: Settings) -> LanguageModel:
    provider, _, name = setting.partition(":")
    kind, _, server = provider.partition("@")
    makers = {entry.name: entry for entry in entry_points(group=GROUP)}
    if kind not in makers:
        message = f"expected one of local, {', '.join(sorted(makers))}; found {kind!r}."
        raise InputError([Problem("unknown_model", "model", message, nearest(kind, ["local", *makers]))])
    model: LanguageModel = makers[kind].load()(name, settings.at_server(server))
    return model


# --- conformance ------------------------------------------------------------------------------------------------

_YES_OR_NO = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["answer"],
    "additionalProperties": False,
}


def check_language_model(model: LanguageModel) -> None:
    """Assert that a model keeps the port's obligations. For authors of models: call it in a test, with a real server."""
    assert isinstance(model, LanguageModel), f"{model!r} has no 'name' or no 'complete'"
    assert model.name, "a model needs a name"
    prompt = Prompt((Message("system", "Answer with yes or no."),), (Message("user", "Is water wet?"),), _YES_OR_NO)
    completion = model.complete(prompt)
    assert completion.value in ({"answer": "yes"}, {"answer": "no"}), (
        f"expected an answer that fits the schema, found {completion.value!r}"
    )
    assert completion.usage.model, "usage names no model"
    cancelled = Event()
    cancelled.set()
    try:
        model.complete(prompt, cancel=cancelled)
    except ModelError as error:
        assert error.kind == "cancelled", f"a cancelled call failed as {error.kind!r}, expected 'cancelled'"
    else:
        raise AssertionError("a cancelled call answered")
