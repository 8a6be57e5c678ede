"""Live pages: a browser hears that something changed, and loads the parts of its page that show it.

`GET /live` is a stream of server-sent events, each the name of a topic: `rules`, `told`, `seen`, `home`, `talk`. A part of a page
marked `data-live="rules told"` is loaded again (the page itself, of which the part with the same id is taken). Nothing but
names is sent, so a stream can tell nobody what they may not know; `talk` goes to whose conversation it is, and to nobody else.

A page carries a stamp of what there was before it was made, and the stream begins with `hello` and the stamp from which on it
tells of changes. Where they differ something changed in between, or while the browser was away, and the page loads its parts.

One task looks at the store and the log each second while anybody listens, whoever changed them: a page, a command, another
process. Its cost does not grow with the number of browsers.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256

from proactive.web.site import Site

LOOK = 1.0  # seconds between two looks
BEAT = 20.0  # seconds after which a silent stream says that it is alive, so that nothing on the way closes it

Marks = Mapping[str, object]  # what stands for the state of each topic


class Live:
    """Tells the browsers that listen, by home, which topics changed."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._key = secrets.token_bytes(16)  # so that a stamp tells nobody how much there is of what they may not know
        self._listening: dict[str, dict[asyncio.Queue[str], str]] = {}  # whose each queue is, by home
        self._marks: dict[str, Marks] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def listeners(self) -> int:
        """Return how many browsers listen."""
        return sum(map(len, self._listening.values()))

    def stamp(self, home: str, person: str) -> str:
        """Return what stands for all that a page of a person may show, as it is now."""
        return self._stamped(marks(self._site, home), person)

    async def stream(self, home: str, person: str = "") -> AsyncGenerator[str]:
        """Yield the events of a home as they are sent, until the browser goes away."""
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=32)
        self._listening.setdefault(home, {})[queue] = person
        if home in self._marks:  # else the first look says hello
            queue.put_nowait(self._hello(self._marks[home], person))
        self._start()
        try:
            yield "retry: 3000\n\n"
            while True:
                yield await self._next(queue)
        finally:
            self._listening[home].pop(queue, None)
            if not self._listening[home]:
                del self._listening[home]
                self._marks.pop(home, None)

    async def _next(self, queue: asyncio.Queue[str]) -> str:
        try:
            return await asyncio.wait_for(queue.get(), BEAT)
        except TimeoutError:
            return ": still here\n\n"

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
            await asyncio.sleep(LOOK)

    def _tell(self, home: str, found: Marks) -> None:
        before = self._marks.get(home)
        self._marks[home] = found
        for queue, person in self._listening.get(home, {}).items():
            news = [self._hello(found, person)] if before is None else map(_event, _changed(before, found, person))
            for event in news:
                # A browser that takes nothing any more misses names only: it loads what is there when it takes again.
                with suppress(asyncio.QueueFull):
                    queue.put_nowait(event)

    def _hello(self, found: Marks, person: str) -> str:
        return _event("hello", self._stamped(found, person))

    def _stamped(self, found: Marks, person: str) -> str:
        own = sorted((topic, str(mark)) for topic, mark in found.items() if _concerns(topic, person))
        return hmac.new(self._key, repr(own).encode(), sha256).hexdigest()[:16]


def _event(name: str, data: str = "") -> str:
    return f"event: {name}\ndata:{data}\n\n"


def _changed(before: Marks, found: Marks, person: str) -> Iterator[str]:
    """Yield the names of the topics that changed, as far as they concern a person."""
    for topic, mark in found.items():
        if mark != before.get(topic) and _concerns(topic, person):
            yield topic.partition(":")[0]


def _concerns(topic: str, person: str) -> bool:
    """Tell whether a topic is for a person: `rules` is for everybody, `talk:person.greg` for Greg."""
    return topic.partition(":")[2] in ("", person)


def marks(site: Site, home: str) -> Marks:
    """Return what stands for the state of each topic of a home."""
    seen = max((each.time for each in site.runtime.log.sources() if each.home == home), default=0)
    return {**site.store.marks(home), "seen": seen}
