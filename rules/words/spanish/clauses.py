"""Clauses in Spanish: what a pattern matches, in the present and the perfect: `se ve a Daisy comer`, `no se ha visto a Daisy comer`."""

from __future__ import annotations

from dataclasses import dataclass

from rules.home import Camera, Home, Person
from rules.rule import Comparison, Pattern, ValueTest
from rules.words.names import plain
from rules.words.spanish.names import Named, named, several
from rules.words.spanish.times import joined
from rules.words.spanish.values import About, about, change, tested

_PLAIN = About(Named(""))
_LABELS = {
    "person": "a una persona", "dog": "un perro", "cat": "un gato", "bird": "un pájaro", "horse": "un caballo", "sheep": "una oveja", "cow": "una vaca", "bear": "un oso",
    "car": "un coche", "truck": "un camión", "bus": "un autobús", "motorcycle": "una moto", "bicycle": "una bicicleta", "cell phone": "un teléfono", "laptop": "un portátil",
    "suitcase": "una maleta", "backpack": "una mochila", "handbag": "un bolso",
}  # fmt: skip
_DOING = {
    "eating": "comer",
    "drinking": "beber",
    "sleeping": "dormir",
    "sitting": "sentado",
    "running": "correr",
    "walking": "caminar",
    "barking": "ladrar",
    "lying": "tumbado",
    "alone": "sin compañía",
    "together": "en compañía",
    "loitering": "merodear",
    "left_behind": "sin nadie cerca",
}
_MOVES = {"entered": "entrar en", "left": "salir de", "at": "en", "in": "en"}
_HEARD = {
    "crying": "llanto",
    "barking": "ladridos",
    "whistling": "un silbido",
    "dispensed": "comida servida",
    "armed": "que se armó",
    "disarmed": "que se desarmó",
}


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence about one happening: its subject, which may be empty, and the predicate in the present and the perfect."""

    subject: str
    present: str
    perfect: str

    @property
    def happens(self) -> str:
        """Return `se ve a Daisy comer`."""
        return f"{self.subject} {self.present}".strip()

    def has(self, negated: bool = False) -> str:
        """Return `se ha visto a Daisy comer`, or with `no`."""
        return f"{self.subject} {'no ' if negated else ''}{self.perfect}".strip()


def clause(pattern: Pattern, home: Home, edge: bool = True, brief: bool = False) -> Clause:
    """Return the sentence of a pattern; `edge`: a state matches only when it changes; `brief` leaves out who watches."""
    match _kind(pattern, home):
        case "detection":
            return _detection(pattern, home, brief)
        case "state":
            return _state(pattern, home, edge)
        case "event":
            return _event(pattern, home)
        case _:
            subject = several(pattern.source, home, "o").text if pattern.source else "algo"
            tail = _tail(_of_whom(pattern, home), _rest(pattern, ()))
            return Clause(subject, f"informa de algo{tail}", f"ha informado de algo{tail}")


def _kind(pattern: Pattern, home: Home) -> str | None:
    if pattern.type is not None:
        return pattern.type[0] if len(pattern.type) == 1 else None
    entries = [home.by_id.get(source) for source in pattern.source or ()]
    if entries and all(isinstance(entry, Camera) for entry in entries):
        return "detection"
    if "value" in pattern.where or (entries and all(isinstance(entry, Person) for entry in entries)):
        return "state"
    if "name" in pattern.where:
        return "event"
    return "detection" if not entries and pattern.where.keys() & {"label", "activity", "zone"} else None


def _detection(pattern: Pattern, home: Home, brief: bool) -> Clause:
    watching = f"con {several(pattern.source, home, 'o').text}" if pattern.source else "con alguna cámara"
    said = _tail(
        _who(pattern, home),
        _doing(pattern, home),
        "" if brief and "zone" in pattern.where else watching,
        _rest(pattern, ("label", "activity", "zone", "with")),
    )
    return Clause("", f"se ve{said}", f"se ha visto{said}")


def _who(pattern: Pattern, home: Home) -> str:
    label = pattern.where.get("label")
    if pattern.subject is None:
        return "algo" if label is None else _of_label(label)
    strange = f"{'a alguien' if label is None else _of_label(label)} que no conozco"
    who = joined((strange if one == "unknown" else f"a {named(one, home).text}" for one in pattern.subject), "o")
    return who if label is None or "unknown" in pattern.subject else f"{who} (como {tested(label, _PLAIN)})"


def _of_label(label: ValueTest) -> str:
    if isinstance(label, Comparison):
        return f"algo que está {tested(label, _PLAIN)}"
    given = label if isinstance(label, tuple) else (label,)
    return joined((_LABELS.get(str(one), f"algo llamado «{plain(one)}»") for one in given), "o")


def _doing(pattern: Pattern, home: Home) -> str:
    activity, zone = pattern.where.get("activity"), pattern.where.get("zone")
    zones = zone if isinstance(zone, tuple) else () if zone is None or isinstance(zone, Comparison) else (zone,)
    where = joined((f"la zona «{plain(one)}»" for one in zones), "o")
    if isinstance(zone, Comparison):
        where = f"una zona que está {tested(zone, _PLAIN)}"
    if isinstance(activity, str) and activity in _MOVES:
        return f"{_MOVES[activity]} {where or 'algún sitio'}"
    given = (
        activity
        if isinstance(activity, tuple)
        else ()
        if activity is None or isinstance(activity, Comparison)
        else (activity,)
    )
    doing = joined((_DOING.get(str(one), f"en la actividad «{plain(one)}»") for one in given), "o")
    if isinstance(activity, Comparison):
        doing = f"en una actividad que está {tested(activity, _PLAIN)}"
    return " ".join(filter(None, [doing, _company(pattern, home), where and f"en {where}"]))


def _company(pattern: Pattern, home: Home) -> str:
    """Return `de Max`, or `de una persona` where only the label of the other is known."""
    other = pattern.where.get("with")
    if other is None or isinstance(other, Comparison):
        return ""
    given = other if isinstance(other, tuple) else (other,)
    return "de " + joined((_other(str(one), home) for one in given), "o")


def _other(one: str, home: Home) -> str:
    if one in home.by_id:
        return named(one, home).text
    return "alguien que no conozco" if one == "unknown" else _of_label(one).removeprefix("a ")


def _state(pattern: Pattern, home: Home, edge: bool) -> Clause:
    attribute = pattern.where.get("attribute")
    what = about(pattern.source or (), attribute if isinstance(attribute, str) else None, home)
    told = ("value", "attribute") if attribute is None or isinstance(attribute, str) else ("value",)
    tail = _tail(_of_whom(pattern, home), _rest(pattern, told))
    present, perfect = change(pattern.where.get("value", ...), what, edge)
    return Clause(what.subject.text, present + tail, perfect + tail)


def _event(pattern: Pattern, home: Home) -> Clause:
    subject = several(pattern.source, home, "o").text if pattern.source else "algún aparato"
    name = pattern.where.get("name")
    tail = _tail(_of_whom(pattern, home), _rest(pattern, ("name",)))
    if name == "pressed":
        return Clause(subject, f"suena{tail}", f"ha sonado{tail}")
    given = name if isinstance(name, tuple) else () if name is None or isinstance(name, Comparison) else (name,)
    what = joined((_HEARD.get(str(one), f"«{plain(one)}»") for one in given), "o") or "algo"
    return Clause(subject, f"informa de {what}{tail}", f"ha informado de {what}{tail}")


def _of_whom(pattern: Pattern, home: Home) -> str:
    if pattern.subject is None:
        return ""
    return "sobre " + joined(
        ("alguien que no conozco" if one == "unknown" else named(one, home).text for one in pattern.subject), "o"
    )


def _rest(pattern: Pattern, said: tuple[str, ...]) -> str:
    others = [f"«{plain(key)}» {tested(test, _PLAIN)}" for key, test in pattern.where.items() if key not in said]
    return f"con {joined(others)}" if others else ""


def _tail(*words: str) -> str:
    return "".join(f" {word}" for word in words if word)
