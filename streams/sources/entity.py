"""Entities of Home Assistant: what one says of itself, as records of the home. For its WebSocket and its statestream alike.

An entity has one `state`, a text, and attributes. `unavailable` and `unknown` are no states but say that nobody knows:
health. The state of a button or an event is the time at which it happened last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rules.home import Device, Person
from rules.record import Record
from rules.units import instant
from streams.sources.listing import Known, Listing
from streams.sources.presence import Presence
from streams.sources.reach import Reach
from streams.sources.reading import Said, is_so
from streams.sources.reporting import event_name, events, states

SYSTEM = "ha"
NOBODY_KNOWS = frozenset({"unavailable", "unknown", "none", ""})
HAPPENINGS = frozenset({"event", "button", "input_button", "scene"})
TRACKERS = frozenset({"person", "device_tracker"})
FRESH = timedelta(seconds=60)  # a happening that is older than that is told again, not new

# Attributes of entities that homes list under another name, and what they are multiplied with.
ATTRIBUTES = {
    "volume": ("volume_level", 100.0),
    "brightness": ("brightness", 100 / 255),
    "setpoint": ("temperature", 1.0),
    "position": ("current_position", 1.0),
    "battery": ("battery_level", 1.0),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An entity as it shows itself: `changed` is when its state began, `updated` when anything about it last changed."""

    id: str
    state: str
    attributes: Mapping[str, object]
    changed: datetime
    updated: datetime

    @property
    def domain(self) -> str:
        """Return what kind of entity it is: `light`."""
        return self.id.partition(".")[0]

    @property
    def is_known(self) -> bool:
        """Return whether the state is one."""
        return self.state.lower() not in NOBODY_KNOWS


@dataclass
class Entities:
    """Turns what entities show into records of a home's devices and people."""

    listing: Listing
    reach: Reach
    presence: Presence
    _happened: dict[str, str] = field(default_factory=dict)  # the last time that was told, by entity

    def begin(self, now: datetime) -> list[Record]:
        """Listen from now on: everything that the home says is known here is told of."""
        named = [entry for entry in self.listing.named() if isinstance(entry, Device | Person)]
        return [record for entry in named for record in self._add(entry.id, now)]

    def missing(self, found: set[str], now: datetime) -> Iterator[Record]:
        """Say that what is named and not there cannot be heard; `found` are the ids of all entities."""
        for entry in self.listing.named():
            if isinstance(entry, Device) and not found & set(self.listing.names_of(entry.id)):
                yield from self.reach.down(entry.id, "not_found", now)

    def standing(self, shown: Shown, now: datetime) -> Iterator[Record]:
        """Yield how an entity is, as it is found when listening begins: nothing of it happens now."""
        if shown.domain in HAPPENINGS:
            self._happened[shown.id] = shown.state
        yield from self._told(shown, now, f"{instant(now)}", happened=False)

    def changed(self, shown: Shown, now: datetime, before: str | None, key: str) -> Iterator[Record]:
        """Yield what a change of an entity tells. `key` is its own name of the change, `before` the state until then."""
        time = shown.changed if before is not None and before != shown.state else shown.updated
        # A state that was not known before has no time at which it began: it is how it is found now.
        began = before is not None and before.lower() not in NOBODY_KNOWS
        yield from self._told(shown, time, key, happened=began, now=now, before=before)

    def _told(self, shown: Shown, time: datetime, key: str, *, happened: bool, now: datetime | None = None, before: str | None = None) -> Iterator[Record]:  # fmt: skip
        for known in self.listing.find(shown.id):
            id = known.entry.id
            yield from self._add(id, time)
            if isinstance(known.entry, Person) or shown.domain in TRACKERS:
                yield from self._whereabouts(known, shown, time)
            elif not shown.is_known and (shown.domain not in HAPPENINGS or shown.state == "unavailable"):
                yield from self.reach.down(id, shown.state.lower() or "unknown", time)
            else:  # a button that was never pressed is unknown, and can be heard all the same
                yield from self.reach.up(id, time)
                yield from self._said(known, shown, time, key, happened=happened, now=now, before=before)

    def _add(self, id: str, now: datetime) -> list[Record]:
        return self.reach.add(id, "connection", now=now)

    def _said(self, known: Known, shown: Shown, time: datetime, key: str, *, happened: bool, now: datetime | None, before: str | None) -> Iterator[Record]:  # fmt: skip
        device, home = known.entry, self.listing.home.home
        if not isinstance(device, Device):
            return
        if shown.domain in HAPPENINGS:
            yield from self._happening(device, shown, now)
            return
        if happened and device.events and not device.attributes and _rose(before, shown.state):
            # A doorbell that is a binary sensor: on means that it was pressed.
            word = shown.state if event_name(device, shown.state) else "press"
            yield from events(home, device, word, time, SYSTEM, f"{SYSTEM}-{shown.id}-{key}")
            return
        yield from states(home, known, said_of(device, shown), time, f"{SYSTEM}-{shown.id}", key)

    def _happening(self, device: Device, shown: Shown, now: datetime | None) -> Iterator[Record]:
        """Yield what happened, unless it was told, or is old: an entity that comes back shows its last happening again."""
        last, self._happened[shown.id] = self._happened.get(shown.id), shown.state
        time = moment_of(shown.state)
        if now is None or time is None or last == shown.state or abs(now - time) > FRESH:
            return
        kind = shown.attributes.get("event_type")
        name = kind if isinstance(kind, str) else "press"
        yield from events(self.listing.home.home, device, name, time, SYSTEM, f"{SYSTEM}-{shown.id}-{shown.state}")

    def _whereabouts(self, known: Known, shown: Shown, time: datetime) -> Iterator[Record]:
        if not shown.is_known:
            yield from self.presence.lost(known.entry.id, shown.id, shown.state.lower(), time)
        else:
            yield from self.presence.seen(known.entry.id, shown.id, shown.state == "home", time)


def said_of(device: Device, shown: Shown) -> dict[str, Said]:
    """Return what an entity says of each property that a home may list, its state first."""
    unit = shown.attributes.get("unit_of_measurement")
    state = Said("state", shown.state, unit if isinstance(unit, str) else None)
    said = {name: Said(name, value) for name, value in shown.attributes.items() if isinstance(value, str | int | float)}
    for name, (called, scale) in ATTRIBUTES.items():
        value = shown.attributes.get(called)
        if isinstance(value, int | float) and not isinstance(value, bool):
            said[name] = Said(name, round(value * scale, 2) if scale != 1.0 else value)
    said = {"state": state, **{name: each for name, each in said.items() if name != "state"}}
    if "state" not in device.attributes:
        # The only thing it says, under whichever name the home lists it; of a thermostat it is the mode.
        own = "mode" if "mode" in device.attributes else next(iter(device.attributes), "state")
        if len(device.attributes) == 1 or own == "mode":
            said[own] = Said("state", state.value, state.unit)
    return said


def _rose(before: str | None, after: str) -> bool:
    return is_so(Said("state", after)) is True and (before is None or is_so(Said("state", before)) is not True)


def moment_of(text: object) -> datetime | None:
    """Return the time of RFC 3339 with an offset, or None for anything else."""
    try:
        time = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return time if time is not None and time.tzinfo is not None else None
