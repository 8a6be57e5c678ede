"""Conditions about what did not happen, and what is said when it did after all: `absent`, missing `sequence`, `holds`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.reference.guards import View, about_source, guarded, leaves, truth
from tests.reference.life import Decision, Key, Life, Match
from tests.reference.patterns import names
from tests.reference.timeline import Fold, Place, after, deadline
from tests.reference.units import DAY, WEEKDAYS, Json, clock, length, rfc3339
from tests.reference.wall import dates, instant_of


@dataclass(frozen=True)
class Absence:
    """A stretch from `start` to `due` that is decided at a place; `quiet` when what was awaited came in time.

    The start itself belongs to a window (`closed`), but not to a wait since something happened then.
    """

    start: datetime
    due: datetime
    place: Place
    quiet: bool = False
    evidence: tuple[str, ...] = ()
    started: Place | None = None
    closed: bool = False
    about: str | None = None

    def holds(self, time: datetime) -> bool:
        """Return whether a match at this time lies in the stretch."""
        return (self.start < time or (self.closed and self.start == time)) and time < self.due


def absent(life: Life, index: int, when: Json) -> list[Decision]:
    """Return the decisions of an `absent`, for each key that its patterns name."""
    per = when.get("per")
    keys: list[Key] = [*sorted(names(when["of"], per))] if per else [None]
    return [d for key in keys for d in _absent(life, index, key, when)]


def _absent(life: Life, index: int, key: Key, when: Json) -> list[Decision]:
    per = when.get("per")
    matches = life.evidence(when["of"], per, key)
    stretches = _windows(life, when["window"], matches) if when.get("window") else _silences(life, when, matches)
    return _told(life, index, key, list(stretches), matches, when["of"], per)


def _windows(life: Life, window: Json, matches: list[Match]) -> Iterator[Absence]:
    start, until = clock(window["from"]), clock(window["until"])
    length_of_day = until if until > start else until + DAY
    for day in dates(life.home, life.put, life.line.until):
        low, due = instant_of(life.home, day, start), instant_of(life.home, day, length_of_day)
        allowed = not window.get("days") or WEEKDAYS[day.weekday()] in window["days"]
        if allowed and low < due and due > life.put and low >= life.line.begin:
            place = deadline(due)
            quiet = any(low <= m.time < due and m.known < place for m in matches)
            yield Absence(low, due, place, quiet, about=day.isoformat(), closed=True)


def _silences(life: Life, when: Json, matches: list[Match]) -> Iterator[Absence]:
    duration: timedelta = length(when["duration"])
    last, armed = life.put, True
    for match in sorted((m for m in matches if m.known > life.start), key=lambda m: m.known):
        due = last + duration
        if armed and deadline(due) < match.known:
            yield Absence(last, due, deadline(due))
            armed = False
        if match.time < last:
            continue
        last = match.time
        if not armed:
            armed = match.watermark is None or last + duration > match.watermark
    if armed:
        yield Absence(last, last + duration, deadline(last + duration))


def missing(
    life: Life, index: int, key: Key, absences: list[Absence], thens: list[Fold], of: list[Json], per: str | None
) -> list[Decision]:
    """Return the decisions of a missing `sequence`; `of` is what it misses."""
    return _told(life, index, key, absences, [Match(f.record, f.time, f.place, f.watermark) for f in thens], of, per)


def _told(
    life: Life, index: int, key: Key, absences: list[Absence], matches: list[Match], of: list[Json], per: str | None
) -> list[Decision]:
    """Return what is told about each stretch, and what later takes it back or ends it."""
    decided, watched = [a for a in absences if a.place < life.end], life.spots(of, per, key)
    found: list[Decision] = []
    for absence in decided:
        verdict = None if absence.quiet else life.judge((absence.start, absence.due), absence.place, watched)
        if verdict is None:
            continue
        told = _decision(life, index, key, absence, verdict)
        later = sorted((m for m in matches if absence.place < m.known < life.end), key=lambda m: m.known)
        corrected = next((m for m in later if _corrects(absence, m)), None)
        resolved = next((m for m in later if m.time >= absence.due), None)
        found.append(told)
        if corrected is not None:
            found.append(_follow(told, "corrected", corrected, absence.due, life.which(of, corrected)))
        if resolved is not None and not _superseded(absence, resolved, corrected, decided):
            found.append(_follow(told, "resolved", resolved, resolved.time, life.which(of, resolved)))
    return found


def _corrects(absence: Absence, match: Match) -> bool:
    return match.watermark is not None and absence.holds(match.time) and match.watermark <= absence.due + DAY


def _superseded(absence: Absence, resolved: Match, corrected: Match | None, decided: list[Absence]) -> bool:
    """Return whether another decision, or the correction, came between."""
    if corrected is not None and corrected.known < resolved.known:
        return True
    return any(absence.place < other.place < resolved.known for other in decided if other is not absence)


def _decision(life: Life, index: int, key: Key, absence: Absence, verdict: str) -> Decision:
    return Decision(
        absence.place,
        index,
        key,
        absence.started or life.start,
        absence.due,
        verdict,
        absence.evidence,
        ("due", absence.due),
        absence.about or rfc3339(absence.due),
    )


def _follow(told: Decision, verdict: str, match: Match | Fold, time: datetime, pattern: int | None = None) -> Decision:
    place = match.known if isinstance(match, Match) else match.place
    return Decision(place, told.index, told.key, place, time, verdict, (match.id,), told.subject, told.about, pattern)


def holds(life: Life, index: int, when: Json) -> list[Decision]:
    """Return the decisions of a `holds`, for each source that it names where it is `per` source."""
    if when.get("per") != "source":
        return _holds(life, index, None, when, when["state"])
    keys = sorted({leaf["state"] for leaf in leaves(when["state"]) if "state" in leaf})
    return [
        d for key in keys if (part := about_source(when["state"], key)) for d in _holds(life, index, key, when, part)
    ]


def _holds(life: Life, index: int, key: Key, when: Json, guard: Json) -> list[Decision]:
    named = guarded(life.home, [guard])
    sources = {source for source, _ in named}
    reports = [f for f in life.folds() if f.record["type"] == "state" and f.record["source"] in sources and f.sets]
    found: list[Decision] = []
    for began, ended in _stretches(life, guard, reports):
        start = max(began.time, life.put) if began else life.put
        due = start + length(when["lasting"] if when.get("lasting") else "0s")
        started = began.place if began else life.start
        place = max(deadline(due), after(started))
        late = began.watermark is not None and due <= began.watermark if began else life.late and due <= life.put
        if late or place > (ended.place if ended else life.end):
            continue
        verdict = life.judge((start, due), place, named)
        if verdict is None:
            continue
        evidence = (began.id,) if began else ()
        subject = ("due", due)
        told = Decision(place, index, key, started, due, verdict, evidence, subject, rfc3339(due))
        found.append(told)
        if ended is not None and ended.time >= life.put:
            found.append(_follow(told, "resolved", ended, ended.time))
    return found


def _stretches(life: Life, guard: Json, reports: list[Fold]) -> Iterator[tuple[Fold | None, Fold | None]]:
    """Yield the report that made the guard true (None: it was at P) and the one that made it not true (None: none)."""

    def true_before(place: Place) -> bool:
        return truth(guard, View(life.line, life.put, place, lambda seen: [])) is True

    began: Fold | None = None
    was = true_before(after(life.start))
    for report in reports:
        now = true_before(after(report.place))
        if now and not was:
            began = report
        if was and not now:
            yield began, report
            began = None
        was = now
    if was:
        yield began, None
