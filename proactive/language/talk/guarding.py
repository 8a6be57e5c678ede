"""Guarding: when a rule counts, and when it does not: "only when nobody is home", "stop telling me on weekends", "not at night"."""

from __future__ import annotations

import re

from proactive.language.local import phrase
from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.clock import span
from proactive.language.local.detour import cannot
from proactive.language.local.model import LocalModel
from proactive.language.local.span import spans_of
from proactive.language.local.token import tokens_of
from proactive.language.local.when import part_window
from proactive.language.request import Request
from proactive.language.talk.edit import Edit, Guarded, NewDays, NewPart, NewWindow
from proactive.language.talk.places import clocks
from proactive.language.talk.slots import Context, edits_of_values
from proactive.language.talk.words import bare, plain
from rules.rule import At

_CLAUSE = re.compile(
    r"(?:make it |tell me |do it )?(?P<mark>only (?:if|when|while|as long as)|but only (?:if|when|while)|as long as|while|if|when|unless|except (?:if|when|while)|not (?:if|when|while)|just (?:if|when|while)) (?P<what>.+)"
)
_LEAVING_OUT = ("unless", "except", "not")
_MUTE = re.compile(
    r"(?:(?:(?:stop|quit) (?:telling|notifying|alerting|warning|reminding|pinging|bothering|texting|messaging)"
    r"|(?:don't|do not|never) (?:tell|notify|alert|warn|remind|ping|bother|text|message)) (?:me|us)(?: (?:about|of) (?:it|that|this))?"
    r"|no (?:more )?(?:alerts?|notifications?|messages?|reminders?|warnings?)) (?P<when>.+?)(?: any ?more)?"
)
_NOT = re.compile(r"(?:not|never|except|but not)(?: during| in| at)? (?P<when>.+)")


def guarded(said: str, context: Context) -> Edit | None:
    """Read "only when nobody is home": a clause as the guard of a check at noon, which the local compiler reads."""
    found = _CLAUSE.fullmatch(said)
    if found is None:
        return None
    left_out = found["mark"].startswith(_LEAVING_OUT)
    if (sun := _sun(found["what"], context)) is not None:
        guard = {"sun": sun}
        return Guarded(({"not": guard},) if left_out else (guard,))
    request = f"tell me at noon {'unless' if left_out else 'if'} {found['what']}"
    rule = LocalModel().read(Request(request, context.home, context.speaker, now=context.now)).rule
    if rule is None or rule.when != At(op="at", time="12:00") or not rule.guards:
        return None
    return Guarded(tuple(rule.as_json()["while"]))


def _sun(what: str, context: Context) -> str | None:
    """Return whether a clause says that it is dark or light, and nothing else."""
    spans = [
        each for each in spans_of(tokens_of(what), catalogue_of(context.home)) if not each.is_("filler", "pronoun")
    ]
    sun: str | None = spans[0].readings.get("sun") if len(spans) == 1 else None
    return sun


def spared(said: str, context: Context) -> Edit | None:
    """Read when a rule is not to be heard of: "stop telling me on weekends", "not at night", "don't tell me when Bruno is home".

    Raise DetourError where the rule decides only within the hours that are left out.
    """
    match _times(said, context):
        case NewDays(days):
            return NewDays(days, "except")
        case NewPart(part):
            return _outside(part_window(part, context.home), context)
        case NewWindow(start, until):
            first, last = span(start, until)
            sure = len(first.times) == len(last.times) == 1
            return _outside((first.times[0], last.times[0]), context) if sure else None
    mute = _MUTE.fullmatch(said)
    return guarded(f"not {mute['when']}", context) if mute else None


def is_spared(text: str, context: Context) -> bool:
    """Say whether a text wants to hear nothing on some days or at some hours, and names nothing else."""
    said = [plain(text), plain(bare(text))]
    return any(_MUTE.fullmatch(each) and _times(each, context) is not None for each in said)


def _times(said: str, context: Context) -> Edit | None:
    """Return the days or hours that are all that is left out, or None."""
    found = _MUTE.fullmatch(said) or _NOT.fullmatch(said)
    edits = edits_of_values(found["when"], found["when"], context) if found else ()
    return edits[0] if len(edits) == 1 and isinstance(edits[0], NewDays | NewPart | NewWindow) else None


def _outside(window: tuple[str, str], context: Context) -> Guarded:
    """Return the guard that leaves a window out: the hours from its end to its start."""
    start, until = window
    for role, place in clocks(context.rule.as_json()):
        if role == "main" and _within(place.value, start, until):
            message = f"This rule decides at {phrase.clock(place.value)}, so it would never tell you anything."
            raise cannot("edit", message, "Say another time for it, or 'pause it'.")
    return Guarded(({"between": [until, start]},))


def _within(time: str, start: str, until: str) -> bool:
    return start <= time < until if start < until else time >= start or time < until
