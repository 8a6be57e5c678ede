"""Composition: several statements become one condition with its guards, or a detour where they are not one.

What happens decides and how things are guards it; what answers a happening within a time is a sequence; what looks
back is what was seen. An order, an alternative or a length whose clause is not clear is asked about or declined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from proactive.language.local.answer import choose, length_for
from proactive.language.local.clause import Timed, Times
from proactive.language.local.clock import Length
from proactive.language.local.condition import (
    Made,
    duration_of,
    is_how_it_stands,
    is_state,
    lasting,
    length_of,
    needs_all,
    same_state,
    single,
)
from proactive.language.local.detour import DetourError, cannot
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
    sources,
)
from proactive.language.local.statement import Statement
from proactive.language.local.when import When
from proactive.language.outcome import Choice
from rules.home import Home


def compose(statements: Sequence[Statement], times: Times, when: When, home: Home, *, repeated: bool = False) -> Made:
    """Return the condition of some statements and times, which a reminder repeats. Raise DetourError where there is none."""
    main, rest = _main(statements)
    if main.predicate is None:
        raise cannot("no_condition", "I did not find what to watch for in this.", "")
    if (alternatives := _each_lasting(main, rest, when, home)) is not None:
        return alternatives
    length = length_of(times)
    owner = next((s for s in (main, *rest) if length is not None and length in s.times.lengths), None)
    triggers = [
        s for s in rest if s.link in ("or", "then", "after") or _happens(s) or (s is owner and _answers(main, length))
    ]
    if owner is not None and owner is not main and not triggers and _lasts_first(owner, length):
        main, rest = owner, [main, *(s for s in rest if s is not owner)]
    also = tuple(s for s in rest if s not in triggers)
    guards = [_guard_of(s, home) for s in also]
    if triggers:
        made = _several(main, triggers, owner, times, when, home)
    elif owner is not None and owner is not main:
        return _shared_length(main, owner, also, length, when, home)
    else:
        made = single(main, guards, times, when, home, repeated=repeated)
    return replace(
        made, guards=[*made.guards, *(g for g in guards if g not in made.absorbed)], also=(*made.also, *also)
    )


def _main(statements: Sequence[Statement]) -> tuple[Statement, list[Statement]]:
    """Return the statement that decides, first of what happens, then of what is, and the others; times alone are none."""
    said = [s for s in statements if s.predicate is not None]
    if not said:
        raise cannot("no_condition", "I did not find what to watch for in this.", "")
    now = [s for s in said if s.seen is None] or said
    if any(s.link in ("then", "after") for s in now[1:]):
        return _decider(now[0]), [s for s in said if s is not now[0]]
    ordered = [s for s in now if s.link not in ("while", "unless")] or now
    main = ordered[0]
    if isinstance(main.predicate, Sky):
        main = next((s for s in ordered if not isinstance(s.predicate, Sky)), main)
    if isinstance(main.predicate, Sky | Presence) and len(ordered) > 1 and _guardable(main):
        main = next((s for s in ordered[1:] if not (isinstance(s.predicate, Sky | Presence) and _guardable(s))), main)
    main = _happening_first(main, ordered)
    rest = [s for s in said if s is not main and s.predicate is not main.predicate]
    return _decider(main), rest


def _decider(main: Statement) -> Statement:
    """Return a statement that decides as one that is to be so: unless it is so, it is not."""
    if main.link != "unless":
        return main
    # Unless both are fed: one that is not is enough; unless a door is open: none of them is.
    each = getattr(main.predicate, "every", False) or getattr(main.predicate, "together", False)
    return replace(main, negated=not main.negated, link="if", none_of=not each)


def _happening_first(main: Statement, ordered: Sequence[Statement]) -> Statement:
    """Return what happens, where the rest only says how things are: "if the battery is low when I leave"."""
    happening = [s for s in ordered if _happens(s) and not s.negated and s.seen is None]
    static = isinstance(main.predicate, State | Presence) and main.predicate.static
    plain = all(s.link in ("if", "and") for s in ordered) and not any(s.times.lengths for s in ordered)
    return happening[0] if static and plain and len(happening) == 1 and len(ordered) == 2 else main


def _guardable(statement: Statement) -> bool:
    predicate = statement.predicate
    return isinstance(predicate, Sky) or (isinstance(predicate, Presence) and (predicate.static or statement.negated))


def _happens(statement: Statement) -> bool:
    """Say whether a statement tells of a happening, which no guard can hold."""
    predicate = statement.predicate
    if statement.link in ("while", "unless") or statement.seen is not None:
        return False
    if isinstance(predicate, State | Presence):
        return not predicate.static
    return isinstance(predicate, Happening | Sight | Fed | SkyEvent)


def _answers(main: Statement, length: Timed | None) -> bool:
    """Say whether a state is the answer to a happening: "the bell rings and the door isn't open within a minute"."""
    return length is not None and (
        (_happens(main) and length.preposition in ("within", "in", "after"))
        or (_passive(main) and length.preposition in ("within", "in"))
    )


def _passive(statement: Statement) -> bool:
    """Say whether what reads as a state may be what was done: "is unlocked" and not "is left open" or "is above ten"."""
    predicate = statement.predicate
    plain = isinstance(predicate, State) and predicate.static and predicate.compare is None
    return plain and not statement.left and not statement.negated and not statement.perfect


def _lasts_first(owner: Statement, length: Timed | None) -> bool:
    """Say whether the first of two clauses is what lasts: "everyone is away for an hour and the door is open"."""
    lasts = isinstance(owner.predicate, State | Presence) and owner.predicate.static
    return lasts and owner.link == "if" and length is not None and length.preposition == "for"


def _guard_of(statement: Statement, home: Home) -> Json:
    assert statement.predicate is not None
    if statement.link == "unless" and statement.seen is None and not getattr(statement.predicate, "static", True):
        raise cannot("unless_happens", "I can leave a thing out while something is so, but not when it happens.", "")
    negated = statement.negated != (statement.link == "unless")
    if statement.seen is not None:
        seen: Json = {"seen": {"of": patterns(statement.predicate, home), **statement.seen}}
        return {"not": seen} if negated else seen
    if statement.link != "unless" and negated and _all_or_some(statement.predicate):
        choices = [Choice("none", "none of them is"), Choice("some", "not all of them are")]
        none = choose("subject", "Do you mean that none of them is, or not all of them?", choices) == "none"
        return _known_guard(guard(statement.predicate, negated, home, exact=none))
    exact = statement.link == "unless" or statement.none_of
    return _known_guard(guard(statement.predicate, negated, home, exact=exact))


def _known_guard(made: Json | None) -> Json:
    if made is None:
        raise cannot("no_guard", "I can only combine this with how things are at home, such as a door being open.", "")
    return made


def _all_or_some(predicate: object) -> bool:
    """Say whether "are not" leaves open how many: "while Tom and I are not home"."""
    return (
        isinstance(predicate, Presence)
        and isinstance(predicate.who, tuple)
        and len(predicate.who) > 1
        and not predicate.some
    )


def _shared_length(
    main: Statement, owner: Statement, also: Sequence[Statement], length: Timed | None, when: When, home: Home
) -> Made:
    """Return "A and B for ten minutes": both for that long, where both can last; otherwise nobody can tell."""
    lasts = isinstance(owner.predicate, State | Presence) and owner.predicate.static and owner.link in ("and", "but")
    if length is None or length.preposition != "for" or not lasts:
        raise cannot("for_which", "I did not understand which of these should last.", "Say it as two rules.")
    assert main.predicate is not None
    if same_state(main, owner):
        return lasting(owner, length, when, home)
    state = guard(main.predicate, main.negated, home, exact=main.none_of)
    if state is None or not is_how_it_stands(main):
        raise cannot("for_which", "I did not understand which of these should last.", "Say it as two rules.")
    guards = [_guard_of(s, home) for s in also]
    states = [g for g in guards if is_state(g)]
    condition: Json = {"op": "holds", "state": {"all": [state, *states]}, "lasting": duration_of(length)}
    rest = [g for g in guards if g not in states]
    return Made(condition, [*when.guards(), *rest], main, lasting=duration_of(length), also=tuple(also))


# --- several ----------------------------------------------------------------------------------------------------


def _several(
    main: Statement, triggers: Sequence[Statement], owner: Statement | None, times: Times, when: When, home: Home
) -> Made:
    happenings = (main, *triggers)
    if any(needs_all(s) for s in happenings if not s.negated):
        raise cannot("both", "I can watch for any of them, but not for all of them at once.", "Name one.")
    if any(s.count is not None for s in happenings):
        raise cannot("count_which", "I can count one thing, but not one of several.", "Say it as two rules.")
    if all(s.link == "or" for s in triggers):
        return _either(happenings, length_of(times), when, home)
    if main.negated:
        raise cannot("two_rules", "That is more than one rule.", "Say them one by one.")
    if len(triggers) > 1:
        raise cannot("too_many", "That is more than two things at once.", "Say it as two rules.")
    return _in_order(main, triggers[0], owner, length_of(times), when, home)


def _each_lasting(main: Statement, rest: Sequence[Statement], when: When, home: Home) -> Made | None:
    """Return "A is on for three hours or B is on for two": each for its own length, or None where it is not that."""
    if not rest or any(s.link != "or" for s in rest) or not all(len(s.times.lengths) == 1 for s in (main, *rest)):
        return None
    made = [single(replace(s, link="if"), (), s.times, when, home) for s in (main, *rest)]
    if any(one.guards != made[0].guards for one in made):
        raise _or_with_times()
    return Made({"op": "any", "conditions": [one.when for one in made]}, made[0].guards, main, second=rest[0])


def _either(happenings: Sequence[Statement], length: Timed | None, when: When, home: Home) -> Made:
    if length is not None or when.points() or any(s.negated for s in happenings):
        raise _or_with_times()
    if any(s.times.any() for s in happenings[:-1]) or len({_guardable(s) for s in happenings}) > 1:
        raise _or_with_times()
    made = [single(replace(s, link="if"), (), Times(), replace(when, once=False), home) for s in happenings]
    if any(one.guards != made[0].guards for one in made):
        raise _or_with_times()
    conditions = [one.when for one in made]
    return Made({"op": "any", "conditions": conditions}, made[0].guards, happenings[0], second=happenings[1])


def _or_with_times() -> DetourError:
    message = "I can watch for one or the other, but not with a time that belongs to both."
    return cannot("or_times", message, "Say it as two rules.")


def _in_order(
    main: Statement, second: Statement, owner: Statement | None, length: Timed | None, when: When, home: Home
) -> Made:
    if main.predicate is None or second.predicate is None:
        raise cannot("not_a_sequence", "I did not understand the order of these.", "Say what comes first.")
    if main.count is not None or (isinstance(main.predicate, State) and main.predicate.static and not _passive(main)):
        raise cannot("not_a_sequence", "I did not understand the order of these.", "Say what happens first.")
    if length is not None and (owner is main or when.points() or not _spans(length, second)):
        raise cannot("for_which", "I did not understand which of these should last.", "Say it as two rules.")
    stands = is_how_it_stands(second) and not second.again and not second.perfect
    if length is not None and length.preposition == "after" and stands:
        return _later(main, second, length, when, home)
    if isinstance(main.predicate, Presence) and main.predicate.who == "everyone":
        return _once_all(main, second, length, when, home)
    if _is_absent(second) and (length is None or length.preposition == "for"):
        raise cannot(
            "no_guard", "I can tell who comes, not that nobody is somewhere.", "Say within how long nobody comes."
        )
    notes: tuple[str, ...] = ()
    if length is None:
        length, notes = _soon(second)
    first, then = patterns(main.predicate, home), patterns(second.predicate, home)
    if not first or not then:
        raise cannot("not_a_sequence", "One of these is nothing that a device or camera reports.", "")
    condition: Json = {"op": "sequence", "first": first, "then": then, "within": duration_of(length)}
    if second.negated:
        condition["missing"] = True
    if len(set(sources(first))) > 1 and set(sources(first)) == set(sources(then)):
        condition["per"] = "source"  # another door that closes does not answer for the one that opened
    return Made(condition, when.guards(), main, within=duration_of(length), second=second, notes=notes)


def _is_absent(second: Statement) -> bool:
    """Say whether nobody is said to be somewhere, which is how things stand and no answer to what happened."""
    predicate = second.predicate
    return second.negated and isinstance(predicate, Sight) and predicate.motion == "at" and not second.perfect


def _spans(length: Timed, second: Statement) -> bool:
    """Say whether a length is one in which the second should come; "for ten minutes" is where it does not."""
    return length.preposition in ("within", "in", "", "after") or (
        length.preposition == "for" and second.negated and not second.perfect
    )


SOON = "10m"  # what "and then" and "soon after" mean, where nobody says how long


def _soon(second: Statement) -> tuple[Timed, tuple[str, ...]]:
    """Return the stated default of how soon the second has to come. Raise DetourError where not even an order is said."""
    if second.link != "then" and not second.negated and not (second.bare and second.link == "and"):
        return Timed(
            "within", Length(length_for("within", "Within how long after the first should the second come?")), -1
        ), ()
    return Timed("within", Length(SOON), -1), ("You did not say within how long, so I took 10 minutes.",)


def _later(main: Statement, second: Statement, length: Timed, when: When, home: Home) -> Made:
    """Return "is not locked ten minutes after Tom leaves": a look at how it stands that long after."""
    assert main.predicate is not None and second.predicate is not None
    of, state = patterns(main.predicate, home), guard(second.predicate, second.negated, home, exact=second.none_of)
    if not of or state is None:
        raise cannot("not_a_sequence", "One of these is nothing that a device or camera reports.", "")
    condition: Json = {"op": "occurs", "of": of, "after": duration_of(length)}
    also = (replace(second, link="and"),)
    return Made(condition, [*when.guards(), state], main, lasting=duration_of(length), also=also)


def _once_all(main: Statement, second: Statement, length: Timed | None, when: When, home: Home) -> Made:
    """Return "everyone leaves and the door isn't locked within five minutes": how both stand for that long."""
    assert main.predicate is not None and second.predicate is not None
    state = guard(main.predicate, main.negated, home)
    other = guard(second.predicate, second.negated, home, exact=second.none_of)
    if state is None or other is None or not second.negated or length is None:
        raise cannot("all_then", "I can tell how things stand when everyone is gone, not what happens then.", "")
    condition: Json = {"op": "holds", "state": {"all": [state, other]}, "lasting": duration_of(length)}
    also = (replace(second, link="and"),)
    return Made(condition, when.guards(), main, lasting=duration_of(length), within=duration_of(length), also=also)
