"""Slots of a follow-up: its times, lengths, numbers, days and names, where it is made of nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.clock import in_part
from proactive.language.local.span import Span, spans_of
from proactive.language.local.token import Token, tokens_of
from proactive.language.talk.edit import (
    Edit,
    NewAmount,
    NewClock,
    NewCount,
    NewDays,
    NewLength,
    NewNumber,
    NewPart,
    NewWindow,
    Shift,
    Side,
    Swap,
)
from proactive.language.talk.entity import options_for
from proactive.language.talk.words import is_length
from rules.home import Home
from rules.rule import Rule
from rules.units import SECOND, microseconds


@dataclass(frozen=True, slots=True)
class Context:
    """What a follow-up is read in: the rule that it is about, the home, who speaks, and the time."""

    rule: Rule
    home: Home
    speaker: str | None
    now: datetime | None = None


_CHANGED = (
    r"(?:it|that|this|the (?:time|limit|length|deadline|hour|window|number|rule|alert|threshold|wait|delay|days?))\b ?"
)
# A verb alone is an order to a device: "turn on the light", "set the heating to 20".
_HEAD = re.compile(
    rf"^(?:i (?:want|meant|mean|need) )?(?:(?:make|change|set|move|switch|put|raise|lower|increase|decrease|extend|shorten) (?:{_CHANGED}|(?=to\b))"
    rf"|(?:use|say|do|let it be) |{_CHANGED})?(?:to|at|be|is|for|into)?\b ?",
    re.IGNORECASE,
)
_NOT_BUT = re.compile(r"^not (.+?)(?:,| but| rather)+ (.+)$", re.IGNORECASE)
_BUT_NOT = re.compile(r"^(.+?),? not (?:the |at |on |by )?(?!on\b)(.+)$", re.IGNORECASE)
_EXCEPT = re.compile(r"\b(?:except|not|never|without|skip)\b")
_ALSO = re.compile(r"\b(?:too|also|as well|add)\b|^and\b")
_FROM = frozenset(("from", "after", "since", "starting", "start", "begin", "past"))
_UNTIL = frozenset(("until", "till", "before"))
_VALUES = ("clock", "length", "number", "times", "days", "part")
# Words that say nothing beside a value.
_NOISE = frozenset(
    """it be is to at by for on in the a an of that this only just too also and or as well o'clock about sharp around within times time but not except
    never without from after since starting until till before between longer shorter later earlier sooner - , . ! ' more less day days so
    skip start begin
    """.split()
)
_DIRECTION: dict[str, tuple[int, Literal["clock", "length"]]] = {
    "later": (1, "clock"), "earlier": (-1, "clock"), "sooner": (-1, "clock"), "longer": (1, "length"), "shorter": (-1, "length"),
    "more": (1, "length"), "less": (-1, "length"),
}  # fmt: skip


def edits_of_values(said: str, text: str, context: Context) -> tuple[Edit, ...]:
    """Return the edits of a follow-up that is nothing but values and names; empty where there is more in it."""
    what = _without_denied(_HEAD.sub("", said, count=1).strip(" ,.!"), context)
    if (swap := _swap(re.sub(r" (?:too|also|as well)$", "", what), context)) is not None:
        return (swap,)
    if what.lower() == "one":  # beside other words it is a thing: "the left one"
        return (NewNumber(1),)
    tokens = tokens_of(what)
    spans = spans_of(tokens, catalogue_of(context.home))
    values = [span for span in spans if _is_value(span)]
    rest = [span for span in spans if span not in values and not set(span.text.split()) <= _NOISE]
    named = _swap(_text(tokens, rest), context) if rest and _adjoining(rest, spans) else None
    if rest and named is None:
        return ()
    found = _values(values, tokens, text.lower())
    return (*found, *([named] if named is not None else []))


def _without_denied(what: str, context: Context) -> str:
    """Return "Otto" of "not Daisy but Otto", and of "Otto, not Daisy"."""
    if found := _NOT_BUT.match(what):
        return found[2]
    found = _BUT_NOT.match(what)
    return found[1] if found and options_for(found[2], context.rule, context.home) is not None else what


def _swap(words: str, context: Context) -> Swap | None:
    bare = re.sub(r"^(?:only|just|with|for|to|by|at|on|in|about) ", "", words.strip(), flags=re.IGNORECASE)
    if not bare:
        return None
    options = options_for(bare, context.rule, context.home)
    return None if options is None else Swap(tuple(options), re.sub(r"^the ", "", bare))


def _is_value(span: Span) -> bool:
    if span.text in ("one", "first", "second"):
        return span.is_("clock")
    return span.is_("clock", "length", "number", "times", "days", "part")


def _adjoining(rest: Sequence[Span], spans: Sequence[Span]) -> bool:
    """Say whether some spans stand side by side, with nothing but small words between them."""
    between = [span for span in spans if rest[0].start < span.start < rest[-1].start and span not in rest]
    return all(set(span.text.split()) <= {"the", "a", "by", "of", "on", "in", "at"} for span in between)


def _text(tokens: Sequence[Token], spans: Sequence[Span]) -> str:
    return " ".join(token.raw for token in tokens[spans[0].start : spans[-1].end]) if spans else ""


# --- values -----------------------------------------------------------------------------------------------------


def _values(spans: Sequence[Span], tokens: Sequence[Token], text: str) -> list[Edit]:
    found: list[Edit] = []
    clocks = [span for span in spans if "clock" in span.readings]
    parts = [span.readings["part"] for span in spans if "part" in span.readings]
    if len(clocks) == 1 and len(parts) == 1:
        clock = in_part(clocks[0].readings["clock"], parts[0].name)
        return [NewClock(clock, _side(clocks[0], tokens))] if len(spans) == 2 else []
    if len(clocks) == 2:
        found.append(NewWindow(*(span.readings["clock"] for span in clocks)))
    for span in spans:
        if len(clocks) == 2 and span in clocks:
            continue
        edit = _value(span, tokens, text)
        found += [] if edit is None else [edit]
    return found if len({type(edit) for edit in found}) == len(found) else []


def _value(span: Span, tokens: Sequence[Token], text: str) -> Edit | None:
    for label in _VALUES:
        if label not in span.readings:
            continue
        value = span.readings[label]
        match label:
            case "clock":
                return NewClock(value, _side(span, tokens))
            case "length":
                return _length(value.duration, span, tokens)
            case "number":
                return NewNumber(value[0]) if value[1] is None else NewAmount(value[0], value[1] or None)
            case "times":
                return NewCount(value)
            case "days":
                return NewDays(value.days, _how(text))
            case _:
                return NewPart(value.name)
    return None


def days_in(text: str, home: Home) -> NewDays | None:
    """Return the days that are said anywhere in a text, or None."""
    spans = spans_of(tokens_of(text), catalogue_of(home))
    found = [span.readings["days"] for span in spans if "days" in span.readings]
    return NewDays(found[0].days, _how(text.lower())) if found else None


def _side(span: Span, tokens: Sequence[Token]) -> Side:
    """Return which end of a window a time is of: "until 7", "not before 7", "start at 7"."""
    said = ["", "", *(token.text for token in tokens[: span.start] if token.text != "at")]
    if said[-1] == "before" and said[-2] in ("not", "never"):
        return "from"
    return "from" if said[-1] in _FROM else "until" if said[-1] in _UNTIL else ""


def _length(duration: str | None, span: Span, tokens: Sequence[Token]) -> Edit | None:
    if duration is None or not is_length(duration):
        return None
    direction = _DIRECTION.get(tokens[span.end].text if span.end < len(tokens) else "")
    if direction is None:
        return NewLength(duration)
    sign, what = direction
    return Shift(sign * microseconds(duration) // SECOND, what)


def _how(text: str) -> Literal["only", "also", "except"]:
    if _EXCEPT.search(text):
        return "except"
    return "also" if _ALSO.search(text) else "only"
