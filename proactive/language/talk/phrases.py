"""Phrases of talk in Spanish: what refers to what was said, or is told to be remembered, as the English that talk is held in.

They mean something else than their words, so the grammar cannot carry them over. Only whole texts count: "a las diez" alone stays
an answer. Gaps are carried over like any words.
"""

from __future__ import annotations

import re

from proactive.language.local.spanish.transfer import in_english
from proactive.language.local.spanish.word import fold
from rules.home import Home

_MEALS = {"cena": "dinner", "comida": "lunch", "almuerzo": "lunch", "desayuno": "breakfast", "cenamos": "dinner", "comemos": "lunch", "almorzamos": "lunch", "desayunamos": "breakfast"}  # fmt: skip
_PETS = {
    "perro": "dog",
    "perra": "dog",
    "perrito": "dog",
    "cachorro": "dog",
    "gato": "cat",
    "gata": "cat",
    "gatito": "cat",
}
_CLOCK = r"(?P<clock>[\w: ]+)"
_BED = r"hora de (?:dormir|acostarme|irme a la cama)"
_AWAY = r"(?:fuera(?: de casa)?|de vacaciones|de viaje)"
_ROWS: tuple[tuple[str, str], ...] = (
    (rf"(?:no |mejor |que sea |cambial[oa] |ponl[oa] )+(?:a|para) las? {_CLOCK}", "make it {clock}"),
    (r"(?:y )?(?:avisa |dile )?a (?P<name>\w+) tambien|(?:y )?(?:avisa|dile) tambien a (?P<other>\w+)", "and tell {name} too"),
    (rf"(?:y )?lo mismo para (?:la |el )?(?P<meal>cena|comida|almuerzo|desayuno) a las? {_CLOCK}", "same for {meal} at {clock}"),
    (r"(?:y )?lo mismo para (?P<name>\w+)", "same for {name}"),
    (rf"(?:mi {_BED} (?:es|son)|(?:yo )?me (?:acuesto|voy a dormir|voy a la cama))(?: a)? las? {_CLOCK}", "my bedtime is {clock}"),
    (rf"(?:(?:la|nuestra|el|nuestro) )?(?P<meal>cena|comida|almuerzo|desayuno) es a las? {_CLOCK}", "our {meal} is at {clock}"),
    (rf"(?P<meal>cenamos|comemos|almorzamos|desayunamos) a las? {_CLOCK}", "our {meal} is at {clock}"),
    (rf"(?:estamos|estaremos)(?: todos)? {_AWAY} hasta (?:el )?(?P<day>[\w ]+)", "we are away until {day}"),
    (rf"(?:estoy|estare) {_AWAY} hasta (?:el )?(?P<day>[\w ]+)", "i am away until {day}"),
    (rf"(?:estamos|estaremos)(?: todos)? {_AWAY}", "we are away"),
    (rf"(?:estoy|estare) {_AWAY}", "i am away"),
    (r"(?:ya )?(?:hemos vuelto|volvimos|estamos de vuelta)(?: a casa)?", "we are back"),
    (r"(?:ya )?(?:he vuelto|volvi|estoy de vuelta)(?: a casa)?", "i am back"),
    (rf"olvida mi {_BED}", "forget my bedtime"),
    (r"olvida (?:la |el |nuestra |nuestro )?(?P<meal>cena|comida|almuerzo|desayuno)", "forget {meal}"),
    (rf"olvida que (?:estamos|estoy) {_AWAY}", "forget that we are away"),
    (r"que (?:te he contado|te conte|recuerdas|sabes de (?:mi|nosotros))", "what have i told you?"),
    (r"(?P<called>\w+) es (?:nuestr[oa]|mi) (?:nuev[oa] )?(?P<pet>perro|perra|perrito|cachorro|gato|gata|gatito)(?: nuev[oa])?", "{called} is our new {pet}"),
    (r"(?:no )?(?:la|el) otr[oa]", "the other one"),
    (r"(?:la|el) primer[oa]", "the first one"),
    (r"(?:la|el) segund[oa]", "the second one"),
    (r"(?:la|el) tercer[oa]", "the third one"),
    (r"(?:la|el) ultim[oa]", "the last one"),
    (r"amb[oa]s|l[ao]s dos", "both"),
    (r"con (?:una )?foto", "with a picture"),
    (r"(?:como mucho )?una vez (?:por|a la|cada) hora(?: como mucho)?", "at most once an hour"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), english) for pattern, english in _ROWS)


def in_talk(text: str, home: Home) -> str | None:
    """Return a Spanish phrase of talk in English, or None where the text is none."""
    plain = " ".join(re.sub(r"[^\w: ]+", " ", fold(text)).split())
    for pattern, english in _PATTERNS:
        if found := pattern.fullmatch(plain):
            return english.format(
                **_gaps({key: value for key, value in found.groupdict().items() if value}, text, home)
            )
    return None


def _gaps(found: dict[str, str], text: str, home: Home) -> dict[str, str]:
    """Return the gaps of a phrase in English; names as they were written."""
    gaps = dict(found)
    if clock := found.get("clock"):
        gaps["clock"] = in_english(f"a las {clock}", home).text.removeprefix("at ")
    if day := found.get("day"):
        said = day if " " in day or day == "manana" else f"el {day}"
        gaps["day"] = re.sub(r"^on |s$", "", in_english(said.replace("manana", "mañana"), home).text)
    if meal := found.get("meal"):
        gaps["meal"] = _MEALS[meal]
    if pet := found.get("pet"):
        gaps["pet"] = _PETS[pet]
    if name := found.get("name") or found.get("other") or found.get("called"):
        gaps["name"] = gaps["called"] = next((word for word in re.findall(r"\w+", text) if fold(word) == name), name)
    return gaps
