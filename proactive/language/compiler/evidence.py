"""Evidence: how far the words of a request bear out a rule, whoever made it.

Two questions. Does everything in the rule stand in the words: each entity by a name, each time and number by its
figure, each state by its word? What does not was `invented`, and the rule is not believed. And is everything in the words
in the rule? A name, a state, a time or a "not" that is left out makes another rule; some other word may be passed over, but
a person is told (`omitted`).
"""

from __future__ import annotations

from dataclasses import dataclass

from proactive.language.compiler.invented import invented
from proactive.language.compiler.omitted import omitted
from proactive.language.compiler.roster import Roster
from proactive.language.compiler.told import told_by
from proactive.language.local.slots import Slots
from proactive.language.request import Request
from rules.problem import Problem
from rules.rule import Rule

LEAST = 0.5  # of the words with content, by which a rule is believed


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the words show for a rule: what of it was `invented`, what of them was `dropped`, and what else was `left_out`.

    `score` is the share of the words with content that the rule explains, 0 to 1; 1 in a language that nobody here reads.
    """

    invented: tuple[Problem, ...]
    dropped: tuple[Problem, ...]
    left_out: tuple[str, ...]
    score: float

    @property
    def sound(self) -> bool:
        """Say whether nothing was invented, nothing dropped that changes the meaning, and enough explained."""
        return not (self.invented or self.dropped) and self.score >= LEAST


def evidence_of(rule: Rule, found: Slots, roster: Roster, request: Request) -> Evidence:
    """Return what the words of a request show for a rule."""
    told = told_by(rule, request.home)
    without = omitted(told, found, request.home)
    return Evidence(tuple(invented(told, found, roster, request)), without.dropped, without.left_out, without.score)
