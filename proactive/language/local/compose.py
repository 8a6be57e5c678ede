"""Composition: statements and times become one condition with its guards: the grammar of time, in one table of cases.

A negated statement is an absence and needs a deadline or a duration; a state that lasts is `holds`; a change is
`occurs`; what is said of a moment is `at` with guards. What the words leave open is asked, never filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from proactive.language.local.clause import Timed, Times
from proactive.language.local.clock import Length
from proactive.language.local.detour import ask, cannot
from proactive.language.local.predicate import (
    Fed,
    Happening,
    Json,
    Presence,
    Sight,
    Sky,
    SkyEvent,
    State,
    guard,
    patterns,
)
from proactive.language.local.statement import Statement
from proactive.language.local.when import When
from rules.home import Home


@dataclass(frozen=True, slots=True)
class Made:
    """A condition and its guards as plain JSON, the statement it is about, and how long it lasts."""

    when: Json
    guards: list[Json]
    about: Statement
    lasting: str | None = None
    deadline: str | None = None
    within: str | None = None
    second: Statement | None = None
    absorbed: tuple[Json, ...] = ()


def compose(statements: Sequence[Statement], times: Times, when: When, home: Home) -> Made:
    """Return the condition of some statements and times. Raise DetourError where they are not one."""
    main, rest = _main(statements)
    triggers = [s for s in rest if s.link in ("or", "then") or _happens(s)]
    guards = [_guard_of(s, home) for s in rest if s not in triggers]
    if main.predicate is None:
        raise cannot("no_condition", "I did not find what to watch for in this.", "")
    if triggers:
        made = _several(main, triggers, times, when, home)
    else:
        made = _single(main, guards, times, when, home)
    return replace(made, guards=[*made.guards, *(g for g in guards if g not in made.absorbed)])


def _main(statements: Sequence[Statement]) -> tuple[Statement, list[Statement]]:
    """Return the statement that decides, first of what happens, then of what is, and the others; times alone are none."""
    said = [s for s in statements if s.predicate is not None]
    if not said:
        raise cannot("no_condition", "I did not find what to watch for in this.", "")
    ordered = [s for s in said if s.link not in ("while", "unless")] or said
    main = ordered[0]
    if isinstance(main.predicate, Sky | Presence) and len(ordered) > 1 and _guardable(main):
        main = next((s for s in ordered[1:] if not (isinstance(s.predicate, Sky | Presence) and _guardable(s))), main)
    if main.link == "unless":
        main = replace(main, negated=not main.negated, link="if")
    return main, [s for s in said if s is not main and s.predicate is not main.predicate]


def _guardable(statement: Statement) -> bool:
    predicate = statement.predicate
    return isinstance(predicate, Sky) or (isinstance(predicate, Presence) and (predicate.static or statement.negated))


def _happens(statement: Statement) -> bool:
    """Say whether a statement tells of a happening, which no guard can hold."""
    predicate = statement.predicate
    if statement.link in ("while", "unless"):
        return False
    if isinstance(predicate, State | Presence):
        return not predicate.static
    return isinstance(predicate, Happening | Sight | Fed | SkyEvent)


def _guard_of(statement: Statement, home: Home) -> Json:
    assert statement.predicate is not None
    made = guard(statement.predicate, statement.negated != (statement.link == "unless"), home)
    if made is None:
        raise cannot("no_guard", "I can only combine this with how things are at home, such as a door being open.", "")
    return made


# --- one statement ----------------------------------------------------------------------------------------------


def _single(main: Statement, guards: Sequence[Json], times: Times, when: When, home: Home) -> Made:
    length = _length(times)
    if main.count is not None:
        return _count(main, length, when, home)
    if isinstance(main.predicate, SkyEvent | Sky):
        return _sky(main, when)
    if main.negated and not _guardable_state(main):
        return _absence(main, length, when, home)
    if length is not None and _vague(length):
        raise ask("duration", "How long is that? Say for example '10 minutes'.")
    if length is not None:
        return _lasting(main, length, when, home)
    if when.at or when.until is not None:
        if isinstance(main.predicate, State) and not main.predicate.static:
            raise cannot("at_moment", "That happens in a moment, and not at a time.", "Say 'between' two times.")
        return _at_clock(main, when, home)
    return _change(main, guards, when, home)


def _guardable_state(main: Statement) -> bool:
    """Say whether "not" only names the other state: "is not locked", "nobody is home"."""
    predicate = main.predicate
    return isinstance(predicate, State | Presence) and predicate.static


def _length(times: Times) -> Timed | None:
    lengths = [timed for timed in times.lengths if timed.preposition != "every"]
    if len(lengths) > 1:
        raise cannot("two_durations", "I found two durations and cannot tell which is meant.", "Say it with one.")
    return lengths[0] if lengths else None


def _vague(timed: Timed) -> bool:
    return isinstance(timed.value, Length) and timed.value.duration is None


def _duration(timed: Timed) -> str:
    assert isinstance(timed.value, Length)
    if timed.value.duration is None:
        raise ask("duration", "How long is that? Say for example '10 minutes'.")
    return timed.value.duration


def _count(main: Statement, length: Timed | None, when: When, home: Home) -> Made:
    assert main.predicate is not None and main.count is not None
    if length is None:
        raise ask("within", f"{main.count} times within how long?")
    of = patterns(main.predicate, home)
    condition = {"op": "count", "of": of, "at_least": main.count, "within": _duration(length)}
    return Made(condition, when.guards(), main, within=_duration(length))


def _sky(main: Statement, when: When) -> Made:
    predicate = main.predicate
    assert isinstance(predicate, Sky | SkyEvent)
    sun = predicate.sun if isinstance(predicate, SkyEvent) else {"down": "sunset", "up": "sunrise"}[predicate.sun]
    return Made({"op": "at", "sun": sun, **when.daily()}, [], main)


def _absence(main: Statement, length: Timed | None, when: When, home: Home) -> Made:
    assert main.predicate is not None
    of = patterns(main.predicate, home)
    deadline = when.until or (when.at[0] if len(when.at) == 1 else None)
    if length is not None:
        duration = _duration(length)
        return Made(
            {"op": "absent", "of": of, "duration": duration, **_per(main, of)}, when.guards(), main, lasting=duration
        )
    if isinstance(main.predicate, Presence | State) and deadline and _stays(main):
        return _at_clock(main, when, home)
    if deadline is not None:
        window = {"from": when.window[0] if when.window else "00:00", "until": deadline}
    elif when.window is not None:
        window = {"from": when.window[0], "until": when.window[1]}
    else:
        raise ask("deadline", "By what time, or for how long? Say for example 'by noon' or 'for 12 hours'.")
    if when.date is not None:
        raise cannot("one_day", "I can watch for that every day, but not on one day only.", "Leave the day out.")
    if window["from"] == window["until"]:
        window["from"] = "00:00"
    condition = {"op": "absent", "of": of, "window": {**window, **when.daily()}, **_per(main, of)}
    return Made(condition, [], main, deadline=window["until"])


def _stays(main: Statement) -> bool:
    """Say whether coming home is meant, which by a deadline is the same as being there."""
    return isinstance(main.predicate, Presence)


def _per(main: Statement, of: Sequence[Json]) -> Json:
    """Return `per` where each of several pets has to be fed: evidence that names nobody cannot tell them apart."""
    several = isinstance(main.predicate, Fed) and len(main.predicate.pets) > 1
    return {"per": "subject"} if several and all("subject" in pattern for pattern in of) else {}


def _lasting(main: Statement, length: Timed, when: When, home: Home) -> Made:
    predicate, duration = main.predicate, _duration(length)
    assert predicate is not None
    if length.preposition in ("in", "within"):
        raise cannot("within_what", f"I did not understand what should happen within {duration}.", "")
    if (
        length.preposition == "after"
        and isinstance(predicate, State | Happening)
        and not getattr(predicate, "static", False)
    ):
        return Made(
            {"op": "occurs", "of": patterns(predicate, home), "after": duration}, when.guards(), main, lasting=duration
        )
    if isinstance(predicate, Sight):
        return Made(
            {"op": "occurs", "of": patterns(predicate, home), "lasting": duration},
            when.guards(),
            main,
            lasting=duration,
        )
    state = guard(predicate, main.negated, home)
    if state is None:
        raise cannot("no_lasting", "I can wait for how long something stays so, but this happens in a moment.", "")
    condition: Json = {"op": "holds", "state": state, "lasting": duration}
    if isinstance(predicate, State) and len(predicate.parts) > 1 and not predicate.every and not main.negated:
        condition["per"] = "source"
    return Made(condition, when.guards(), main, lasting=duration)


def _at_clock(main: Statement, when: When, home: Home) -> Made:
    assert main.predicate is not None
    state = guard(main.predicate, main.negated, home)
    points = [*when.at, *([when.until] if when.until else [])]
    if state is None:
        raise cannot(
            "not_at", "I can check at a time how a device is, but this is something that happens.", "Say 'by' a time."
        )
    checks = [{"op": "at", "time": time, **when.daily()} for time in points]
    condition = checks[0] if len(checks) == 1 else {"op": "any", "conditions": checks}
    return Made(condition, [state], main, deadline=points[0])


def _change(main: Statement, guards: Sequence[Json], when: When, home: Home) -> Made:
    """Return the condition of what is or becomes so, with no length and no clock time."""
    predicate = main.predicate
    assert predicate is not None
    state = guard(predicate, main.negated, home)
    static = isinstance(predicate, State | Presence) and predicate.static
    of = patterns(predicate, home)
    if state is not None and static and when.window is not None:
        return _within_window(main, state, of, when)
    if isinstance(predicate, State) and main.left and not guards:
        raise ask("duration", "How long may it stay so before I tell you? Say for example '10 minutes'.")
    whole = isinstance(predicate, State) and (predicate.compare is not None or predicate.every)
    together = isinstance(predicate, Presence) and (predicate.who == "everyone" or static)
    if state is not None and (main.negated or whole or together or (static and guards and not when.guards())):
        return _holds(state, guards, main, when)
    if not of:
        raise cannot("nothing_to_watch", "Nothing here reports that.", "")
    return Made({"op": "occurs", "of": of}, when.guards(), main)


def _holds(state: Json, guards: Sequence[Json], main: Statement, when: When) -> Made:
    """Return `holds` over the state and those guards that it may hold: the moment when all of it is true."""
    states = [g for g in guards if _is_state(g)]
    whole = {"all": [state, *states]} if states else state
    return Made({"op": "holds", "state": whole, "lasting": "0s"}, when.guards(), main, absorbed=tuple(states))


def _is_state(made: Json) -> bool:
    keys = set(made)
    if keys & {"state", "home"}:
        return True
    return any(_is_state(inner) for key in keys & {"all", "any"} for inner in made[key]) or (
        "not" in made and _is_state(made["not"])
    )


def _within_window(main: Statement, state: Json, of: list[Json], when: When) -> Made:
    """Return "is open at night": a check when the window begins, and every change inside it."""
    assert when.window is not None
    check = {"op": "at", "time": when.window[0], **when.daily()}
    if main.negated or not of or when.date is not None:
        return Made(check, [state], main, deadline=when.window[0])
    return Made({"op": "any", "conditions": [check, {"op": "occurs", "of": of}]}, [*when.guards(), state], main)


# --- several ----------------------------------------------------------------------------------------------------


def _several(main: Statement, triggers: Sequence[Statement], times: Times, when: When, home: Home) -> Made:
    second = triggers[0]
    if main.negated and all(s.link != "or" for s in triggers):
        raise cannot("two_rules", "That is more than one rule.", "Say them one by one.")
    if len(triggers) > 1 and not all(s.link == "or" for s in triggers):
        raise cannot("too_many", "That is more than two things at once.", "Say it as two rules.")
    length = _length(times)
    if all(s.link == "or" for s in triggers):
        if length is not None or when.at or when.until:
            raise cannot(
                "or_times",
                "I can watch for one or the other, but not with a time that belongs to both.",
                "Say it as two rules.",
            )
        made = [_single(replace(s, link="if"), (), Times(), replace(when, once=False), home) for s in (main, *triggers)]
        conditions = [one.when for one in made]
        return Made({"op": "any", "conditions": conditions}, made[0].guards, main, second=second)
    if length is None:
        raise ask("within", "Within how long after the first should the second come?")
    if length.preposition == "for":
        raise cannot("for_which", "I did not understand which of these should last.", "Say it as two rules.")
    if main.negated or main.predicate is None or second.predicate is None:
        raise cannot("not_a_sequence", "I did not understand the order of these.", "Say what comes first.")
    first, then = patterns(main.predicate, home), patterns(second.predicate, home)
    if not first or not then:
        raise cannot("not_a_sequence", "One of these is nothing that a device or camera reports.", "")
    condition: Json = {"op": "sequence", "first": first, "then": then, "within": _duration(length)}
    if second.negated:
        condition["missing"] = True
    return Made(condition, when.guards(), main, within=_duration(length), second=second)
