"""Answers: which choice of an open question a person's words mean, by number, by name, or by what tells it from the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.clock import Clock, time_at
from proactive.language.local.span import Span, spans_of
from proactive.language.local.token import stems, tokens_of
from proactive.language.outcome import Ask, Choice
from proactive.language.talk.words import bare, plain
from rules.home import Home

_NUMBERED = re.compile(
    r"(?:the |number |option |no\.? ?)*(\d{1,2}|first|second|third|fourth|fifth|last)(?: one| option)?"
)
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_ALL = frozenset(
    ("any", "all", "both", "either", "any of them", "all of them", "both of them", "either of them", "any one")
)
ALL = frozenset(("any", "all", "both"))  # ids of choices that are every one of the others
_LENGTHS = ("duration", "within")  # slots where a number alone is minutes, as the question's own example is
_EMPTY = frozenset(
    "the a an one ones my our your his her in on at of it is to for please that this i mean meant by as with from and".split()
)


def answers_to(asks: Sequence[Ask], text: str, home: Home) -> dict[str, str] | None:
    """Return what a text answers, a choice's id or its words by slot; None where it is no answer to these questions.

    Several questions may be answered at once, in their order, joined by a comma or "and".
    """
    if len(asks) == 1:
        found = answer_to(asks[0], text, home)
        return None if found is None else {asks[0].slot: found}
    parts = [part for part in re.split(r",|;|\band\b", text) if part.strip()]
    given = {ask.slot: answer_to(ask, part, home) for ask, part in zip(asks, parts, strict=False)}
    if len(parts) == len(asks) and all(value is not None for value in given.values()):
        return {slot: value for slot, value in given.items() if value is not None}
    first = answer_to(asks[0], text, home)
    return None if first is None else {asks[0].slot: first}


def answer_to(ask: Ask, text: str, home: Home) -> str | None:
    """Return the id of the choice that is meant, the words where they answer freely, or None."""
    chosen = choice_of(ask.choices, text, home)
    if chosen is not None:
        return chosen.id
    if ask.choices and not _is_value(text, home):
        return None
    words = _words(text, home)
    minutes = words is not None and ask.slot.startswith(_LENGTHS) and re.fullmatch(r"\d+", words)
    return f"{words} minutes" if minutes else words


def choice_of(choices: Sequence[Choice], text: str, home: Home) -> Choice | None:
    """Return the one choice that a text means, or None."""
    said = plain(bare(text)) or plain(text)
    if not choices:
        return None
    if numbered := _NUMBERED.fullmatch(said):
        return _by_number(choices, numbered[1])
    same = [choice for choice in choices if said in (plain(choice.id), plain(choice.label))]
    same = same or [choice for choice in choices if choice.id in _times(said)]
    if not same and said in _ALL:
        same = [choice for choice in choices if choice.id in ALL]
    return same[0] if same else _by_words(choices, said, home)


def _times(said: str) -> tuple[str, ...]:
    """Return the only time of day that words say: "nine pm"."""
    tokens = tokens_of(f"at {re.sub(r'^(?:at|by) ', '', said)}")
    found = time_at(tokens, 1) if len(tokens) > 1 else None
    if found is None or found[1] != len(tokens) or not isinstance(found[0], Clock):
        return ()
    return found[0].times if len(found[0].times) == 1 else ()


def _by_number(choices: Sequence[Choice], said: str) -> Choice | None:
    position = int(said) - 1 if said.isdecimal() else _ORDINALS[said]
    if said.isdecimal() and any(choice.label.split()[:1] == [said] for choice in choices):
        return None  # "9" of "9 in the morning" is no number of a choice; the 1 pm inside a rule's words is no value to choose
    if said == "last":
        choices = [choice for choice in choices if choice.id not in ALL] or choices
    return choices[position] if -1 <= position < len(choices) else None


def _by_words(choices: Sequence[Choice], said: str, home: Home) -> Choice | None:
    """Return the only choice that has every word of the answer: "the left one" of "garage left", "garage right"."""
    words = _content(said)
    fitting = [choice for choice in choices if words and words <= _known(choice, home)]
    return fitting[0] if len(fitting) == 1 else None


def _content(text: str) -> set[str]:
    return {word for word in stems(text).split() if word not in _EMPTY and word not in ".,!?"}


def _known(choice: Choice, home: Home) -> set[str]:
    """Return every word by which a choice can be called."""
    entry = home.by_id.get(choice.id)
    named: Iterable[str] = (
        ()
        if entry is None
        else (entry.name, *entry.aliases, getattr(entry, "looks", ""), getattr(entry, "species", ""))
    )
    return {word for text in (choice.label, *named) for word in _content(text)} | _clock_words(choice.id)


def _clock_words(id: str) -> set[str]:
    """Return how people say the half of the day that a time of day is in, whatever the language of its label."""
    if not re.fullmatch(r"\d\d:\d\d", id):
        return set()
    half = {"am", "morning"} if id < "12:00" else {"pm", "afternoon", "evening"}
    return half | ({"night"} if id < "05:00" or id >= "18:00" else set())


def _is_value(text: str, home: Home) -> bool:
    """Say whether a text is nothing but a time, a length or a number: a better answer than the choices that were shown."""
    spans = [span for span in _spans(bare(text), home) if span.text not in _EMPTY and not span.is_("filler")]
    return bool(spans) and all(_valued(span) for span in spans)


def _valued(span: Span) -> bool:
    return span.is_("clock", "length", "number", "times", "days", "part", "date")


def _words(text: str, home: Home) -> str | None:
    return None if not text.strip() or _request(text, home) else bare(text) or text


def _request(text: str, home: Home) -> bool:
    """Say whether a text is a request of its own: it asks to be told, or something to be done, or a question."""
    spans = _spans(text, home)
    noticed = any(span.is_("notice") for span in spans) and any(span.is_("mark", "while") for span in spans)
    return noticed or text.rstrip().endswith("?") or len(spans) > 12


def _spans(text: str, home: Home) -> list[Span]:
    return spans_of(tokens_of(text), catalogue_of(home))
