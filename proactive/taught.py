"""What is kept of a photo: a look as plain JSON, so that neither the store nor the command line needs a camera library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TaughtLook:
    """How `about` looks in a photo: `photo` is a digest of the file, `name` its name, `body` what `vision.look` reads."""

    about: str
    photo: str
    name: str
    body: Mapping[str, Any]
