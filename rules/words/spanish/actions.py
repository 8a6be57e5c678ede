"""Actions in Spanish: who is told and what is done, and the sentences after it."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rules.checks.speech import CONFIRMED_TYPES
from rules.home import Camera, Device, Home
from rules.rule import Action, Notify, Occurs, Rule, condition_patterns, leaf_conditions
from rules.units import instant
from rules.words.conditions import rests
from rules.words.names import plain
from rules.words.spanish.conditions import often
from rules.words.spanish.names import named, to_all
from rules.words.spanish.times import at_moment, duration, joined

_URGENCY = {
    "low": " (prioridad baja)",
    "normal": "",
    "high": " (prioridad alta)",
    "critical": " (crítico: incluso en horas de silencio)",
}
_BLIND = {"tell": "lo diré.", "ignore": "no diré nada.", "fire": "avisaré de todos modos."}
_DOING = {
    "turn_on": "encenderé", "turn_off": "apagaré", "open": "abriré", "close": "cerraré", "lock": "cerraré con llave", "unlock": "abriré con llave", "start": "pondré en marcha",
    "stop": "pararé", "pause": "pondré en pausa", "dock": "mandaré a su base",
}  # fmt: skip


def acting(rule: Rule, home: Home) -> str:
    """Return `avisaré a Greg (prioridad alta) y encenderé la luz «porch»`."""
    told = [telling(rule.notify, rule.owner, home)] if rule.notify is not None or not rule.do else []
    return joined([*told, *(_doing(action, home) for action in rule.do)])


def telling(notify: Notify | None, owner: str | None, home: Home) -> str:
    """Return `avisaré a Greg y a Maya, con una foto`; without addressees it is the owner."""
    people = notify.to if notify is not None and notify.to else (owner,) if owner else ()
    if notify is None or not people:
        return "lo anotaré sin avisar a nadie"
    picture = ", con una foto" if notify.snapshot else ""
    return f"avisaré {to_all(people, home)}{_URGENCY[notify.urgency]}{picture}"


def _doing(action: Action, home: Home) -> str:
    device, entry = named(action.device, home).text, home.by_id.get(action.device)
    asked = ", cuando alguien lo confirme" if isinstance(entry, Device) and entry.type in CONFIRMED_TYPES else ""
    value = "" if action.value is None else plain(action.value)
    verb = _DOING.get(action.command)
    if verb is None:
        return f"haré «{plain(action.command)}» en {device}{f' a {value}' if value else ''}{asked}"
    return f"{verb} {device}{f' ({value})' if value else ''}{asked}"


def afterwards(rule: Rule, home: Home) -> Iterator[str]:
    """Yield a sentence for each field that is set and not yet said."""
    yield from _following(rule.notify, home)
    for leaf in leaf_conditions(rule.when):
        if isinstance(leaf, Occurs) and leaf.cooldown:
            yield f"Como mucho una vez cada {duration(leaf.cooldown)}."
    if rests(rule.when):
        yield _blindness(rule, home)
    if rule.once:
        yield "Solo una vez: después la regla desaparece."
    if rule.expires is not None:
        yield f"Termina {at_moment(instant(rule.expires), ZoneInfo(home.time_zone))}."
    if not rule.enabled:
        yield "Esta regla está en pausa."


def _following(notify: Notify | None, home: Home) -> Iterator[str]:
    if notify is None:
        return
    if notify.remind is not None:
        yield f"Lo repetiré cada {duration(notify.remind.every)}, hasta {often(notify.remind.times)}, mientras nadie reaccione."
    if notify.escalate is not None:
        others = to_all(notify.escalate.to, home) or "a nadie más"
        yield f"Si nadie reacciona en {duration(notify.escalate.after)}, avisaré {others}."


def _blindness(rule: Rule, home: Home) -> str:
    sources = (source for pattern in condition_patterns(rule.when) for source in pattern.source or ())
    seen = any(isinstance(home.by_id.get(source), Camera) for source in sources)
    if rule.blind_tolerance is not None:
        limit = (
            f"{'pude ver' if seen else 'tuve noticias de un aparato'} durante más de {duration(rule.blind_tolerance)}"
        )
    else:
        limit = "pude ver bastante" if seen else "pude saberlo, porque un aparato no respondía"
    return f"Si no {limit}, {_BLIND[rule.unknown]}"
