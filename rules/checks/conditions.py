"""Conditions: what each kind needs to mean what it says, and what in it has no effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from rules.checks.places import LeafCondition, conditions, guards, slots
from rules.home import Camera, Home
from rules.problem import Problem
from rules.rule import Absent, At, BetweenGuard, Count, Holds, Occurs, Pattern, Rule, Sequence, StateGuard, SunGuard
from rules.rule import guard_leaves as leaves_of
from rules.units import DAY, duration_text, microseconds, seconds_of_day


def check_conditions(rule: Rule, home: Home) -> Iterator[Problem]:
    """Yield what is wrong with each condition and guard by itself."""
    for where, condition in conditions(rule):
        yield from _per(where, condition)
        match condition:
            case Occurs():
                yield from _occurs(where, condition, rule, home)
            case Absent():
                yield from _absent(where, condition, rule)
            case Sequence():
                yield from _sequence(where, condition, rule)
            case Holds():
                yield from _tolerance(rule, microseconds(condition.lasting), "lasting")
            case Count():
                yield from _count(where, condition)
            case At():
                yield from _sun(where, condition.sun is not None, home)
            case _:
                assert_never(condition)
    for where, guard in guards(rule):
        yield from _sun(where, isinstance(guard, SunGuard), home)
        if isinstance(guard, BetweenGuard) and guard.between[0] == guard.between[1]:
            message = f"expected two different times, found {guard.between[0]!r} twice."
            yield Problem("empty_between", f"{where}.between", message, "Leave it out to mean the whole day.")


def _sun(where: str, needed: bool, home: Home) -> Iterator[Problem]:
    if needed and home.location is None:
        message = "needs to know where the home is, and the home file gives no location."
        yield Problem("no_location", f"{where}.sun", message, "Add 'location: {latitude, longitude}' to the home.")


def _occurs(where: str, occurs: Occurs, rule: Rule, home: Home) -> Iterator[Problem]:
    if occurs.lasting is not None:
        for place, of in slots(where, occurs):
            for index, pattern in enumerate(of):
                yield from _lasting(f"{place}[{index}]", pattern, home)
    if occurs.lasting is not None and microseconds(occurs.lasting) > DAY:
        message = f"expected at most 24h, found {occurs.lasting!r}: an episode without a record for 24 h is forgotten."
        yield Problem("long_lasting", f"{where}.lasting", message, "Use 'holds' on a state for longer stretches.")
    if occurs.cooldown is None:
        return
    if rule.once:
        message = "has no effect in a rule that fires once."
        yield Problem("useless_cooldown", f"{where}.cooldown", message, "Remove it, or remove 'once'.")
    elif occurs.after is not None and microseconds(occurs.cooldown) <= microseconds(occurs.after):
        message = f"has no effect: matches are ignored while 'after' ({occurs.after}) is pending."
        yield Problem("useless_cooldown", f"{where}.cooldown", message, "Make it longer than 'after' or remove it.")


def _lasting(place: str, pattern: Pattern, home: Home) -> Iterator[Problem]:
    """States and events have no episodes: nothing would end them, so `lasting` would only be a delay."""
    sources = [home.by_id.get(source) for source in pattern.source or ()]
    devices = bool(sources) and not any(source is None or isinstance(source, Camera) for source in sources)
    if (pattern.type is not None and "detection" not in pattern.type) or (pattern.type is None and devices):
        message = "has no episodes, so 'lasting' could not see it end."
        yield Problem("lasting_needs_episode", place, message, "Use 'holds' with the state, or 'after' for a delay.")


def _absent(where: str, absent: Absent, rule: Rule) -> Iterator[Problem]:
    for index, pattern in enumerate(absent.of):
        if pattern.source is None:
            message = "is required in 'absent': nobody could say otherwise when it was blind."
            yield Problem(
                "no_source", f"{where}.of[{index}].source", message, "Name the camera or device that would see it."
            )
    if absent.window is not None:
        start, until = seconds_of_day(absent.window.start), seconds_of_day(absent.window.until)
        length = (until - start if until > start else until - start + 86_400) * 1_000_000
        yield from _tolerance(rule, length, "window")
    if absent.duration is not None:
        yield from _tolerance(rule, microseconds(absent.duration), "duration")


def _sequence(where: str, sequence: Sequence, rule: Rule) -> Iterator[Problem]:
    if not sequence.missing:
        return
    for index, pattern in enumerate(sequence.then):
        if pattern.source is None:
            message = "names no source, so a camera that was off would pass for nothing having happened."
            yield Problem("blind_sequence", f"{where}.then[{index}].source", message, "Name what would see it.")
    yield from _tolerance(rule, microseconds(sequence.within), "within")


def _tolerance(rule: Rule, length: int, name: str) -> Iterator[Problem]:
    if rule.blind_tolerance is not None and 0 < length <= microseconds(rule.blind_tolerance):
        message = f"expected less than the {name} ({duration_text(length)}), found {rule.blind_tolerance!r}."
        hint = "As it is, a source that was off all the time would count as watching."
        yield Problem("tolerance_too_long", "blind_tolerance", message, hint)


def _count(where: str, count: Count) -> Iterator[Problem]:
    if count.at_least == 1:
        message = "is reached by every match."
        yield Problem("count_of_one", f"{where}.at_least", message, "Use 'occurs', which says the same.")


# --- per --------------------------------------------------------------------------------------------------------


def _per(where: str, condition: LeafCondition) -> Iterator[Problem]:
    per = None if isinstance(condition, At) else condition.per
    if per is None:
        return
    named = [_named(of, per) for _, of in slots(where, condition)]
    if isinstance(condition, Holds):
        named = [{leaf.state for leaf in leaves_of(condition.state) if isinstance(leaf, StateGuard)}]
        if per == "subject":
            named = [set()]
    keys = _common(named)
    decided = isinstance(condition, Absent | Holds)
    if keys is not None and (not keys or len(keys) == 1):
        yield _few(f"{where}.per", per, keys)
    elif keys is None and decided:
        message = f"expected {per}s by name: an absence is decided for each {per} that the patterns name."
        yield Problem("no_keys", f"{where}.per", message, f"Name the {per}s in the patterns, or remove 'per'.")


def _named(of: Iterable[Pattern], per: str) -> set[str] | None:
    """Return the names that the patterns give for a key, or None when one of them leaves it open."""
    given = [pattern.source if per == "source" else pattern.subject for pattern in of]
    if any(names is None for names in given):
        return None
    return {name for names in given for name in names or ()}


def _common(named: Iterable[set[str] | None]) -> set[str] | None:
    """Return the keys that every slot can have; None when they are open."""
    closed = [names for names in named if names is not None]
    return set.intersection(*closed) if closed else None


def _few(place: str, per: str, keys: set[str]) -> Problem:
    if keys:
        message = f"has no effect: {min(keys)!r} is the only {per} that can match."
        return Problem("needless_per", place, message, "Remove it.")
    message = f"would never fire: no {per} can match all of it."
    return Problem("never_fires", place, message, f"Remove 'per', or use the same {per} throughout.")
