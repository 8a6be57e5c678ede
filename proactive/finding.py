"""Finding: the devices and cameras that brokers and hubs know and a home does not list yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from proactive.error import ProactiveError
from proactive.listing import with_entry
from proactive.sources import open_sources
from rules.problem import InputError, Problem
from streams.source import Discovers, SourceError

if TYPE_CHECKING:
    from proactive.settings import Settings
    from proactive.store import Store
    from rules.home import Camera, Device, Home


def find_unlisted(
    settings: Settings, store: Store, home: Home, addresses: Sequence[str], seconds: float
) -> list[Camera | Device]:
    """Return what the sources of a home found within so many seconds each, every id once, in order of id.

    Raise InputError where there is nothing to ask, ProactiveError where one does not answer.
    """
    asked = [source for source in open_sources(settings, store, addresses, [home]) if isinstance(source, Discovers)]
    if not asked:
        hint = "Give one with --source, such as mqtt://broker:1883, or set PROACTIVE_SOURCE_BROKER."
        raise InputError([Problem("no_source", "--source", "there is nothing to ask.", hint)])
    found: dict[str, Camera | Device] = {}
    for source in asked:
        try:
            found |= {entry.id: entry for entry in source.discover(seconds) if entry.id not in home.by_id}
        except SourceError as error:
            raise ProactiveError(str(error)) from error
    return [found[id] for id in sorted(found)]


def with_found(home: Home, found: Iterable[Camera | Device]) -> Home:
    """Return the home with what was found at the ends of its lists."""
    return reduce(with_entry, found, home)
