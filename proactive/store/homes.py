"""Homes as rows: a home is taken apart into the tables and put together again, equal to what was imported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from proactive.store.sql import insert_or_replace
from proactive.store.tables import (
    CalendarRow,
    CameraRow,
    DeviceRow,
    EntryRow,
    GroupRow,
    HomeRow,
    PersonRow,
    PetRow,
    ZoneRow,
)
from rules.home import Home, parse_home

Json = dict[str, Any]

# The lists of a home, each with the table of its entries.
LISTS: dict[str, type[EntryRow]] = {
    "people": PersonRow,
    "pets": PetRow,
    "cameras": CameraRow,
    "devices": DeviceRow,
    "calendars": CalendarRow,
}
_PLAIN = ("name", "time_zone", "language", "quiet_hours", "lateness", "default_speaker")
_AT_ONCE = 500  # homes; SQLite takes 32,766 values in a statement


def ids(session: Session) -> list[str]:
    """Return the ids of every home, in order."""
    return list(session.exec(select(HomeRow.id).order_by(HomeRow.id)))


def exists(session: Session, home: str) -> bool:
    """Say whether the home is there."""
    return session.get(HomeRow, home) is not None


def put(session: Session, homes: Sequence[Home]) -> None:
    """Write homes. What a home listed before is replaced; its rules and what people told stay."""
    for start in range(0, len(homes), _AT_ONCE):
        _put_some(session, homes[start : start + _AT_ONCE])


def get(session: Session, home: str) -> Home | None:
    """Return a home as it was put, or None."""
    row = session.get(HomeRow, home)
    return None if row is None else parse_home(_home_json(session, row))


def erase(session: Session, home: str) -> bool:
    """Delete a home with everything that belongs to it, and say whether it was there."""
    row = session.get(HomeRow, home)
    if row is not None:
        session.delete(row)
    return row is not None


# --- taking apart -----------------------------------------------------------------------------------------------


def _put_some(session: Session, homes: Sequence[Home]) -> None:
    values = [home.model_dump(mode="json") for home in homes]
    insert_or_replace(session, HomeRow, [_home_row(home, value) for home, value in zip(homes, values, strict=True)])
    names = [home.home for home in homes]
    tables: tuple[type[EntryRow | GroupRow], ...] = (*LISTS.values(), GroupRow)
    for table in tables:
        session.execute(delete(table).where(col(table.home).in_(names)))
    for name, entries in LISTS.items():
        _insert(session, entries, (row for value in values for row in _entry_rows(value, name, entries)))
    _insert(session, ZoneRow, (row for value in values for row in _zone_rows(value)))
    _insert(session, GroupRow, (row for value in values for row in _group_rows(value)))


def _insert(session: Session, table: Any, rows: Iterable[Json]) -> None:
    if given := list(rows):
        session.execute(insert(table), given)


def _home_row(home: Home, value: Json) -> Json:
    place = value["location"] or {}
    return {
        "id": home.home,
        **{name: value[name] for name in _PLAIN},
        "latitude": place.get("latitude"),
        "longitude": place.get("longitude"),
        "allow": value["allow"],
        "extra": home.model_extra or {},
    }


def _entry_rows(value: Json, name: str, table: type[EntryRow]) -> Iterable[Json]:
    columns = set(table.model_fields) - {"home", "position", "extra"}
    elsewhere = {"zones"} if table is CameraRow else set()
    for position, entry in enumerate(value[name]):
        own = {key: entry[key] for key in columns}
        extra = {key: entry[key] for key in entry if key not in columns | elsewhere}
        yield own | {"home": value["home"], "position": position, "extra": extra}


def _zone_rows(value: Json) -> Iterable[Json]:
    for camera in value["cameras"]:
        for position, (name, polygon) in enumerate(camera["zones"].items()):
            yield {
                "home": value["home"],
                "camera": camera["id"],
                "name": name,
                "position": position,
                "polygon": polygon,
            }


def _group_rows(value: Json) -> Iterable[Json]:
    for position, (name, members) in enumerate(value["groups"].items()):
        yield {"home": value["home"], "name": name, "position": position, "members": members}


# --- putting together -------------------------------------------------------------------------------------------


def _home_json(session: Session, row: HomeRow) -> Json:
    value = {"home": row.id, **{name: getattr(row, name) for name in _PLAIN}, "allow": row.allow, **row.extra}
    if row.latitude is not None:
        value["location"] = {"latitude": row.latitude, "longitude": row.longitude}
    for name, table in LISTS.items():
        value[name] = [_entry_json(entry) for entry in _of_home(session, table, row.id)]
    zones = _zones(session, row.id)
    for camera in value["cameras"]:
        camera["zones"] = zones[camera["id"]]
    value["groups"] = {group.name: group.members for group in _of_home(session, GroupRow, row.id)}
    return value


def _of_home(session: Session, table: Any, home: str) -> Sequence[Any]:
    return session.exec(select(table).where(table.home == home).order_by(table.position)).all()


def _entry_json(row: EntryRow) -> Json:
    return row.model_dump(exclude={"home", "position", "extra"}) | row.extra


def _zones(session: Session, home: str) -> dict[str, dict[str, list[list[float]]]]:
    zones: dict[str, dict[str, list[list[float]]]] = defaultdict(dict)
    for zone in _of_home(session, ZoneRow, home):
        zones[zone.camera][zone.name] = zone.polygon
    return zones
