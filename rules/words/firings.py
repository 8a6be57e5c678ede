"""Firings as English: what was decided, at which time on the home's clock, and how well it could be seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from rules.firing import Firing
from rules.home import Camera, Home
from rules.rule import Absent, At, Count, Holds, Occurs, Pattern, Rule, leaf_conditions
from rules.rule import Sequence as Follows
from rules.units import SECOND
from rules.words.blindness import blind, blindnesses, is_plainly_off
from rules.words.conditions import LeafCondition, at, between, happened, lead, missing
from rules.words.guards import state_holding
from rules.words.names import called
from rules.words.times import at_moment, duration, joined, length, stretch


def firing_text(firing: Firing, rule: Rule, home: Home) -> str:
    """Return what a firing means: `fired`, `unknown`, `corrected` or `resolved`, in the local time of the home."""
    zone = ZoneInfo(home.time_zone)
    return " ".join([_verdict(firing, rule, home, at_moment(firing.time, zone)), *_blindness(firing, home, zone)])


def _verdict(firing: Firing, rule: Rule, home: Home, time: str) -> str:
    match firing.verdict:
        case "fired":
            return f"At {time}: {_decided(firing, rule, home)}."
        case "unknown":
            return f"At {time} I can't tell whether this is so: {_decided(firing, rule, home)}."
        case "corrected":
            return f"I was wrong about {time}: {_after_all(firing, rule, home)}, and the report came late."
        case "resolved":
            return f"At {time}: {_after_all(firing, rule, home)}, so this is settled."
        case _:
            assert_never(firing.verdict)


def _decided(firing: Firing, rule: Rule, home: Home) -> str:
    leaves = leaf_conditions(rule.when)
    if len(leaves) > 1:
        return "one of these came true: " + "; ".join(f"({n}) {lead(x, home)}" for n, x in enumerate(leaves, start=1))
    return _came_true(leaves[0], firing, home)


def _came_true(condition: LeafCondition, firing: Firing, home: Home) -> str:
    """Say in the past what made one condition decide."""
    match condition:
        case Occurs():
            wait = f", {duration(condition.after)} before" if condition.after else ""
            wait = f", for {duration(condition.lasting)}" if condition.lasting else wait
            return happened(_used(condition.of, firing), home) + wait
        case Absent(window=window) if window is not None:
            return f"{missing(condition.of, home, auxiliary='had not')} {between(window).partition(', ')[0]}"
        case Absent():
            return f"{missing(condition.of, home, auxiliary='had not')} for {duration(condition.duration or '0s')}"
        case Follows(missing=True):
            then = missing(condition.then, home, edge=True, auxiliary="had not")
            return f"{happened(condition.first, home)}, and within {duration(condition.within)} {then}"
        case Follows():
            then = happened(_used(condition.then, firing), home)
            return f"{happened(condition.first, home)}, and less than {duration(condition.within)} later {then}"
        case Holds():
            lasting = duration(condition.lasting)
            return state_holding(condition.state, home) + ("" if lasting == "0 seconds" else f", for {lasting} by then")
        case Count():
            times = "once" if condition.at_least == 1 else f"{condition.at_least} times"
            return f"it came {times} within {duration(condition.within)} that {happened(condition.of, home)}"
        case At():
            return f"it was time, {at(condition)}"


def _used(of: Sequence[Pattern], firing: Firing) -> Sequence[Pattern]:
    """Return the pattern that the evidence matched; all of them where it is not known or was edited away."""
    if firing.pattern is not None and 0 <= firing.pattern < len(of):
        return (of[firing.pattern],)
    return of


def _after_all(firing: Firing, rule: Rule, home: Home) -> str:
    """Say what came in the end: the match after an absence, or the end of a state."""
    said = [_ended(leaf, firing, home) for leaf in leaf_conditions(rule.when)]
    return joined(filter(None, said), "or") or "it is over"


def _ended(condition: LeafCondition, firing: Firing, home: Home) -> str:
    match condition:
        case Absent():
            return happened(_used(condition.of, firing), home, edge=False)
        case Follows(missing=True):
            return happened(_used(condition.then, firing), home)
        case Holds():
            return f"it is no longer so that {state_holding(condition.state, home)}"
        case _:
            return ""


def _blindness(firing: Firing, home: Home, zone: ZoneInfo) -> Iterator[str]:
    """Yield a sentence for each source and zone that was offline, or one that says that all of them watched."""
    yield from blind_sentences(firing.coverage, home, zone)
    blind_somewhere = {each.source for each in blindnesses(firing.coverage, home)}
    watched = [called(source, home) for source in firing.coverage if source not in blind_somewhere]
    if watched and firing.verdict == "fired":
        text = joined(watched)
        yield f"{text[:1].upper()}{text[1:]} {'was' if len(watched) == 1 else 'were'} online all the time."


def blind_sentences(coverage: dict[str, Any], home: Home, zone: ZoneInfo) -> Iterator[str]:
    """Yield a sentence for each source and zone of a firing's or a trace's coverage that was offline, by reason."""
    for each in blindnesses(coverage, home, _could_not_see):
        if each.spans:
            spans = joined(stretch(since, until, zone) for since, until in each.spans)
            total = sum((until - since).total_seconds() for since, until in each.spans)
            yield f"{each.said[:1].upper()}{each.said[1:]} {spans} ({length(int(total) * SECOND)} in all)."


def _could_not_see(source: str, part: str, reason: str | None, home: Home) -> str:
    if not is_plainly_off(source, part, reason, home):
        return blind(source, part, reason, home)
    verb = "could not see" if isinstance(home.by_id.get(source), Camera) else "could not be reached"
    return f"{called(source, home)} {verb}"
