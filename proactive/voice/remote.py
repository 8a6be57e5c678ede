"""`openai`: hearing and speaking by a server that knows OpenAI's `/audio/transcriptions` and `/audio/speech`.

Speaches, LocalAI, vLLM, OpenAI and more. `PROACTIVE_VOICE_URL` is the base, usually ending in `/v1`; `PROACTIVE_VOICE_KEY` goes
into the `Authorization` header and nowhere else. Sound leaves this machine, so it is never the default.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import httpx

from proactive.language.backends.openai import check_server
from proactive.language.backends.wire import complaint
from proactive.settings import HIDDEN, Settings, hide_password
from proactive.voice.engine import SpeechError
from proactive.voice.hearing import Heard
from proactive.voice.sound import Sound, decode, wav
from rules.problem import InputError

if TYPE_CHECKING:
    from proactive.voice.sound import Samples

_PATIENCE = 20.0  # seconds
_EAR, _MOUTH, _VOICE = "whisper-1", "tts-1", "alloy"
_LARGEST = 20_000_000  # bytes of an answer
_OK = httpx.codes.OK


class Server:
    """A server that hears and speaks. May be used from several threads at once."""

    languages = ("en", "es")

    def __init__(self, url: str, key: str | None = None) -> None:
        """Keep where the server is; nothing is sent. Raise InputError for an address or a key that is none."""
        check_server(url, key, "PROACTIVE_VOICE")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._shown, self._key = hide_password(url), key
        self._http = httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=_PATIENCE)

    @property
    def name(self) -> str:
        """Return where the server is, secrets hidden."""
        return f"server at {self._shown}"

    def hear(self, samples: Samples, names: Sequence[str] = (), language: str = "en") -> Heard:
        """Return what the server wrote down."""
        file = {"file": ("said.wav", wav(Sound(samples)), "audio/wav")}
        told = f"Household: {', '.join(names)}." if names else ""
        form = {"model": _EAR, "language": language, "prompt": told, "response_format": "json"}
        answer = self._ask("/audio/transcriptions", data=form, files=file)
        try:
            return Heard(json.loads(answer)["text"].strip())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SpeechError(f'{self._shown}: expected {{"text": ...}}, found {answer[:80]!r}.') from error

    def speak(self, text: str, language: str = "en") -> Sound:
        """Return a text as the server reads it."""
        body = {"model": _MOUTH, "voice": _VOICE, "input": text, "response_format": "wav"}
        answer = self._ask("/audio/speech", json=body)
        try:
            return Sound(decode(answer, self._shown))
        except InputError as error:
            raise SpeechError(str(error)) from error

    def _ask(self, path: str, **how: object) -> bytes:
        try:
            response = self._http.post(path, **how)  # type: ignore[arg-type]  # a form or JSON, as httpx names them
        except httpx.HTTPError as error:
            raise SpeechError(
                f"{self._shown} does not answer: {type(error).__name__}. Is the server running?"
            ) from error
        if response.status_code != _OK:
            said = self._without_key(complaint(response.content))
            raise SpeechError(f"{self._shown}{path}: expected 200, found {response.status_code}: {said}")
        if len(response.content) > _LARGEST:
            raise SpeechError(f"{self._shown}{path}: expected an answer, found more than {_LARGEST // 1_000_000} MB.")
        return response.content

    def _without_key(self, text: str) -> str:
        """Return what a server said without the key, which some repeat."""
        return text.replace(self._key, HIDDEN) if self._key else text


def load_ear(settings: Settings) -> Server:
    """Return the server of `PROACTIVE_VOICE_URL`, to hear with. Raise SpeechError."""
    return _server(settings)


def load_mouth(settings: Settings) -> Server:
    """Return the server of `PROACTIVE_VOICE_URL`, to speak with. Raise SpeechError."""
    return _server(settings)


def _server(settings: Settings) -> Server:
    if not settings.voice_url:
        raise SpeechError("Expected the server's address in PROACTIVE_VOICE_URL (such as http://127.0.0.1:8000/v1).")
    return Server(settings.voice_url, settings.voice_key)
