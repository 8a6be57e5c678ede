"""How what was proposed stands: whether it waits for an answer, or what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from proactive.language.request import Turn

Standing = Literal["said", "open", "changed", "done", "failed", "cancelled"]


def stands(turn: Turn, turns: Sequence[Turn]) -> Standing:
    """Return how a turn stands among all of its conversation; `said` where it proposes nothing."""
    if not proposes(turn):
        return "said"
    after = settled_by(turn, turns)
    if after is None:
        return "open"
    change = after.outcome.change
    if change is not None and change.sure:
        return "cancelled" if change.deed == "discard" else "failed" if after.told else "done"
    return "done" if after.outcome.outcome == "command" else "changed"


def settled_by(turn: Turn, turns: Sequence[Turn]) -> Turn | None:
    """Return the turn that changed or settled what a turn proposes, or None."""
    return next((each for each in turns if each.of == turn.at), None) if turn.at else None


def proposes(turn: Turn) -> bool:
    """Say whether a turn waits for a yes."""
    outcome = turn.outcome
    change = outcome.change
    return bool(outcome.rules or outcome.acts or (change is not None and not change.sure and change.deed != "list"))
