"""A draft: a rule while a follow-up changes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from proactive.language.local.detour import DetourError, ask
from proactive.language.local.predicate import Json
from proactive.language.outcome import Choice
from rules.home import Home
from rules.rule import Rule

WHICH = "which"  # the slot of a question about a change


@dataclass(slots=True)
class Draft:
    """A rule while it is changed: its JSON, the home, what was answered, and the words that stand for others now."""

    value: Json
    rule: Rule
    home: Home
    answers: Mapping[str, str]
    meal: str = ""
    renamed: list[tuple[str, str]] = field(default_factory=list)

    def say(self, before: str, after: str) -> None:
        """Note that what was called `before` is called `after` now."""
        if before != after:
            self.renamed.append((before, after))

    def chosen(self, question: str, choices: Iterable[Choice]) -> str:
        """Return the id of the choice that was answered. Raise DetourError to ask."""
        offered = list(choices)
        given = self.answers.get(WHICH)
        if given in [choice.id for choice in offered]:
            assert given is not None
            return given
        raise which(question, offered)


def which(question: str, choices: Iterable[Choice]) -> DetourError:
    """Return the detour of a question about a change."""
    offered = list(choices)
    labels = [choice.label for choice in offered]
    named = f"{', '.join(labels[:-1])} or {labels[-1]}" if len(labels) > 1 else labels[0]
    return ask(WHICH, f"{question} {named}?", offered)
