"""Engine: the one of a group that a person chose, and why it cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points

from proactive.error import ProactiveError
from proactive.settings import Settings
from rules.problem import InputError, Problem, nearest


class SpeechError(ProactiveError):
    """Say why nothing was heard or spoken, and what to do. No key is in the text."""


def load_engine(group: str, built_in: Sequence[EntryPoint], name: str, settings: Settings) -> object:
    """Return the engine of a name. Raise SpeechError where it cannot work here, InputError where there is none."""
    known = {each.name: each for each in (*built_in, *entry_points(group=group))}
    if name not in known:
        meant = nearest(name, known)
        message = f"no engine called {name!r} is installed. Expected one of {', '.join(sorted(known))}.{meant}"
        raise InputError([Problem("unknown_engine", group, message)])
    return known[name].load()(settings)
