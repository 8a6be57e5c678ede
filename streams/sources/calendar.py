"""The source `calendar`: the calendars of the homes, from files and addresses, as states for guards.

Addresses are asked every quarter of an hour, and answer only when something changed (`ETag`, `Last-Modified`). An address may be
a secret: it is in no message. A calendar that cannot be read is offline after three tries.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rules.record import Record
from streams.source import Command, Deliver, NotMine, Place
from streams.sources.agenda import SYSTEM, Agenda
from streams.sources.ics import CalendarError, parse
from streams.sources.post import Post
from streams.sources.reach import Reach
from streams.sources.session import Clock, system_clock

if TYPE_CHECKING:
    import httpx

EVERY = timedelta(minutes=15)
AGAIN = timedelta(minutes=1)  # after a failure
TRIES = 3  # that fail before nobody knows
LARGEST = 10 << 20  # bytes of a calendar
SECONDS = 20.0  # for an address to answer
_LOOK = 1.0  # the longest wait, so that a clock that is set misleads nobody
_log = logging.getLogger(__name__)


@dataclass
class _Feed:
    """Where a calendar is, and what is known of it. `url` may be a secret."""

    agenda: Agenda
    url: str = field(repr=False)
    due: datetime | None = None
    failed: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    stamp: float = 0.0


class CalendarSource:
    """Tells what is on in every calendar that has an address. Takes no address itself: the home file has them."""

    def __init__(self, rest: str = "", clock: Clock = system_clock, every: timedelta = EVERY, again: timedelta = AGAIN) -> None:  # fmt: skip
        self._clock, self._every, self._again = clock, every, again
        self._feeds: list[_Feed] = []
        self._reach: dict[str, Reach] = {}

    def settle(self, place: Place) -> None:
        """Take the calendars of the homes."""
        self._feeds = [_Feed(Agenda(home, each), each.url) for home in place.homes for each in home.calendars if each.url]  # fmt: skip
        self._reach = {home.home: Reach(home.home, SYSTEM) for home in place.homes}

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        """Tell what is on until `stop` is set."""
        with Post(deliver, stop) as post:
            # An address may take long to answer, so who asks it is left behind at the end.
            teller = threading.Thread(target=self._tell, args=(post, stop), name="calendars", daemon=True)
            teller.start()
            while teller.is_alive() and not stop.is_set():
                teller.join(0.2)

    def _tell(self, post: Post, stop: threading.Event) -> None:
        import httpx

        # httpx tells every address it asks to who listens at that level, and these are secrets.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        with httpx.Client(timeout=SECONDS, follow_redirects=True) as client:
            post.add(self._begin(self._clock()))
            while not stop.is_set():
                for feed in self._feeds:
                    post.add(self._look(feed, client, self._clock()))
                stop.wait(self._pause(self._clock()))

    def send(self, command: Command) -> None:
        """Refuse: a calendar takes no commands."""
        raise NotMine("calendars take no commands.")

    def _begin(self, now: datetime) -> list[Record]:
        found = []
        for feed in self._feeds:
            reach = self._reach[feed.agenda.home]
            found += [*reach.down(feed.agenda.id, "starting", now), *reach.add(feed.agenda.id, now=now)]
        return found

    def _look(self, feed: _Feed, client: httpx.Client, now: datetime) -> list[Record]:
        found: list[Record] = []
        try:
            if feed.due is None or now >= feed.due:
                found += self._poll(feed, client, now)
            if not self._reach[feed.agenda.home].is_down(feed.agenda.id):
                found += feed.agenda.wake(now)
        except (CalendarError, OSError) as error:
            found += self._fail(feed, error, now)
        return found

    def _poll(self, feed: _Feed, client: httpx.Client, now: datetime) -> list[Record]:
        body = _fetch(feed, client)
        if body is not None:
            feed.agenda.read(parse(body), now)
        feed.failed, feed.due = 0, now + self._every
        return self._reach[feed.agenda.home].up(feed.agenda.id, now)

    def _fail(self, feed: _Feed, error: CalendarError | OSError, now: datetime) -> list[Record]:
        reach, id = self._reach[feed.agenda.home], feed.agenda.id
        feed.failed, feed.due = feed.failed + 1, now + min(self._again * 2**feed.failed, self._every)
        feed.headers.clear()
        _log.warning("%s could not be read: %s.", id, error if isinstance(error, CalendarError) else _why(error))
        if feed.failed < TRIES or reach.is_down(id):
            return []
        feed.agenda.forget()
        return reach.down(id, "unreadable", now)

    def _pause(self, now: datetime) -> float:
        """Return for how many seconds nothing will happen, and at most a moment."""
        changes = [time for feed in self._feeds if (time := feed.agenda.next_change(now)) is not None]
        until = min([*changes, *(feed.due for feed in self._feeds if feed.due)], default=now + self._every)
        return min(max((until - now).total_seconds(), 0.01), _LOOK)


def _fetch(feed: _Feed, client: httpx.Client) -> bytes | None:
    """Return the calendar, or None where it has not changed. Raise CalendarError or OSError."""
    url = "https://" + feed.url.removeprefix("webcal://") if feed.url.startswith("webcal://") else feed.url
    if not url.startswith(("http://", "https://")):
        return _fetch_file(feed, Path(url.removeprefix("file://")))
    return _fetch_address(feed, url, client)


def _fetch_file(feed: _Feed, path: Path) -> bytes | None:
    found = path.stat()
    if found.st_size > LARGEST:
        raise CalendarError(f"it is larger than {LARGEST >> 20} MiB")
    if found.st_mtime == feed.stamp and not feed.failed:
        return None
    feed.stamp = found.st_mtime
    return path.read_bytes()


def _fetch_address(feed: _Feed, url: str, client: httpx.Client) -> bytes | None:
    import httpx

    try:
        with client.stream("GET", url, headers=feed.headers) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return None
            if response.status_code != httpx.codes.OK:
                raise CalendarError(f"its address answered {response.status_code}")
            body = b""
            for part in response.iter_bytes():
                body += part
                if len(body) > LARGEST:
                    raise CalendarError(f"it is larger than {LARGEST >> 20} MiB")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CalendarError(f"its address cannot be reached ({type(error).__name__})") from None
    known = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
    feed.headers = {asked: response.headers[name] for name, asked in known.items() if name in response.headers}
    return body


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__
