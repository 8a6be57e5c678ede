"""Unknown words: a slip for a name that the home has, a pet or person it could add, or something it lacks."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.detour import DetourError, RewordedError, ask, cannot
from proactive.language.local.dialogue import answer_to
from proactive.language.outcome import Ask, Choice, Outcome
from rules.home import Home
from rules.problem import Problem

NEAR = 75.0  # of 100: one letter wrong, missing or swapped in a name of five


def detour_for(words: Sequence[str], home: Home, animate: bool) -> DetourError:
    """Return the answer to words that mean nothing here; `animate` where the sentence says they do something."""
    for word in words:
        near = _near(word, home)
        if near:
            choices = [Choice(identity, name) for name, identity in near]
            question = f"I do not know {word!r}. Did you mean {' or '.join(name for name, _ in near)}?"
            if said := next((name for name, i in near if answer_to("subject", question) in (i, name)), None):
                raise RewordedError(word, said)
            return ask("subject", question, choices)
    if animate and words[0][:1].isupper():
        return _offer(words[0])
    said = ", ".join(repr(word) for word in dict.fromkeys(words))
    return cannot("unknown_words", f"I do not know {said} in this home, so I made no rule.", _known(home))


def _near(word: str, home: Home) -> list[tuple[str, str]]:
    names = {entry.name: entry.id for entry in (*home.pets, *home.people) if len(entry.name) > 3}
    if len(word) < 4 or not word[:1].isupper():
        return []
    found = process.extract(word.lower(), {n: n.lower() for n in names}, scorer=fuzz.ratio, score_cutoff=NEAR)
    return [(name, names[name]) for _, _, name in found]


def _offer(name: str) -> DetourError:
    reply = f"I do not know {name}. Shall I add {name} to this home? I need to know whether it is a pet or a person, and a photo."
    problem = Problem("unknown_name", "text", f"{name!r} is nobody this home lists.", "Add it to the home first.")
    asks = (
        Ask(
            "add",
            f"Shall I add {name}?",
            (Choice("pet", "as a pet"), Choice("person", "as a person"), Choice("no", "no")),
        ),
    )
    return DetourError(Outcome("cannot", reply, asks=asks, problems=(problem,)))


def _known(home: Home) -> str:
    names = catalogue_of(home).names()
    return (
        f"It knows {', '.join(names[:6])}, its cameras and its devices."
        if names
        else "It knows its cameras and devices."
    )
