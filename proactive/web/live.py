"""Live pages: a browser hears that something changed, and loads the parts of its page that show it.

`GET /live` is a stream of server-sent events, each the name of a topic: `rules`, `told`, `seen`, `home`, `talk`. A part of a page
marked `data-live="rules told"` is loaded again (the page itself, of which the part with the same id is taken). Nothing but
names is sent, so a stream can tell nobody what they may not know; `talk` goes to whose conversation it is, and to nobody else.

One task looks at the store and the log each second while anybody listens, whoever changed them: a page, a command, another
process. Its cost does not grow with the number of browsers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress

from proactive.web.site import Site

LOOK = 1.0  # seconds between two looks
BEAT = 20.0  # seconds after which a silent stream says that it is alive, so that nothing on the way closes it

Marks = Mapping[str, object]  # what stands for the state of each topic


class Live:
    """Tells the browsers that listen, by home, which topics changed."""

    def __init__(self, site: Site) -> None:
        self.looked = asyncio.Event()  # set after the first look, from which on changes are heard
        self._site = site
        self._listening: dict[str, dict[asyncio.Queue[str], str]] = {}  # whose each queue is, by home
        self._marks: dict[str, Marks] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def listeners(self) -> int:
        """Return how many browsers listen."""
        return sum(map(len, self._listening.values()))

    async def stream(self, home: str, person: str = "") -> AsyncGenerator[str]:
        """Yield the events of a home as they are sent, until the browser goes away."""
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=32)
        self._listening.setdefault(home, {})[queue] = person
        self._start()
        try:
            yield "retry: 3000\n\nevent: hello\ndata:\n\n"
            while True:
                yield await self._next(queue)
        finally:
            self._listening[home].pop(queue, None)
            if not self._listening[home]:
                del self._listening[home]
                self._marks.pop(home, None)

    async def _next(self, queue: asyncio.Queue[str]) -> str:
        try:
            topic = await asyncio.wait_for(queue.get(), BEAT)
        except TimeoutError:
            return ": still here\n\n"
        return f"event: {topic}\ndata:\n\n"

    def _start(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        """Look each second for as long as somebody listens."""
        while self._listening:
            for home in list(self._listening):
                # What fails now is looked at again in a second; the page then says what is wrong by itself.
                with suppress(Exception):
                    self._tell(home, await asyncio.to_thread(marks, self._site, home))
            self.looked.set()
            await asyncio.sleep(LOOK)

    def _tell(self, home: str, found: Marks) -> None:
        before = self._marks.get(home)
        self._marks[home] = found
        for topic in found if before is not None else ():
            if before is not None and found[topic] != before.get(topic):
                name, _, whose = topic.partition(":")
                for queue in [queue for queue, by in self._listening.get(home, {}).items() if whose in ("", by)]:
                    # A browser that takes nothing any more misses names only: it loads what is there when it takes again.
                    with suppress(asyncio.QueueFull):
                        queue.put_nowait(name)


def marks(site: Site, home: str) -> Marks:
    """Return what stands for the state of each topic of a home."""
    seen = max((each.time for each in site.runtime.log.sources() if each.home == home), default=0)
    return {**site.store.marks(home), "seen": seen}
