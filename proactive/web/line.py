"""A connection that may not be held open for nothing: the headers of a request end soon after they begin.

The server below waits for their end as long as somebody likes. So a device in the network that opens connections and never
asks would, one by one, use up all that the process may have open, and the log and the store could open nothing.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class Line(H11Protocol):
    """A connection that is closed where headers take longer than `patience` seconds, however much of them still comes."""

    patience = 10.0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn's own
        """Take a connection."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of a connection."""
        self._forgive()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Set the deadline of headers once, at their beginning; it is over when a request is there."""
        if self.conn.their_state is not h11.IDLE:
            self._forgive()
        elif self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(self.patience, self.transport.abort)

    def _forgive(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
