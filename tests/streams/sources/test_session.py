"""Laws of sessions: what ends the waking ends the connection, which comes back; how it is doing is said."""

from __future__ import annotations

import asyncio
from datetime import datetime

from rules.home import Home
from rules.record import Record
from streams.source import Command, Place, Standing
from streams.sources.address import parse_address
from streams.sources.session import Lost, Session
from tests.streams.sources.house import maple
from tests.streams.sources.running import running


class Quiet(Session):
    """A hub on which nothing is ever said; it fails to wake the first time."""

    system = "quiet"
    woken = 0

    def prepare(self, home: Home) -> None:
        pass

    def begin(self, now: datetime) -> list[Record]:
        return self.reach.add("light.hall", "connection", now=now)

    async def converse(self) -> None:
        self.tell(self.connected())
        await asyncio.Event().wait()

    def end(self, now: datetime) -> list[Record]:
        return []

    def left_out(self) -> dict[str, int]:
        return {"attic": 3, "cellar": 1}

    def wake(self, now: datetime) -> list[Record]:
        self.woken += 1
        if self.woken == 1:
            raise Lost("cannot_keep_up")
        return []

    async def order(self, command: Command) -> None:
        pass


def test_a_session_that_cannot_wake_lets_its_connection_go_and_comes_back() -> None:
    session = Quiet(parse_address("quiet://hub", {"quiet": "quiet://hub"}, ()), pauses=(0.01,))
    session.settle(Place((maple(),)))
    assert session.standing() == Standing("quiet://hub", connected=False, why="connecting")
    with running(session) as heard:
        rows = heard.until(lambda rows: len(rows) >= 4)
        found = session.standing()
    assert (found.connected, found.why, found.told is not None, found.unlisted) == (True, "", True, 2)
    assert [row[2:] for row in rows] == [
        ("offline", "connecting"),
        ("online",),
        ("offline", "cannot_keep_up"),
        ("online",),
    ]
