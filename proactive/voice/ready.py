"""Which engines would hear and speak, and what they need, for `proactive doctor`: looked at, and not loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec

from proactive.settings import VOICE_URL, Settings, hide_password
from proactive.voice import hearing, speaking
from proactive.voice.engine import SpeechError
from proactive.voice.weights import look_for_weights
from rules.problem import nearest

INSTALL = "Install it: pip install 'proactive[voice]'"


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine for a role, whether somebody chose it, what was found of it, or what it needs and what to do."""

    role: str
    name: str
    chosen: bool
    found: str = ""
    needs: str = ""
    advice: str = ""


def engines(settings: Settings) -> Iterator[Engine]:
    """Yield the engine that would hear, and the one that would speak."""
    yield _engine("hearing", settings.hearing, "whisper", hearing.BUILT_IN, hearing.GROUP, settings)
    yield _engine("speaking", settings.speaking, "hibari", speaking.BUILT_IN, speaking.GROUP, settings)


def _engine(
    role: str, chosen: str | None, usual: str, built_in: Sequence[EntryPoint], group: str, settings: Settings
) -> Engine:
    name, known = chosen or usual, {each.name for each in built_in}
    if name not in known:  # a page asks, and to read what all packages declare takes long
        known |= {each.name for each in entry_points(group=group)}
    found, needs, advice = _looked(name, settings)
    if name not in known:
        needs, advice = f"expected one of {', '.join(sorted(known))}", nearest(name, known)
    return Engine(role, name, chosen is not None, found, needs, advice)


def _looked(name: str, settings: Settings) -> tuple[str, str, str]:
    """Return what was found of an engine, what it needs, and what to do."""
    match name:
        case "whisper":
            return _whisper(settings)
        case "hibari":
            return ("ready", "", "") if find_spec("hibari") else ("", "not installed", INSTALL)
        case "openai":
            here = settings.voice_url
            return (f"asks {hide_password(here)}", "", "") if here else ("", "has no server", f"Set {VOICE_URL}.")
        case _:
            return "installed", "", ""


def _whisper(settings: Settings) -> tuple[str, str, str]:
    if find_spec("faster_whisper") is None:
        return "", "not installed", INSTALL
    try:
        return look_for_weights(settings.voice_model), "", ""
    except SpeechError as error:
        return "", str(error), ""
