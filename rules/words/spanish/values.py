"""Values in Spanish: `está abierta`, `está por encima de 4 °C`, `no está enchufado`, and the changes that they become."""

from __future__ import annotations

from dataclasses import dataclass

from rules.checks.reports import values_of
from rules.home import Device, Home
from rules.rule import Comparison, Scalar, StateGuard, ValueTest
from rules.words.names import plain
from rules.words.spanish.names import Named, named, number, several
from rules.words.spanish.times import joined

_STATES = {
    "open": "abierto", "closed": "cerrado", "locked": "cerrado con llave", "unlocked": "sin llave", "on": "encendido", "off": "apagado", "running": "en marcha",
    "finished": "terminado", "idle": "en reposo", "wet": "mojado", "dry": "seco", "home": "en casa", "away": "fuera de casa", "docked": "en su base", "stuck": "atascado",
    "cleaning": "limpiando", "armed": "armado", "armed_home": "armado en casa", "armed_away": "armado fuera", "disarmed": "desarmado", "outage": "sin corriente",
    "plugged_in": "enchufado", "charging": "cargando", "vacation": "en modo vacaciones", "night": "en modo noche",
}  # fmt: skip
_CHANGES = {  # present and participle phrase after "ha"
    "open": ("se abre", "se ha abierto"), "closed": ("se cierra", "se ha cerrado"), "locked": ("se cierra con llave", "se ha cerrado con llave"),
    "unlocked": ("queda sin llave", "ha quedado sin llave"), "on": ("se enciende", "se ha encendido"), "off": ("se apaga", "se ha apagado"),
    "running": ("se pone en marcha", "se ha puesto en marcha"), "finished": ("termina", "ha terminado"), "wet": ("se moja", "se ha mojado"), "dry": ("se seca", "se ha secado"),
    "outage": ("se corta", "se ha cortado"),
    "home": ("llega a casa", "ha llegado a casa"), "away": ("sale de casa", "ha salido de casa"),
}  # fmt: skip
_ATTRIBUTES = {
    "battery": "la batería", "current_temperature": "la temperatura", "setpoint": "la temperatura fijada", "volume": "el volumen", "mode": "el modo", "wind": "el viento",
    "location": "la ubicación", "humidity": "la humedad", "channel": "el canal", "power": "la potencia", "forecast_low": "la mínima prevista",
}  # fmt: skip
_SENSES = frozenset(("motion", "smoke"))  # what is "on" when it detects something


@dataclass(frozen=True, slots=True)
class About:
    """One attribute of one or several sources as a subject, with its unit, the word of a yes or no, and whether it senses."""

    subject: Named
    unit: str | None = None
    flag: str | None = None
    senses: bool = False


def about(sources: tuple[str, ...], name: str | None, home: Home) -> About:
    """Return how to speak of an attribute; the usual one, `state`, is the device itself."""
    owner = several(sources, home, "o") if sources else Named("algún aparato")
    devices = [entry for source in sources if isinstance(entry := home.by_id.get(source), Device)]
    unit = devices[0].unit if devices else None
    senses = bool(devices) and all(device.type in _SENSES for device in devices)
    if devices and values_of(devices[0], name) == "boolean":
        return About(owner, unit, name or next(iter(devices[0].attributes)))
    if name is None or name == "state":
        return About(owner, unit, senses=senses)
    noun = _ATTRIBUTES.get(name, f"el valor «{plain(name)}»")
    whose = f"de {owner.text}".replace("de el ", "del ")
    return About(Named(f"{noun} {whose}", noun.startswith("la ")), unit)


def value(given: Scalar, what: About) -> str:
    """Return one value as it agrees with its subject: `abierta`, `20 %`, `en «heat»`."""
    if isinstance(given, bool):
        said = _STATES.get(what.flag or "", f"en «{plain(what.flag or 'sí')}»")
        return what.subject.agree(said) if given else f"no {what.subject.agree(said)}"
    if isinstance(given, int | float):
        return f"en {number(given, what.unit)}"
    if given == "on" and what.senses:
        return what.subject.agree("activado")
    known = _STATES.get(str(given))
    return what.subject.agree(known) if known else f"en «{plain(given)}»"


def limits(test: Comparison, what: About) -> list[str]:
    """Return the limits of a comparison: `por encima de 4 °C`."""
    words = (("ge", "al menos en"), ("gt", "por encima de"), ("le", "como mucho en"), ("lt", "por debajo de"))
    said = [f"{word} {number(limit, what.unit)}" for name, word in words if (limit := getattr(test, name)) is not None]
    return [*said, *([f"no {value(test.ne, what)}"] if "ne" in test.model_fields_set else [])]


def tested(test: ValueTest, what: About) -> str:
    """Return what a value must be: `abierta o cerrada`, `por encima de 4 °C`."""
    if isinstance(test, Comparison):
        return joined(limits(test, what))
    return joined((value(one, what) for one in (test if isinstance(test, tuple) else (test,))), "o")


def change(test: ValueTest | object, what: About, edge: bool) -> tuple[str, str]:
    """Return the predicate of a change in the present and the perfect: `se abre`, `se ha abierto`."""
    if test is ...:
        return "informa de un estado", "ha informado de un estado"
    assert test is None or isinstance(test, str | int | float | tuple | Comparison)
    said = tested(test, what)
    if not edge:
        return f"está {said}", f"ha estado {said}"
    if test == "on" and what.senses:
        return "se activa", "se ha activado"
    if isinstance(test, str) and test in _CHANGES:
        return _CHANGES[test]
    if said.startswith("por encima"):
        return f"sube {said}", f"ha subido {said}"
    if said.startswith("por debajo"):
        return f"baja {said}", f"ha bajado {said}"
    return f"pasa a estar {said}", f"ha pasado a estar {said}"


def guarded(guard: StateGuard, home: Home, negated: bool) -> str:
    """Return a state guard: `la puerta «front door» no está abierta`."""
    what = about((guard.state,), guard.attribute, home)
    words: list[str] = []
    if guard.equals:
        words.append(joined((value(one, what) for one in guard.equals), "o"))
    if guard.is_not:
        words.append("no " + joined((value(one, what) for one in guard.is_not), "o"))
    words += [
        f"{word} {number(limit, what.unit)}"
        for word, limit in (("por encima de", guard.above), ("por debajo de", guard.below))
        if limit is not None
    ]
    said = joined(words)
    if said.startswith("no ") and len(words) == 1:  # "no está cerrada" and not "está no cerrada"
        negated, said = not negated, said.removeprefix("no ")
    return f"{what.subject.text} {'no ' if negated else ''}está {said}"


__all__ = ["About", "about", "change", "guarded", "named", "tested", "value"]
