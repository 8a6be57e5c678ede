"""The one way in: what a person said becomes an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from time import perf_counter

from proactive.language.fact import Fact
from proactive.language.outcome import Ask, Choice, Outcome
from proactive.language.policy.gate import allowed, refusal
from proactive.language.reader import load_reader
from proactive.language.request import Reader, Request, Turn
from rules.explain import explain
from rules.home import Home
from rules.rule import Rule


def understand(
    text: str,
    speaker: str | None,
    home: Home,
    conversation: tuple[Turn, ...] = (),
    *,
    now: datetime | None = None,
    reader: Reader | None = None,
    answers: Mapping[str, str] | None = None,
    facts: tuple[Fact, ...] = (),
    rules: tuple[Rule, ...] = (),
) -> Outcome:
    """Return what became of a request, with the reader's name and the milliseconds it took.

    `speaker` is a person's id; None is the home's default speaker, else its only owner. The reply of a rule is rendered from the rule,
    whoever read it. `now` is needed for requests about one day ("tomorrow"); `answers`, `facts` and `rules` are those of `Request`.
    """
    chosen = reader or load_reader()
    started = perf_counter()
    request = Request(text, home, speaker or home.speaker, conversation, now, answers or {}, facts, rules)
    outcome = refusal(request) or _addressed(allowed(chosen.read(request), request), home)
    outcome = _queried(outcome, request)
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


def _queried(outcome: Outcome, request: Request) -> Outcome:
    """Return a question with the query that answers it, where its words are understood."""
    if outcome.outcome != "question" or outcome.query is not None or request.now is None:
        return outcome
    from proactive.language.local.question import query_of

    return outcome.with_(query=query_of(request).query)


def read_back(outcome: Outcome, home: Home) -> str:
    """Return an outcome's rules in words, one a line, rendered from the rules themselves."""
    return "\n".join(explain(rule, home) for rule in outcome.rules)
