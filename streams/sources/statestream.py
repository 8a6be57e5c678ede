"""Home Assistant's statestream: each entity's state and attributes on topics of their own, all of them retained.

`<base>/<domain>/<object>/state` and `.../<attribute>`, JSON texts. The state comes first and its attributes after it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from rules.home import Device
from rules.record import Record
from rules.units import instant
from streams.sources.entity import ATTRIBUTES, HAPPENINGS, SYSTEM, Entities, Shown, said_of
from streams.sources.reporting import states

_TIMES = frozenset({"last_changed", "last_updated"})


@dataclass
class _Entity:
    state: str | None = None
    attributes: dict[str, object] = field(default_factory=dict)


@dataclass
class Statestream:
    """Turns messages below the base topic into records."""

    entities: Entities
    _known: dict[str, _Entity] = field(default_factory=dict)

    topics = ("+/+/+",)

    def receive(self, topic: str, payload: bytes, now: datetime, *, retained: bool = False) -> list[Record]:
        """Return the records of a message; `topic` is without the base."""
        match topic.split("/"):
            case [domain, name, what] if what not in _TIMES and what != "set":
                return list(self._said(f"{domain}.{name}", what, _value(payload), now, retained))
            case _:
                return []

    def forget(self) -> None:
        """Know nothing any more: what is retained will be told again."""
        self._known.clear()

    def _said(self, id: str, what: str, value: object, now: datetime, retained: bool) -> list[Record]:
        if not self.entities.listing.find(id):
            return []
        known = self._known.setdefault(id, _Entity())
        if what != "state":
            known.attributes[what] = value
            return self._attribute(id, what, known, now, retained)
        before, known.state = known.state, str(value)
        shown = _shown(id, known, now)
        if retained or before is None:
            return list(self.entities.standing(shown, now))
        # Of an event the name comes after the time, so it is told with the name.
        return [] if shown.domain == "event" else list(self.entities.changed(shown, now, before, f"{instant(now)}"))

    def _attribute(self, id: str, what: str, known: _Entity, now: datetime, retained: bool) -> list[Record]:
        if known.state is None:
            return []
        shown = _shown(id, known, now)
        if shown.domain in HAPPENINGS:
            told = what == "event_type" and not retained
            return list(self.entities.changed(shown, now, "", f"{instant(now)}")) if told else []
        found: list[Record] = []
        for each in self.entities.listing.look(id):
            if isinstance(each.entry, Device) and shown.is_known:
                before = said_of(each.entry, _shown(id, _Entity(known.state), now))
                said = {name: one for name, one in said_of(each.entry, shown).items() if name not in before}
                named = {name: one for name, one in said.items() if what in {name, _source(name)}}
                home = self.entities.listing.home.home
                found += states(home, each, named, now, f"{SYSTEM}-{id}") if each.attribute is None else []
        return found


def _source(name: str) -> str:
    return ATTRIBUTES[name][0] if name in ATTRIBUTES else name


def _shown(id: str, known: _Entity, now: datetime) -> Shown:
    return Shown(id, known.state or "", known.attributes, now, now)


def _value(payload: bytes) -> object:
    """Return a value, which is JSON; older versions write states without quotes."""
    try:
        return msgspec.json.decode(payload)
    except msgspec.DecodeError:
        return payload.decode("utf-8", "replace")
