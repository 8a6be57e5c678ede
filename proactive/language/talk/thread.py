"""The thread of a conversation: what was asked last, what waits for a yes, and which rule "it" is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from proactive.language.outcome import Change, Outcome
from proactive.language.request import Turn
from rules.rule import Rule

EDIT = "edit"  # the slot of a question that a follow-up of its own answers
EDITING = frozenset((EDIT, "rule", "which"))  # slots of questions about a change to a rule that stands or is proposed


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a conversation stands.

    `asked` is the turn whose questions are open; `proposed` what waits for a yes; `topic` the rules that were proposed or named
    last, and `saved` whether they stand in the home.
    """

    asked: Turn | None = None
    proposed: Outcome | None = None
    topic: tuple[Rule, ...] = ()
    saved: bool = False


def thread_of(conversation: tuple[Turn, ...], rules: tuple[Rule, ...]) -> Thread:
    """Return where a conversation stands; `rules` are those that stand in the home."""
    thread = Thread()
    for turn in conversation:
        thread = _after(thread, turn, {rule.id: rule for rule in rules})
    return thread


def _after(thread: Thread, turn: Turn, standing: dict[str, Rule]) -> Thread:
    outcome = turn.outcome
    if outcome.asks:
        aside = outcome.asks[0].slot in EDITING
        return replace(thread, asked=turn) if aside else Thread(asked=turn)
    thread = replace(thread, asked=None)
    if outcome.rules:
        return Thread(None, outcome, outcome.rules, outcome.change is not None)
    if outcome.change is not None:
        return _after_change(thread, outcome, outcome.change, standing)
    return thread


def _after_change(thread: Thread, outcome: Outcome, change: Change, standing: dict[str, Rule]) -> Thread:
    if change.deed == "discard":
        return Thread(topic=thread.topic if thread.saved else (), saved=thread.saved)
    named = tuple(standing[id] for id in change.rules if id in standing)
    topic, saved = (named, True) if named else (thread.topic, thread.saved)
    done = change.sure or change.deed == "list"
    return Thread(None, None if done else outcome, topic, saved)


def before_asking(conversation: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Return the turns before the questions that are open: what the request was said after."""
    end = len(conversation)
    while end and conversation[end - 1].outcome.asks:
        end -= 1
    return conversation[:end]


def accepted(proposed: Outcome) -> Outcome:
    """Return what a yes to a proposed rule or change becomes."""
    if proposed.rules:
        replaced = proposed.change.rules if proposed.change is not None else ()
        return Outcome("manage", "All right.", change=Change("save", replaced, sure=True))
    assert proposed.change is not None, "what waits for a yes is a rule or a change"
    return Outcome("manage", "All right.", change=replace(proposed.change, sure=True))
