"""The outcome of reading one request: a rule, a question back, or an honest no (`docs/formats.md`, "Commands")."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from proactive.language.fact import Fact
from proactive.language.model import Usage
from proactive.language.query import Query
from rules.problem import Problem
from rules.rule import Action, Rule

Kind = Literal["rule", "clarify", "cannot", "question", "command", "manage", "refuse", "chat"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question: an `id` to send back and a `label` to show."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question about one `slot` of the rule; without choices any words may answer it."""

    slot: str
    question: str
    choices: tuple[Choice, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the question's JSON object."""
        choices = [{"id": choice.id, "label": choice.label} for choice in self.choices]
        return {"slot": self.slot, "question": self.question, "choices": choices}


Deed = Literal["save", "discard", "edit", "pause", "resume", "drop", "list", "tell", "forget"]


@dataclass(frozen=True, slots=True)
class Change:
    """What to do with what is kept: with `rules`, by their ids, or with told `facts`; nothing is done before a person's yes.

    `sure` where the words were that yes already. `until`, an aware instant, ends a `pause` by itself. `then` is the request
    that the change makes possible, to be read again afterwards.
    """

    deed: Deed
    rules: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    until: datetime | None = None
    sure: bool = False
    then: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request.

    Exactly the outcome `rule` carries rules, at least one; `clarify` carries at least one question. `question` carries the
    `query` that answers it, `command` the `acts` to do now, `manage` the `change`, where they were understood; a `rule` with a
    `change` takes the place of the rules that it names. `reply` is what a
    person is shown; of a rule it is rendered from the rule itself. `notes` are said with it: defaults that were taken, words
    that were left out. `usage` is what language models took; `debug` how they
    read it, empty unless that was asked for.
    """

    outcome: Kind
    reply: str = ""
    rules: tuple[Rule, ...] = ()
    asks: tuple[Ask, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    query: Query | None = None
    acts: tuple[Action, ...] = ()
    change: Change | None = None
    usage: tuple[Usage, ...] = ()
    debug: tuple[str, ...] = ()
    model: str = ""
    took_ms: float = 0.0

    def __post_init__(self) -> None:
        assert (self.outcome == "rule") == bool(self.rules), f"outcome {self.outcome!r} with {len(self.rules)} rules"
        assert self.outcome != "clarify" or self.asks, "a clarify outcome needs a question"

    @property
    def rule(self) -> Rule | None:
        """Return the first rule, or None."""
        return self.rules[0] if self.rules else None

    def with_(self, **changes: Any) -> Outcome:
        """Return the outcome with some fields replaced."""
        return replace(self, **changes)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object of `proactive compile`, without the request's id; `rules` only where several are, `notes` where there are some."""
        value: dict[str, Any] = {
            "outcome": self.outcome,
            "rule": self.rules[0].as_json() if self.rules else None,
            "reply": self.reply,
            "asks": [ask.as_json() for ask in self.asks],
            "problems": [problem.as_json() for problem in self.problems],
            "model": self.model,
            "took_ms": round(self.took_ms, 3),
        }
        if self.notes:
            value["notes"] = list(self.notes)
        if self.usage:
            value["usage"] = [asdict(usage) for usage in self.usage]
        if self.debug:
            value["debug"] = list(self.debug)
        if len(self.rules) > 1:
            value["rules"] = [rule.as_json() for rule in self.rules]
        return value
