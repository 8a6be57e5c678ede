"""Live pages: a browser hears that something changed, and loads the parts of its page that show it.

`GET /live` is a stream of server-sent events, each the name of a topic: `rules`, `told`, `seen`, `home`, `talk`. A part of a page
marked `data-live="rules told"` is loaded again (the page itself, of which the part with the same id is taken). Nothing but
names is sent, and a name only to whom it concerns, since when something happens tells something too: `seen` to whoever may
know of a source whatever it reports, `told` to whom it was told, and to those who live here, `talk` to whose conversation it is.

A stream ends with its session, at the next look; what its person may know is renewed whenever the home changes.

A page carries a stamp of what there was before it was made, and the stream begins with `hello` and the stamp from which on it
tells of changes. Where they differ something changed in between, or while the browser was away, and the page loads its parts.

One task looks at the store and the log each second while anybody listens, whoever changed them: a page, a command, another
process. Its cost does not grow with the number of browsers.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256

from proactive.access.access import Access
from proactive.web.site import Site
from rules.problem import InputError

LOOK = 1.0  # seconds between two looks
OF_ONE = 24  # streams of one session: a browser opens six, or over HTTP/2 one for each page that is open
BEAT = 20.0  # seconds after which a silent stream says that it is alive, so that nothing on the way closes it

Marks = Mapping[
    str, object
]  # what stands for the state of each topic, such as `rules`, `seen:cam.kitchen`, `talk:person.greg`


@dataclass(frozen=True, slots=True)
class News:
    """What a look found: the state of each topic, and the topics that changed; None where there was no look before."""

    found: Marks
    changed: tuple[str, ...] | None = None


@dataclass(slots=True, eq=False)
class Listener:
    """A browser that listens: its session, and what its person may know."""

    session: str
    access: Access
    queue: asyncio.Queue[News | None] = field(default_factory=lambda: asyncio.Queue(maxsize=32))  # None ends it

    def put(self, news: News | None) -> None:
        """Hand on what a look found. A browser that takes nothing any more misses names only, or is told the end when it does."""
        with suppress(asyncio.QueueFull):
            self.queue.put_nowait(news)


class Live:
    """Tells the browsers that listen, by home, which topics changed."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._key = secrets.token_bytes(16)  # so that a stamp tells nobody how much there is of what they may not know
        self._listening: dict[str, list[Listener]] = {}  # by home
        self._marks: dict[str, Marks] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def listeners(self) -> int:
        """Return how many browsers listen."""
        return sum(map(len, self._listening.values()))

    def stamp(self, found: Marks, access: Access) -> str:
        """Return what stands for all that a page of a person may show, where `found` was the state of each topic."""
        own = sorted((topic, str(mark)) for topic, mark in found.items() if concerns(topic, access))
        return hmac.new(self._key, repr(own).encode(), sha256).hexdigest()[:16]

    async def stream(self, session: str, access: Access) -> AsyncGenerator[str]:
        """Yield the events of a home as they are sent, until the browser goes away or its session ends."""
        home, listener = access.home.home, Listener(session, access)
        listening = self._listening.setdefault(home, [])
        listening.append(listener)
        self._end_oldest([each for each in listening if each.session == session])
        if home in self._marks:  # else the first look says hello
            listener.put(News(self._marks[home]))
        self._start()
        try:
            yield "retry: 3000\n\n"
            async for event in self._events(listener):
                yield event
        finally:
            self._listening[home].remove(listener)
            if not self._listening[home]:
                del self._listening[home]
                self._marks.pop(home, None)

    def _end_oldest(self, own: list[Listener]) -> None:
        """End the streams of a session that are too many, the oldest first: a browser that still shows such a page asks again."""
        for listener in own[:-OF_ONE]:
            listener.put(None)

    async def _events(self, listener: Listener) -> AsyncGenerator[str]:
        while True:
            try:
                news = await asyncio.wait_for(listener.queue.get(), BEAT)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if news is None:
                return
            if news.changed is None or "home" in news.changed:
                listener.access = await asyncio.to_thread(self._renewed, listener.access)
            for event in self._told(news, listener.access):
                yield event

    def _told(self, news: News, access: Access) -> Iterator[str]:
        """Yield the events of what a look found, as far as they concern a person."""
        if news.changed is None:
            yield _event("hello", self.stamp(news.found, access))
            return
        names = dict.fromkeys(topic.partition(":")[0] for topic in news.changed if concerns(topic, access))
        yield from map(_event, names)

    def _renewed(self, access: Access) -> Access:
        """Return what a person may know by now; where the home is gone, what they might, until the next look ends it."""
        store, home, person = self._site.store, access.home.home, access.person
        try:
            return Access(store.export_home(home), person, store.shown(home, person or ""))
        except InputError:
            return access

    # --- looking ---

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
            with suppress(Exception):
                await self._end_sessions()
            await asyncio.sleep(LOOK)

    def _tell(self, home: str, found: Marks) -> None:
        before = self._marks.get(home)
        self._marks[home] = found
        news = News(found, None if before is None else tuple(_changed(before, found)))
        for listener in self._listening.get(home, ()):
            if news.changed != ():
                listener.put(news)

    async def _end_sessions(self) -> None:
        """End the streams whose sessions have ended: somebody signed out, or had their account taken away."""
        listening = [each for listeners in self._listening.values() for each in listeners]
        standing = await asyncio.to_thread(self._standing, {each.session for each in listening})
        for listener in listening:
            if listener.session not in standing:
                listener.put(None)

    def _standing(self, sessions: Iterable[str]) -> frozenset[str]:
        return self._site.store.standing_sessions(sessions, self._site.now())


def _event(name: str, data: str = "") -> str:
    return f"event: {name}\ndata:{data}\n\n"


def _changed(before: Marks, found: Marks) -> Iterator[str]:
    """Yield the topics that changed."""
    for topic, mark in found.items():
        if mark != before.get(topic):
            yield topic


def concerns(topic: str, access: Access) -> bool:
    """Tell whether a person may know that a topic changed."""
    name, _, of = topic.partition(":")
    match name:
        case "talk":
            return of == access.person
        case "told":
            return of == access.person or access.may("see_home")
        case "seen":
            return access.may_know(of)
        case _:
            return True


def marks(site: Site, home: str) -> Marks:
    """Return what stands for the state of each topic of a home."""
    seen = {f"seen:{each.source}": each.time for each in site.runtime.log.sources() if each.home == home}
    return {**site.store.marks(home), **seen}
