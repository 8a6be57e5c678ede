"""Unknown words: a slip for a name that the home has, a pet or person it could add, or something it lacks."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.detour import DetourError, RewordedError, ask, cannot, label_of
from proactive.language.local.dialogue import answer_to
from proactive.language.local.span import Span
from proactive.language.outcome import Ask, Choice, Outcome
from rules.home import Home
from rules.problem import Problem

NEAR = 75.0  # of 100: one letter wrong, missing or swapped in a name of five


def detour_for(words: Sequence[str], home: Home, animate: bool, beside: Sequence[Span] = ()) -> DetourError:
    """Return the answer to words that mean nothing here; `animate` where the sentence says they do something.

    `beside` are the other words of the clause: a kind among them ("window") tells what of that kind is here.
    """
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
    hint = _of_that_kind(beside, home) or _alike(words, home) or _known(home)
    return cannot("unknown_words", f"I do not know {said} in this home, so I made no rule.", hint)


def _of_that_kind(beside: Sequence[Span], home: Home) -> str:
    """Return what this home has of a kind that was named: "It has: kitchen window, bedroom window"."""
    kinds = [span for span in beside if span.refs and all(ref.kind == "device" and ref.generic for ref in span.refs)]
    ids = list(dict.fromkeys(ref.id for span in kinds[:1] for ref in span.refs))
    return f"It has: {', '.join(label_of(one, home) for one in ids[:8])}." if ids else ""


def _alike(words: Sequence[str], home: Home) -> str:
    """Return the name of this home that is nearest to the words, as a question, or an empty text."""
    names = {name.lower(): name for entry in home.entries() for name in (entry.name, *entry.aliases) if name}
    found = process.extractOne(" ".join(words).lower(), list(names), scorer=fuzz.ratio, score_cutoff=NEAR)
    return f"Did you mean {names[found[0]]!r}?" if found else ""


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
