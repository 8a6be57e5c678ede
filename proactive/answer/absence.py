"""Absences: "while I was away" as a period, from what the log says of who was home, or else from what people told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from proactive.answer.archive import Archive
from proactive.answer.happening import Asked
from proactive.answer.standing import keys_of, stretches
from proactive.language.fact import Fact
from proactive.language.query import Period
from rules.home import Home
from rules.rule import Pattern
from rules.units import DAY, instant
from rules.words.names import all_of

LOOKED_BACK = 92 * DAY
_LONG = ("holiday", "holidays", "vacation", "trip", "abroad")
Span = tuple[int, int]


class UnknownAbsenceError(Exception):
    """Say that the log does not tell when the people were away, as a sentence."""


def settled(period: Period, archive: Archive, home: Home, now: int, facts: Iterable[Fact] = ()) -> Period:
    """Return a period with its bounds: those it has, or those of the absence that it names. Raise UnknownAbsenceError.

    Of an absence that the log knows nothing of, what was told (`facts`) is believed, and said to be so.
    """
    if not period.bound:
        return period
    known = [_away(archive, home, person, now) for person in period.people]
    told = [
        _with_told(seen, _told(facts, home, person, now)) for seen, person in zip(known, period.people, strict=True)
    ]
    spans = _together(told)
    if any(word in period.called.split() for word in _LONG):
        spans = [span for span in spans if span[1] - span[0] >= DAY]
    if not period.people or not spans:
        raise UnknownAbsenceError(_unknown(period, home))
    since, until = spans[-1]
    if spans[-1] not in _together(known):
        period = replace(period, called=f"{period.called}, as I was told,")
    if period.bound == "back":
        if until == now:
            raise UnknownAbsenceError(f"{_capital(all_of(period.people, home))} is not back yet, as far as I know.")
        since, until = until, now
    return replace(period, since=since, until=now if period.bound == "left" else until)


def _unknown(period: Period, home: Home) -> str:
    who = all_of(period.people, home) if period.people else "anybody"
    were = "were" if len(period.people) > 1 else "was"
    return f"I can't tell when that was: in the last three months I know of no such time when {who} {were} away."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _away(archive: Archive, home: Home, person: str, now: int) -> list[Span]:
    patterns = [Pattern(type=("state",), source=(person,), where={"value": "away"})]
    asked = Asked.of(patterns, home)
    found = stretches(archive, asked, keys_of(patterns, asked), now - LOOKED_BACK, now)
    return [(stretch.since, now if stretch.until is None else stretch.until) for stretch in found]


def _told(facts: Iterable[Fact], home: Home, person: str, now: int) -> Iterator[Span]:
    """Yield the stretches in which a person is away by what was told, of the person or of everybody."""
    for fact in facts:
        if fact.kind == "away" and fact.about in (person, home.home) and fact.since is not None:
            until = now if fact.until is None else min(instant(fact.until), now)
            if instant(fact.since) < until:
                yield instant(fact.since), until


def _with_told(seen: list[Span], told: Iterable[Span]) -> list[Span]:
    """Return stretches that were seen, and those told that none of them touches."""
    other = [one for one in told if not any(one[0] <= end and start <= one[1] for start, end in seen)]
    return sorted([*seen, *other])


def _together(absences: Sequence[list[Span]]) -> list[Span]:
    """Return the stretches in which all were away."""
    if not absences:
        return []
    common = absences[0]
    for other in absences[1:]:
        pairs = ((max(a[0], b[0]), min(a[1], b[1])) for a in common for b in other)
        common = sorted(span for span in pairs if span[0] < span[1])
    return common
