"""Action: who is told, how often again, and what is done, read from the words outside the condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from proactive.language.local.answer import which
from proactive.language.local.clause import Segment, Times, words_of
from proactive.language.local.clock import Length, Sun
from proactive.language.local.deed import RISKY, Command, acts_of, commands_of
from proactive.language.local.detour import DetourError, ask
from proactive.language.local.frame import Frame
from proactive.language.local.lexicon import PICTURES, SETTING_UP
from proactive.language.local.predicate import Json
from proactive.language.local.span import Span
from proactive.language.local.token import stem
from proactive.language.outcome import Choice
from rules.home import Home
from rules.units import microseconds

_REMIND_TIMES = 10  # a reminder "until it is closed" ends with the resolution, or here


@dataclass(slots=True)
class Action:
    """What a request asks for when its condition comes true."""

    told: bool = False
    to: list[str] = field(default_factory=list)
    do: list[Json] = field(default_factory=list)
    times: Times = field(default_factory=Times)
    remind: Json | None = None
    rest: list[Span] = field(default_factory=list)
    devices: list[Span] = field(default_factory=list)
    back: list[Command] = field(default_factory=list)
    snapshot: bool = False
    notes: list[str] = field(default_factory=list)


def action_of(frame: Frame, home: Home, speaker: str | None) -> Action:
    """Return what is asked for. Raise DetourError for a device that cannot be acted on or a word not understood."""
    end = _where_the_matter_begins(frame.action)
    commands, rest = commands_of([span for span in frame.action if span.start < end])
    words = words_of(Segment("if", [*rest, *(span for span in frame.action if span.start >= end)]), frame.spans)
    action = Action(times=words.times)
    spans = [span for span in words.spans if span.start < end]
    if commands:
        spans = _at_the_sun(action, spans)
    setting_up = any(s.is_("notice") for s in spans)
    _tell(action, [s for s in spans if not (setting_up and s.text in SETTING_UP)], frame.spans, home, speaker)
    _act(action, commands, home)
    unknown = [span for span in words.unknown if span.start < end]
    action.snapshot = action.told and any(stem(span.text) in PICTURES for span in unknown)
    action.rest = [*action.rest, *(s for s in unknown if not (action.snapshot and stem(s.text) in PICTURES))]
    _repeat(action)
    _not_undone(action, commands)
    return action


def _at_the_sun(action: Action, spans: Sequence[Span]) -> list[Span]:
    """Take "at sunset" of something to be done as its time, and return the other words."""
    action.times.suns += [Sun(span.readings["sun_event"]) for span in spans if span.is_("sun_event")]
    return [span for span in spans if not span.is_("sun_event")]


def act_on(action: Action, before: Sequence[Span], home: Home) -> None:
    """Add what is done to "it", the last device that was named before. Raise DetourError where that is not clear."""
    for command in action.back:
        action.do += acts_of(command, home, before)


def _act(action: Action, commands: Sequence[Command], home: Home) -> None:
    for command in commands:
        if command.back:
            action.back.append(command)
            continue
        try:
            action.do += acts_of(command, home)
        except DetourError as detour:
            if not action.told or detour.outcome.outcome != "cannot":
                raise
            # Who asks to be told and for more gets to be told, and hears what is missing.
            action.notes.append(f"I left out '{command.said}': {detour.outcome.problems[0].message}")


def _not_undone(action: Action, commands: Sequence[Command]) -> None:
    """Note that "for 15 minutes" of something done is left out; ask, where not undoing it is a risk."""
    lengths = [timed for timed in action.times.lengths if timed.preposition in ("for", "")]
    if not commands or not lengths:
        return
    risky = next((command for command in commands if command.verb in RISKY), None)
    if risky is not None:
        choices = (Choice("yes", "yes, without undoing it"), Choice("no", "no"))
        raise ask(
            "undo", f"I can {risky.said} it once somebody confirms, but not undo that by myself. Shall I?", choices
        )
    for timed in lengths:
        action.times.lengths.remove(timed)
        said = getattr(timed.value, "duration", None) or "a while"
        action.notes.append(
            f"I left out 'for {said}': I can do something, but not undo it. Make a second rule for that."
        )


def _where_the_matter_begins(spans: Sequence[Span]) -> int:
    """Return where what to be reminded of begins: "remind me to turn off the oven" turns off nothing, nor does "tell me to"."""
    reminded = told = False
    for span, after in zip_longest(spans, spans[1:]):
        if reminded and span.text in ("to", "that", "about"):
            return span.start
        if told and span.text == "to" and after is not None and after.is_("command") and not after.is_("notice"):
            return span.start
        reminded = reminded or span.text.split()[0] in ("remind", "reminder", "wake")
        told = told or span.text.split()[0] in ("tell", "notify", "alert", "warn", "text", "message", "ping")
    return spans[-1].end if spans else 0


def _meant(span: Span, named: Sequence[Span], home: Home) -> list[str]:
    """Return whom "him" means: the one person that the request names. Raise DetourError to ask."""
    people = list(dict.fromkeys(ref.id for other in named for ref in other.refs if ref.kind == "person"))
    if span.text == "him" and len(people) == 1:
        return people
    return which(
        "whom", f"Whom do you mean by {span.text!r}:", [person.id for person in home.people], home, several=True
    )


def _tell(action: Action, spans: Sequence[Span], named: Sequence[Span], home: Home, speaker: str | None) -> None:
    for span in spans:
        if span.is_("notice"):
            action.told = True
        elif span.is_("everyone"):
            action.to += [person.id for person in home.people]
        elif people := [ref.id for ref in span.refs if ref.kind == "person"]:
            action.to += people
        elif span.text in ("him", "them"):
            action.to += _meant(span, named, home)
        elif span.text in ("me", "us", "i", "we") or span.is_("speaker"):
            action.to += [speaker] if speaker and span.text in ("me", "us") else []
        elif any(ref.kind == "device" for ref in span.refs):
            action.devices.append(span)
        elif not span.is_("filler", "quantifier", "pronoun", "join", "while"):
            action.rest.append(span)
    action.to = list(dict.fromkeys(action.to))


def _repeat(action: Action) -> None:
    """Read "every five minutes until it is closed" as a reminder."""
    for timed in [t for t in action.times.lengths if t.preposition == "every"]:
        action.times.lengths.remove(timed)
        assert isinstance(timed.value, Length)
        if timed.value.duration and microseconds(timed.value.duration):
            action.remind = {"every": timed.value.duration, "times": _REMIND_TIMES}
