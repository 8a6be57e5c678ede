"""Conditions: one statement with its times becomes one condition: the grammar of time, in one table of cases.

A negated statement is an absence and needs a deadline or a duration; a state that lasts is `holds`; a change is
`occurs`; what is said of a moment is `at` with guards. What the words leave open is asked, never filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from proactive.language.local.answer import clock_for, length_for, length_in
from proactive.language.local.clause import Timed, Times
from proactive.language.local.clock import Length
from proactive.language.local.detour import ask, cannot
from proactive.language.local.dialogue import answer_to
from proactive.language.local.lexicon import RESTING
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
from proactive.language.local.when import When, settled
from rules.home import Home
from rules.units import MINUTE, WEEKDAYS, duration_text


@dataclass(frozen=True, slots=True)
class Made:
    """A condition and its guards as plain JSON, the statement it is about, and how long it lasts.

    `second` is the other happening of a sequence or an `any`; `also` are the statements that became guards.
    """

    when: Json
    guards: list[Json]
    about: Statement
    lasting: str | None = None
    deadline: str | None = None
    within: str | None = None
    second: Statement | None = None
    absorbed: tuple[Json, ...] = ()
    also: tuple[Statement, ...] = ()
    notes: tuple[str, ...] = ()


def same_state(one: Statement, other: Statement) -> bool:
    """Say whether two clauses are of the same state: "opens and stays open"."""
    first, second = one.predicate, other.predicate
    if not isinstance(first, State) or not isinstance(second, State) or one.negated or other.negated:
        return False
    return first.parts == second.parts


def single(
    main: Statement, guards: Sequence[Json], times: Times, when: When, home: Home, *, repeated: bool = False
) -> Made:
    length = length_of(times)
    if main.count is None and main.again and length is not None and length.preposition in ("within", "in"):
        main = replace(main, count=2)  # "opens again within five minutes"
    if main.count is not None:
        return _count(main, length, when, home)
    if isinstance(main.predicate, SkyEvent | Sky):
        return _sky(main, when)
    if when.since is not None and not main.negated:
        raise cannot(
            "since_what", f"I did not understand what should be so since {when.since}.", "Say 'after' or 'from'."
        )
    if not main.negated and needs_all(main):
        raise cannot("both", "I can watch for any of them, but not for all of them at once.", "Name one.")
    if main.negated and not is_how_it_stands(main):
        return _absence(main, length, when, home)
    if length is not None:
        return lasting(main, length, when, home)
    if when.until is not None and when.before and not when.at and not when.suns and _in_a_moment(main):
        when = replace(when, window=("00:00", when.until), until=None)
    if len(when.at) == 1 and not when.until and not when.suns and when.window is None and _happens_at(main):
        question = f"That happens in a moment. From {when.at[0]} until what time should I watch for it?"
        when = replace(
            when, window=(when.at[0], settled(Timed("by", clock_for("until", question), -1), when.part)), at=()
        )
    if when.points():
        if _in_a_moment(main):
            raise cannot("at_moment", "That happens in a moment, and not at a time.", "Say 'between' two times.")
        return _at_clock(main, when, home)
    return _change(main, guards, when, home, repeated)


def _in_a_moment(main: Statement) -> bool:
    predicate = main.predicate
    if isinstance(predicate, State):
        return not main.negated and (not predicate.static or predicate.compare == "reach")
    return isinstance(predicate, Happening | Sight | Fed) or (isinstance(predicate, Presence) and not predicate.static)


def _happens_at(main: Statement) -> bool:
    """Say whether a happening is said to be at a time of day, and not how a thing stands then."""
    return isinstance(main.predicate, Happening) and not main.negated


def needs_all(main: Statement) -> bool:
    """Say whether several have to be there at once, which no single event tells."""
    predicate = main.predicate
    return isinstance(predicate, Fed | Sight) and predicate.together


def is_how_it_stands(main: Statement) -> bool:
    """Say whether "not" only names the other state: "is not locked", "nobody is home"."""
    predicate = main.predicate
    return isinstance(predicate, State | Presence) and predicate.static


def length_of(times: Times) -> Timed | None:
    lengths = [timed for timed in times.lengths if timed.preposition != "every"]
    if len(lengths) > 1:
        raise cannot("two_durations", "I found two durations and cannot tell which is meant.", "Say it with one.")
    return lengths[0] if lengths else None


def _vague(timed: Timed) -> bool:
    return isinstance(timed.value, Length) and timed.value.duration is None


def duration_of(timed: Timed) -> str:
    assert isinstance(timed.value, Length)
    return timed.value.duration or length_for("duration", "How long is that? Say for example '10 minutes'.")


def _count(main: Statement, length: Timed | None, when: When, home: Home) -> Made:
    assert main.predicate is not None and main.count is not None
    if main.negated:
        raise cannot("count_not", "I can count what happens, but not what happens too rarely.", "")
    if when.points():
        raise cannot(
            "count_by", "I can count within a length of time, but not by a time of day.", "Say 'within 6 hours'."
        )
    if length is not None and length.preposition not in ("in", "within", "last", "", "every", "for"):
        raise cannot("count_when", "I did not understand within which time to count.", "Say 'within 6 hours'.")
    within = duration_of(length) if length is not None else _whole_of(when)
    if within is None:
        within = length_for("within", f"{main.count} times within how long?")
    of = patterns(main.predicate, home)
    condition = {"op": "count", "of": of, "at_least": main.count, "within": within, **_each(main, of)}
    return Made(condition, when.guards(), main, within=within)


def _whole_of(when: When) -> str | None:
    """Return the length of the window in which to count: "more than once between 10 pm and 6 am" is within 8 hours."""
    if when.window is None or when.open_ended:
        return None
    start, end = (int(time[:2]) * 60 + int(time[3:5]) for time in when.window)
    return duration_text(((end - start) % (24 * 60) or 24 * 60) * MINUTE)


def _each(main: Statement, of: Sequence[Json]) -> Json:
    """Return `per` where one of several is meant by itself: "either cat eats more than five times"."""
    predicate = main.predicate
    if not main.each:
        return {}
    if isinstance(predicate, State):
        return {"per": "source"} if len({part.device for part in predicate.parts}) > 1 else {}
    several = isinstance(predicate, Fed) and len(predicate.pets) > 1
    several = several or (isinstance(predicate, Sight) and len(predicate.subjects) > 1)
    return {"per": "subject"} if several and all("subject" in pattern for pattern in of) else {}


def _sky(main: Statement, when: When) -> Made:
    predicate = main.predicate
    assert isinstance(predicate, Sky | SkyEvent)
    if main.negated and isinstance(predicate, SkyEvent):
        raise cannot("no_sunset", "The sun rises and sets every day.", "Say 'at sunset', or 'while it is dark'.")
    if main.negated and isinstance(predicate, Sky):
        predicate = Sky("up" if predicate.sun == "down" else "down")
    sun = predicate.sun if isinstance(predicate, SkyEvent) else {"down": "sunset", "up": "sunrise"}[predicate.sun]
    return Made({"op": "at", "sun": sun, **when.daily()}, [], main)


def _absence(main: Statement, length: Timed | None, when: When, home: Home) -> Made:
    assert main.predicate is not None
    of = patterns(main.predicate, home)
    deadline = when.until or (when.at[0] if len(when.at) == 1 else None)
    if isinstance(main.predicate, Sight) and not when.until and main.times.clocks and when.at and not main.perfect:
        raise ask("deadline", "I cannot see who is somewhere at one moment. By what time, or for how long?")
    if length is not None:
        duration = duration_of(length)
        if length not in main.times.lengths or length.preposition == "after":
            raise cannot(
                "once_later",
                "I keep watching, and cannot check only once later.",
                "Say 'for' how long, or 'by' a time.",
            )
        if isinstance(main.predicate, State) and length.preposition in ("within", "in") and not main.perfect:
            raise ask("after", f"Within {duration} after what?")
        return Made(
            {"op": "absent", "of": of, "duration": duration, **_per(main, of)}, when.guards(), main, lasting=duration
        )
    if when.suns:
        raise cannot(
            "by_the_sun",
            f"I can check at {when.suns[0].event} how a thing is, but not what happened by then.",
            "Say a time of day.",
        )
    if isinstance(main.predicate, Presence | State) and deadline and _stays(main):
        return _at_clock(main, when, home)
    if isinstance(main.predicate, Fed) and main.predicate.later_meal and deadline is not None and when.window is None:
        since = settled(
            Timed("since", clock_for("since", "From what time on does that meal count? Say for example '4 pm'."), -1)
        )
        when = replace(when, window=(since, deadline))
    if deadline is not None:
        window = {"from": when.window[0] if when.window else "00:00", "until": deadline}
    elif when.window is not None and not when.open_ended and not _where(main, when):
        window = {"from": when.window[0], "until": when.window[1]}
    else:
        return _asked(main, of, when)
    if when.date is not None:
        raise cannot("one_day", "I can watch for that every day, but not on one day only.", "Leave the day out.")
    if window["from"] == window["until"]:
        window["from"] = "00:00"
    condition = {"op": "absent", "of": of, "window": {**window, **when.daily()}, **_per(main, of)}
    return Made(condition, [], main, deadline=window["until"])


def _asked(main: Statement, of: Sequence[Json], when: When) -> Made:
    """Return the absence by the time, or for the length, that was answered. Raise DetourError to ask."""
    question = "By what time, or for how long? Say for example 'by noon' or 'for 12 hours'."
    said = answer_to("deadline", question)
    if (duration := length_in(said)) is not None:
        condition: Json = {"op": "absent", "of": of, "duration": duration, **_per(main, of)}
        return Made(condition, when.guards(), main, lasting=duration)
    until = settled(Timed("by", clock_for("deadline", question), -1), when.part)
    condition = {
        "op": "absent",
        "of": of,
        "window": {"from": "00:00", "until": until, **when.daily()},
        **_per(main, of),
    }
    return Made(condition, [], main, deadline=until)


def _where(main: Statement, when: When) -> bool:
    """Say whether "is not in the stall at night" is about where somebody is, which not being seen all night is not."""
    return (
        isinstance(main.predicate, Sight)
        and main.predicate.motion == "at"
        and when.part is not None
        and not main.perfect
    )


def _stays(main: Statement) -> bool:
    """Say whether coming home is meant, which by a deadline is the same as being there."""
    return isinstance(main.predicate, Presence)


def _per(main: Statement, of: Sequence[Json]) -> Json:
    """Return `per` where each of several has to be seen, fed or changed: one does not answer for another.

    "No door has been opened" is about all of them together. Evidence that names nobody cannot tell pets apart.
    """
    predicate = main.predicate
    if isinstance(predicate, Fed):
        several, key, alone = len(predicate.pets) > 1, "subject", main.none_of and not _by_nobody(main)
    elif isinstance(predicate, Sight):
        several, key, alone = len(predicate.subjects) > 1, "subject", main.none_of
    elif isinstance(predicate, State):
        several, key, alone = len({p.device for p in predicate.parts}) > 1, "source", main.none_of
    else:
        return {}
    return {"per": key} if several and not alone and all(key in pattern for pattern in of) else {}


def _by_nobody(main: Statement) -> bool:
    """Say whether "nobody" is who did not feed them, and not which of them was not fed."""
    return any(span.is_("nobody") for span in main.subjects)


def lasting(main: Statement, length: Timed, when: When, home: Home) -> Made:
    predicate, duration = main.predicate, duration_of(length)
    assert predicate is not None
    if length.preposition not in ("for", "", "after", "by") or (
        length not in main.times.lengths and length.preposition != "after"
    ):
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
    if when.since is not None:
        raise cannot("after_what", f"I did not understand what {duration} is for in this.", "Say 'for' how long.")
    state = guard(predicate, main.negated, home, exact=main.none_of)
    if state is None:
        raise cannot("no_lasting", "I can wait for how long something stays so, but this happens in a moment.", "")
    condition: Json = {"op": "holds", "state": state, "lasting": duration}
    if isinstance(predicate, State) and "any" in state and len({part.device for part in predicate.parts}) > 1:
        condition["per"] = "source"
    return Made(condition, when.guards(), main, lasting=duration)


def _at_clock(main: Statement, when: When, home: Home) -> Made:
    assert main.predicate is not None
    state = guard(main.predicate, main.negated, home, exact=main.none_of)
    if state is None:
        raise cannot(
            "not_at", "I can check at a time how a device is, but this is something that happens.", "Say 'by' a time."
        )
    if when.until == "00:00" and when.days is not None:  # the end of Sunday is when Monday begins
        when = replace(when, days=tuple(d for i, d in enumerate(WEEKDAYS) if WEEKDAYS[i - 1] in when.days))
    checks = when.points()
    if when.window is not None or (len(checks) > 1 and when.until is not None):
        raise cannot("two_times", "I found more times than I understood.", "Say it with one time.")
    condition = checks[0] if len(checks) == 1 else {"op": "any", "conditions": checks}
    return Made(condition, [state], main, deadline=checks[0].get("time"))


def _change(main: Statement, guards: Sequence[Json], when: When, home: Home, repeated: bool) -> Made:
    """Return the condition of what is or becomes so, with no length and no clock time."""
    predicate = main.predicate
    assert predicate is not None
    state = guard(predicate, main.negated, home, exact=main.none_of)
    static = isinstance(predicate, State | Presence) and predicate.static
    states = [g for g in guards if is_state(g)]
    dark = next((g for g in guards if set(g) == {"sun"}), None)
    of = patterns(predicate, home)
    if state is not None and static and when.window is not None and not _crosses(main):
        return _within_window(main, state, of, when, states, home)
    if state is not None and static and dark is not None and not when.guards():
        return _in_the_dark(main, state, of, dark, states)
    if isinstance(predicate, State) and main.left and not guards:
        how_long = "How long may it stay so before I tell you? Say for example '10 minutes'."
        length = Timed("for", Length(length_for("duration", how_long)), -1)
        return lasting(replace(main, times=replace(main.times, lengths=[length])), length, when, home)
    whole = isinstance(predicate, State) and (predicate.compare is not None or predicate.every)
    together = isinstance(predicate, Presence) and (predicate.who == "everyone" or static)
    all_home = isinstance(predicate, Presence) and predicate.together
    lasts = whole or together or all_home or main.negated or (static and (repeated or (guards and not when.guards())))
    if state is not None and lasts:
        return _holds(state, guards, main, when)
    if not of:
        raise cannot("nothing_to_watch", "Nothing here reports that.", "")
    return Made({"op": "occurs", "of": of}, when.guards(), main)


def _holds(state: Json, guards: Sequence[Json], main: Statement, when: When) -> Made:
    """Return `holds` over the state and those guards that it may hold: the moment when all of it is true."""
    states = [g for g in guards if is_state(g)]
    whole = {"all": [state, *states]} if states else state
    return Made({"op": "holds", "state": whole, "lasting": "0s"}, when.guards(), main, absorbed=tuple(states))


def is_state(made: Json) -> bool:
    keys = set(made)
    if keys & {"state", "home"}:
        return True
    return any(is_state(inner) for key in keys & {"all", "any"} for inner in made[key]) or (
        "not" in made and is_state(made["not"])
    )


def _crosses(main: Statement) -> bool:
    """Say whether a number is said to move and not to stand: "falls below 16"."""
    return isinstance(main.predicate, State) and main.predicate.word.split()[0] in _MOVING


_MOVING = frozenset(
    "reach reaches reached hit hits rise rises go goes climb climbs get gets drop drops fall falls dip dips pass passes".split()
)


def _in_the_dark(main: Statement, state: Json, of: list[Json], dark: Json, states: Sequence[Json]) -> Made:
    """Return "is open while it is dark": a check when it gets dark, and every change while it is."""
    event = {"down": "sunset", "up": "sunrise"}[dark["sun"]]
    change: Json = {"op": "holds", "state": state, "lasting": "0s"}
    if states:
        change["state"] = {"all": [state, *states]}
    elif isinstance(main.predicate, State) and of and not main.negated and not main.predicate.every:
        change = {"op": "occurs", "of": of}
    return Made({"op": "any", "conditions": [{"op": "at", "sun": event}, change]}, [state], main)


def _throughout(main: Statement, state: Json, when: When, home: Home) -> Made | None:
    """Return "stays shut from seven to ten" as that nothing else was reported meanwhile, or None where that says it not.

    What alarms has to be so at the end as well; what is at rest is meant as that nobody touched it.
    """
    predicate = main.predicate
    if not isinstance(predicate, State) or predicate.compare is not None or len(predicate.parts) > 1:
        return None
    part = predicate.parts[0]
    listed = getattr(home.by_id[part.device], "attributes", {}).get(part.attribute, ())
    others = tuple(value for value in listed if value not in (part.values or ())) if isinstance(listed, tuple) else ()
    if not others or when.window is None:
        return None
    other = replace(predicate, parts=(replace(part, values=others),))
    window = {"from": when.window[0], "until": when.window[1], **when.daily()}
    condition: Json = {"op": "absent", "of": patterns(other, home), "window": window}
    guards = [] if all(value in RESTING for value in part.values or ()) else [state]
    return Made(condition, guards, replace(main, predicate=other, negated=True), deadline=when.window[1])


def _within_window(
    main: Statement, state: Json, of: list[Json], when: When, states: Sequence[Json], home: Home
) -> Made:
    """Return "is open at night": a check when the window begins, and every change inside it."""
    assert when.window is not None
    meanwhile = main.stays and not main.negated and when.part is None and when.date is None and not when.open_ended
    if meanwhile and (made := _throughout(main, state, when, home)) is not None:
        return made
    check = {"op": "at", "time": when.window[0], **when.daily()}
    if main.negated or not of or when.date is not None:
        return Made(check, [state], main, deadline=when.window[0])
    change: Json = {"op": "occurs", "of": of}
    if states:  # the other one may be the last to become so
        change = {"op": "holds", "state": {"all": [state, *states]}}
    return Made({"op": "any", "conditions": [check, change]}, [*when.guards(), state], main)
