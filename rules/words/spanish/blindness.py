"""Blindness in Spanish: what could not be seen, when and why: `la zona «food bowls» estuvo tapada de las 10:40 a mediodía`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rules.coverage import CameraReason, ZoneReason
from rules.home import Home
from rules.words.blindness import Blindness, blindnesses
from rules.words.names import plain
from rules.words.spanish.names import named
from rules.words.spanish.times import clock, joined, on_date

SHOWN = 3  # stretches; more are counted

_CAMERA: dict[CameraReason, str] = {
    "frozen": "{camera} mostró siempre la misma imagen",
    "too_dark": "hubo poca luz para {camera}",
    "covered": "{camera} estuvo {covered}",
    "moved": "{camera} miró a otro sitio",
    "detector_failed": "no pude mirar las imágenes de {camera}",
    "too_slow": "no dio tiempo a mirar {camera} lo bastante a menudo",
}
_ZONE: dict[ZoneReason, str] = {
    "too_dark": "hubo poca luz en {zone}",
    "covered": "{zone} estuvo tapada",
    "moved": "{zone} quedó fuera de la vista de {camera}",
    "too_small": "{zone} fue demasiado pequeña en la imagen de {camera}",
}


def blind(source: str, zone: str, reason: str | None, home: Home) -> str:
    """Return what could not be seen, and why where that is known: `la cámara «kitchen» estuvo apagada`."""
    camera = named(source, home)
    if zone:
        said = str(_ZONE.get(reason, "no se vio {zone}"))  # type: ignore[call-overload]  # any text, or none
        return said.format(zone=f"la zona «{plain(zone)}»", camera=camera.text)
    said = str(_CAMERA.get(reason, "{camera} estuvo {off}"))  # type: ignore[call-overload]  # any text, or none
    return said.format(camera=camera.text, covered=camera.agree("tapado"), off=camera.agree("apagado"))


def blindness(coverage: dict[str, Any], home: Home) -> str:
    """Return what of a firing's coverage nobody could see, when and why."""
    found = [_told(each, ZoneInfo(home.time_zone)) for each in blindnesses(coverage, home, blind)]
    return joined(found) if found else "no pude verlo todo"


def _told(each: Blindness, zone: ZoneInfo) -> str:
    if not each.spans:
        return f"{each.said} en ese momento"
    if len(each.spans) > SHOWN:
        return f"{each.said} {len(each.spans)} veces"
    return f"{each.said} {joined(_stretch(since, until, zone) for since, until in each.spans)}"


def _stretch(since: datetime, until: datetime, zone: ZoneInfo) -> str:
    left, right = since.astimezone(zone), until.astimezone(zone)
    if left.date() == right.date():
        return f"de {_clock(left)} a {_clock(right)}"
    return f"de {_clock(left)} {_of(left)} a {_clock(right)} {_of(right)}"


def _clock(there: datetime) -> str:
    return clock(f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}")


def _of(there: datetime) -> str:
    return f"d{on_date(there.date())}"
