"""Values: what a state or an entry of `where` is compared with, in words: `above 4 °C`, `open or closed`."""

from __future__ import annotations

from dataclasses import dataclass

from rules.checks.reports import values_of
from rules.home import Device, Home
from rules.rule import Comparison, Number, Scalar, StateGuard, ValueTest
from rules.words.names import any_of, number, plain
from rules.words.times import joined

_OPERATORS = (("ge", "at least"), ("gt", "above"), ("le", "at most"), ("lt", "below"))


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of one or several sources: what it is called, its unit, and the word of a yes or no."""

    called: str
    unit: str | None = None
    flag: str | None = None


def attribute(sources: tuple[str, ...], name: str | None, home: Home) -> Attribute:
    """Return how to speak of an attribute; the usual one, `state`, is the device itself: "the front door is open"."""
    owner = any_of(sources, home)
    devices = [entry for source in sources if isinstance(entry := home.by_id.get(source), Device)]
    unit = devices[0].unit if devices else None
    if devices and values_of(devices[0], name) == "boolean":
        return Attribute(owner, unit, plain(name or next(iter(devices[0].attributes))))
    if name is None or name == "state":
        return Attribute(owner, unit)
    return Attribute(f"{owner}'s {plain(name)}", unit)


def value(given: Scalar, about: Attribute) -> str:
    """Return one value: a number with its unit, a yes or no as its word."""
    if isinstance(given, bool) and about.flag is not None:
        return about.flag if given else f"not {about.flag}"
    if isinstance(given, int | float) and not isinstance(given, bool):
        return number(given, about.unit)
    return plain(given)


def tested(test: ValueTest, about: Attribute) -> str:
    """Return what a value must be: `open`, `open or closed`, `at least 4 °C and below 8 °C`, `not open`."""
    if not isinstance(test, Comparison):
        given = test if isinstance(test, tuple) else (test,)
        return joined((value(one, about) for one in given), "or")
    limits = [(word, getattr(test, name)) for name, word in _OPERATORS]
    words = [f"{word} {number(limit, about.unit)}" for word, limit in limits if limit is not None]
    if "ne" in test.model_fields_set:
        words.append(f"not {value(test.ne, about)}")
    return joined(words)


def guarded(guard: StateGuard, home: Home, negated: bool = False, past: bool = False) -> str:
    """Return a state guard: `the garage door is open`, `the freezer temperature was above 4 °C`."""
    about = attribute((guard.state,), guard.attribute, home)
    words: list[str] = []
    if guard.equals:
        words.append(joined((value(one, about) for one in guard.equals), "or"))
    if guard.is_not:
        words.append("not " + joined((value(one, about) for one in guard.is_not), "or"))
    words += _limits(guard.above, guard.below, about)
    return f"{about.called} {'was' if past else 'is'} {'not ' if negated else ''}{joined(words)}"


def _limits(above: Number | None, below: Number | None, about: Attribute) -> list[str]:
    limits = (("above", above), ("below", below))
    return [f"{word} {number(limit, about.unit)}" for word, limit in limits if limit is not None]
