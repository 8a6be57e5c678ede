"""The check that authors of a channel run on their own class: each obligation of the port, tried out."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from proactive.notify.channel import Channel, ChannelError, Message

_MESSAGE = Message(tag="0" * 20, to="Greg", title="Maple Street", body="Daisy has not been fed by noon.")


def check_channel(channel: Channel, address: str, unreachable: str | None = None) -> None:
    """Raise AssertionError with the obligation that a channel does not keep.

    `address` is one that takes messages while the check runs; `unreachable` is one that does not (None for a channel
    that cannot fail, such as one that only writes to memory).
    """
    for message in _messages():
        _takes(channel, message, address)
    with TemporaryDirectory() as folder:
        picture = Path(folder) / "picture.png"
        picture.write_bytes(_PNG)
        _takes(channel, _with(picture), address)
    _takes(channel, _with(picture), address)  # it is gone by now: the words must arrive all the same
    if unreachable is not None:
        _refuses(channel, unreachable)


def _messages() -> list[Message]:
    odd = Message(tag="1" * 20, to="Łukasz", title="", body="Zażółć gęślą jaźń 🐕\nSecond line.", urgency="critical")
    return [_MESSAGE, _MESSAGE, odd]  # the same one twice: a repeat is the receiver's to recognise, not an error


def _with(picture: Path) -> Message:
    return Message(tag="2" * 20, to="Greg", title="Maple Street", body="Here she is.", picture=picture)


def _takes(channel: Channel, message: Message, address: str) -> None:
    try:
        answer: object = channel.send(message, address)  # type: ignore[func-returns-value]  # authors may not type theirs
    except Exception as error:
        raise AssertionError(f"send must take {message!r}; it raised {error!r}") from error
    assert answer is None, f"send must return None, and raise ChannelError when it fails; it returned {answer!r}"


def _refuses(channel: Channel, unreachable: str) -> None:
    try:
        channel.send(_MESSAGE, unreachable)
    except ChannelError as error:
        said = str(error)
    except Exception as error:
        raise AssertionError(f"send must raise ChannelError for what it cannot reach; it raised {error!r}") from error
    else:
        raise AssertionError("send must raise ChannelError when the message was not handed over; it returned")
    assert said, "a ChannelError must say why the message was not handed over"
    assert unreachable not in said, "a ChannelError must not show the address: it is a secret"


# A picture of one transparent pixel.
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
