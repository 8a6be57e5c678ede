"""A detector that follows a script: what is in the picture from when to when. For tests and for trying out rules."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from rules.problem import InputError, Problem
from vision.detection import Detection, Detections, detections_of
from vision.frame import Frame
from vision.zone import Box


class Appearance(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """Something in the picture: `start <= seconds < end` after the first frame, with its label and box in 0..1."""

    label: str
    box: Box
    start: float
    end: float
    confidence: float = 0.9


class Scripted:
    """Finds what the script says, counted in seconds from the first frame that it is shown."""

    def __init__(self, *script: Appearance) -> None:
        self.script = script
        self._first: datetime | None = None

    @property
    def labels(self) -> frozenset[str]:
        return frozenset(entry.label for entry in self.script)

    def detect(self, frame: Frame) -> Detections:
        self._first = self._first or frame.time
        seconds = (frame.time - self._first).total_seconds()
        return detections_of(
            Detection(entry.box, entry.label, entry.confidence)
            for entry in self.script
            if entry.start <= seconds < entry.end
        )


def load(model: Path | None) -> Scripted:
    """Return the script of a JSON file: `[{"label":"dog","box":[0.1,0.2,0.5,0.9],"from":6,"to":26}]`."""
    if model is None:
        message = "the detector 'scripted' needs a JSON file of appearances."
        raise InputError([Problem("missing", "model", message, "Name it in PROACTIVE_DETECTOR_MODEL.")])
    try:
        return Scripted(*msgspec.json.decode(model.read_bytes(), type=list[Appearance]))
    except (OSError, msgspec.DecodeError) as error:
        message = f"expected a JSON list of appearances with label, box, from and to: {error}."
        raise InputError([Problem("not_a_script", str(model), message)]) from error
