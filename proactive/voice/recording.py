"""Recording: the words of a file, for commands and scripts."""

from __future__ import annotations

from pathlib import Path

from proactive.voice.hearing import Heard, SpeechToText
from proactive.voice.mishearing import as_meant
from proactive.voice.names import names_of
from proactive.voice.sound import decode
from rules.home import Home
from rules.problem import InputError, Problem


def words_of(path: str, engine: SpeechToText, home: Home) -> Heard:
    """Return what is said in a recording, names as the household spells them, and how sure that is. Raise InputError, or SpeechError."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}."
        raise InputError([Problem("no_file", path, message, "Check the path.")]) from error
    heard = engine.hear(decode(data, path), names_of(home), home.language)
    if not heard.text:
        raise InputError([Problem("nothing_said", path, "nobody was heard to speak. Speak nearer to the microphone.")])
    return Heard(as_meant(heard.text, home), heard.sure)
