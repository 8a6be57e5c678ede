"""What a runtime itself says of a source: that it is offline or online, and since when it was seen by nobody."""

from __future__ import annotations

from typing import Literal

from rules.record import Record
from rules.units import moment


def health(
    home: str, source: str, status: Literal["offline", "online"], time: int, reason: str | None = None
) -> Record:
    """Return a report of a source's health at an instant. Said twice it has the same id, so it counts once."""
    data = {"status": status} if reason is None else {"status": status, "reason": reason}
    id = f"{source}-{status}-{time}"
    return Record(id=id, type="health", time=moment(time), home=home, source=source, data=data)


def blind(home: str, source: str, since: int, until: int) -> list[Record]:
    """Return the two reports that make a stretch blind for a source."""
    return [health(home, source, "offline", since), health(home, source, "online", max(since, until))]
