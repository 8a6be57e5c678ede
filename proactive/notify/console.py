"""The channel `console`: notifications as text, on standard output or on any other stream."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TextIO

from proactive.notify.channel import ChannelError, Message


@dataclass
class Console:
    """Writes each message to a stream; standard output where none is given."""

    stream: TextIO | None = None

    def send(self, message: Message, address: str) -> None:
        """Write the message; the address means nothing here. Raise ChannelError when the stream takes no more."""
        del address  # there is one console
        stream = self.stream or sys.stdout
        try:
            stream.write(written(message))
            stream.flush()
        except (OSError, ValueError) as error:
            raise ChannelError(f"The console cannot be written: {error}.") from error


def written(message: Message) -> str:
    """Return the message as a few lines of text."""
    urgency = "" if message.urgency == "normal" else f" ({message.urgency})"
    lines = [f"To {message.to}{urgency}, {message.title}:", *(f"  {line}" for line in message.body.splitlines())]
    if message.picture is not None:
        lines.append(f"  {message.picture}")
    return "\n".join(lines) + "\n"
