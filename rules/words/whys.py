"""A day of a rule in English: the reason in one sentence, then every step of the day in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.home import Home
from rules.rule import At, Holds, Rule, leaf_conditions
from rules.trace import Trace
from rules.words.conditions import lead
from rules.words.names import any_of, called
from rules.words.steps import Line, Telling, blind, lines, quiet, reason, table
from rules.words.times import at_moment, joined, often, on_weekday

if TYPE_CHECKING:
    from rules.why import Why


def explain_why(why: Why, rule: Rule, home: Home) -> str:
    """Return why the rule did or did not fire on the day: the reason, then each step on a line of its own."""
    tell = _telling(why, rule, home)
    head = f"{on_weekday(why.day)}: {_headline(why, tell)}."
    steps = [f"- {line}" for line in lines(why.steps, tell)]
    return "\n".join([head, *steps, *(f"- {line}" for line in _heard(why, tell)), *_notes(why)])


@dataclass(frozen=True, slots=True)
class Told:
    """Why a rule did or did not fire, as a page shows it: the reason, each step of the day, and what else is to be said."""

    reason: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


def tell_why(why: Why, rule: Rule, home: Home) -> Told:
    """Return the same as `explain_why` in parts, without the ids of records."""
    tell = _telling(why, rule, home)
    head = _headline(why, tell)
    return Told(f"{head[:1].upper()}{head[1:]}.", tuple(table(why.steps, tell)), (*_heard(why, tell), *_notes(why)))


def _telling(why: Why, rule: Rule, home: Home) -> Telling:
    return Telling(why.version_at(why.end - 1, rule), home, why.records, (why.start, why.end))


def _headline(why: Why, tell: Telling) -> str:
    match why.outcome:
        case "fired":
            return f"it fired {_moments(why, 'fired', tell)}"
        case "unknown":
            return f"it could not tell {_moments(why, 'unknown', tell)}"
        case "waiting" | "not_due":
            return _pending(why, tell)
        case "undecided":
            return f"it decided nothing {_when(why.undecided, tell)}: {_undecided(why, tell)}"
        case "no_records":
            return _no_records(why, tell)
        case _:
            return _because(why, tell)


def _because(why: Why, tell: Telling) -> str:
    match why.outcome:
        case "guard" | "cooldown" | "expired":
            trace = _last(why)
            return f"at {tell.time(trace.time)} {reason(trace, tell)}"
        case "paused" | "dropped" | "not_put":
            because = _absence(why, tell)
        case "nothing":
            because = _nothing(tell)
        case "quiet":
            because = quiet(_last(why), tell)
        case "ended":
            because = reason(_last(why), tell)
        case "blind":
            because = f"I could not tell at {tell.time(_last(why).time)}. {blind(_last(why), tell)}".rstrip(". ")
        case _:
            because = _PLAIN.get(why.outcome, "nothing was decided")
    return f"it did not fire, because {because}"


_PLAIN = {
    "lapsed": "what was awaited did not follow in time",
    "repeat": "what came was nothing new",
    "matched": "what came was not enough",
    "silent": "it was so before, and had been decided then",
}


def _last(why: Why) -> Trace:
    """Return the last step of the day that is its outcome."""
    return next(t for t in reversed(why.traces) if t.what == why.outcome and t.detail.get("due", 0) is not None)


def _moments(why: Why, verdict: str, tell: Telling) -> str:
    times = [firing.time for firing in why.firings if firing.verdict == verdict]
    number = f"{often(len(times))}, " if len(times) > 1 else ""
    shown = _when(tuple(times[:5]), tell)
    return f"{number}{shown}{' and later' if len(times) > 5 else ''}"


def _when(times: tuple[int, ...], tell: Telling) -> str:
    return f"at {joined(dict.fromkeys(map(tell.time, times)))}"


def _pending(why: Why, tell: Telling) -> str:
    assert why.until is not None
    ends = f", and these records end at {at_moment(why.until, tell.zone)}"
    if why.outcome == "not_due":
        return f"it has not fired yet. It decides {_when(why.due, tell)}{ends}"
    due = next(t.detail["due"] for t in reversed(why.traces) if t.what == "waiting")
    if due <= why.until:
        return f"it did not fire that day, because it waited until {at_moment(due, tell.zone)}"
    return f"it has not fired yet. It waits until {at_moment(due, tell.zone)}{ends}"


def _undecided(why: Why, tell: Telling) -> str:
    put = next((put for put, _ in why.versions), None)
    if put is not None and put >= min(why.undecided):
        return f"the rule was put only at {at_moment(put, tell.zone)}"
    if why.began is None or why.began < why.start:
        return "the rule was not at work then"
    return f"the records begin only at {tell.time(why.began)}, so nobody knows what came before"


def _absence(why: Why, tell: Telling) -> str:
    changes = [t for t in why.traces if t.what in ("put", "dropped")]
    if why.outcome == "not_put":
        later = [put for put, _ in why.versions if put >= why.end]
        return "the rule was not there yet" + (f": it was put at {at_moment(later[0], tell.zone)}" if later else "")
    done = "paused" if why.outcome == "paused" else "dropped"
    since = f" since {tell.time(changes[-1].time)}" if changes else ""
    return f"the rule was {done}{since}"


def _no_records(why: Why, tell: Telling) -> str:
    if why.began is None or why.until is None:
        return "there are no records at all, so nobody can say"
    span = f"from {at_moment(why.began, tell.zone)} to {at_moment(why.until, tell.zone)}"
    return f"there are no records of that day, so nobody can say; they go {span}"


def _nothing(tell: Telling) -> str:
    leaves = leaf_conditions(tell.rule.when)
    if all(isinstance(leaf, At) for leaf in leaves):
        return f"its time did not come: it is to fire {joined((lead(leaf, tell.home) for leaf in leaves), 'or')}"
    if all(isinstance(leaf, Holds) for leaf in leaves):
        return "it did not come to be so"
    return "nothing came that it waits for"


def _heard(why: Why, tell: Telling) -> Iterator[str]:
    """Yield what was heard from the sources of the rule, where nothing else tells about the day."""
    if why.outcome not in ("nothing", "matched", "repeat", "lapsed") or not why.heard:
        return
    silent = [source for source, number in why.heard.items() if not number]
    if silent:
        yield f"I heard nothing from {any_of(silent, tell.home)} that day."
    for source, number in why.heard.items():
        if number:
            name = called(source, tell.home)
            yield f"{name[:1].upper()}{name[1:]} reported {often(number)} that day."


def _notes(why: Why) -> Iterator[str]:
    if why.supposed and why.outcome != "no_records":
        yield "The log does not say when the rule was put, so this is what it would have done from the beginning of the log on."
