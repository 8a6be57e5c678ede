"""Questions in Spanish: their frames and periods are put into English, and the rest is carried over as requests are.

The carrying over leaves English words as they are, so that what is left is one plain English question.
"""

from __future__ import annotations

import re

from proactive.language.local.spanish.transfer import in_english
from rules.home import Home

_GONE = r"(?:fuera|de viaje|de vacaciones|ausentes?)"
_ROWS = (
    # why, and what was told
    (r"por qué no (?:me|nos) (?:has |habéis )?(?:avisaste|avisado|dijiste|dicho|notificaste)(?: (?:de|del|sobre|que))?", "why did not you tell me about"),
    (r"por qué (?:me|nos) (?:has )?(?:avisaste|avisado|dijiste|dicho|despertaste)(?: (?:de|del|sobre|que))?", "why did you tell me about"),
    (r"qué (?:me|nos) (?:dijiste|has dicho|avisaste)", "what did you tell me"),
    (r"(?:me|nos) (?:avisaste|has avisado|dijiste)(?: (?:algo )?(?:de|del|sobre|que))", "did you tell me about"),
    (r"(?:le )?(?:avisaste|has avisado|dijiste) a", "did you tell"),
    # absences
    (rf"(?:mientras|cuando) (?:yo )?(?:estaba|estuve|estoy) {_GONE}|mientras no estaba", "while i was away"),
    (r"(?:mientras|cuando) (?:nosotros )?(?:estábamos|estuvimos|estamos) (?:de vacaciones|de viaje)", "while we were on holiday"),
    (rf"(?:mientras|cuando) (?:nosotros )?(?:estábamos|estuvimos|estamos) {_GONE}|mientras no estábamos", "while we were away"),
    (rf"(?:mientras|cuando) (\w+) (?:estaba|estuvo) {_GONE}", r"while \1 was away"),
    (r"desde que (?:me fui|salí|me marché)", "since i left"),
    (r"desde que (?:llegué|volví|regresé)(?: a casa)?", "since i came home"),
    # frames
    (r"(?:por |la )?última vez(?: que)?", "last"),
    (r"(?:por )?primera vez(?: que)?", "first"),
    (r"cuántas veces", "how often"),
    (r"(?:desde cuándo|cuánto (?:tiempo )?(?:hace que|lleva))", "how long is"),
    (r"(?:durante )?cuánto(?: tiempo)?", "how long"),
    (r"cuándo|a qué hora", "when"),
    (r"quién(?:es)?", "who"),
    (r"dónde (?:está|están|anda|andan)", "where is"),
    (r"dónde (?:estaba|estuvo|estaban|se vio a|viste a)", "where was"),
    (r"qué (?:pasó|ha pasado|ocurrió|ha ocurrido|sucedió|hubo)", "what happened"),
    (r"(?:pasó|ha pasado|ocurrió|hubo) algo", "did anything happen"),
    (r"qué temperatura (?:hay|hace|tiene|había|hubo|tenía) (?:en )?", "what is la temperatura de "),
    (r"(?:cuál (?:es|era|fue)|a cuánto (?:está|estaba))", "what is"),
    (r"(?:qué|cuáles|cuál) (?=puertas|ventanas|luces|persianas)", "which "),
    # periods
    (r"anteayer|antes de ayer", "the day before yesterday"),
    (r"ayer por la mañana", "yesterday morning"),
    (r"ayer por la tarde", "yesterday afternoon"),
    (r"ayer por la noche|anoche", "last night"),
    (r"ayer", "yesterday"),
    (r"esta mañana", "this morning"),
    (r"esta tarde", "this afternoon"),
    (r"hoy", "today"),
    (r"esta semana", "this week"),
    (r"la semana pasada", "last week"),
    (r"este mes", "this month"),
    (r"el mes pasado", "last month"),
    (r"(?:el|este) fin de semana", "the weekend"),
    (r"en la última hora", "in the last hour"),
    (r"desde el mediodía", "since noon"),
    (r"alguna vez", "ever"),
    (r"ahora mismo|ahora|en este momento", "right now"),
)  # fmt: skip
_TABLE = tuple((re.compile(rf"\b(?:{said})(?!\w)"), meant) for said, meant in _ROWS)


def question_in_english(text: str, home: Home) -> str:
    """Return a Spanish question as a plain English one; words that nobody here knows stay as they are."""
    names = {name.lower(): name for name in re.findall(r"\b[A-ZÁÉÍÓÚÑ][^\W\d_]+", text)}
    plain = re.sub(r"[¿?¡!]", " ", text.lower())
    for said, meant in _TABLE:
        plain = said.sub(meant, plain)
    return in_english(re.sub(r"[^\W\d_]+", lambda word: names.get(word[0], word[0]), plain), home).text
