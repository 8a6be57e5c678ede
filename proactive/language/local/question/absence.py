"""Absences in words: "while I was away", "since Tom left"; the log says when that was."""

from __future__ import annotations

import re
from collections.abc import Sequence

from proactive.language.local.catalogue import catalogue_of, without_articles
from proactive.language.local.detour import ask_which, cannot
from proactive.language.local.question.almanac import Almanac, last_quiet_hours
from proactive.language.local.token import Token, stems
from proactive.language.query import Bound, Period
from rules.home import Home

_GONE = r"(?:away|out|gone|not (?:at )?home|at work|at school|on (?:a )?(?:holiday|vacation|trip)|travelling|traveling|not here|abroad|off)"
_ASLEEP = r"(?:asleep|sleeping|in bed)"
_ABSENCE = re.compile(
    rf"\b(?:while|when|whilst|during the time) (?P<who>[\w' ]+?) (?:was|were|am|are|is|has been|have been) (?P<how>{_GONE}|{_ASLEEP})\b"
    r"|\b(?:while|when) (?P<empty>nobody|no one) (?:was|were|is) (?:at )?(?:home|here|in)\b"
    r"|\bsince (?P<left>[\w' ]+?) (?:left|went (?:out|away)|have left|has left|had left)\b(?: home| the house)?"
    r"|\bsince (?P<back>[\w' ]+?) (?:came|got|come|arrived|have been|has been|was|were|am|are|is) (?:at )?(?:home|back)\b"
    r"|\b(?:during|in|over|on) (?:my|our|the) (?P<trip>absence|holidays?|vacation|trip)\b"
)


def take_absence(tokens: Sequence[Token], reader: Almanac) -> tuple[Period | None, list[Token]]:
    """Return the period of "while I was away" and the tokens without it; None where there is none. Raise DetourError."""
    text = " ".join(token.text for token in tokens)
    found = _ABSENCE.search(text)
    if found is None:
        return None, list(tokens)
    first = text[: found.start()].count(" ")
    rest = [*tokens[:first], *tokens[first + found[0].count(" ") + 1 :]]
    if found["how"] and re.fullmatch(_ASLEEP, found["how"]):
        return _last_night(reader, found[0]), rest
    who = found["who"] or found["left"] or found["back"]
    people = _people(who, reader) if who else tuple(person.id for person in reader.home.people)
    if found["trip"] and " my " in f" {found[0]} ":
        people = _people("i", reader)
    bound: Bound = "left" if found["left"] else "back" if found["back"] else "away"
    return Period(called=_absence_text(found, reader, people), bound=bound, people=people, given=True), rest


def _last_night(reader: Almanac, said: str) -> Period:
    anchor = last_quiet_hours(reader)
    return Period(anchor.since, min(anchor.until, reader.now), _turned(said), given=True)


def _people(who: str, reader: Almanac) -> tuple[str, ...]:
    home = reader.home
    if who in ("we", "we all", "everyone", "everybody", "all of us"):
        return tuple(person.id for person in home.people)
    if who == "i":
        if reader.speaker is None:
            raise ask_which("subject", "Who are you:", [person.id for person in home.people], home)
        return (reader.speaker,)
    refs = catalogue_of(home).phrases.get(without_articles(stems(who)), [])
    people = tuple(dict.fromkeys(ref.id for ref in refs if ref.kind == "person"))
    if not people:
        raise cannot("unknown_person", f"I do not know who {who!r} is here, so I cannot tell when that was.")
    return people


def _absence_text(found: re.Match[str], reader: Almanac, people: tuple[str, ...]) -> str:
    return spelled_out(_turned(found[0]) if reader.speaker in people or len(people) != 1 else found[0], reader.home)


def spelled_out(text: str, home: Home) -> str:
    """Return words with the capitals of names, weekdays and months."""
    names = {part.lower(): part for person in home.people for part in person.name.split()}
    return " ".join(names.get(word, word.capitalize() if word in _CAPITALS else word) for word in text.split())


_CAPITALS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december""".split()
)
_TURNS = {"i": "you", "am": "are", "we": "you", "my": "your", "our": "your", "was": "were"}


def _turned(text: str) -> str:
    """Return a person's words as they are said back: "while I was away" is "while you were away"."""
    words = text.split()
    first = bool({"i", "we"} & set(words))
    return " ".join(_TURNS.get(word, word) if first or word in ("my", "our") else word for word in words)
