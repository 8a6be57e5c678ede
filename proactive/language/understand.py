"""The one way in: what a person said becomes an outcome."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter

from proactive.language.model import LanguageModel, Request, Turn, load_model
from proactive.language.outcome import Ask, Choice, Outcome
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

    `speaker` is a person's id; None is the home's default speaker, else its only owner. The reply of a rule is rendered from the rule,
    whatever the model said. `now` is needed for requests about one day ("tomorrow").
    """
    chosen = model or load_model()
    started = perf_counter()
    outcome = _addressed(chosen.read(Request(text, home, speaker or home.speaker, conversation, now)), home)
    reply = read_back(outcome, home) if outcome.rules else outcome.reply
    took = (perf_counter() - started) * 1000
    return outcome.with_(reply=reply, model=chosen.name, took_ms=took)


def _addressed(outcome: Outcome, home: Home) -> Outcome:
    """Ask who is to be told, where a rule would tell nobody and do nothing."""
    if all(rule.do or (rule.notify and rule.notify.to) for rule in outcome.rules):
        return outcome
    choices = tuple(Choice(person.id, person.name or person.id) for person in home.people)
    ask = Ask("to", "Who should be told?", choices)
    return Outcome("clarify", ask.question, asks=(ask,), problems=outcome.problems)


def read_back(outcome: Outcome, home: Home) -> str:
    """Return an outcome's rules in words, one a line, rendered from the rules themselves."""
    return "\n".join(explain(rule, home) for rule in outcome.rules)
