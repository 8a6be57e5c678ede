"""Guards in Spanish: `la puerta «front door» está abierta`, `no hay nadie en casa`, `es entre las 22:00 y las 6:00`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from rules.home import Home
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
from rules.words.spanish.clauses import clause
from rules.words.spanish.names import named
from rules.words.spanish.times import a_day, clock, joined, lately
from rules.words.spanish.values import guarded


def all_holding(guards: Iterable[Guard], home: Home) -> str:
    """Return the sentence that is true when all guards hold, or an empty text for none."""
    said = [holding(guard, home) for guard in guards]
    whole = said[0] if len(said) == 1 else ""
    return whole[1:-1] if whole.startswith("(") and whole.endswith(")") else joined(said)


def holding(guard: Guard, home: Home, negated: bool = False) -> str:
    """Return the sentence that is true when the guard holds, or with `negated` when it does not."""
    no = "no " if negated else ""
    match guard:
        case StateGuard():
            return guarded(guard, home, negated)
        case HomeGuard():
            return _home(guard.home, home, negated)
        case SeenGuard():
            return _seen(guard.seen, home, negated)
        case BetweenGuard():
            start, end = map(clock, guard.between)
            return f"la hora {no}está entre {start} y {end}"
        case DaysGuard():
            return f"{no}es {a_day(guard.days)}"
        case SunGuard():
            return f"el sol {no}{'ha salido' if guard.sun == 'up' else 'se ha puesto'}"
        case NotGuard():
            return holding(guard.negated, home, not negated)
        case AnyGuard():
            return _several(guard.any, home, negated, "o")
        case AllGuard():
            return _several(guard.all, home, negated, "y")
        case _:
            assert_never(guard)


def _several(inner: tuple[Guard, ...], home: Home, negated: bool, word: str) -> str:
    """Join guards in brackets; the negation of `a o b` is `no a y no b`, and the other way round."""
    if negated:
        word = "y" if word == "o" else "o"
    said = [holding(one, home, negated) for one in inner]
    return said[0] if len(said) == 1 else f"({joined(said, word)})"


def _home(who: str, home: Home, negated: bool) -> str:
    if who in ("nobody", "anyone"):
        return "no hay nadie en casa" if (who == "nobody") != negated else "hay alguien en casa"
    return f"{named(who, home).text} {'no ' if negated else ''}está en casa"


def _seen(seen: Seen, home: Home, negated: bool) -> str:
    back = f"desde {clock(seen.since)}" if seen.since else lately(seen.within or "0s")
    found = [clause(pattern, home, edge=False).has(negated) for pattern in seen.of]
    return f"{joined(found, 'y' if negated else 'o')} {back}"
