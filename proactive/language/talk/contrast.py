"""Contrast: one value in the place of another, both of them named: "at 11 instead of noon", "Otto rather than Daisy".

What is named as the old value tells which of several is meant, and gives a bare number its kind.
"""

from __future__ import annotations

import re
from dataclasses import replace

from proactive.language.talk.edit import (
    Edit,
    NewAmount,
    NewClock,
    NewCount,
    NewDays,
    NewLength,
    NewNumber,
    NewPart,
    Swap,
)
from proactive.language.talk.entity import entities_of
from proactive.language.talk.places import amounts, clocks, counts, lengths
from proactive.language.talk.slots import Context, edits_of_values
from proactive.language.talk.times import in_same_unit, on_the_hour

_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?:instead of|rather than|in place of) (?P<old>.+?)(?:,| (?=make it\b))+ ?(?P<new>.+)",
        r"(?P<new>.+?),? (?:instead of|rather than|in place of|and not|but not|not) (?P<old>.+)",
        r"(?:change|replace|swap) (?P<old>.+?) (?:to|with|by|for) (?P<new>.+)",
    )
)


def contrasted(said: str, context: Context) -> Edit | None:
    """Return the edit of a text that names a value and what it takes the place of, both of one kind; else None."""
    for form in _FORMS:
        if found := form.fullmatch(said):
            new, old = _only(found["new"], context), _only(found["old"], context)
            return None if new is None or old is None else _in_place(new, old, context)
    return None


def _only(words: str, context: Context) -> Edit | None:
    """Return the value or name that is the whole of some words."""
    found = edits_of_values(words, words, context)
    return found[0] if len(found) == 1 else None


def _in_place(new: Edit, old: Edit, context: Context) -> Edit | None:
    match new, old:
        case NewClock(), NewClock():
            return replace(new, was=old.clock.times)
        case NewClock(), NewNumber():
            return replace(new, was=on_the_hour(old.value).times)
        case NewNumber(), NewClock():
            return NewClock(on_the_hour(new.value), was=old.clock.times)
        case NewNumber(), NewLength():
            return NewLength(in_same_unit(new.value, old.duration))
        case NewNumber(), NewAmount():
            return NewAmount(new.value, old.unit)
        case (NewLength(), NewLength() | NewNumber()) | (NewAmount(), NewAmount() | NewNumber()):
            return new
        case NewCount(), NewCount() | NewNumber():
            return new
        case NewNumber(), NewNumber():
            return _time_or_number(new, old, context)
        case (NewDays(), NewDays()) | (NewPart(), NewPart()):
            return new
        case Swap(), Swap():
            return _swapped(new, old, context)
        case _:
            return None


def _time_or_number(new: NewNumber, old: NewNumber, context: Context) -> Edit:
    """Return "9 instead of 8" as a time where the rule has that time and no other number."""
    rule, was = context.rule.as_json(), on_the_hour(old.value).times
    timed = any(place.value in was for _, place in clocks(rule))
    return (
        new
        if lengths(rule) or amounts(rule) or counts(rule) or not timed
        else NewClock(on_the_hour(new.value), was=was)
    )


def _swapped(new: Swap, old: Swap, context: Context) -> Swap | None:
    """Return a swap of those entities of the rule only that were named."""
    own = entities_of(context.rule)
    named = tuple(id for id, _ in old.options if id in own)
    return replace(new, out=named) if named else None
