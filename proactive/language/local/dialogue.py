"""Dialogue: what was answered to questions, and told about times, while one request is read.

A question has a slot that is its own within a sentence: the second "which door" of a sentence is `device-2`. Whoever would
ask looks for the answer first, so a request that is read again with its answers goes on where it stopped. It is known to
every step of a reading and to nothing after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from proactive.language.fact import Fact


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The answers by slot, the slots of the questions so far, and the told times of day by their names."""

    answers: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)
    slots: dict[tuple[str, str], str] = field(default_factory=dict)

    def slot_of(self, slot: str, question: str) -> str:
        """Return the slot of a question: its kind, with a number where the sentence has asked another of that kind."""
        if (slot, question) not in self.slots:
            before = sum(kind == slot for kind, _ in self.slots)
            self.slots[slot, question] = f"{slot}-{before + 1}" if before else slot
        return self.slots[slot, question]


_CURRENT: ContextVar[Dialogue] = ContextVar("dialogue")


@contextmanager
def answering(answers: Mapping[str, str], times: Mapping[str, str]) -> Iterator[None]:
    """Read what stands inside with these answers and told times."""
    token = _CURRENT.set(Dialogue(answers, times))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def slot_of(slot: str, question: str) -> str:
    """Return the slot under which a question is asked."""
    return _current().slot_of(slot, question)


def answer_to(slot: str, question: str) -> str | None:
    """Return what was answered to a question, or None."""
    current = _current()
    return current.answers.get(current.slot_of(slot, question))


def told_time(name: str) -> str | None:
    """Return the told time of day of "bedtime" or "dinner" as `HH:MM`, or None."""
    return _current().times.get(name)


def _current() -> Dialogue:
    return _CURRENT.get(Dialogue())


def told_times(facts: Sequence[Fact], speaker: str | None, home: str) -> dict[str, str]:
    """Return the told times by name: the speaker's own, else the home's, else the only one that anybody has."""
    found: dict[str, dict[str, str]] = {}
    for fact in facts:
        if fact.kind == "time":
            found.setdefault(fact.name, {})[fact.about] = fact.value
    return {
        name: whose.get(speaker or "") or whose.get(home) or next(iter(whose.values()))
        for name, whose in found.items()
        if {speaker, home} & set(whose) or len(set(whose.values())) == 1
    }
