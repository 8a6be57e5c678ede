"""Conditions in Spanish, as the first half of a sentence: `si no se ha visto a Daisy comer entre medianoche y mediodía`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from rules.home import Home
from rules.rule import Absent, AnyOf, At, Condition, Count, Holds, Occurs, Pattern, Sequence, Window, leaf_conditions
from rules.words.spanish.clauses import clause
from rules.words.spanish.guards import all_holding
from rules.words.spanish.times import clock, duration, joined, on_date, on_days, recurring

_SUN = {"sunset": "el atardecer", "sunrise": "el amanecer"}


def lead(condition: Condition, home: Home) -> str:
    """Return the clause that says when a rule decides, in lower case and without a full stop."""
    match condition:
        case Occurs():
            return _occurs(condition, home)
        case Absent():
            return f"si {missing(condition.of, home)} {span(condition)}"
        case Sequence():
            return _sequence(condition, home)
        case Holds():
            state, lasting = all_holding((condition.state,), home), duration(condition.lasting)
            return f"en cuanto {state}" if lasting == "0 segundos" else f"cuando {state} durante {lasting}"
        case Count():
            return f"cuando ocurre {often(condition.at_least)} en {duration(condition.within)} que {happens(condition.of, home)}"
        case At():
            return at(condition)
        case AnyOf():
            numbered = (f"({n}) {lead(one, home)}" for n, one in enumerate(condition.conditions, start=1))
            return f"cuando se cumple alguna de estas: {'; '.join(numbered)}"
        case _:
            assert_never(condition)


def happens(of: Iterable[Pattern], home: Home) -> str:
    """Return `se ve a Daisy comer o la puerta «front door» se abre`."""
    return joined((clause(pattern, home).happens for pattern in of), "o")


def missing(of: Iterable[Pattern], home: Home, edge: bool = False, brief: bool = False) -> str:
    """Return `no se ha visto a Daisy comer y el comedero no ha informado de comida servida`."""
    return joined(clause(pattern, home, edge, brief).has(negated=True) for pattern in of)


def often(number: int) -> str:
    """Return `una vez` or `3 veces`."""
    return "una vez" if number == 1 else f"{number} veces"


def _occurs(occurs: Occurs, home: Home) -> str:
    what = happens(occurs.of, home)
    if occurs.after:
        return f"{duration(occurs.after)} después de lo siguiente: {what}"
    return f"cuando {what}" + (f", durante al menos {duration(occurs.lasting)}" if occurs.lasting else "")


def span(absent: Absent) -> str:
    """Return `entre medianoche y mediodía, todos los días`, or `durante 12 horas`."""
    return between(absent.window) if absent.window is not None else f"durante {duration(absent.duration or '0s')}"


def between(window: Window) -> str:
    """Return a window; one past midnight names the day on which it starts."""
    over = " del día siguiente" if window.until <= window.start else ""
    start = " (el día en que empieza)" if over and window.days is not None else ""
    return f"entre {clock(window.start)} y {clock(window.until)}{over}, {on_days(window.days)}{start}"


def _sequence(sequence: Sequence, home: Home) -> str:
    first, within = happens(sequence.first, home), duration(sequence.within)
    if sequence.missing:
        return f"si {first} y en los {within} siguientes {missing(sequence.then, home, edge=True)}".replace(
            "los 1 hora siguientes", "la hora siguiente"
        )
    return f"cuando {first} y menos de {within} después {happens(sequence.then, home)}"


def at(condition: At) -> str:
    """Return `a las 22:00 entre semana`, `30 minutos antes del atardecer, todos los días` or `a mediodía el 24 de diciembre de 2026`."""
    time = moment(condition)
    if condition.date is not None:
        return f"{time} {on_date(condition.date)}".strip()
    if condition.rrule is not None:
        return f"{time} {recurring(condition.rrule)}".strip()
    return f"{time} {on_days(condition.days)}".strip()


def moment(condition: At) -> str:
    """Return the time of day of a check, or an empty text where its recurrence says it."""
    if condition.time is not None:
        return f"a {clock(condition.time)}"
    if condition.sun is None:
        return ""
    offset = condition.offset or "0s"
    away = duration(offset.lstrip("+-"))
    event = f"d{_SUN[condition.sun]}"
    if away == "0 segundos":
        return f"a{event[1:].removeprefix('e')}"
    return f"{away} {'antes' if offset.startswith('-') else 'después'} {event}"


def apart(condition: Condition) -> str:
    """Return the sentence about `per`, or an empty text."""
    kinds = {leaf.per for leaf in leaf_conditions(condition) if not isinstance(leaf, At)}
    return " ".join(words for kind, words in _PER.items() if kind in kinds)


_PER = {"source": "Cada cámara o aparato cuenta por separado.", "subject": "Cada persona o animal cuenta por separado."}
