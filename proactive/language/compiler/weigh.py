"""Weighing: the better evidenced of two readings, `local`'s and a model's.

`local` makes a rule only when every word of it was understood, so its rule stands. What it refuses, or knows to be a
question, an order for now, or about rules that exist, no model turns into a rule. A model is heard where `local` did
not understand the words; not where it understood them and the home, or the rule language, has no such thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from proactive.language.compiler.asked import asks
from proactive.language.compiler.propose import Proposal, Task
from proactive.language.local.slots import Slots
from proactive.language.outcome import Outcome
from rules.rule import Rule

# How `local` says that words were beyond it. Every other reason is a fact about the home or about what rules can say.
NOT_UNDERSTOOD = frozenset(
    """for_which half_not length_of_what no_condition not_a_sequence not_english not_understood nothing_to_watch order
    time_unused too_many two_times unknown_words within_what""".split()
)

Verdict = Literal["agreed", "local", "model"]


@dataclass(frozen=True, slots=True)
class Weighed:
    """The outcome that is shown, whose it is, and why."""

    outcome: Outcome
    verdict: Verdict
    why: str


def is_beyond(local: Outcome) -> bool:
    """Say whether `local` did not understand the words, for no other reason."""
    codes = [problem.code for problem in local.problems]
    return local.outcome == "cannot" and bool(codes) and NOT_UNDERSTOOD.issuperset(codes)


def can_matter(local: Outcome, task: Task, *, routed: bool = False) -> bool:
    """Say whether a model's answer could change an outcome of `local`; talk is no rule unless it was `routed` as one."""
    match local.outcome:
        case "chat":
            return routed and asks(task.request.text, task.found)
        case "cannot":
            return is_beyond(local) and asks(task.request.text, task.found)
        case "clarify":
            open_ended = bool(task.found.unknown) and not any(ask.choices for ask in local.asks)
            return open_ended and asks(task.request.text, task.found)
        case _:
            return False


def weigh(local: Outcome, proposal: Proposal, task: Task, *, routed: bool = False) -> Weighed:
    """Return the outcome of the better evidenced reading; `routed` where a router took the request for a rule."""
    proposed = proposal.outcome
    if local.rules and proposed is not None and proposed.rules:
        same = [canonical(rule) for rule in local.rules] == [canonical(rule) for rule in proposed.rules]
        return Weighed(local, "agreed" if same else "local", "both made this rule" if same else "every word is in it")
    if proposed is None or not can_matter(local, task, routed=routed):
        return Weighed(local, "local", "the model has no better reading" if proposed is None else "local is sure")
    if proposed.outcome == "clarify":
        better = local.outcome == "cannot" and (task.found.vague or any(ask.choices for ask in proposed.asks))
        return Weighed(proposed if better else local, "model" if better else "local", "something is missing")
    if not _believed(proposal, task):
        return Weighed(local, "local", "too little of the words is in the model's rule")
    return Weighed(
        proposed.with_(notes=(*proposed.notes, *_notes(proposal, task.found))), "model", "borne out by the words"
    )


def _believed(proposal: Proposal, task: Task) -> bool:
    evidence = proposal.evidence
    assert proposal.outcome is not None
    if evidence is None or not evidence.sound:
        return False
    named = {entry.id for entry in task.roster.entries if entry.named}
    text = str(proposal.outcome.rules[0].as_json())
    return any(f"'{identity}'" in text for identity in named)


def _notes(proposal: Proposal, found: Slots) -> tuple[str, ...]:
    """Return what a person is told beside a model's rule: the language it was read from, and the words passed over."""
    notes = [] if found.english else ["I read this from another language, so please check it."]
    left = proposal.evidence.left_out if proposal.evidence is not None and found.english else ()
    return (*notes, *(f"I left out {text!r}." for text in dict.fromkeys((*found.left_out, *left))))


# --- sameness ---------------------------------------------------------------------------------------------------


def canonical(rule: Rule) -> str:
    """Return what a rule decides and whom it tells, without its id and words and whatever order lists are in."""
    value = rule.as_json()
    kept = {key: value[key] for key in ("when", "while", "do", "once", "expires") if key in value}
    told = value.get("notify", {})
    return str(_ordered({**kept, "to": told.get("to", []), "remind": told.get("remind")}))


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted((key, str(_ordered(inner))) for key, inner in value.items())
    if isinstance(value, list):
        return sorted(str(_ordered(inner)) for inner in value)
    return value
