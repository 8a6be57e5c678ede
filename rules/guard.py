"""Guards: predicates over a home at an instant, compiled, with three truth values.

`None` is unknown and stays unknown through `not`; a guard holds only when it is True. What a guard may look at is
`View`, which the house implements: the last reports, who lives here, the wall clock, and what was seen lately.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, assert_never
from zoneinfo import ZoneInfo

from rules import calendar
from rules.coverage import Spot
from rules.home import Location
from rules.match import Matcher, compile_pattern, is_number, same, spots_of
from rules.rule import (
    AllGuard,
    AnyGuard,
    BetweenGuard,
    DaysGuard,
    Guard,
    HomeGuard,
    NotGuard,
    SeenGuard,
    StateGuard,
    SunGuard,
)
from rules.units import WEEKDAYS, microseconds, seconds_of_day

Truth = bool | None
UNKNOWN = None


class View(Protocol):
    """What guards look at."""

    zone: ZoneInfo
    place: Location | None
    people: tuple[str, ...]

    def value_of(self, source: str, attribute: str | None) -> tuple[Any] | None:
        """Return the last reported value in a tuple, or None if there is none."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a `seen` guard waits for, and how far back it looks: from a time of day, or for a length."""

    matchers: tuple[Matcher, ...]
    since: int | None
    within: int | None

    def begins(self, zone: ZoneInfo, time: int) -> int:
        """Return the first instant that counts at `time`."""
        if self.since is not None:
            return calendar.latest_before(zone, time, self.since)
        assert self.within is not None
        return time - self.within + 1


Tracks = list[int | None]  # for each `seen` guard of a rule, the time of its last match
Test = Callable[[View, Tracks, int], Truth]


@dataclass(frozen=True, slots=True)
class Guards:
    """The compiled guards of a rule: what each needs, what it looks at, and what it waits to have seen."""

    tests: tuple[Test, ...] = ()
    spots: tuple[Spot, ...] = ()
    seen: tuple[Seen, ...] = ()

    def hold(self, view: View, tracks: Tracks, time: int) -> Truth:
        """Tell whether all guards hold; an unknown one makes it unknown unless another fails."""
        found: Truth = True
        for test in self.tests:
            truth = test(view, tracks, time)
            if truth is False:
                return False
            if truth is UNKNOWN:
                found = UNKNOWN
        return found


NO_GUARDS = Guards()
EVERYONE = "\x00everyone"  # stands for the people of the home, so that homes can share what is compiled


def compile_guards(guards: tuple[Guard, ...]) -> Guards:
    """Return the compiled form of a rule's `while`."""
    if not guards:
        return NO_GUARDS
    seen: list[Seen] = []
    tests = tuple(compile_guard(guard, seen) for guard in guards)
    spots = dict.fromkeys(spot for guard in guards for spot in guard_spots(guard))
    return Guards(tests, tuple(spots), tuple(seen))


def named(spots: tuple[Spot, ...], people: tuple[str, ...]) -> tuple[Spot, ...]:
    """Return the spots with the home's people in the place of `EVERYONE`, each once, in order."""
    if EVERYONE not in spots:
        return spots
    return tuple(dict.fromkeys(s for spot in spots for s in (people if spot == EVERYONE else (spot,))))


def guard_spots(guard: Guard) -> Iterator[Spot]:
    """Yield the spots that a guard rests on; `EVERYONE` for the people of the home."""
    match guard:
        case StateGuard():
            yield guard.state
        case HomeGuard():
            yield EVERYONE if guard.home in ("nobody", "anyone") else guard.home
        case SeenGuard():
            yield from spots_of(map(compile_pattern, guard.seen.of))
        case NotGuard():
            yield from guard_spots(guard.negated)
        case AnyGuard():
            for inner in guard.any:
                yield from guard_spots(inner)
        case AllGuard():
            for inner in guard.all:
                yield from guard_spots(inner)
        case BetweenGuard() | DaysGuard() | SunGuard():
            return
        case _:
            assert_never(guard)


def compile_guard(guard: Guard, seen: list[Seen]) -> Test:
    """Return the test of one guard; what it waits to have seen is appended to `seen`."""
    match guard:
        case StateGuard():
            return _state(guard)
        case HomeGuard():
            return _home(guard.home)
        case SeenGuard():
            return _seen(guard, seen)
        case BetweenGuard():
            return _between(*map(seconds_of_day, guard.between))
        case DaysGuard():
            return _days(frozenset(map(WEEKDAYS.index, guard.days)))
        case SunGuard():
            return _sun(guard.sun == "up")
        case NotGuard():
            return _not(compile_guard(guard.negated, seen))
        case AnyGuard():
            return _any(tuple(compile_guard(inner, seen) for inner in guard.any))
        case AllGuard():
            return _all(tuple(compile_guard(inner, seen) for inner in guard.all))
        case _:
            assert_never(guard)


def _state(guard: StateGuard) -> Test:
    source, attribute = guard.state, guard.attribute

    def test(view: View, _tracks: Tracks, _time: int) -> Truth:
        found = view.value_of(source, attribute)
        return UNKNOWN if found is None else _fits(guard, found[0])

    return test


def _fits(guard: StateGuard, value: Any) -> Truth:
    if guard.equals and not any(same(value, wanted) for wanted in guard.equals):
        return False
    if any(same(value, other) for other in guard.is_not):
        return False
    if guard.above is None and guard.below is None:
        return True
    if not is_number(value):
        return UNKNOWN
    return (guard.above is None or value > guard.above) and (guard.below is None or value < guard.below)


def _home(who: str) -> Test:
    def is_home(view: View, person: str) -> Truth:
        found = view.value_of(person, None)
        return UNKNOWN if found is None else found[0] == "home"

    def anyone(view: View, _tracks: Tracks, _time: int) -> Truth:
        return _either(is_home(view, person) for person in view.people)

    def nobody(view: View, _tracks: Tracks, _time: int) -> Truth:
        return _negate(anyone(view, _tracks, _time))

    def person(view: View, _tracks: Tracks, _time: int) -> Truth:
        return is_home(view, who)

    return {"anyone": anyone, "nobody": nobody}.get(who, person)


def _seen(guard: SeenGuard, seen: list[Seen]) -> Test:
    since, within = guard.seen.since, guard.seen.within
    wanted = Seen(
        tuple(map(compile_pattern, guard.seen.of)),
        seconds_of_day(since) if since else None,
        microseconds(within) if within else None,
    )
    position = len(seen)
    seen.append(wanted)

    def test(view: View, tracks: Tracks, time: int) -> Truth:
        last = tracks[position]
        return last is not None and last >= wanted.begins(view.zone, time)

    return test


def _between(start: int, end: int) -> Test:
    def test(view: View, _tracks: Tracks, time: int) -> Truth:
        clock = calendar.local(view.zone, time)[1]
        return start <= clock < end if start < end else clock >= start or clock < end

    return test


def _days(days: frozenset[int]) -> Test:
    return lambda view, _tracks, time: calendar.weekday(calendar.local(view.zone, time)[0]) in days


def _sun(up: bool) -> Test:
    def test(view: View, _tracks: Tracks, time: int) -> Truth:
        return UNKNOWN if view.place is None else calendar.sun_is_up(view.place, view.zone, time) is up

    return test


def _not(inner: Test) -> Test:
    return lambda view, tracks, time: _negate(inner(view, tracks, time))


def _any(tests: tuple[Test, ...]) -> Test:
    return lambda view, tracks, time: _either(test(view, tracks, time) for test in tests)


def _all(tests: tuple[Test, ...]) -> Test:
    return lambda view, tracks, time: _negate(_either(_negate(test(view, tracks, time)) for test in tests))


def _negate(truth: Truth) -> Truth:
    return UNKNOWN if truth is UNKNOWN else not truth


def _either(truths: Iterator[Truth]) -> Truth:
    found: Truth = False
    for truth in truths:
        if truth:
            return True
        if truth is UNKNOWN:
            found = UNKNOWN
    return found
