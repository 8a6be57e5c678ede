"""The one way in: what a person said becomes an outcome."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter

from proactive.language.model import LanguageModel, Request, Turn, load_model
from proactive.language.outcome import Outcome
from rules.explain import explain
from rules.home import Home


def understand(
    text: str,
    speaker: str | None,
    home: Home,
    conversation: tuple[Turn, ...] = (),
    *,
    now: datetime | None = None,
    model: LanguageModel | None = None,
) -> Outcome:
    """Return what became of a request, with the model's name and the milliseconds it took.

    `speaker` is a person's id; None is the home's default speaker. The reply of a rule is rendered from the rule,
    whatever the model said. `now` is needed for requests about one day ("tomorrow").
    """
    chosen = model or load_model()
    started = perf_counter()
    outcome = chosen.read(Request(text, home, speaker or home.default_speaker, conversation, now))
    reply = read_back(outcome, home) if outcome.rules else outcome.reply
    took = (perf_counter() - started) * 1000
    return outcome.with_(reply=reply, model=chosen.name, took_ms=took)


def read_back(outcome: Outcome, home: Home) -> str:
    """Return an outcome's rules in words, one a line, rendered from the rules themselves."""
    return "\n".join(explain(rule, home) for rule in outcome.rules)
