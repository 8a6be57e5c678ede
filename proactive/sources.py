"""Sources: what the homes here listen to, by address; and what comes back through them when people tap on a notification.

An address that is a secret, with a password or a token, belongs in the settings (`PROACTIVE_SOURCE_<NAME>`) and not on a
command line, which every process of the machine can read.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from proactive import clock
from proactive.error import ProactiveError
from proactive.notify.replies import choose
from proactive.settings import Settings, channel_key
from proactive.store import Store
from rules.home import Home
from rules.problem import InputError
from streams.source import (
    Command,
    Deliver,
    DeviceSource,
    NotMine,
    Place,
    SourceError,
    Standing,
    Stands,
    Tap,
    open_source,
)

_log = logging.getLogger(__name__)


CALENDARS = "calendar:"
LEAVE = 0.7  # seconds that a source has to leave
_LOOK = 0.5  # seconds between two looks at whether a home lists something else
_AGAIN = 1.0  # seconds until a store that could not be read is read again
Open = Callable[[Sequence[Home]], DeviceSource | None]


def open_sources(
    settings: Settings, store: Store, addresses: Sequence[str] = (), homes: Sequence[Home] | None = None
) -> list[DeviceSource]:
    """Return the sources of the settings, of these addresses, and of the homes' calendars: of all homes, or of some.

    Raise InputError for a wrong address.
    """
    place = _place(settings, store, store.export_homes() if homes is None else homes)
    kept = [CALENDARS] if _have_calendars(place.homes) else []
    return [open_source(address, place) for address in [*settings.sources.values(), *addresses, *kept]]


def follow_sources(settings: Settings, store: Store, addresses: Sequence[str] = ()) -> list[DeviceSource]:
    """Return the same sources, each of which follows what the homes list while it runs. Raise InputError for a wrong address."""
    if store.home_ids():
        open_sources(settings, store, addresses)  # what is wrong is said before anything runs
    return [
        Followed(store, partial(_open, settings, store, each))
        for each in [*settings.sources.values(), *addresses, CALENDARS]
    ]


def _open(settings: Settings, store: Store, address: str, homes: Sequence[Home]) -> DeviceSource | None:
    """Return the source at these homes, or None where there is nothing for it to tell of yet. Raise InputError."""
    place = _place(settings, store, homes)
    if not homes or (address == CALENDARS and not _have_calendars(place.homes)):
        return None
    return open_source(address, place)


def standings(sources: Iterable[DeviceSource]) -> list[Standing]:
    """Return how those of the sources are doing that say so."""
    return [found for source in sources if isinstance(source, Stands) and (found := source.standing()) is not None]


class Followed:
    """A source that is opened anew when the homes list something else: what is added counts without a restart.

    `open` makes it for some homes, or says None where there is nothing for it to tell of. `view` says what of the homes it
    goes by: while that is equal, the source stays. `leave` is how many seconds it has to end before the next one begins.
    """

    def __init__(
        self, store: Store, open: Open, view: Callable[[Sequence[Home]], object] = list, leave: float = LEAVE
    ) -> None:
        self._store, self._new, self._view, self._leave = store, open, view, leave
        self._source: DeviceSource | None = None

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        """Tell what the source tells until `stop` is set, or until it ends by itself."""
        while not stop.is_set():
            try:
                listing = _Listing(self._store, self._view)
            except ProactiveError as error:
                _log.warning("A source waits for the store: %s", error)
                stop.wait(_AGAIN)
                continue
            self._source = self._open(listing.homes)
            if self._listen(deliver, stop, listing.has_changed):
                return

    def send(self, command: Command) -> None:
        """Hand the command to the source, if it runs."""
        if self._source is None:
            raise NotMine("the homes list nothing of this source.")
        self._source.send(command)

    def standing(self) -> Standing | None:
        """Return how the source is doing, or None where there is nothing for it to tell of, or it does not say."""
        source: object = self._source
        return source.standing() if isinstance(source, Stands) else None

    def _open(self, homes: Sequence[Home]) -> DeviceSource | None:
        """Return the source at these homes, or None where there is nothing for it to tell of yet."""
        try:
            return self._new(homes)
        except (InputError, ProactiveError, RuntimeError) as error:
            _log.warning("A source waits for the homes to change: %s", error)
            return None

    def _listen(self, deliver: Deliver, stop: threading.Event, changed: Callable[[], bool]) -> bool:
        """Let the source tell until it is told to stop or the homes change; say whether it ended by itself."""
        source, part, failed = self._source, threading.Event(), list[SourceError]()

        def tell() -> None:
            try:
                if source is not None:
                    source.run(deliver, part)
            except SourceError as error:
                failed.append(error)

        thread = threading.Thread(target=tell, name="source", daemon=True)
        thread.start()
        while not stop.is_set() and not changed() and (source is None or thread.is_alive()):
            stop.wait(_LOOK)
        ended = not thread.is_alive() and source is not None
        part.set()
        thread.join(self._leave)
        if failed:
            raise failed[0]
        return ended


class _Listing:
    """What the homes list; `has_changed` is cheap where nobody touched them."""

    def __init__(self, store: Store, view: Callable[[Sequence[Home]], object]) -> None:
        self._store, self._view, self._seen = store, view, store.listings
        self.homes = list(store.export_homes())
        self._viewed = view(self.homes)

    def has_changed(self) -> bool:
        """Say whether the homes list something else now."""
        try:
            listings = self._store.listings
            if listings == self._seen:
                return False
            changed = self._view(list(self._store.export_homes())) != self._viewed
        except ProactiveError:  # whoever looks at the rules says so; the next look may find it
            return False
        self._seen = listings
        return changed


def _place(settings: Settings, store: Store, homes: Iterable[Home]) -> Place:
    return Place(tuple(_with_calendars(home, settings) for home in homes), lambda tap: answer(store, tap, clock.now()))


def _have_calendars(homes: Iterable[Home]) -> bool:
    return any(calendar.url for home in homes for calendar in home.calendars)


def _with_calendars(home: Home, settings: Settings) -> Home:
    """Return the home with the addresses of calendars that are in the settings, since they are secrets."""
    found = [(each, settings.calendars.get(channel_key(each.id))) for each in home.calendars]
    return home.model_copy(update={"calendars": tuple(each.model_copy(update={"url": url}) if url else each for each, url in found)})  # fmt: skip


def answer(store: Store, tap: Tap, now: int) -> str:
    """Carry out what somebody answered with a tap, and return in words what was done, or why nothing was.

    The choice of a message ends with the person whom it was sent to; who tapped counts more, where that is known.
    """
    choice, _, sent_to = tap.choice.partition("@")
    try:
        said = choose(store, choice, tap.person or sent_to or None, now=now)
    except (InputError, ProactiveError) as error:
        _log.warning("A tap did nothing: %s", error)
        return str(error)
    _log.info("A tap of %s: %s", tap.person or sent_to or "somebody", said)
    return said
