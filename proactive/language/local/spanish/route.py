"""Routing of Spanish: refusals, changes to rules, talk and questions, by habits of speech, before anything is carried over."""

from __future__ import annotations

import re

from proactive.language.local.spanish.verb import forms_of
from proactive.language.local.spanish.word import fold, words_of
from proactive.language.outcome import Kind

_REFUSE = re.compile(
    r"\b(ignor|olvid|omit|salt|desobedec)\w* (de )?(todas |tus |las |mis |los |sus |estas )*(instruccion\w*|ordenes|normas|reglas (anteriores|previas|de seguridad)|indicaciones|restricciones|limites)"
    r"|\b(prompt|mensaje|instrucciones) del sistema\b|\bmodo (desarrollador|administrador|dios|debug)\b|\bfinge (ser|que)\b|\bhaz como si\b|\bactua como\b"
    r"|\bahora eres\b|\beres ahora\b|\ba partir de ahora eres\b|\bjailbreak\b"
    r"|\ba escondidas\b|\ben secreto\b|\bsecretamente\b|\bdisimuladamente\b|\bsin que (\w+ ){0,4}(se? )?(sepa|sepan|note|noten|entere|enteren|de cuenta|den cuenta|vea|vean)\b|\bsin su (permiso|consentimiento|conocimiento)\b"
    r"|\b(espia|espiar|espiame|acosa|acosar)\b|\b(camara|microfono) (oculta|oculto|escondida|escondido)\b|\b(escond|ocult)\w* (la |una |el |un )?(camara|microfono)\b"
    r"|\b(graba|filma|vigila|mira|observa|monitorea|fotografia|ver)\w*\b.*\b(bano|ducha|vestuario|desnud\w*|desvist\w*|inodoro)\b"
    r"|\b(desactiva|apaga|deshabilita|anula|silencia|corta)\w* (todas |todos |las |los |la |el )*(alarma|alarmas|camara|camaras|detector(es)?( de humo)?|cortafuegos|firewall|seguridad)\b(?! (cuando|si)\b)"
    r"|^(por favor |oye |hola |puedes |podrias )*(desbloquea|desbloquear|desarma|desarmar)\b"
    r"|\b(y|luego|entonces) (desbloquea|desarma|abre la cerradura)\w*\b.*\b(puerta|alarma|todo|casa)"
    r"|\b(contrasena|contrasenas|clave de api|api key)\b"
)
_MANAGE = re.compile(
    r"\b(deja|dejen|deje|dejes|para|pare|paren|puedes dejar|basta) de (avis|mand|envi|notific|alert|molest|dec|recordar|inform|repet)\w*"
    r"|\b(?<!si )(ya |por favor |hoy |nunca )?no (me|nos) (avis|mand|envi|notifi|alert|molest|recuerd|record|dig|inform|lo repit|escrib)\w*"
    r"|\bno (quiero|necesito) (mas |que me )(avis|alert|notific|recorda|mensaj|sig|mand)\w*|\bno mas (avisos|alertas|notificaciones|recordatorios|mensajes)\b"
    r"|\b(borr|elimin|quit|cancel|paus|desactiv|activ|reactiv|reanud|cambi|edit|modific|muestr|mostr|list|ensen|silenci|suspend|anul|pospon|deten|renombr|actualiz|retom|apag)\w*\b"
    r"[\w ,]{0,40}\b(reglas?|avisos?|alertas?|recordatorios?|notificacion(es)?|automatizacion(es)?)\b(?! (si|cuando)\b)"
    r"|^(que|cuales|cuantas|cuantos)( son)?( mis| las| los| tus)? (reglas|avisos|alertas|recordatorios|notificaciones)\b|^(silencia|calla|callate|silencio)\b|^olvida (eso|esa|ese|lo|la)\b"
    r"|\b(dame|dime|ver|muestrame) (la lista de |todas |todos )?(mis |las |los )(reglas|avisos|alertas|recordatorios)\b|\b(lo|la) reactivo\b"
)
_CHAT = re.compile(
    r"^(hola|buenas|buenos dias|buenas (tardes|noches)|gracias|muchas gracias|adios|hasta luego|que tal|vale|genial|perfecto|ok)\b[^,]{0,24}$"
    r"|\b(cuenta|cuentame|dime) (un|otro|algun) (chiste|cuento|poema|acertijo|chascarrillo)\b|^(quien|que) eres\b|^como (estas|te llamas|andas|va)\b|\bte gusta(n)?\b"
    r"|^(hola|oye|buenas),? (como|que|quien) \b|\bcanta(me)? (una|algo)\b|\bque (opinas|piensas)\b|^(no importa|da igual|dejalo|olvidalo|nada)[.!]*$|\bme aburro\b|\bsentido de la vida\b"
)
_ASKED = re.compile(
    r"\b(avis|notif|alert|mand|envi|recuerd|record|inform|despiert)\w*(me|nos|le|les)\b|\b(me|nos) (avis|notif|alert|mand|envi|recuerd|inform)\w*\b|\bavis(a|e|en)\b"
)
_CONDITION = re.compile(r"\b(si|cuando|cada vez que|en cuanto|siempre que|tan pronto)\b")
_WHAT = r"(quien|quienes|que|cuando|donde|cuant[oa]s?|cual|cuales|como|por que|a que hora|desde cuando|hasta cuando|con que frecuencia|en que|de que|cuanto tiempo|a quien)"
_QUESTION = re.compile(
    rf"^¿|\?$|^(oye |por favor )?(?!que |como |cuando |donde ){_WHAT} "
    rf"|^(por favor |oye )?(dime|decime|digame|dinos|sabes|quiero saber|me gustaria saber|puedes decirme|podrias decirme|cuentame|me dices) (si (hay|hubo|ha habido|estaba|estuvo|alguien ha|ayer|hoy)|{_WHAT})\b"
    r"|\b(ayer|anoche|anteayer|la semana pasada|el mes pasado|hace un rato)\b|\b(mira|comprueba|revisa|verifica|fijate|ve) si\b|\bultima vez\b(?! que .*\b(avis|notif))"
    r"|^(muestra|muestrame|ensename|busca|encuentra)(me)? (el |la |los |las )?(video|videos|foto|fotos|clip|clips|grabacion|grabaciones|historial|imagenes|eventos)\b"
    r"|\b(abierta|abierto|encendida|encendido|cerrada|cerrado) o (no|cerrad\w|apagad\w|abiert\w)\b"
)
_WHY = re.compile(r"^¿?(por que|cuando|cuantas veces) ")
_TELL = frozenset(("dime", "decime", "digame", "dinos", "diganos"))
_STARTS_CONDITION = re.compile(r"^(cuando|si|cada vez|en cuanto|siempre que|mientras)\b")


def route(text: str) -> Kind | None:
    """Return the outcome of a Spanish request that is surely no rule, or None where it may be one."""
    plain = " ".join(fold(text).replace("¿", "¿ ").split()).replace("¿ ", "¿")
    if _REFUSE.search(plain):
        return "refuse"
    if _MANAGE.search(plain) and not _WHY.search(plain):
        return "manage"
    if _CHAT.search(plain.strip("¿?¡!. ")):
        return "chat"
    return "question" if _is_question(plain, text) else None


def _is_question(plain: str, text: str) -> bool:
    if _ASKED.search(plain) and (_CONDITION.search(plain) or not plain.endswith("?")):
        return False
    accented = re.search(r"\b(cuándo|quién|qué|dónde|cuánto|cuántas|cuántos|cuánta|cuál|cómo)\b", text.lower())
    if accented and accented.start() < 12:
        return True
    if not plain.endswith("?") and _is_to_come(text):
        return False
    if _STARTS_CONDITION.search(plain) and not plain.endswith("?"):
        return False
    return bool(_QUESTION.search(plain))


def _is_to_come(text: str) -> bool:
    """Say whether "dime cuando ..." is of what may come: "llegue Ana", and not "llegó Ana" or "ha llegado Ana", which is a question."""
    words = words_of(text)
    position = next((n for n, word in enumerate(words[:-1]) if word.fold == "cuando" and not word.accented), None)
    if position is None or position == 0 or words[position - 1].fold not in _TELL:
        return False
    for word in words[position + 1 :]:
        if forms := forms_of(word.fold):
            lately = word.fold in ("ha", "han") or (word.accented and word.text[-1] in "óé" and word.fold != "este")
            return not lately and any(form.tense == "present" and form.person == "3" for form in forms)
    return False
