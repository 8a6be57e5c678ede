"""Action: who is told, how often again, and what is done, read from the words outside the condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from proactive.language.local.clause import Frame, Segment, Times, words_of
from proactive.language.local.clock import Length
from proactive.language.local.detour import ask_which, cannot
from proactive.language.local.lexicon import SETTING_UP
from proactive.language.local.predicate import Json
from proactive.language.local.span import Span
from rules.home import Device, Home
from rules.units import microseconds

_DO = {
    ("turn", "on"): ("turn_on", "on"), ("switch", "on"): ("turn_on", "on"), ("turn", "off"): ("turn_off", "off"), ("switch", "off"): ("turn_off", "off"),
    ("open",): ("open", "open"), ("close",): ("close", "closed"), ("shut",): ("close", "closed"), ("lock",): ("lock", "locked"),
    ("start",): ("start", None), ("stop",): ("stop", None), ("pause",): ("pause", None),
}  # fmt: skip
FORBIDDEN = frozenset(("unlock", "disarm"))
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


def action_of(frame: Frame, home: Home, speaker: str | None) -> Action:
    """Return what is asked for. Raise DetourError for a device that cannot be acted on or a word not understood."""
    words = words_of(Segment("if", frame.action), frame.spans)
    action = Action(times=words.times)
    end = _where_the_matter_begins(frame.action)
    spans = [span for span in words.spans if span.start < end]
    commands = [s for s in spans if _is_command(s)]
    setting_up = any(s.is_("notice") for s in spans)
    if commands:
        _act(action, commands, spans, home)
        spans = [s for s in spans if s not in commands]
    _tell(action, [s for s in spans if not (setting_up and s.text in SETTING_UP)], home, speaker)
    action.rest = [*action.rest, *(span for span in words.unknown if span.start < end)]
    _repeat(action)
    return action


def _where_the_matter_begins(spans: Sequence[Span]) -> int:
    """Return where what to be reminded of begins: "remind me to turn off the oven" turns off nothing."""
    reminded = False
    for span in spans:
        if reminded and span.text in ("to", "that", "about"):
            return span.start
        reminded = reminded or span.text.split()[0] in ("remind", "reminder", "wake")
    return spans[-1].end if spans else 0


def _is_command(span: Span) -> bool:
    words = tuple(span.text.split())
    return "command" in span.readings and (words in _DO or words[0] in FORBIDDEN) and "notice" not in span.readings


def _act(action: Action, commands: Sequence[Span], spans: list[Span], home: Home) -> None:
    for command in commands:
        words = tuple(command.text.split())
        if words[0] in FORBIDDEN:
            raise cannot(
                "needs_a_person",
                f"I never {words[0]} anything by myself: a person does that.",
                "I can tell you instead.",
            )
        target = next((s for s in spans if s.start > command.start and any(r.kind == "device" for r in s.refs)), None)
        if target is None:
            raise cannot(
                "no_such_device", f"I do not know what to {' '.join(words)} here.", "Name a device of this home."
            )
        action.do.append(_do(words, target, home))
        spans.remove(target)


def _do(words: tuple[str, ...], target: Span, home: Home) -> Json:
    command, value = _DO[words]
    fitting = [d for ref in target.refs if isinstance(d := home.by_id[ref.id], Device) and _can(d, value)]
    ids = list(dict.fromkeys(device.id for device in fitting))
    if not ids:
        raise cannot(
            "cannot_act", f"The {target.text} cannot {' '.join(words)} here.", "Name another device, or only be told."
        )
    if len(ids) > 1:
        raise ask_which("device", f"Which {target.text} should I {' '.join(words)}:", ids, home)
    return {"device": ids[0], "command": command}


def _can(device: Device, value: str | None) -> bool:
    return value is None or any(isinstance(listed, tuple) and value in listed for listed in device.attributes.values())


def _tell(action: Action, spans: Sequence[Span], home: Home, speaker: str | None) -> None:
    for span in spans:
        if span.is_("notice"):
            action.told = True
        elif span.is_("everyone"):
            action.to += [person.id for person in home.people]
        elif people := [ref.id for ref in span.refs if ref.kind == "person"]:
            action.to += people
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
