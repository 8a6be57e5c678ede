"""Conditions that fire at a record, or a while after it: `occurs`, `sequence`, `count`, `at`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.reference.absences import Absence, missing
from tests.reference.life import Decision, Key, Life
from tests.reference.timeline import Fold, Place, after, deadline
from tests.reference.units import Json, length, rfc3339
from tests.reference.wall import moments


def at_record(index: int, key: Key, fold: Fold, evidence: list[Fold], pattern: int | None) -> Decision:
    """Return a firing about the record that fired."""
    ids = tuple(f.id for f in evidence)
    return Decision(fold.place, index, key, fold.place, fold.time, "fired", ids, ("record", fold.id), fold.id, pattern)


def at_deadline(
    index: int, key: Key, due: datetime, started: Place, evidence: tuple[str, ...], pattern: int | None = None
) -> Decision:
    """Return a firing about a deadline."""
    return Decision(deadline(due), index, key, started, due, "fired", evidence, ("due", due), rfc3339(due), pattern)


def occurs(life: Life, index: int, when: Json) -> list[Decision]:
    """Return the firings of an `occurs`; `life.cooled` holds, and is given, the last firing of each key."""
    found: list[Decision] = []
    for key in life.keys(when.get("per")):
        matches = life.happenings(when["of"], when.get("per"), key)
        found += _cooled(life, index, key, when, _candidates(life, index, key, when, matches))
    return found


def _cooled(life: Life, index: int, key: Key, when: Json, found: list[tuple[Decision, Fold | None]]) -> list[Decision]:
    """Return those that guards and cooldown let through, in order."""
    kept = []
    for decision, judged in sorted(found, key=lambda pair: (pair[0].place, pair[0].started)):
        last = life.cooled.get((index, key))
        hot = last is not None and when.get("cooldown") and decision.time < last + length(when["cooldown"])
        if decision.place < life.end and not hot and life.allows(decision.time, decision.place, judged):
            life.cooled[index, key] = decision.time
            kept.append(decision)
    return kept


def _candidates(
    life: Life, index: int, key: Key, when: Json, matches: list[Fold]
) -> list[tuple[Decision, Fold | None]]:
    if when.get("lasting"):
        return [(d, None) for m in matches if (d := _lasts(life, index, key, when, m)) is not None]
    if when.get("after"):
        return [(d, None) for d in _delayed(life, index, key, when, matches)]
    return [(at_record(index, key, m, [m], life.which(when["of"], m)), m) for m in matches]


def _starts(fold: Fold, due: datetime) -> bool:
    """Return whether a record may start a deadline: a late one starts none that is past."""
    return fold.watermark is None or due > fold.watermark


def _lasts(life: Life, index: int, key: Key, when: Json, match: Fold) -> Decision | None:
    due = match.time + length(when["lasting"])
    episode = match.data.get("episode")
    ends = [f for f in life.episode(episode) if f.data.get("phase") == "end"] if episode is not None else []
    ended = any(match.place <= f.place < deadline(due) for f in ends)
    if ended or not _starts(match, due):
        return None
    return at_deadline(index, key, due, match.place, (match.id,), life.which(when["of"], match))


def _delayed(life: Life, index: int, key: Key, when: Json, matches: list[Fold]) -> list[Decision]:
    found: list[Decision] = []
    for match in matches:
        due = match.time + length(when["after"])
        pending = bool(found) and found[-1].place > match.place
        if not pending and _starts(match, due):
            found.append(at_deadline(index, key, due, match.place, (match.id,), life.which(when["of"], match)))
    return found


def count(life: Life, index: int, when: Json) -> list[Decision]:
    """Return the firings of a `count`."""
    found: list[Decision] = []
    for key in life.keys(when.get("per")):
        kept: list[Fold] = []
        for match in life.happenings(when["of"], when.get("per"), key):
            kept = sorted([*kept, match], key=lambda f: (f.time, f.id))
            counted = [f for f in kept if match.time - length(when["within"]) < f.time <= match.time]
            if len(counted) >= when["at_least"] and life.allows(match.time, match.place, match):
                evidence = counted[-when["at_least"] :]
                found.append(at_record(index, key, match, evidence, life.which(when["of"], match)))
                kept = [f for f in kept if f not in counted]
            kept = kept[-when["at_least"] :]
    return found


def sequence(life: Life, index: int, when: Json) -> list[Decision]:
    """Return the firings of a `sequence`."""
    return [d for key in life.keys(when.get("per")) for d in _sequence(life, index, key, when)]


def _sequence(life: Life, index: int, key: Key, when: Json) -> list[Decision]:
    per, within = when.get("per"), length(when["within"])
    firsts, thens = life.happenings(when["first"], per, key), life.happenings(when["then"], per, key)
    found: list[Decision] = []
    absences: list[Absence] = []
    pending: Fold | None = None
    for fold in sorted({*firsts, *thens}, key=lambda f: f.place):
        if when.get("missing") and pending and deadline(pending.time + within) < fold.place:
            absences.append(_gone(pending, pending.time + within))
            pending = None
        if pending and fold in thens and pending.time < fold.time < pending.time + within:
            if when.get("missing"):
                absences.append(Absence(pending.time, pending.time + within, fold.place, quiet=True))
            elif life.allows(fold.time, fold.place, fold):
                found.append(at_record(index, key, fold, [pending, fold], life.which(when["then"], fold)))
            pending = None
        elif (
            fold in firsts and (not pending or pending.time + within <= fold.time) and _starts(fold, fold.time + within)
        ):
            pending = fold
    if when.get("missing") and pending:
        absences.append(_gone(pending, pending.time + within))
    return found + missing(life, index, key, absences, thens, when["then"], per)


def _gone(first: Fold, due: datetime) -> Absence:
    return Absence(first.time, due, deadline(due), evidence=(first.id,), started=first.place)


def at(life: Life, index: int, when: Json) -> list[Decision]:
    """Return the firings of an `at`: from P on, each instant once."""
    found = []
    for due in moments(life.home, when, life.put, life.line.until):
        place = max(deadline(due), after(life.start))
        if due >= life.put and place < life.end and life.allows(due, place):
            found.append(replace(at_deadline(index, None, due, life.start, ()), place=place))
    return found
