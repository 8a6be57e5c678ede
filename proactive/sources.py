"""Sources: what the homes here listen to, by address; and what comes back through them when people tap on a notification.

An address that is a secret, with a password or a token, belongs in the settings (`PROACTIVE_SOURCE_<NAME>`) and not on a
command line, which every process of the machine can read.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from proactive import clock
from proactive.error import ProactiveError
from proactive.notify.replies import choose
from proactive.settings import Settings, channel_key
from proactive.store import Store
from rules.home import Home
from rules.problem import InputError
from streams.source import DeviceSource, Place, Tap, open_source

_log = logging.getLogger(__name__)


def open_sources(
    settings: Settings, store: Store, addresses: Sequence[str] = (), homes: Sequence[Home] | None = None
) -> list[DeviceSource]:
    """Return the sources of the settings, of these addresses, and of the homes' calendars: of all homes, or of some.

    Raise InputError for a wrong address.
    """
    homes = tuple(_with_calendars(home, settings) for home in (store.export_homes() if homes is None else homes))
    place = Place(homes, lambda tap: answer(store, tap, clock.now()))
    kept = ["calendar:"] if any(calendar.url for home in homes for calendar in home.calendars) else []
    return [open_source(address, place) for address in [*settings.sources.values(), *addresses, *kept]]


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
