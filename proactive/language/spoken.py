"""Spoken: the border between the language that a person speaks and the English in which conversations are held.

A Spanish request is carried over once, so that a yes, an answer, a change of a rule and a question work in Spanish as they
do in English; whoever reads new requests gets them as they were said, and what comes of it is said in Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from proactive.language.local.spanish.reader import told_in_spanish
from proactive.language.local.spanish.reply import in_spanish
from proactive.language.local.spanish.transfer import in_english
from proactive.language.local.spanish.word import fold
from proactive.language.local.tongue import Tongue, tongue_of
from proactive.language.outcome import Outcome
from proactive.language.request import Reader, Request, Turn
from proactive.language.talk.phrases import in_talk
from proactive.language.talk.spanish import change_in_spanish, choices_in_spanish
from rules.explain import Language

_ANSWERS = {
    "yes": "si|si por favor|vale|claro|claro que si|de acuerdo|guardala|guardalo|guardar|confirmo|confirmar|correcto|eso es|dale|bueno|perfecto|adelante|hazlo|asi esta bien|ok",
    "no": "no|no gracias|mejor no|cancela|cancelala|cancelar|descartala|descartar|dejalo|no la guardes|no lo guardes|olvidalo",
    "in the morning": "de la manana|por la manana|la manana|la de la manana",
    "in the evening": "de la tarde|de la noche|por la tarde|por la noche|la de la noche|la de la tarde",
    "any of them": "cualquiera|cualquiera de ellos|cualquiera de ellas|todas|todos|la que sea|el que sea|cualquiera de las dos|cualquiera de los dos",
}  # fmt: skip
_LIST = re.compile(
    r"(por favor )?((que|cuales|cuantas|cuantos)( son| de)?|lista|listame|muestra|muestrame|ensename|dime|dame|ver)( la lista de)?( todas| todos)?"
    r"( mis| las| los| tus)? (reglas|avisos|alertas|recordatorios|notificaciones)( tengo| tenemos| hay| puestas| activas| activos)*"
)
_ENGLISH, _SPANISH = (
    "is the door open",
    "está la puerta abierta",
)  # what a text that is clear by itself takes no turn from
_SAID = {said: english for english, rows in _ANSWERS.items() for said in rows.split("|")}


def tongue_in(request: Request) -> Tongue:
    """Return the language of a request; where its words leave that open, it is that of the last turn whose words do not."""
    return tongue_among(request.text, [turn.text for turn in request.conversation])


def tongue_among(text: str, before: Sequence[str]) -> Tongue:
    """Return the language of a text that was said after others, the last one last."""
    clear = next((said for said in reversed(before) if tongue_of(said, _ENGLISH) == tongue_of(said, _SPANISH)), "")
    return tongue_of(text, clear)


def language_among(texts: Sequence[str]) -> Language:
    """Return the language in which to answer the last of some texts."""
    return "es" if texts and tongue_among(texts[-1], texts[:-1]) == "es" else "en"


def carried(request: Request, reader: Reader) -> tuple[Request, Reader]:
    """Return a Spanish request in English, and a reader that reads it as it was said; any other stays as it is."""
    if tongue_in(request) != "es":
        return request, reader
    plain = re.sub(r"[^\w ]+", "", fold(request.text)).strip()
    english = _SAID.get(plain) or (
        "list my rules"
        if _LIST.fullmatch(plain)
        else in_talk(request.text, request.home) or in_english(request.text, request.home).text
    )
    return replace(request, text=english), _AsSaid(reader, request.text, english)


def answered(turn: Turn, request: Request) -> Turn:
    """Return a turn in the language of the request that it answers: of a Spanish one, its replies, notices and words."""
    if tongue_in(request) != "es":
        return turn
    return replace(turn, text=request.text, outcome=_in_spanish(turn.outcome, request))


def _in_spanish(outcome: Outcome, request: Request) -> Outcome:
    rules = tuple(told_in_spanish(rule, request) for rule in outcome.rules)
    found = in_spanish(outcome.with_(rules=rules))
    asks = tuple(choices_in_spanish(ask, request) for ask in found.asks)
    return found.with_(asks=asks, reply=change_in_spanish(outcome, request) or found.reply)


@dataclass(frozen=True, slots=True)
class _AsSaid:
    """A reader that gets a request in the words in which it was `said`, where it would get them carried over."""

    reader: Reader
    said: str
    carried: str

    @property
    def name(self) -> str:
        """Return the name of the reader that reads."""
        return self.reader.name

    def read(self, request: Request) -> Outcome:
        """Return what became of a request, as it was said."""
        text = self.said if request.text == self.carried else request.text
        return self.reader.read(replace(request, text=text))
