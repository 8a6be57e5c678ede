"""Cameras: the one that is meant, among those of the homes at hand."""

from __future__ import annotations

from collections.abc import Sequence

from rules.home import Camera, Home
from rules.problem import InputError, Problem, nearest

_LISTED = 20


def find_camera(homes: Sequence[Home], camera: str) -> tuple[Home, Camera]:
    """Return the camera of that id and its home. Raise InputError unless exactly one home has it."""
    found = [(home, own) for home in homes for own in home.cameras if own.id == camera]
    if len(found) == 1:
        return found[0]
    if found:
        message = f"expected one home with the camera {camera!r}, found {len(found)}."
        raise InputError([Problem("many_cameras", "camera", message, "Give one home only.")])
    known = [own.id for home in homes for own in home.cameras]
    message = f"expected a camera of the home ({', '.join(known[:_LISTED]) or 'it has none'}), found {camera!r}."
    raise InputError([Problem("no_such_camera", "camera", message, nearest(camera, known))])
