"""Deeds: what is done to which device, read from the words of an action: "set the thermostat to 68 and lock it".

A command is a verb, what it is done to, and perhaps a value. It becomes an act of the rule language only where the
device lists what the verb needs: something that can be `closed` can be closed, something with a `setpoint` can be set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from proactive.language.local.detour import DetourError, ask, ask_which, cannot
from proactive.language.local.lexicon import SETTING_UP
from proactive.language.local.number import plain
from proactive.language.local.predicate import Json
from proactive.language.local.reading import is_plural
from proactive.language.local.span import Span
from rules.home import Device, Home

Verb = Literal["on", "off", "open", "close", "lock", "unlock", "start", "stop", "pause", "dock", "arm", "disarm", "mute", "set", "up", "down"]  # fmt: skip

_VERBS: dict[str, Verb] = {
    "turn on": "on", "switch on": "on", "power on": "on", "put on": "on", "activate": "on", "enable": "on",
    "turn off": "off", "switch off": "off", "shut off": "off", "power off": "off", "shut down": "off", "deactivate": "off", "disable": "off",
    "open": "open", "close": "close", "shut": "close", "lock": "lock", "unlock": "unlock", "start": "start", "run": "start", "stop": "stop",
    "pause": "pause", "dock": "dock", "arm": "arm", "disarm": "disarm", "mute": "mute", "set": "set", "change": "set", "adjust": "set", "dim": "down",
    "increase": "up", "raise": "up", "turn up": "up", "brighten": "up", "decrease": "down", "lower": "down", "reduce": "down", "turn down": "down",
}  # fmt: skip
_PARTED = {"turn": ("on", "off", "up", "down"), "switch": ("on", "off"), "power": ("on", "off"), "put": ("on",)}

# What a verb of no value asks a device to list, the best first, and the command that it sends.
_STATES: dict[Verb, tuple[tuple[str, str], ...]] = {
    "on": (("on", "turn_on"), ("cleaning", "start"), ("running", "start")),
    "off": (("off", "turn_off"), ("docked", "dock")),
    "open": (("open", "open"),), "close": (("closed", "close"),), "lock": (("locked", "lock"),), "unlock": (("unlocked", "unlock"),),
    "start": (("cleaning", "start"), ("running", "start"), ("on", "turn_on")),
    "stop": (("cleaning", "stop"), ("running", "stop"), ("off", "turn_off")),
    "pause": (("cleaning", "pause"), ("running", "pause"), ("on", "pause")), "dock": (("docked", "dock"),),
    "arm": (("armed_away", "arm_away"), ("armed", "arm"), ("armed_home", "arm_home")), "disarm": (("disarmed", "disarm"),),
    "mute": (("on", "mute"),),
}  # fmt: skip
_NUMBERS = ("setpoint", "volume", "brightness", "channel")
_NUMBER_WORDS = {"setpoint": ("temperature", "setpoint", "heat", "heating", "degree", "thermostat"), "volume": ("volume", "sound"), "brightness": ("brightness", "light"), "channel": ("channel",)}  # fmt: skip
_CALLED = {"setpoint": "temperature"}
_MODES = {
    "cooling": "cool", "cool": "cool", "ac": "cool", "air conditioning": "cool", "air conditioner": "cool", "heat": "heat", "heating": "heat",
    "heater": "heat", "furnace": "heat",
}  # fmt: skip
_PRESETS = frozenset("away home eco sleep comfort vacation night".split())
_THEM = frozenset(("it", "them", "that", "this", "they", "its"))
_VALUE_AFTER = frozenset(("to", "at", "by", "on"))
RISKY = frozenset({"unlock", "disarm", "open"})


@dataclass(frozen=True, slots=True)
class Command:
    """A verb as it was said, the spans that say what it is done to, and its value; `back` where it is done to "it"."""

    verb: Verb
    said: str
    targets: tuple[Span, ...]
    words: frozenset[str]
    value: float | str | None = None
    back: bool = False
    every: bool = False


def commands_of(spans: Sequence[Span]) -> tuple[list[Command], list[Span]]:
    """Return the commands in the words of an action, and the words that belong to none of them."""
    found: list[Command] = []
    rest: list[Span] = []
    noticed = any(span.is_("notice") and not span.is_("command") for span in spans)
    for chunk in _chunks(spans):
        made = _command(chunk)
        if made is None or (noticed and chunk[0].text in SETTING_UP and not made[0].targets):
            rest += chunk
        else:
            found.append(made[0])
            rest += made[1]
    return found, rest


def _chunks(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Yield runs of words, each new one from a command or a notice on."""
    chunk: list[Span] = []
    for span in spans:
        done_to = bool(chunk) and _verb_of(chunk[0]) is not None and not any(one.refs for one in chunk[1:])
        spoken = span.is_("notice") and not (done_to and span.refs)  # "arm the alarm"
        verb = _verb_of(span) is not None and not (chunk and chunk[-1].refs)  # "the door open" does nothing
        if (verb or spoken) and chunk:
            yield chunk
            chunk = []
        chunk.append(span)
    if chunk:
        yield chunk


def _verb_of(span: Span) -> str | None:
    """Return the words of a span that may be a verb here: "turn on", "lock", and "turn" whose particle follows."""
    text = span.text
    return text if span.is_("command") and (text in _VERBS or text in _PARTED) else None


def _command(chunk: Sequence[Span]) -> tuple[Command, list[Span]] | None:
    """Return the command that a run of words begins with, and the words of the run that are not its own."""
    said = _verb_of(chunk[0])
    if said is None:
        return None
    body = list(chunk[1:])
    verb = _VERBS.get(said)
    if verb is None:
        particle = next((span for span in body if span.text in _PARTED[said]), None)
        if particle is None:
            return None
        body.remove(particle)
        verb, said = _VERBS[f"{said} {particle.text}"], f"{said} {particle.text}"
    value = _value(body) if verb in ("set", "up", "down") or _only_percent(body) else None
    if (
        value is not None
        and verb in ("up", "down")
        and any(one.text == "to" and one.end == value.start for one in body)
    ):
        verb = "set"  # "dim it to 20%" is no step of 20
    if value is not None:
        body = [span for span in body if span is not value]
    targets = tuple(span for span in body if any(ref.kind == "device" for ref in span.refs))
    words = frozenset(word for span in body for word in span.text.split())
    command = Command(
        verb,
        said,
        targets,
        words | {span.text for span in body},
        _number_or_word(value),
        back=not targets and bool(words & _THEM),
        every=any(span.readings.get("quantifier") == "all" for span in body),
    )
    return command, [span for span in body if not _own(span, targets)]


def _own(span: Span, targets: Sequence[Span]) -> bool:
    """Say whether a word only belongs to its command: what it is done to, "it", a mode, a measure of it."""
    words = span.text in _MODES or span.text in _THEM or span.is_("quantifier") or span.text in _VALUE_AFTER
    return span in targets or words or any(span.text in nouns for nouns in _NUMBER_WORDS.values())


def _only_percent(body: Sequence[Span]) -> bool:
    return any(span.is_("number") and span.readings["number"][1] == "%" for span in body)


def _value(body: Sequence[Span]) -> Span | None:
    """Return the span that says to what, or by how much: "to 68", "by 10 percent", "to away"."""
    for before, span in pairwise(body):
        words = before.text.split()
        if words[-1] in _VALUE_AFTER and (span.is_("number") or _is_bare_number(span) or span.text in _PRESETS):
            return span
        if span.text in _PRESETS and before.is_("filler") and any(one.text == "to" for one in body):
            return span
    number = [span for span in body if span.is_("number")]
    mode = [span for span in body if span.text in _MODES and not span.refs]
    return number[0] if len(number) == 1 else mode[0] if len(mode) == 1 else None


def _is_bare_number(span: Span) -> bool:
    return re.fullmatch(r"\d{1,3}(?:\.\d+)?", span.text) is not None


def _number_or_word(span: Span | None) -> float | str | None:
    if span is None:
        return None
    if span.is_("number"):
        return plain(span.readings["number"][0])
    return plain(float(span.text)) if _is_bare_number(span) else _MODES.get(span.text, span.text)


# --- what a device takes ----------------------------------------------------------------------------------------


def acts_of(command: Command, home: Home, before: Iterable[Span] = ()) -> list[Json]:
    """Return the acts of a command; "it" is the last thing named before. Raise DetourError where nothing here does that."""
    if command.back:
        said = [span for span in before if any(ref.kind == "device" for ref in span.refs)]
        return _of_one(command, said[-1], home) if said else _raise_no_device(command)
    if command.targets:
        acts = [act for span in _whole(command.targets) for act in _of_one(command, span, home)]
        return [act for index, act in enumerate(acts) if act not in acts[:index]]
    implied = [device for device in home.devices if _act(command, device) is not None and _implied(command, device)]
    if len(implied) > 1:
        raise ask_which("device", f"Which one should I {command.said}:", [d.id for d in implied], home)
    return [act for device in implied if (act := _act(command, device))] or _raise_no_device(command)


def _whole(targets: Sequence[Span]) -> list[Span]:
    """Return the names without the measures of them: of "the volume of the TV" it is the TV."""
    named = [
        span for span in targets if not all(ref.generic and ref.attribute for ref in span.refs if ref.kind == "device")
    ]
    return named or list(targets)


def _implied(command: Command, device: Device) -> bool:
    """Say whether a device goes without saying: the thermostat of "turn on cooling", what has a volume of "turn it down"."""
    if command.words & set(_MODES):
        return "mode" in device.attributes
    return any(set(nouns) & command.words and name in device.attributes for name, nouns in _NUMBER_WORDS.items())


def _of_one(command: Command, span: Span, home: Home) -> list[Json]:
    devices = list(dict.fromkeys(ref.id for ref in span.refs if ref.kind == "device"))
    fitting = {
        i: act for i in devices if isinstance(d := home.by_id[i], Device) and (act := _act(command, d)) is not None
    }
    named = {ref.id for ref in span.refs if not ref.generic} & set(fitting)
    ids = [i for i in fitting if i in named] or list(fitting)
    if not ids:
        message = f"The {span.text} cannot {_said(command)} here."
        raise cannot("cannot_act", message, "Name another device, or only be told.")
    if len(ids) > 1 and not (command.every or is_plural(span)):
        raise ask_which("device", f"Which {span.text} should I {command.said}:", ids, home)
    return [fitting[i] for i in ids]


def _said(command: Command) -> str:
    return f"be set to {command.value}" if command.verb == "set" and command.value is not None else command.said


def _act(command: Command, device: Device) -> Json | None:
    """Return the act of a command on a device, or None where the device lists nothing that it needs."""
    if "mode" in device.attributes and (act := _of_mode(command, device)) is not None:
        return act
    if command.verb in ("set", "up", "down") or isinstance(command.value, float | int):
        return _of_number(command, device)
    for value, name in _STATES[command.verb]:
        if any(isinstance(listed, tuple) and value in listed for listed in device.attributes.values()):
            return {"device": device.id, "command": name}
    return None


def _of_mode(command: Command, device: Device) -> Json | None:
    """Return what a thermostat does: "cooling on", "heating off", "to away"; away is a setting of its own."""
    modes = device.attributes.get("mode")
    listed = modes if isinstance(modes, tuple) else ()
    said = [mode for word, mode in _MODES.items() if word in command.words or command.value in (word, mode)]
    if command.value in _PRESETS:
        return {"device": device.id, "command": "set_preset", "value": command.value} if command.verb == "set" else None
    wanted = "off" if command.verb == "off" or command.value == "off" else said[0] if said else None
    if (
        command.verb in ("on", "start", "set", "off", "stop")
        and not isinstance(command.value, float | int)
        and wanted in listed
    ):
        return {"device": device.id, "command": "set_mode", "value": wanted}
    if command.verb == "on" and command.value is None and wanted is None and "heat" in listed and "cool" not in listed:
        return {"device": device.id, "command": "set_mode", "value": "heat"}
    return None


def _of_number(command: Command, device: Device) -> Json | None:
    """Return what sets a number that a device lists: a volume, a brightness, the temperature to keep."""
    numbers = [name for name in _NUMBERS if name in device.attributes]
    said = [name for name in numbers if set(_NUMBER_WORDS[name]) & command.words]
    name = next(iter(said or numbers), None)
    if name is None and command.verb == "set" and "current_temperature" in device.attributes:
        name = "setpoint"  # a thermostat that tells no setpoint has one all the same
    if name is None:
        return None
    if command.verb in ("up", "down") and not (isinstance(command.value, float | int) and name == "setpoint"):
        step = {} if command.value is None else {"value": command.value}
        return {"device": device.id, "command": f"{_CALLED.get(name, name)}_{command.verb}", **step}
    return (
        None
        if command.value is None
        else {"device": device.id, "command": f"set_{_CALLED.get(name, name)}", "value": command.value}
    )


def _raise_no_device(command: Command) -> list[Json]:
    raise _no_device(command)


def _no_device(command: Command) -> DetourError:
    if command.back:
        return ask("device", f"What should I {command.said}?")
    return cannot("no_such_device", f"I do not know what to {command.said} here.", "Name a device of this home.")
