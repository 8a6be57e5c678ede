"""Detours: the ways in which reading a sentence ends before there is a rule, as answers a person can act on."""

from __future__ import annotations

from collections.abc import Iterable

from proactive.language.local.dialogue import slot_of
from proactive.language.outcome import Ask, Choice, Kind, Outcome
from rules.home import Home
from rules.problem import Problem

EXAMPLES = (
    '"tell me if Daisy isn\'t fed by noon every day", "notify me when the front door is open for 10 minutes", '
    '"alert me if the freezer is above 10 degrees while nobody is home"'
)


class RewordedError(Exception):
    """Begin the reading anew with some words of the sentence replaced by what was answered about them."""

    def __init__(self, words: str, meant: str) -> None:
        self.words, self.meant = words, meant
        super().__init__(f"{words!r} is {meant!r}")


class DetourError(Exception):
    """End the reading of a sentence with an outcome that is not a rule; caught where reading starts."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.reply)


def ask(slot: str, question: str, choices: Iterable[Choice] = ()) -> DetourError:
    """Return the detour of one question back."""
    return DetourError(Outcome("clarify", question, asks=(Ask(slot_of(slot, question), question, tuple(choices)),)))


def ask_which(slot: str, question: str, ids: Iterable[str], home: Home, several: bool = False) -> DetourError:
    """Return the detour of asking which of some entries is meant; `several` also offers any of them."""
    found = [Choice(identity, label_of(identity, home)) for identity in dict.fromkeys(ids)]
    if several and len(found) > 1:
        found.append(Choice("any", "any of them"))
    return ask(slot, f"{question} {_listed([choice.label for choice in found])}?", found)


def cannot(code: str, message: str, hint: str = "") -> DetourError:
    """Return the detour of something that this home or this assistant does not have."""
    problem = Problem(code, "text", message, hint)
    return DetourError(Outcome("cannot", str(problem).removeprefix("text: "), problems=(problem,)))


def answer(kind: Kind, reply: str) -> DetourError:
    """Return the detour of another kind of request, with what to say."""
    return DetourError(Outcome(kind, reply))


def label_of(identity: str, home: Home) -> str:
    """Return what a person would call an entry: its longest name, with its type where the name alone is not unique."""
    entry = home.by_id[identity]
    name = entry.name or identity
    same = [other for other in home.entries() if other.name == entry.name]
    kind = getattr(entry, "type", "")
    if len(same) > 1 and kind and kind.split("_")[-1] not in name:
        return f"{name} ({kind.replace('_', ' ')})"
    return name


def _listed(labels: list[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} or {labels[-1]}"
