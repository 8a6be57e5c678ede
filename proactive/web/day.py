"""A day of a rule for a page: the reason in a sentence, a strip of the day, and in order what was seen, blind and decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from proactive.access.access import Access
from proactive.answer.blindness import Blind
from proactive.answer.blindness import blind as blind_in
from proactive.answer.kept import Kept
from proactive.rereading import reread, sources_of
from rules.calendar import window_on
from rules.coverage import spot_of
from rules.explain import Language
from rules.home import Home
from rules.rule import Absent, Pattern, Rule, condition_patterns, leaf_conditions
from rules.units import HOUR, WEEKDAYS, seconds_of_day
from rules.why import Why, tell_why, why
from rules.words import blindness as english
from rules.words.spanish import blindness as spanish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.log import Log

WIDE = 1000  # units of the strip from the first instant of the day to the last
# What a step is to a person: something seen, something decided, a change of the rule.
_LOOKS = {
    "fired": "fired", "unknown": "unknown", "corrected": "resolved", "resolved": "resolved", "quiet": "resolved",
    "matched": "seen", "repeat": "seen", "waiting": "seen", "ended": "seen", "blind": "unknown",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """Something of the day: from when, until when where it lasted, how it looks, in words; the record with its picture."""

    time: int
    looks: str
    words: str
    until: int | None = None
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the strip: where it begins and how wide it is, in its units."""

    looks: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class RuleDay:
    """All of a day that a page shows."""

    outcome: str
    reason: str
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]
    strip: tuple[Span, ...]


def day_of(
    versions: Sequence[Rule], day: date, access: Access, log: Log, now: int, language: Language = "en"
) -> RuleDay:
    """Return a local date of a rule, which is given in all of its versions, the last last."""
    rule, home = versions[-1], access.home
    told = why(rule, home, day, reread(log, home, versions))
    words = tell_why(told, rule, home)
    dark = list(_dark(told, versions, home, log, now))
    steps = [
        Entry(line.time, _LOOKS.get(line.what, "changed"), line.words, picture=_picture(line.evidence, told, access))
        for line in words.lines
    ]
    unseen = [Entry(each.since, "blind", _blind_words(each, home, language), each.until) for each in dark]
    strip = (
        *_windows(told, rule, home),
        *(_span("blind", each.since, each.until, told) for each in dark),
        *_marks(steps, told),
    )
    entries = sorted([*steps, *unseen], key=lambda entry: entry.time)
    return RuleDay(told.outcome, words.reason, tuple(entries), words.notes, strip)


def _dark(told: Why, versions: Sequence[Rule], home: Home, log: Log, now: int) -> Iterator[Blind]:
    """Yield when what the rule looks at could not be seen on the day, as far as that is known."""
    sources = sources_of(versions, home)
    if told.began is None or not sources or told.start >= now:
        return
    archive = Kept(log, home.home)
    known = sources & set(archive.sources())
    zones = {spot_of(source, zone) for source, zone in _zones(versions[-1])}
    for each in blind_in(archive, sorted(known), told.start, min(told.end, now), sorted(zones)):
        if each.why == "offline":
            yield each


def _zones(rule: Rule) -> Iterator[tuple[str, str]]:
    for pattern in condition_patterns(rule.when):
        for zone in _zones_of(pattern):
            yield from ((source, zone) for source in pattern.source or ())


def _zones_of(pattern: Pattern) -> list[str]:
    named = pattern.where.get("zone")
    given = named if isinstance(named, list | tuple) else [named]
    return [zone for zone in given if isinstance(zone, str)]


def _blind_words(each: Blind, home: Home, language: Language) -> str:
    """Return what could not be seen, and why: `The kitchen camera was off`, with a full stop."""
    say = spanish.blind if language == "es" else english.blind
    said = say(each.source, each.zone, each.reason or None, home)
    return f"{said[:1].upper()}{said[1:]}."


def _picture(evidence: tuple[str, ...], told: Why, access: Access) -> str:
    """Return the id of the record of a step that has a picture which the person may see, or an empty text."""
    for id in evidence:
        record = told.records.get(id)
        if record is not None and record.data.get("snapshot") and access.may_see(record.source or ""):
            return id
    return ""


# --- the strip --------------------------------------------------------------------------------------------------


def _windows(told: Why, rule: Rule, home: Home) -> Iterator[Span]:
    """Yield when the rule looks: its daily windows, as far as they lie in the day."""
    zone = ZoneInfo(home.time_zone)
    for window in (leaf.window for leaf in leaf_conditions(rule.when) if isinstance(leaf, Absent)):
        if window is None:
            continue
        for back in (0, 1):
            ordinal = told.day.toordinal() - back
            if window.days is None or WEEKDAYS[date.fromordinal(ordinal).weekday()] in window.days:
                start, end = window_on(zone, ordinal, seconds_of_day(window.start), seconds_of_day(window.until))
                if start < told.end and end > told.start:
                    yield _span("window", start, end, told)


def _marks(steps: list[Entry], told: Why) -> Iterator[Span]:
    for step in steps:
        if step.looks != "changed" and told.start <= step.time < told.end + HOUR:
            yield _span(step.looks, step.time, step.time, told)


def _span(looks: str, since: int, until: int, told: Why) -> Span:
    """Return a stretch of the day as a part of the strip, which is wide enough to be seen."""
    day = told.end - told.start
    left = round((max(since, told.start) - told.start) * WIDE / day)
    right = round((min(until, told.end) - told.start) * WIDE / day)
    width = max(right - left, 6)
    return Span(looks, max(0, min(left, WIDE - width)), width)
