"""Answers: what would be asked is taken from what was answered, as ids, lengths, times of day and numbers; else it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from proactive.language.local.clock import Clock, Length, time_at
from proactive.language.local.detour import ask, ask_which
from proactive.language.local.dialogue import answer_to
from proactive.language.local.number import number_at
from proactive.language.local.token import stems, tokens_of
from proactive.language.outcome import Choice
from rules.home import Home

_ALL = frozenset(("any", "all", "both", "either", "each", "any of them", "all of them", "both of them", "every"))


def which(slot: str, question: str, ids: Iterable[str], home: Home, *, several: bool = False) -> list[str]:
    """Return which of some entries were meant. Raise DetourError to ask; `several` lets all of them be meant."""
    found = list(dict.fromkeys(ids))
    asked = ask_which(slot, question, found, home, several)
    said = answer_to(slot, asked.outcome.asks[0].question)
    if said in found:
        return [str(said)]
    if said is not None and several and said.lower() in _ALL:
        return found
    named = [i for i in found if said and set(stems(said).split()) <= _words_of(i, home)]
    if len(named) != 1:
        raise asked
    return named


def _words_of(identity: str, home: Home) -> set[str]:
    entry = home.by_id[identity]
    return {word for name in (entry.name, *entry.aliases) for word in stems(name).split()} | {"the", "one"}


def choose(slot: str, question: str, choices: Sequence[Choice]) -> str:
    """Return the id of the choice that was made. Raise DetourError to ask."""
    said = (answer_to(slot, question) or "").strip().lower()
    made = [choice.id for choice in choices if said and said in (choice.id.lower(), choice.label.lower())]
    if not made:
        raise ask(slot, question, choices)
    return made[0]


def length_for(slot: str, question: str) -> str:
    """Return the length that was answered as a duration text. Raise DetourError to ask."""
    found = length_in(answer_to(slot, question))
    if found is None:
        raise ask(slot, question)
    return found


def number_for(slot: str, question: str) -> float:
    """Return the number that was answered. Raise DetourError to ask."""
    tokens = tokens_of(answer_to(slot, question) or "")
    found = next((number[0] for at in range(len(tokens)) if (number := number_at(tokens, at))), None)
    if found is None:
        raise ask(slot, question)
    return found


def clock_for(slot: str, question: str) -> Clock:
    """Return the time of day that was answered, which may still be open between morning and evening. Raise DetourError to ask."""
    found = clock_in(answer_to(slot, question))
    if found is None:
        raise ask(slot, question)
    return found


def length_in(said: str | None) -> str | None:
    """Return the first length in some words, as a duration text, or None."""
    return next((slot.duration for slot in _times_in(said) if isinstance(slot, Length) and slot.duration), None)


def clock_in(said: str | None) -> Clock | None:
    """Return the first time of day in some words, or None; a bare "nine" is one, since a time was asked for."""
    return next((slot for slot in (*_times_in(said), *_times_in(f"at {said}")) if isinstance(slot, Clock)), None)


def _times_in(said: str | None) -> list[object]:
    tokens = tokens_of(said or "")
    return [found[0] for at in range(len(tokens)) if (found := time_at(tokens, at)) is not None]
