"""Replies: what `local` says, in Spanish.

A row is an English reply, whose gaps are `{}`, and the same in Spanish; a gap without a place there is left out, since it
quotes English words that nobody said. A reply without a row falls back to what its outcome means, so that nobody who
asked in Spanish is answered in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from proactive.language.local.spanish.saying import SAYINGS
from proactive.language.local.tongue import tongue_of
from proactive.language.outcome import Ask, Choice, Outcome
from rules.problem import Problem

EXAMPLES = (
    "«avísame si Daisy no ha comido antes del mediodía», «avísame cuando la puerta principal lleve abierta 10 minutos», "
    "«avísame si el congelador pasa de 10 grados mientras no hay nadie en casa»"
)
_EXAMPLES = re.compile(r" ?(I understand for example|For example): .*$", re.DOTALL)
_FALLBACK = {
    "clarify": "Me falta un dato para eso. ¿Puede decirlo con más detalle?",
    "cannot": "No entendí una parte de esto, así que no hice ninguna regla. Dígalo con otras palabras.",
    "question": "Eso es una pregunta sobre ahora o el pasado, no una regla: «proactive ask» las responde.",
    "command": "Eso es algo para hacer ahora. Yo hago reglas: diga cuándo o si debe ocurrir.",
    "manage": "Eso es sobre una regla que ya tiene: «proactive rules list» las muestra, y «pause», «resume» y «drop» las cambian.",
    "refuse": "No voy a hacer eso. Puedo vigilar su casa a la vista de todos y avisar cuando ocurra algo.",
    "chat": "Hago reglas permanentes sobre lo que informan sus cámaras y dispositivos.",
    "rule": "Regla hecha.",
}
_LABELS = {
    "any of them": "cualquiera de ellos",
    "as a pet": "como mascota",
    "as a person": "como persona",
    "a dog": "un perro",
    "a cat": "un gato",
    "another animal": "otro animal",
    "a person": "una persona",
    "all of them": "todas",
    "midnight": "medianoche",
    "noon": "mediodía",
    "no": "no",
    "yes": "sí",
}
_JOINT = re.compile(r",? or (?=[^,]+$)")


def spanish_rows() -> Iterator[tuple[str, str]]:
    """Yield each English reply with its Spanish one."""
    for row in SAYINGS.strip().splitlines():
        english, _, spanish = row.partition(" = ")
        yield english, spanish


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    rows = sorted(spanish_rows(), key=lambda row: (row[0].count("{}"), -len(row[0])))
    return [(re.compile(re.escape(english).replace(r"\{\}", "(.+?)")), spanish) for english, spanish in rows]


def fallback(kind: str) -> str:
    """Return what an outcome means in Spanish, whatever was said in English."""
    return f"{_FALLBACK[kind]} Por ejemplo: {EXAMPLES}." if kind == "chat" else _FALLBACK[kind]


def in_words(text: str) -> str | None:
    """Return an English reply in Spanish, or None where a part of it has no row."""
    rest, said = _EXAMPLES.sub("", text).strip(), []
    while rest:
        found = _first(rest)
        if found is None:
            return None
        spanish, rest = found[0], rest[found[1] :].strip()
        said.append(spanish)
    return " ".join(said) or None


def _first(text: str) -> tuple[str, int] | None:
    """Return the Spanish of the sentences that a text begins with and where they end; the longest row wins."""
    best: tuple[str, int] | None = None
    for pattern, spanish in _patterns():
        match = pattern.match(text)
        whole = match is not None and (match.end() == len(text) or text[match.end()] == " ")
        if match is not None and whole and (best is None or match.end() > best[1]):
            best = spanish.format(*(_gap(group) for group in match.groups())), match.end()
    return best


def _gap(said: str) -> str:
    plain = said.replace("any of them", _LABELS["any of them"])
    return _JOINT.sub(" o ", _half_of_day(plain))


def _half_of_day(said: str) -> str:
    said = re.sub(r"\b((?:9|10|11):\d\d) in the evening", r"\1 de la noche", said)
    morning = said.replace(" in the morning", " de la mañana")
    return morning.replace(" in the evening", " de la tarde").replace(" in the afternoon", " de la tarde")


def in_spanish(outcome: Outcome) -> Outcome:
    """Return an outcome whose reply, questions, problems and notes are in Spanish."""
    said = in_words(outcome.reply)
    if said is None and outcome.reply and tongue_of(outcome.reply) == "es":
        return outcome
    reply = said or fallback(outcome.outcome)
    if outcome.outcome == "cannot" and not outcome.asks:
        reply = f"{reply} Entiendo por ejemplo: {EXAMPLES}."
    return outcome.with_(
        reply=reply,
        asks=tuple(_asked(ask) for ask in outcome.asks),
        problems=tuple(_problem(problem) for problem in outcome.problems),
        notes=tuple(in_words(note) or note for note in outcome.notes),
    )


def _asked(ask: Ask) -> Ask:
    choices = tuple(
        Choice(choice.id, _LABELS.get(choice.label) or _half_of_day(choice.label)) for choice in ask.choices
    )
    return Ask(ask.slot, in_words(ask.question) or fallback("clarify"), choices)


def _problem(problem: Problem) -> Problem:
    return Problem(
        problem.code,
        problem.where,
        in_words(problem.message) or fallback("cannot"),
        in_words(problem.hint) or "" if problem.hint else "",
    )
