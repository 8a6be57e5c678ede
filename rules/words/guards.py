"""Guards as English: `the garage door is open`, `nobody is home`, `it is between 10 pm and 6 am`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from rules.home import Calendar, Home
from rules.rule import (
    AllGuard,
    AnyGuard,
    BetweenGuard,
    DaysGuard,
    Guard,
    HomeGuard,
    NotGuard,
    Seen,
    SeenGuard,
    StateGuard,
    SunGuard,
)
from rules.words.clauses import clause
from rules.words.names import called
from rules.words.times import a_day, clock, duration, joined
from rules.words.values import guarded


def all_holding(guards: Iterable[Guard], home: Home) -> str:
    """Return the sentence that is true when all guards hold, or an empty text for none."""
    said = [holding(guard, home) for guard in guards]
    return _open(said[0]) if len(said) == 1 else joined(said)


def state_holding(guard: Guard, home: Home) -> str:
    """Return the sentence that is true when a guard that stands alone holds."""
    return all_holding((guard,), home)


def holding(guard: Guard, home: Home, negated: bool = False, past: bool = False) -> str:
    """Return the sentence that is true when the guard holds, or with `negated` when it does not; of now or of `past`."""
    is_ = f"{'was' if past else 'is'} {'not ' if negated else ''}"
    match guard:
        case StateGuard(equals=("on",)) if guard.attribute is None and isinstance(
            home.by_id.get(guard.state), Calendar
        ):
            return f"{'nothing' if negated else 'something'} {'was' if past else 'is'} on in {_calendar(guard.state, home)}"
        case StateGuard():
            return guarded(guard, home, negated, past)
        case HomeGuard():
            return _home(guard.home, home, negated, past)
        case SeenGuard():
            return _seen(guard.seen, home, negated, past)
        case BetweenGuard():
            start, end = map(clock, guard.between)
            return f"it {is_}between {start} and {end}"
        case DaysGuard():
            return f"it {is_}{a_day(guard.days)}"
        case SunGuard():
            return f"the sun {is_}{guard.sun}"
        case NotGuard():
            return holding(guard.negated, home, not negated, past)
        case AnyGuard():
            return _several(guard.any, home, negated, past, "or")
        case AllGuard():
            return _several(guard.all, home, negated, past, "and")
        case _:
            assert_never(guard)


def _calendar(id: str, home: Home) -> str:
    """Return `the meetings calendar`."""
    name = called(id, home)
    return name if "calendar" in name.lower() else f"{name} calendar"


def _several(inner: tuple[Guard, ...], home: Home, negated: bool, past: bool, word: str) -> str:
    """Join guards in brackets; the negation of `a or b` is `not a and not b`, and the other way round."""
    if negated:
        word = "and" if word == "or" else "or"
    said = [holding(one, home, negated, past) for one in inner]
    return said[0] if len(said) == 1 else f"({joined(said, word)})"


def _open(words: str) -> str:
    """Return what stands alone without the brackets around all of it."""
    return words[1:-1] if words.startswith("(") and words.endswith(")") else words


def _home(who: str, home: Home, negated: bool, past: bool) -> str:
    is_ = "was" if past else "is"
    if who in ("nobody", "anyone"):
        empty = (who == "nobody") != negated
        return f"{'nobody' if empty else 'somebody'} {is_} home"
    return f"{called(who, home)} {is_} {'not ' if negated else ''}home"


def _seen(seen: Seen, home: Home, negated: bool, past: bool) -> str:
    lately = f"since {clock(seen.since)}" if seen.since else f"in the last {duration(seen.within or '0s')}"
    has = f"{'had' if past else 'has'}{' not' if negated else ''}"
    found = [clause(pattern, home, edge=False).has(has) for pattern in seen.of]
    return f"{joined(found, 'and' if negated else 'or')} {lately}"
