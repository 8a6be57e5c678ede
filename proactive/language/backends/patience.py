"""How long a call may take, and when a failed attempt is made again: in this one place, for every backend.

Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): a pause is drawn between 0 and a bound that doubles, so that
many homes that were refused at once do not come back at once. A server that says when to come back is believed.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TypeVar

from proactive.language.model import ModelError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for a whole call and for connecting; attempts; the first bound of a pause and the greatest, in seconds."""

    seconds: float = 20.0
    connect: float = 3.0
    tries: int = 3
    first_pause: float = 0.5
    longest_pause: float = 8.0


class Passing(ModelError):
    """A failure that may pass by itself; `after` is when the server wants to be asked again, in seconds."""

    after: float | None = None

    def wanting(self, after: float | None) -> Passing:
        """Return this failure with the server's wish."""
        self.after = after
        return self


async def persist(attempt: Callable[[], Awaitable[T]], patience: Patience, deadline: float) -> T:
    """Return what an attempt gives, made again after a pause while it fails in passing, and tries and time are left.

    `deadline` is by the monotonic clock. A pause that would reach it is not begun: somebody else may answer by then.
    """
    for number in range(1, patience.tries + 1):
        try:
            return await attempt()
        except Passing as error:
            pause = pause_after(number, error.after, patience, random.random())
            if number == patience.tries or monotonic() + pause >= deadline:
                raise
            await asyncio.sleep(pause)
    raise AssertionError("unreachable: the last attempt returns or raises")


def pause_after(number: int, wish: float | None, patience: Patience, draw: float) -> float:
    """Return the seconds to wait after failure `number` (1, 2, ...); `draw`, in [0, 1), is the jitter."""
    if wish is not None:
        return wish + draw * patience.first_pause
    return draw * min(patience.longest_pause, patience.first_pause * 2.0 ** (number - 1))


def read_wish(retry_after: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds of a `Retry-After` header (RFC 9110 10.2.3: seconds or a date), or None where it says nothing."""
    text = (retry_after or "").strip()
    if text.replace(".", "", 1).isdecimal():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())
