"""What models cost: each call, failed ones too, is priced and handed on to be kept.

Prices are the user's: a YAML file of US dollars for a million tokens, since they change and depend on contracts. What is not in it
has no known price; nothing is guessed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Annotated, Any

import msgspec

from proactive.error import ProactiveError
from proactive.language.model import Completion, LanguageModel, ModelError, Prompt, Usage
from rules.problem import InputError, Problem, nearest

Dollars = Annotated[float, msgspec.Meta(ge=0)]
Record = Callable[[Usage, bool], None]

_log = logging.getLogger(__name__)


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """US dollars for a million tokens `in` and `out`; in from the cache, and into it, as any other where not given."""

    out: Dollars
    into: Dollars = msgspec.field(name="in")
    cached: Dollars | None = None
    written: Dollars | None = None

    def cost(self, usage: Usage) -> float:
        """Return what a call cost, in US dollars."""
        plain = usage.tokens_in - usage.cached - usage.written
        cached = self.into if self.cached is None else self.cached
        written = self.into if self.written is None else self.written
        millionths = plain * self.into + usage.cached * cached + usage.written * written + usage.tokens_out * self.out
        return millionths / 1_000_000


def read_prices(path: Path | None) -> Mapping[str, Price]:
    """Return the prices of a file by model, such as `openai:NAME: {in: 0.15, cached: 0.075, out: 0.6}`.

    Raise InputError for a file that cannot be read or says something else.
    """
    import yaml

    if path is None:
        return {}
    try:
        return msgspec.convert(yaml.safe_load(path.read_text("utf-8")) or {}, dict[str, Price])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        expected = (
            "expected lines such as 'openai:NAME: {in: 0.15, cached: 0.075, out: 0.6}', in dollars a million tokens"
        )
        raise InputError([Problem("bad_prices", str(path), f"{expected}; {error}.")]) from error


class Metered:
    """A model whose calls are priced and recorded."""

    def __init__(self, model: LanguageModel, prices: Mapping[str, Price], record: Record) -> None:
        """Take a model; `record` gets what each call used, and whether it failed."""
        self.model, self._prices, self._record = model, prices, record

    @property
    def name(self) -> str:
        """Return the model's own name."""
        return self.model.name

    def __repr__(self) -> str:
        return f"Metered({self.model!r})"

    def complete(
        self, prompt: Prompt, *, on_text: Callable[[str], None] | None = None, cancel: Event | None = None
    ) -> Completion:
        """Return the model's answer with its cost. Raise ModelError, with its cost too."""
        try:
            completion = self.model.complete(prompt, on_text=on_text, cancel=cancel)
        except ModelError as error:
            error.usage = self._priced(error.usage)
            self._keep(error.usage, failed=True)
            raise
        completion = replace(completion, usage=self._priced(completion.usage))
        self._keep(completion.usage, failed=False)
        return completion

    def _priced(self, usage: Usage) -> Usage:
        price = self._prices.get(self.name)
        known = price is not None and usage.tokens_in + usage.tokens_out > 0
        return replace(usage, cost=price.cost(usage)) if known and price is not None else usage

    def _keep(self, usage: Usage, *, failed: bool) -> None:
        """Record a call. A person waits for the answer, and it is here: a full disk takes nothing from it."""
        try:
            self._record(usage, failed)
        except ProactiveError as error:
            _log.warning("What %s used is not recorded: %s", self.name, error)


def unknown_prices(prices: Mapping[str, Any], models: list[str], path: Path) -> list[Problem]:
    """Return a problem for each model in use that has no price, so that a misspelt one is noticed."""
    message = "has no price; what it costs is not known."
    return [
        Problem("no_price", f"{path}: {name}", message, nearest(name, prices)) for name in models if name not in prices
    ]
