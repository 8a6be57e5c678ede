"""A phone with visible state: what it was sent, and what it shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from proactive.notify.channel import ChannelError, Message
from proactive.pictures import place_of


def picture_in(data: Path) -> str:
    """Put a picture of the kitchen camera into a data folder, and return what a record calls it."""
    name = f"{place_of('maple', 'cam.kitchen')}/daisy.jpg"
    (data / name).parent.mkdir(parents=True)
    (data / name).write_bytes(b"a picture")
    return name


class PowerCut(BaseException):
    """The process ends here."""


@dataclass
class Phone:
    """Keeps what it was sent; `down` addresses fail, and at `cut` the power goes after the message has left."""

    got: list[tuple[str, Message]] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    cut: bool = False
    replaces: bool = False
    linked: bool = False

    def send(self, message: Message, address: str) -> None:
        if address in self.down:
            raise ChannelError("the phone is off")
        self.got.append((address, message))
        if self.cut:
            raise PowerCut

    @property
    def said(self) -> list[str]:
        return [message.body for _, message in self.got]

    @property
    def shown(self) -> dict[str, str]:
        """Return what the phone shows by tag: the last message with a tag stands."""
        return {message.tag: message.body for _, message in self.got}
