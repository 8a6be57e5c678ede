"""Times in Spanish: `las 22:00`, `todos los días`, `1 hora y 30 minutos`, `el 9 de marzo de 2026`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rules.units import DAY, HOUR, MINUTE, SECOND, WEEKDAYS, Weekday, microseconds, moment, seconds_of_day

_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_NAMES = dict(zip(WEEKDAYS, _DAYS, strict=True))
_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_UNITS = (("día", DAY), ("hora", HOUR), ("minuto", MINUTE), ("segundo", SECOND))
_NOON = 43_200


def joined(words: Iterable[str], last: str = "y") -> str:
    """Return `a`, `a y b` or `a, b y c`; "y" is "e" before an i, "o" is "u" before an o."""
    *rest, final = list(words) or [""]
    if not rest:
        return final
    start = final.lstrip("«(").casefold()
    if last == "y" and start.startswith(("i", "hi")) and not start.startswith("hie"):
        last = "e"
    if last == "o" and start.startswith(("o", "ho")):
        last = "u"
    return f"{', '.join(rest)} {last} {final}"


def clock(text: str) -> str:
    """Return a time of day with its article: `las 7:30`, `la 1:00`, `medianoche`, `mediodía`."""
    return _clock(seconds_of_day(text))


def _clock(seconds: int) -> str:
    if seconds % 86_400 == 0:
        return "medianoche"
    if seconds == _NOON:
        return "mediodía"
    hour, rest = divmod(seconds, 3600)
    minute, second = divmod(rest, 60)
    return f"{'la' if hour == 1 else 'las'} {hour}:{minute:02d}{f':{second:02d}' if second else ''}"


def duration(text: str) -> str:
    """Return a duration such as `1h30m` as `1 hora y 30 minutos`."""
    span = microseconds(text)
    parts: list[str] = []
    for name, size in _UNITS:
        count, span = divmod(span, size)
        if count:
            parts.append(f"{count} {name}{'s' if count > 1 else ''}")
    return joined(parts) if parts else "0 segundos"


def lately(text: str) -> str:
    """Return `en las últimas 6 horas` or `en los últimos 10 minutos`."""
    said = duration(text)
    number, unit = said.split()[:2]
    ending = "as" if unit.startswith("hora") else "os"
    if number == "1" and " y " not in said:
        return f"en {'la última' if ending == 'as' else 'el último'} {unit}"
    return f"en l{ending} últim{ending} {said}"


def on_days(days: Sequence[Weekday] | None) -> str:
    """Return `todos los días`, `entre semana`, `los fines de semana` or `los lunes y viernes`."""
    chosen = [day for day in WEEKDAYS if days is None or day in days]
    if len(chosen) == len(WEEKDAYS):
        return "todos los días"
    if tuple(chosen) == WEEKDAYS[:5]:
        return "entre semana"
    if tuple(chosen) == WEEKDAYS[5:]:
        return "los fines de semana"
    return "los " + joined(_plural(day) for day in chosen)


def _plural(day: Weekday) -> str:
    name = _NAMES[day]
    return name if name.endswith("s") else f"{name}s"


def a_day(days: Sequence[Weekday]) -> str:
    """Return `día laborable`, `sábado o domingo` or `cualquier día`."""
    chosen = [day for day in WEEKDAYS if day in days]
    if len(chosen) == len(WEEKDAYS):
        return "cualquier día"
    return "día laborable" if tuple(chosen) == WEEKDAYS[:5] else joined((_NAMES[day] for day in chosen), "o")


def on_date(day: date) -> str:
    """Return a date as `el 9 de marzo de 2026`."""
    return f"el {day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def at_moment(time: int, zone: ZoneInfo) -> str:
    """Return an instant as the home's clock shows it: `a las 7:30 del lunes 9 de marzo de 2026`."""
    there: datetime = moment(time).astimezone(zone)
    said = _clock(there.hour * 3600 + there.minute * 60 + there.second)
    return f"a {said} del {_DAYS[there.weekday()]} {on_date(there.date()).removeprefix('el ')}"


_EVERY = {"YEARLY": "año", "MONTHLY": "mes", "WEEKLY": "semana", "DAILY": "día", "HOURLY": "hora", "MINUTELY": "minuto"}
_CODES = {day[:2].upper(): day for day in WEEKDAYS}


def recurring(text: str) -> str:
    """Return `cada 5 minutos` or `el 24 de diciembre de cada año`; a rarer rule as it is written."""
    parts = dict(part.partition("=")[::2] for part in text.upper().removeprefix("RRULE:").split(";"))
    unit, every = _EVERY.get(parts.get("FREQ", "")), parts.get("INTERVAL", "1")
    if unit is not None and parts.keys() == {"FREQ", "BYMONTH", "BYMONTHDAY"} and parts["FREQ"] == "YEARLY":
        month, day = parts["BYMONTH"], parts["BYMONTHDAY"]
        if month.isdigit() and day.isdigit() and 1 <= int(month) <= 12:
            return f"el {day} de {_MONTHS[int(month) - 1]} de cada año"
    if unit is not None and parts.keys() <= {"FREQ", "INTERVAL", "BYDAY"} and all(d in _CODES for d in _listed(parts)):
        days = f" {on_days([_CODES[d] for d in _listed(parts)])}" if "BYDAY" in parts else ""
        plural = "meses" if unit == "mes" else f"{unit}s"
        return f"cada {unit if every == '1' else f'{every} {plural}'}{days and f', {days.strip()}'}"
    return f"según la regla de calendario «{' '.join(text.split())}»"


def _listed(parts: dict[str, str]) -> list[str]:
    return parts["BYDAY"].split(",") if "BYDAY" in parts else []
