"""The one way in: what a person said becomes an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from time import perf_counter

from proactive.language.fact import Fact
from proactive.language.outcome import Ask, Choice, Outcome
from proactive.language.policy.gate import allowed, refusal
from proactive.language.reader import load_reader
from proactive.language.request import Reader, Request, Turn
from proactive.language.spoken import answered, carried, tongue_in
from proactive.language.talk.facts import enriched, standing
from proactive.language.talk.hear import hear
from rules.explain import Language, explain
from rules.home import Home
from rules.rule import Notify, Rule

RECIPIENT = "to"  # the slot of the question who is told


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
    return converse(Request(text, home, speaker, conversation, now, answers or {}, facts, rules), reader).outcome


def converse(request: Request, reader: Reader | None = None) -> Turn:
    """Return the turn that a request makes of its conversation, to be kept with the turns before it; see `understand`.

    The home gets the other names that people told, and facts whose time has passed are left out.
    """
    chosen = reader or load_reader()
    started = perf_counter()
    facts = standing(request.facts, request.now)
    home, speaker = enriched(request.home, facts), request.speaker or request.home.speaker
    request = replace(request, home=home, speaker=speaker, facts=facts)
    turn = _turn(request, chosen)
    outcome = turn.outcome
    language: Language = "es" if tongue_in(request) == "es" else "en"
    reply = read_back(outcome, home, language) if outcome.rules else outcome.reply
    took = (perf_counter() - started) * 1000
    return replace(turn, outcome=outcome.with_(reply=reply, model=chosen.name, took_ms=took))


def _turn(request: Request, reader: Reader) -> Turn:
    refused = refusal(request)
    if refused is not None:
        return answered(Turn(request.text, refused), request)
    english, reader = carried(request, reader)
    turn = hear(english, reader)
    outcome = _addressed(allowed(turn.outcome, request), request.home, turn.answers.get(RECIPIENT))
    return answered(replace(turn, outcome=_queried(outcome, english)), request)


def _addressed(outcome: Outcome, home: Home, answered: str | None) -> Outcome:
    """Ask who is to be told, where a rule would tell nobody and do nothing, unless that was answered."""
    if all(_tells(rule) for rule in outcome.rules):
        return outcome
    if answered in [person.id for person in home.people]:
        return outcome.with_(rules=tuple(rule if _tells(rule) else _telling(rule, answered) for rule in outcome.rules))
    choices = tuple(Choice(person.id, person.name or person.id) for person in home.people)
    ask = Ask(RECIPIENT, "Who should be told?", choices)
    return Outcome("clarify", ask.question, asks=(ask,), problems=outcome.problems)


def _tells(rule: Rule) -> bool:
    return bool(rule.do or (rule.notify and rule.notify.to))


def _telling(rule: Rule, person: str | None) -> Rule:
    assert person is not None, "somebody was answered"
    notify = rule.notify or Notify(message=rule.id)
    return rule.model_copy(update={"notify": notify.model_copy(update={"to": (person,)})})


def _queried(outcome: Outcome, request: Request) -> Outcome:
    """Return a question with the query that answers it, where its words are understood."""
    if outcome.outcome != "question" or outcome.query is not None or request.now is None:
        return outcome
    from proactive.language.local.question.reading import query_of

    return outcome.with_(query=query_of(request).query)


def read_back(outcome: Outcome, home: Home, language: Language = "en") -> str:
    """Return an outcome's rules in words, one a line, rendered from the rules themselves."""
    return "\n".join(explain(rule, home, language) for rule in outcome.rules)
