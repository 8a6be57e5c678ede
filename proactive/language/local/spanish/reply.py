"""Replies: what `local` says, in Spanish.

A row is an English reply, whose gaps are `{}`, and the same in Spanish; a gap without a place there is left out, since it
quotes English words that nobody said. A reply without a row falls back to what its outcome means, so that nobody who
asked in Spanish is answered in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from proactive.language.outcome import Ask, Choice, Outcome
from rules.problem import Problem

EXAMPLES = (
    "«avísame si Daisy no ha comido antes del mediodía», «avísame cuando la puerta principal lleve abierta 10 minutos», "
    "«avísame si el congelador pasa de 10 grados mientras no hay nadie en casa»"
)
_EXAMPLES = re.compile(r" ?(I understand for example|For example): .*$", re.DOTALL)
_ROWS = """
I do not know {} in this home, so I made no rule. = No conozco {0} en esta casa, así que no hice ninguna regla.
It knows {}, its cameras and its devices. = Conozco a {0}, las cámaras y los dispositivos.
It knows its cameras and devices. = Conozco las cámaras y los dispositivos.
I do not know {}. Did you mean {}? = No conozco {0}. ¿Quiso decir {1}?
I do not know {}. Shall I add {} to this home? I need to know whether it is a pet or a person, and a photo. = No conozco a {0}. ¿Quiere que lo añada a esta casa? Necesito saber si es una mascota o una persona, y una foto.
Shall I add {}? = ¿Añado a {0}?
{} is nobody this home lists. = {0} no está en la lista de esta casa.
Add it to the home first. = Añádalo primero a la casa.
I did not understand {} in this, so I made no rule. = No entendí una parte de esto, así que no hice ninguna regla.
I did not understand what {} is for in this, so I made no rule. = No entendí para qué es {0} en esto, así que no hice ninguna regla.
I did not understand what {} is for in this. = No entendí para qué es {0} en esto.
Say it in other words. = Dígalo con otras palabras.
Which {} do you mean: {}? = ¿A cuál se refiere: {1}?
Which pet do you mean: {}? = ¿A qué mascota se refiere: {0}?
Which {} should I {}: {}? = ¿Con cuál lo hago: {2}?
Which one should I {}: {}? = ¿Con cuál lo hago: {1}?
Who are you: {}? = ¿Quién es usted: {0}?
Who is {}? = ¿De quién habla?
Who should be told? = ¿A quién se lo digo?
Do you mean {} in the morning or {} in the evening? = ¿Se refiere a las {0} de la mañana o a las {1} de la tarde?
Do you mean the {} or the {}? = ¿Qué parte del día quiere decir?
Do you mean {} or {}? = ¿Se refiere a {0} o a {1}?
Do you mean that none of them is, or not all of them? = ¿Quiere decir que ninguno, o que no todos?
For how long, or by what time? Say for example 'for 12 hours' or 'by noon'. = ¿Durante cuánto tiempo, o hasta qué hora? Por ejemplo «durante 12 horas» o «antes del mediodía».
By what time, or for how long? Say for example 'by noon' or 'for 12 hours'. = ¿Antes de qué hora, o durante cuánto tiempo? Por ejemplo «antes del mediodía» o «durante 12 horas».
From what time on does that meal count? Say for example 'between 4 pm and 8 pm'. = ¿Desde qué hora cuenta esa comida? Por ejemplo «entre las 4 y las 8 de la tarde».
How long may it stay so before I tell you? Say for example '10 minutes'. = ¿Cuánto tiempo puede seguir así antes de que avise? Por ejemplo «10 minutos».
How long is that? Say for example '10 minutes'. = ¿Cuánto tiempo es eso? Por ejemplo «10 minutos».
Within how long after the first should the second come? = ¿Cuánto tiempo después de lo primero debe venir lo segundo?
Within {} after what? = ¿{0} después de qué?
At what time of day? = ¿A qué hora del día?
At what time? = ¿A qué hora?
What shall I remind you of? = ¿Qué quiere que le recuerde?
What should I tell you about the {}? Say it with 'if' or 'when'. = ¿Cuándo debo avisar de eso? Dígalo con «si» o «cuando».
What number counts as {} for {}? = ¿A partir de qué número?
Should I tell you above or below {}? = ¿Aviso por encima o por debajo de {0}?
Should I tell you only once, or does it happen only once? = ¿Aviso una sola vez, o es que ocurre una sola vez?
Who do you mean by 'we': anyone, or all of you? = ¿Quiénes son «nosotros»: cualquiera, o todos?
I cannot see who is somewhere at one moment. By what time, or for how long? = No puedo ver quién está en un sitio en un solo momento. ¿Antes de qué hora, o durante cuánto tiempo?
I can {} it once somebody confirms, but not undo that by myself. Shall I? = Puedo hacerlo cuando alguien lo confirme, pero no deshacerlo yo solo. ¿Lo hago?
I left out 'for {}': I can do something, but not undo it. Make a second rule for that. = Dejé fuera la duración: puedo hacer algo, pero no deshacerlo. Haga otra regla para eso.
You did not say within how long, so I took 10 minutes. = No dijo en cuánto tiempo, así que tomé 10 minutos.
I read that as: tell me when it is otherwise. = Lo entendí así: avisar cuando no sea así.
I read that as: tell me when both are so. = Lo entendí así: avisar cuando se den las dos cosas.
The {} cannot {} here. = Eso no se puede hacer aquí con ese dispositivo.
Name another device, or only be told. = Diga otro dispositivo, o pida solo un aviso.
I do not know what to {} here. = No sé con qué hacerlo aquí.
Name a device of this home. = Diga un dispositivo de esta casa.
What should I {}? = ¿Con qué lo hago?
I can do something, but not undo it after a while. = Puedo hacer algo, pero no deshacerlo después de un rato.
Make a second rule for that. = Haga otra regla para eso.
That device reports {}, not {}. = Ese dispositivo informa en {0}, no en {1}.
Say the number in {}. = Diga el número en {0}.
Nothing here reports a number for {}. = Nada aquí informa de ese número.
Nothing here reports that. = Nada aquí informa de eso.
One of these is nothing that a device or camera reports. = De una de estas cosas no informa ningún dispositivo ni cámara.
No camera here looks at a bowl of {}. = Ninguna cámara de esta casa ve un plato de {0}.
Draw a zone called 'food_bowl' on the camera that sees it. = Dibuje una zona llamada «food_bowl» en la cámara que lo ve.
I can only see somebody leave a zone that is drawn on a camera. = Solo puedo ver a alguien salir de una zona dibujada en una cámara.
Draw one on the camera. = Dibuje una en la cámara.
This home lists no pet. = En esta casa no hay ninguna mascota.
Add one with its name, species and looks. = Añada una con su nombre, su especie y su aspecto.
I did not find when to tell you. = No encontré cuándo debo avisar.
Say it with 'if' or 'when'. = Dígalo con «si» o «cuando».
I did not find what to watch for in this. = No encontré aquí qué debo vigilar.
I did not understand what comes after what in this. = No entendí qué viene después de qué.
Say it with 'and then ... within'. = Dígalo con «y luego ... en menos de».
I did not understand the order of these. = No entendí en qué orden van.
Say what comes first. = Diga qué viene primero.
Say what happens first. = Diga qué ocurre primero.
I did not understand what should last that long. = No entendí qué debe durar tanto.
Say it with one clause. = Dígalo con una sola frase.
I did not understand which of these should last. = No entendí cuál de estas cosas debe durar.
I did not understand what should be so since {}. = No entendí qué debe ser así desde {0}.
Say 'after' or 'from'. = Diga «después de» o «a partir de».
I did not understand within which time to count. = No entendí en cuánto tiempo hay que contar.
I did not understand what should happen within {}. = No entendí qué debe ocurrir en ese tiempo.
I did not understand the exception in this. = No entendí la excepción.
Say when it should be, not when not. = Diga cuándo sí, no cuándo no.
I found two times since when. = Encontré dos horas desde las que contar.
I found two durations and cannot tell which is meant. = Encontré dos duraciones y no sé cuál vale.
I found more times than I understood. = Encontré más horas de las que entendí.
I found two negations in this and cannot tell what is meant. = Encontré dos negaciones y no sé qué se quiere decir.
Say it with one time. = Dígalo con una sola hora.
Say it with one. = Dígalo con una sola.
Say it plainly. = Dígalo de forma sencilla.
I cannot tell whether 'not' is of one of these or of both. = No sé si el «no» es de una de estas cosas o de las dos.
Say them apart. = Dígalas por separado.
Say them one by one. = Dígalas una por una.
Say it as two rules. = Dígalo como dos reglas.
That is more than one rule. = Eso es más de una regla.
That is more than two things at once. = Son más de dos cosas a la vez.
I cannot repeat {} yet, so I made no rule. = Todavía no sé repetir algo así, de modo que no hice ninguna regla.
Name days of the week, or every so many hours. = Diga días de la semana, o cada cuántas horas.
I can repeat a notification until something is so, but nothing else. = Puedo repetir un aviso hasta que algo ocurra, pero nada más.
I can watch for one or the other, but not with a time that belongs to both. = Puedo vigilar una cosa u otra, pero no con una hora que sea de las dos.
I can leave a thing out while something is so, but not when it happens. = Puedo excluir algo mientras dure, pero no cuando ocurre.
I can only combine this with how things are at home, such as a door being open. = Esto solo puedo combinarlo con cómo está la casa, por ejemplo una puerta abierta.
I can watch for any of them, but not for all of them at once. = Puedo vigilar cualquiera de ellos, pero no todos a la vez.
I can count one thing, but not one of several. = Puedo contar una cosa, pero no una entre varias.
I can count what happens, but not what happens too rarely. = Puedo contar lo que ocurre, pero no lo que ocurre demasiado poco.
I can count within a length of time, but not by a time of day. = Puedo contar dentro de un tiempo, pero no hasta una hora del día.
Say 'within 6 hours'. = Diga «en 6 horas».
I can check at {} how a thing is, but not what happened by then. = A esa hora puedo mirar cómo está algo, pero no qué ocurrió hasta entonces.
I can check at a time how a device is, but this is something that happens. = A una hora puedo mirar cómo está un dispositivo, pero esto es algo que ocurre.
I can watch for that every day, but not on one day only. = Puedo vigilar eso todos los días, pero no un solo día.
Leave the day out. = Quite el día.
I can wait for how long something stays so, but this happens in a moment. = Puedo esperar cuánto dura algo, pero esto ocurre en un momento.
I can look back at what happened, but not at how things stayed. = Puedo mirar atrás lo que ocurrió, pero no cómo siguieron las cosas.
I can tell how things stand when everyone is gone, not what happens then. = Puedo decir cómo está todo cuando no queda nadie, no lo que ocurre entonces.
I can see who is at a bowl, but not whose food it is. = Puedo ver quién está en el plato, pero no de quién es la comida.
Name one pet. = Diga una mascota.
I keep watching, and cannot check only once later. = Vigilo todo el tiempo, y no puedo mirar una sola vez más tarde.
That happens in a moment, and not at a time. = Eso ocurre en un momento, y no a una hora.
Say 'between' two times. = Diga «entre» dos horas.
Say 'by' a time. = Diga «antes de» una hora.
Say 'for' how long, or 'by' a time. = Diga «durante» cuánto tiempo, o «antes de» qué hora.
Say 'for' how long. = Diga «durante» cuánto tiempo.
Say a time of day. = Diga una hora del día.
Say 'tell me only once'. = Diga «avísame una sola vez».
The sun rises and sets every day. = El sol sale y se pone todos los días.
Say 'at sunset', or 'while it is dark'. = Diga «al anochecer», o «mientras esté oscuro».
I do not know what day it is here, so I cannot make a rule for one day. = No sé qué día es allí, así que no puedo hacer una regla para un solo día.
Name days instead. = Diga días de la semana.
I do not know who {} {} is. = No sé de quién habla.
I do not know which {} is meant. = No sé a cuál se refiere.
Say the name. = Diga el nombre.
The {} reports {}. = El dispositivo «{0}» informa de: {1}.
I could not put that into a rule. = No pude convertir eso en una regla.
I will not do that. I can watch over your home openly and tell you when something happens. = No voy a hacer eso. Puedo vigilar su casa a la vista de todos y avisar cuando ocurra algo.
That is about a rule you already have: 'proactive rules list' shows them, and 'pause', 'resume' and 'drop' change them. = Eso es sobre una regla que ya tiene: «proactive rules list» las muestra, y «pause», «resume» y «drop» las cambian.
That is a question about now or the past, not a standing rule: 'proactive ask' answers those. = Eso es una pregunta sobre ahora o el pasado, no una regla: «proactive ask» las responde.
That is something to do now. I make standing rules: say when or if it should happen. = Eso es algo para hacer ahora. Yo hago reglas: diga cuándo o si debe ocurrir.
I make standing rules over what your cameras and devices report. = Hago reglas permanentes sobre lo que informan sus cámaras y dispositivos.
I take requests about this home, not orders to work another way. Nothing was changed. = Atiendo peticiones sobre esta casa, no órdenes de funcionar de otra manera. No se cambió nada.
I do not watch anybody in secret: who is watched at home can see that they are. = No vigilo a nadie en secreto: quien es vigilado en casa puede ver que lo es.
I do not watch people in bathrooms or while they undress. = No vigilo a las personas en el baño ni mientras se desvisten.
I watch over this home, not over people outside of it who did not agree to it. = Vigilo esta casa, no a personas de fuera que no lo han aceptado.
I do not switch off what protects the home. Do that at the device itself, if you must. = No apago lo que protege la casa. Hágalo en el propio dispositivo, si es necesario.
I do not follow what somebody does elsewhere, or report it behind their back. = No sigo lo que alguien hace en otro sitio, ni lo cuento a sus espaldas.
"""
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
    "no": "no",
    "yes": "sí",
}
_JOINT = re.compile(r",? or (?=[^,]+$)")


def spanish_rows() -> Iterator[tuple[str, str]]:
    """Yield each English reply with its Spanish one."""
    for row in _ROWS.strip().splitlines():
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
    plain = plain.replace(" in the morning", " de la mañana").replace(" in the evening", " de la tarde")
    return _JOINT.sub(" o ", plain)


def in_spanish(outcome: Outcome) -> Outcome:
    """Return an outcome whose reply, questions, problems and notes are in Spanish."""
    reply = in_words(outcome.reply) or fallback(outcome.outcome)
    if outcome.outcome == "cannot" and not outcome.asks:
        reply = f"{reply} Entiendo por ejemplo: {EXAMPLES}."
    return outcome.with_(
        reply=reply,
        asks=tuple(_asked(ask) for ask in outcome.asks),
        problems=tuple(_problem(problem) for problem in outcome.problems),
        notes=tuple(in_words(note) or note for note in outcome.notes),
    )


def _asked(ask: Ask) -> Ask:
    choices = tuple(Choice(choice.id, _LABELS.get(choice.label, choice.label)) for choice in ask.choices)
    return Ask(ask.slot, in_words(ask.question) or fallback("clarify"), choices)


def _problem(problem: Problem) -> Problem:
    return Problem(
        problem.code,
        problem.where,
        in_words(problem.message) or fallback("cannot"),
        in_words(problem.hint) or "" if problem.hint else "",
    )
