"""The channel `apprise`: one URL for each of more than a hundred services (https://github.com/caronc/apprise).

Apprise reports failure as False and says why in its log only, so the log of a send is read and passed on, without
the address, which holds the service's password or token.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from typing_extensions import override

from proactive.notify.channel import ChannelError, Message
from rules.rule import Urgency

if TYPE_CHECKING:
    from apprise import Apprise

_TYPES: dict[Urgency, str] = {"low": "info", "normal": "info", "high": "warning", "critical": "failure"}
_WORD = re.compile(r"[^/:@?&=\s]{6,}")


class AppriseChannel:
    """Hands messages to the service that an Apprise URL names; a picture goes along where the service takes one."""

    def send(self, message: Message, address: str) -> None:
        """Send the message. Raise ChannelError with what Apprise says, without the address."""
        import apprise

        target = _target(address)
        picture = str(message.picture) if message.picture is not None and message.picture.is_file() else None
        kind = apprise.NotifyType(_TYPES[message.urgency])
        with _listening() as said:
            done = target.notify(body=message.body, title=message.title, notify_type=kind, attach=picture)
        if not done:
            reason = _without(address, said) or "the service gave no reason"
            raise ChannelError(f"Apprise could not deliver: {reason}.")


def _target(address: str) -> Apprise:
    import apprise

    target = apprise.Apprise()
    with _listening():
        known = target.add(address)
    if not known:
        scheme = address.partition("://")[0] if "://" in address else "none"
        expected = "expected an Apprise URL such as 'ntfy://topic' or 'mailto://user:password@host'"
        raise ChannelError(f"The address is not one that Apprise knows: {expected}, found the scheme {scheme!r}.")
    return target


class _Ear(logging.Handler):
    """Keeps what this thread's Apprise says; other threads may be sending too."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []
        self.thread = threading.get_ident()

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.said.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Collect what Apprise logs, and keep it out of every other log: addresses are in it."""
    logger, ear = logging.getLogger("apprise"), _Ear()
    logger.addHandler(ear)
    logger.propagate = False
    try:
        yield ear.said
    finally:
        logger.removeHandler(ear)


def _without(address: str, said: list[str]) -> str:
    """Return the last of what was said without any longer word of the address."""
    text = " ".join(said[-2:]).strip().rstrip(".")
    for word in sorted(_WORD.findall(address), key=len, reverse=True):
        text = text.replace(word, "****")
    return text
