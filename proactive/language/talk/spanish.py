"""What a conversation says in Spanish of changes and facts: rendered from what is proposed or kept, never from English words."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from proactive.language.fact import Fact
from proactive.language.local.detour import label_of
from proactive.language.outcome import Ask, Change, Choice, Deed, Outcome
from proactive.language.request import Request
from rules.explain import explain
from rules.home import Home
from rules.words.spanish.times import clock

_WOULD: dict[Deed, str] = {"pause": "Pondría en pausa", "resume": "Reanudaría", "drop": "Borraría"}
_WHAT = {
    "bedtime": "la hora de dormir", "breakfast": "el desayuno", "lunch": "la comida", "dinner": "la cena", "supper": "la cena", "wake up": "la hora de levantarse",
    "school": "la escuela", "work": "el trabajo", "nap": "la siesta", "eats": "la hora de comer",
}  # fmt: skip
_SPECIES = {"dog": "perro", "cat": "gato", "bird": "pájaro", "rabbit": "conejo", "horse": "caballo"}
_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = tuple("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split())
_FOR_GOOD = timedelta(days=3600)


def change_in_spanish(outcome: Outcome, request: Request) -> str | None:
    """Return what a change would do, for the person whose yes it waits for; None where other words say it."""
    change = outcome.change
    if outcome.rules or change is None or (change.sure and change.deed != "list" and not change.then):
        return None
    if change.facts:
        return _of_facts(change, request)
    named = [rule for rule in request.rules if rule.id in change.rules]
    if not named:
        return None
    lines = [f"{rule.id}: {explain(rule, request.home, 'es')}" for rule in named]
    if change.deed == "list":
        return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    if change.until is not None:
        names = "ninguna de sus reglas" if len(named) > 1 else named[0].id
        until = _until(change.until, request)
        return f"Desde ahora{until} no le diría nada de {names}, ni siquiera lo urgente. Lo que ocurra se guarda de todos modos."
    return "\n".join(f"{_WOULD[change.deed]} {line}" for line in lines) if change.deed in _WOULD else None


def choices_in_spanish(ask: Ask, request: Request) -> Ask:
    """Return a question whose choices are rules with those rules in Spanish; any other as it is."""
    rules = {rule.id: rule for rule in request.rules}
    if ask.slot != "rule" or not any(choice.id in rules for choice in ask.choices):
        return ask
    choices = (
        Choice(c.id, explain(rules[c.id], request.home, "es") if c.id in rules else "todas") for c in ask.choices
    )
    return Ask(ask.slot, ask.question, tuple(choices))


def fact_in_spanish(fact: Fact, home: Home, now: datetime | None = None) -> str:
    """Return a fact in words, from what is kept; in the past where it is over `now`."""
    whose = label_of(fact.about, home) if fact.about in home.by_id else ""
    match fact.kind:
        case "time":
            of = f" de {whose}" if whose else ""
            return f"{_WHAT.get(fact.name, fact.name)}{of} es a {clock(fact.value)}"
        case "alias":
            return f"{whose or fact.about} también se llama «{fact.name}»"
        case "away":
            was = ("estuvo" if whose else "estuvieron") if fact.over(now) else ("está" if whose else "están")
            return f"{whose or 'todos'} {was} fuera de casa{_until_in(fact.until, home) or ' hasta nuevo aviso'}"
        case "pet":
            return f"{fact.name} vive en esta casa ({_SPECIES.get(fact.value, 'mascota')})"
        case "person":
            return f"{fact.name} vive aquí o viene de visita"


def _of_facts(change: Change, request: Request) -> str:
    texts = [fact_in_spanish(fact, request.home, request.now) for fact in change.facts]
    if change.deed == "list":
        return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))
    said = "; ".join(texts)
    if change.deed == "forget":
        return f"Olvidaría: {said}."
    if change.facts[0].kind == "away" and not change.facts[0].over(request.now):
        return f"Recordaría: {said}. Ninguna regla cambia por eso; si pregunta qué pasó mientras estaban fuera, será ese tiempo."
    if change.facts[0].kind in ("pet", "person"):
        return f"{'Añado' if change.sure else 'Añadiría'} a esta casa: {said}. Mande una foto, para que las cámaras sepan quién es."
    return f"Recordaría: {said}."


def _until(until: datetime, request: Request) -> str:
    if request.now is not None and until - request.now >= _FOR_GOOD:
        return ""
    return f" y{_until_in(until, request.home)}"


def _until_in(until: datetime | None, home: Home) -> str:
    """Return the end of a stretch by the home's clock: ` hasta el domingo 15 de marzo a las 06:30`."""
    if until is None:
        return ""
    local = until.astimezone(ZoneInfo(home.time_zone))
    return f" hasta el {_DAYS[local.weekday()]} {local.day} de {_MONTHS[local.month - 1]} a las {local:%H:%M}"
