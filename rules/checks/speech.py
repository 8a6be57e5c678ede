"""Speech: who is told what, and what is done to which device."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from rules.checks.names import hint
from rules.home import Device, Home, Person
from rules.problem import Problem, nearest
from rules.rule import Action, Notify, Rule

MESSAGE_FIELDS = (
    *("subject", "time", "place", "zone", "label", "activity", "confidence", "lasted"),
    *("value", "unit", "attribute", "name"),
)
"""What a message may name in braces; each is filled in from the firing and its evidence."""

CONFIRMED_TYPES = frozenset(
    {"lock", "door", "garage_door", "gate", "appliance_door", "alarm", "siren", "stove", "oven", "cooktop", "range"}
)
"""Device types that need a person's yes each time, whatever the home allows."""

_CLIMATE = frozenset({"thermostat", "heater", "air_conditioner"})
"""Device types that a home allows as `climate`."""


def check_speech(rule: Rule, home: Home) -> Iterator[Problem]:
    """Yield what is wrong with `notify` and `do`."""
    if rule.notify is not None:
        yield from _message(rule.notify.message)
        yield from _channels(rule.notify, home)
    for index, action in enumerate(rule.do):
        yield from _action(f"do[{index}]", action, home)
    told = rule.notify is not None and (rule.notify.to or rule.owner)
    if not told and not rule.do:
        message = "tells nobody and does nothing."
        yield Problem("nobody_told", "notify", message, "Name somebody in 'notify.to', or give the rule an owner.")


def is_allowed(device: Device, home: Home) -> bool:
    """Say whether rules of a home may act on a device without asking."""
    return device.type in home.allow or (device.type in _CLIMATE and "climate" in home.allow)


def _message(text: str) -> Iterator[Problem]:
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError as error:
        message = f"expected text with fields such as {{subject}}: {error}."
        yield Problem("bad_message", "notify.message", message, "Write '{{' or '}}' for a brace.")
        return
    for _, field, form, conversion in parts:
        if field not in MESSAGE_FIELDS:
            message = f"expected one of the fields {', '.join(MESSAGE_FIELDS)}; found {field!r}."
            yield Problem("unknown_field", "notify.message", message, nearest(field or "", MESSAGE_FIELDS))
        elif form or conversion:
            message = f"expected a plain field such as {{{field}}}, found a format."
            yield Problem("bad_message", "notify.message", message, "Remove what stands after the name.")


def _channels(notify: Notify, home: Home) -> Iterator[Problem]:
    named = [(f"notify.to[{index}]", name) for index, name in enumerate(notify.to)]
    if notify.escalate is not None:
        named += [(f"notify.escalate.to[{index}]", name) for index, name in enumerate(notify.escalate.to)]
    for where, name in named:
        person = home.by_id.get(name)
        if isinstance(person, Person) and not person.channels:
            message = f"{person.name or name} has no channel on which to be told."
            yield Problem("no_channel", where, message, "Add one to the home; until then it is only kept and shown.")


def _action(where: str, action: Action, home: Home) -> Iterator[Problem]:
    device = home.by_id.get(action.device)
    if not isinstance(device, Device):
        message = f"expected the id of a device of this home, found {action.device!r}."
        yield Problem("unknown_device", f"{where}.device", message, hint(action.device, home.devices))
    elif device.type in CONFIRMED_TYPES:
        message = f"{device.id!r} is a {device.type.replace('_', ' ')}: a person confirms it each time."
        yield Problem("needs_confirmation", f"{where}.device", message)
    elif not is_allowed(device, home):
        allowed = ", ".join(home.allow) or "nothing"
        message = f"rules of this home may act on {allowed}; {device.id!r} is a {device.type or 'device'}."
        yield Problem("not_allowed", f"{where}.device", message, "Add the type to 'allow' in the home, or only notify.")
