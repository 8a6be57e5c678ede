"""Laws of live pages: an open page hears the names of what changed, and nothing else."""

from __future__ import annotations

import asyncio

from proactive.web.live import Live
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running


def test_a_listener_hears_of_a_change_by_its_name_only(running: Running) -> None:
    async def listen() -> list[str]:
        hub = Live(running.site)
        stream = hub.stream("maple")
        first = await anext(stream)
        await asyncio.wait_for(hub.looked.wait(), 20)
        await asyncio.to_thread(running.store.put_rule, make_rule(), at=running.site.now())
        second = await anext(stream)
        await stream.aclose()
        return [first, second, str(hub.listeners)]

    first, second, left = asyncio.run(listen())
    assert "hello" in first and second == "event: rules\ndata:\n\n" and left == "0"
