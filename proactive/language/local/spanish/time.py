"""Times in Spanish, each carried over with its preposition: "antes de las ocho y media de la tarde" is "before 8:30 pm".

Twelve o'clock is noon unless the night is said, as people mean it; any other bare hour stays bare, and is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from proactive.language.local.spanish.number import number_at, plain
from proactive.language.local.spanish.word import Word

Kind = Literal["clock", "length", "since", "days", "part", "date", "sun", "times", "every"]


@dataclass(frozen=True, slots=True)
class Time:
    """A time in English words. `bare` where it has no preposition of its own; `ago` where it counts back from now."""

    kind: Kind
    english: str
    bare: bool = False
    ago: bool = False


Found = tuple[Time, int]
_DAY = {
    "lunes": "monday", "martes": "tuesday", "miercoles": "wednesday", "jueves": "thursday", "viernes": "friday",
    "sabado": "saturday", "sabados": "saturday", "domingo": "sunday", "domingos": "sunday",
}  # fmt: skip
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNIT = {
    "segundo": "second", "segundos": "second", "seg": "second", "s": "second", "minuto": "minute", "minutos": "minute", "min": "minute",
    "mins": "minute", "minutito": "minute", "minutitos": "minute", "hora": "hour", "horas": "hour", "h": "hour", "hs": "hour", "hrs": "hour",
    "dia": "day", "dias": "day", "semana": "week", "semanas": "week",
}  # fmt: skip
_MONTHS = dict(
    zip(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
        "january february march april may june july august september october november december".split(),
        strict=True,
    )
)
_FIXED: dict[str, Time] = {}
for _kind, _rows in {
    "part": {
        "por la noche|de noche|en la noche|durante la noche|por las noches|a la noche|de noches|en horas de la noche": "at night",
        "cada noche|todas las noches": "every night", "esta noche": "tonight", "por la mañana|en la mañana|a la mañana|por las mañanas|de mañana": "in the morning",
        "cada mañana|todas las mañanas": "every morning", "esta mañana": "this morning", "por la tarde|en la tarde|a la tarde|por las tardes": "in the afternoon",
        "cada tarde|todas las tardes": "every afternoon", "esta tarde": "this afternoon", "de dia|durante el dia": "during the day",
        "a la hora de dormir|a la hora de acostarse|a la hora de acostarme|a la hora de acostarnos|a la hora de irme a dormir": "at bedtime",
    },
    "clock": {
        "de madrugada|por la madrugada|en la madrugada|durante la madrugada|de la madrugada": "between midnight and 6 am",
    },
    "days": {
        "todos los dias|cada dia|diariamente|a diario|todo los dias|diario": "every day",
        "entre semana|los dias laborables|los dias de semana|dias de semana|los dias habiles|los dias de trabajo|en dias laborables|en dias de semana|de lunes a viernes|dias laborables": "on weekdays",
        "los fines de semana|el fin de semana|en fin de semana|en fines de semana|cada fin de semana|fines de semana|todos los fines de semana|el finde|los findes": "on weekends",
    },
    "date": {
        "hoy|el dia de hoy": "today", "mañana": "tomorrow", "ayer": "yesterday", "anoche|ayer por la noche": "last night", "la semana pasada": "last week", "esta semana": "this week",
        "este mes": "this month", "por ultima vez|la ultima vez": "last",
    },
    "sun": {
        "al anochecer|al atardecer|a la puesta de sol|a la puesta del sol|al ponerse el sol|al oscurecer|cuando se ponga el sol|cuando anochezca|cuando anochece|cuando se pone el sol": "at sunset",
        "al amanecer|a la salida del sol|al salir el sol|cuando amanezca|cuando salga el sol|cuando amanece|cuando sale el sol|al alba": "at sunrise",
        "antes del amanecer|antes de que amanezca|antes de que salga el sol": "before sunrise", "antes del anochecer|antes de que anochezca|antes del atardecer": "before sunset",
        "despues del anochecer|despues del atardecer|despues de la puesta de sol|despues de la puesta del sol|tras el anochecer|a partir del anochecer|una vez que anochece|despues de que anochezca|despues de oscurecer": "after sunset",
        "despues del amanecer|despues de la salida del sol": "after sunrise", "entre el anochecer y el amanecer|del anochecer al amanecer": "between sunset and sunrise",
        "desde el anochecer hasta el amanecer": "from sunset until sunrise",
    },
    "times": {"una vez": "once", "una sola vez|solo una vez": "only once"},
    "length": {
        "un rato|mucho tiempo|demasiado tiempo|mucho rato|demasiado rato|un tiempo|bastante tiempo|cierto tiempo": "a while",
    },
    "every": {
        "cada dos dias|cada dos semanas|cada dos lunes|un dia si y otro no|dia por medio|cada tercer dia": "every other day", "cada mes|todos los meses|mensualmente": "every month",
        "cada semana|todas las semanas|semanalmente": "every week",
    },
}.items():  # fmt: skip
    for _said, _english in _rows.items():
        for _one in _said.split("|"):
            _FIXED[_one.replace("ñ", "n")] = Time(_kind, _english, bare=_english == "a while")  # type: ignore[arg-type]  # keys are kinds
_LONGEST = max(len(said.split()) for said in _FIXED)

_BEFORE_CLOCK: tuple[tuple[str, str], ...] = (  # the longest first
    ("a mas tardar a", "by"), ("como muy tarde a", "by"), ("como maximo a", "by"), ("antes de", "before"), ("antes del", "before"),
    ("despues de", "after"), ("despues del", "after"), ("a partir de", "after"), ("a partir del", "after"), ("a eso de", "around"), ("alrededor de", "around"), ("pasadas", "after"),
    ("pasada", "after"), ("pasado", "after"), ("desde", "since"), ("hasta", "until"), ("para", "by"), ("hacia", "around"), ("sobre", "around"),
    ("tras", "after"), ("a", "at"), ("al", "at"), ("de", "from"), ("del", "from"),
)  # fmt: skip
_BEFORE_LENGTH: tuple[tuple[str, str], ...] = (
    ("desde hace mas de", "for more than"), ("desde hace", "for"), ("hace mas de", "for more than"), ("hace", "for"), ("durante mas de", "for more than"),
    ("durante al menos", "for at least"), ("durante por lo menos", "for at least"), ("por mas de", "for more than"), ("durante", "for"), ("por al menos", "for at least"), ("por", "for"),
    ("dentro de los siguientes", "within"), ("en los siguientes", "within"), ("en los proximos", "within"), ("en las proximas", "within"), ("en las siguientes", "within"),
    ("en los ultimos", "in the last"), ("en las ultimas", "in the last"), ("en el ultimo", "in the last"), ("en la ultima", "in the last"),
    ("durante los ultimos", "in the last"), ("durante las ultimas", "in the last"), ("en menos de", "within"), ("dentro de", "within"), ("en un plazo de", "within"),
    ("antes de", "within"), ("en", "in"), ("cada", "every"), ("mas de", "for more than"), ("al menos", "for at least"), ("por lo menos", "for at least"),
    ("como minimo", "for at least"), ("minimo", "for at least"), ("despues de", "after"), ("al cabo de", "after"), ("tras", "after"), ("a los", "after"), ("pasados", "after"), ("pasadas", "after"),
    ("menos de", "less than"),
)  # fmt: skip


def time_at(words: Sequence[Word], at: int) -> Found | None:
    """Return the time said at a position and the position after it, or None: the longest reading there."""
    found = [
        slot
        for read in (_fixed, _days, _range, _said_clock, _sun_offset, _said_length, _times, _rate, _date)
        if (slot := read(words, at))
    ]
    return max(found, key=lambda slot: slot[1], default=None)


def _folds(words: Sequence[Word], at: int, size: int) -> str:
    return " ".join(word.fold for word in words[at : at + size])


def _fixed(words: Sequence[Word], at: int) -> Found | None:
    for size in range(min(_LONGEST, len(words) - at), 0, -1):
        if time := _FIXED.get(_folds(words, at, size)):
            return time, at + size
    return None


def _lead(words: Sequence[Word], at: int, leads: Sequence[tuple[str, str]]) -> list[tuple[str, int]]:
    """Return every preposition that the words begin with, in English, and the position after it; the longest first."""
    found = []
    for said, english in leads:
        size = len(said.split())
        if _folds(words, at, size) == said:
            found.append((english, at + size))
    return found


# --- clocks -----------------------------------------------------------------------------------------------------


def _said_clock(words: Sequence[Word], at: int) -> Found | None:
    for english, after in (*_lead(words, at, _BEFORE_CLOCK), ("", at)):
        if (clock := _clock(words, after)) is not None:
            if english == "from" and not _until_follows(words, clock[1]):
                continue
            return Time("clock", f"{english} {clock[0]}".strip(), bare=not english), clock[1]
    return None


def _until_follows(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and words[at].fold in ("a", "hasta")


def _range(words: Sequence[Word], at: int) -> Found | None:
    """Read "entre las 6 y las 8 de la tarde", "de 22:00 a 6:00", "desde las diez hasta las seis"."""
    for opening, joint, english in (
        ("entre", ("y",), ("between", "and")), ("de", ("a", "hasta"), ("from", "until")), ("desde", ("a", "hasta"), ("from", "until")),
        ("del", ("a", "al"), ("from", "until")),
    ):  # fmt: skip
        if words[at].fold != opening:
            continue
        start = _clock(words, at + 1, loose=True)
        if start is None or start[1] >= len(words) or words[start[1]].fold not in joint:
            continue
        end = _clock(words, start[1] + 1, loose=True)
        if end is not None and (end[1] >= len(words) or words[end[1]].fold not in _UNIT | {"grados": ""}):
            return Time("clock", f"{english[0]} {start[0]} {english[1]} {end[0]}"), end[1]
    return None


def _clock(words: Sequence[Word], at: int, loose: bool = False) -> tuple[str, int] | None:
    """Return a clock time in English and the position after it. `loose` where no article has to come first."""
    start = at + (at < len(words) and words[at].fold in ("el", "la", "las"))
    if start >= len(words):
        return None
    named = {"mediodia": "noon", "medianoche": "midnight"}.get(words[start].fold)
    if named or _folds(words, start, 2) in ("medio dia", "media noche"):
        both = named or {"medio dia": "noon", "media noche": "midnight"}[_folds(words, start, 2)]
        return both, start + (1 if named else 2)
    split = re.fullmatch(r"(\d{1,2})[:.](\d{2})", words[start].fold)
    if split:
        return _spoken(words, int(split[1]), int(split[2]), start + 1, words[start].fold[0] == "0")
    after_article = start > at and words[at].fold in ("la", "las")
    if (
        not after_article
        and not loose
        and not _meridiem(words, start + 1)
        and not (start + 1 < len(words) and words[start + 1].fold in ("hs", "hrs"))
    ):
        return None
    number = number_at(words, start)
    if number is None or number[0] % 1 or not 0 <= number[0] <= 24:
        return None
    hour, after = int(number[0]), number[1]
    after += after < len(words) and words[after].fold in ("h", "hs", "hrs", "horas")
    return _with_minutes(words, hour, after)


def _with_minutes(words: Sequence[Word], hour: int, after: int) -> tuple[str, int] | None:
    next_two = _folds(words, after, 2)
    if next_two in ("y media", "y cuarto", "menos cuarto", "y pico"):
        minutes = {"y media": 30, "y cuarto": 15, "menos cuarto": -15}.get(next_two, 0)
        return _spoken(words, (hour if minutes >= 0 else hour - 1), minutes % 60, after + 2, False)
    minute = number_at(words, after + 1) if after < len(words) and words[after].fold in ("y", "menos") else None
    if minute and minute[0] % 1 == 0 and 0 < minute[0] < 60 and not _other_hour(words, after + 1, minute[1]):
        back = words[after].fold == "menos"
        return _spoken(words, hour - back, int(60 - minute[0] if back else minute[0]), minute[1], False)
    return _spoken(words, hour, 0, after, False)


def _other_hour(words: Sequence[Word], at: int, after: int) -> bool:
    """Say whether "y 8" of "entre las 6 y 8" is another hour and no minutes."""
    return (words[at].fold.isdecimal() and int(words[at].fold) < 10) or (
        after < len(words) and words[after].fold in _UNIT and words[after].fold[0] != "m"
    )


_MERIDIEM = {
    "de la manana": "am", "de la madrugada": "am", "de la tarde": "pm", "del mediodia": "pm", "de la noche": "night", "por la manana": "am",
    "por la tarde": "pm", "por la noche": "night", "de la tardecita": "pm", "del medio dia": "pm", "en la manana": "am", "en la tarde": "pm", "en la noche": "night",
}  # fmt: skip


def _meridiem(words: Sequence[Word], at: int) -> tuple[str, int] | None:
    if at < len(words) and words[at].fold in ("am", "pm"):
        return words[at].fold, at + 1
    for said, half in _MERIDIEM.items():
        if _folds(words, at, len(said.split())) == said:
            return half, at + len(said.split())
    return None


def _spoken(words: Sequence[Word], hour: int, minute: int, after: int, full: bool) -> tuple[str, int] | None:
    """Return the English of an hour and minute with what follows: "en punto", "de la tarde", "horas"."""
    if hour > 24 or minute > 59:
        return None
    after += 2 if _folds(words, after, 2) == "en punto" else 0
    after += after < len(words) and words[after].fold in ("h", "hs", "hrs", "horas")
    small = f":{minute:02d}"
    half = _meridiem(words, after)
    if half is None:
        if hour == 12 or (hour == 0 and not full):
            return (f"12{small} pm" if minute else "noon") if hour else f"00{small}", after
        return (f"{hour:02d}{small}" if full or hour > 12 else f"{hour}{small if minute else ''}"), after
    if hour > 12 or hour == 0:
        return f"{hour:02d}{small}", half[1]
    side = _half_of(hour, half[0])
    if hour == 12 and not minute:
        return ("noon" if side == "pm" else "midnight"), half[1]
    return f"{hour}{small if minute else ''} {side}", half[1]


def _half_of(hour: int, half: str) -> str:
    if hour == 12 and half == "am":
        return "am"
    if half == "night":  # "las dos de la noche" is after midnight, "las doce de la noche" is midnight
        return "pm" if 6 <= hour < 12 else "am"
    return half


# --- lengths ----------------------------------------------------------------------------------------------------


def _said_length(words: Sequence[Word], at: int) -> Found | None:
    for english, after in (*_lead(words, at, _BEFORE_LENGTH), ("", at)):
        length = _length(words, after) or _one_unit(words, after, english) or _vague(words, after)
        if length is not None:
            return Time(
                "every" if english == "every" else "length",
                f"{english} {length[0]}".strip(),
                not english,
                "hace" in _folds(words, at, 2).split(),
            ), length[1]
    return None


def _vague(words: Sequence[Word], at: int) -> tuple[str, int] | None:
    fixed = _fixed(words, at)
    if fixed and fixed[0].english == "a while":
        return "a while", fixed[1]
    if (
        _folds(words, at, 1) in ("unos", "unas", "varios", "varias", "algunos", "algunas")
        and at + 1 < len(words)
        and words[at + 1].fold in _UNIT
    ):
        return f"some {_UNIT[words[at + 1].fold]}s", at + 2
    return None


def _one_unit(words: Sequence[Word], at: int, english: str) -> tuple[str, int] | None:
    """Read "la última hora", "cada minuto": a unit that stands for one of it."""
    if (
        english in ("in the last", "every", "within")
        and at < len(words)
        and words[at].fold in ("segundo", "minuto", "hora")
    ):
        return _UNIT[words[at].fold], at + 1
    return None


def _length(words: Sequence[Word], at: int) -> tuple[str, int] | None:
    parts: list[str] = []
    position = at
    while (part := _one_length(words, position)) is not None:
        parts.append(part[0])
        position = part[1]
        if _folds(words, position, 2) == "y media":
            return " and ".join(parts) + " and a half", position + 2
        if _folds(words, position, 3) == "y un cuarto" and parts[-1].endswith(("hour", "hours")):
            return " ".join([*parts, "15 minutes"]), position + 3
        following = position + (position < len(words) and words[position].fold in ("y", ","))
        if _one_length(words, following) is None:
            break
        position = following
    return (" ".join(parts), position) if parts else None


def _one_length(words: Sequence[Word], at: int) -> tuple[str, int] | None:
    for said, english in (
        ("media horita", "30 minutes"), ("media hora", "30 minutes"), ("medio minuto", "30 seconds"), ("medio dia", ""), ("tres cuartos de hora", "45 minutes"),
        ("un cuarto de hora", "15 minutes"), ("cuarto de hora", "15 minutes"), ("hora y media", "90 minutes"), ("minuto y medio", "90 seconds"),
        ("una hora y media", "90 minutes"), ("un minuto y medio", "90 seconds"),
    ):  # fmt: skip
        if english and _folds(words, at, len(said.split())) == said:
            return english, at + len(said.split())
    if _folds(words, at, 3) == "un par de" and at + 3 < len(words) and words[at + 3].fold in _UNIT:
        return f"2 {_UNIT[words[at + 3].fold]}s", at + 4
    number = number_at(words, at)
    if number is None or number[0] < 0 or number[1] >= len(words):
        return None
    unit = _UNIT.get(words[number[1]].fold)
    return (f"{plain(number[0])} {unit}{'' if number[0] == 1 else 's'}", number[1] + 1) if unit else None


def _sun_offset(words: Sequence[Word], at: int) -> Found | None:
    """Read "media hora después del atardecer", "20 minutos antes de que amanezca"."""
    length = _length(words, at)
    if length is None:
        return None
    side = {"antes": "before", "despues": "after"}.get(_folds(words, length[1], 1))
    for size in range(5, 1, -1):
        event = _SUN.get(_folds(words, length[1] + 1, size))
        if side and event and length[1] + size < len(words):
            return Time("sun", f"{length[0]} {side} {event}"), length[1] + 1 + size
    return None


_SUN = {
    said: event
    for event, rows in {
        "sunset": "del anochecer|del atardecer|de la puesta de sol|de la puesta del sol|de que anochezca|de que se ponga el sol|de anochecer|de oscurecer|de que oscurezca",
        "sunrise": "del amanecer|de la salida del sol|de que amanezca|de que salga el sol|del alba|de amanecer",
    }.items()
    for said in rows.split("|")
}


# --- days, dates and how often ----------------------------------------------------------------------------------


def _days(words: Sequence[Word], at: int) -> Found | None:
    start = at
    for lead in ("todos los", "solo los", "cada", "los", "el", "este", "solo"):
        if _folds(words, at, len(lead.split())) == lead:
            start = at + len(lead.split())
            break
    if words[start : start + 1] and words[start].fold in ("de", "desde") and start == at:
        return _from_to(words, at + 1)
    found: list[str] = []
    position = end = start
    while position < len(words) and (day := _DAY.get(words[position].fold)):
        found.append(day)
        end = position = position + 1
        while position < len(words) and words[position].fold in (",", "y", "e", "o", "los", "el") and found:
            position += 1
    if start == at and len(found) < 2 and not (at and words[at - 1].fold in ("del", "al")):
        return None if not found else (Time("days", f"on {found[0]}s"), end)
    return (Time("days", "on " + " and ".join(f"{day}s" for day in found)), end) if found else None


def _from_to(words: Sequence[Word], at: int) -> Found | None:
    first = _DAY.get(_folds(words, at, 1))
    last = _DAY.get(_folds(words, at + 2, 1))
    if not first or not last or _folds(words, at + 1, 1) not in ("a", "hasta"):
        return None
    start, end = _WEEK.index(first), _WEEK.index(last)
    chosen = [_WEEK[i % 7] for i in range(start, end + 1 if end >= start else end + 8)]
    return Time("days", "on " + " and ".join(f"{day}s" for day in chosen)), at + 3


def _times(words: Sequence[Word], at: int) -> Found | None:
    number = number_at(words, at)
    if number and number[0] >= 1 and number[0] % 1 == 0 and _folds(words, number[1], 1) in ("veces", "vez"):
        return Time("times", f"{plain(number[0])} times"), number[1] + 1
    return None


def _rate(words: Sequence[Word], at: int) -> Found | None:
    """Read "al día", "por hora", "a la semana": the span in which something is counted."""
    if not at or words[at - 1].fold not in ("veces", "vez"):
        return None
    for said, english in (
        ("al dia", "a day"), ("por dia", "a day"), ("por hora", "in an hour"), ("a la hora", "in an hour"), ("a la semana", "a week"), ("por semana", "a week"),
        ("en el mismo dia", "a day"), ("en un dia", "a day"), ("por noche", "in a night"),
    ):  # fmt: skip
        if _folds(words, at, len(said.split())) == said:
            return Time("length", english), at + len(said.split())
    return None


def _date(words: Sequence[Word], at: int) -> Found | None:
    start = at + (_folds(words, at, 1) == "el")
    start += _folds(words, start, 1) == "dia"
    number = number_at(words, start)
    if number is None or not 1 <= number[0] <= 31 or number[0] % 1 or _folds(words, number[1], 1) != "de":
        return None
    month = _MONTHS.get(_folds(words, number[1] + 1, 1))
    return (Time("date", f"on {month} {plain(number[0])}"), number[1] + 2) if month else None
