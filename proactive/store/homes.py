"""Homes as rows: a home is taken apart into the tables and put together again, equal to what was imported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Table, delete, insert, select
from sqlmodel import Session, SQLModel, col

from proactive.store.sql import insert_or_add, insert_or_replace
from proactive.store.tables import (
    CalendarRow,
    CameraRow,
    DeviceRow,
    EntryRow,
    GroupRow,
    HomeRow,
    PersonRow,
    PetRow,
    TallyRow,
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
LISTINGS = "listings"
_AT_ONCE = 500  # homes; SQLite takes 32,766 values in a statement


def ids(session: Session) -> list[str]:
    """Return the ids of every home, in order."""
    return list(session.scalars(select(col(HomeRow.id)).order_by(col(HomeRow.id))))


def exists(session: Session, home: str) -> bool:
    """Say whether the home is there."""
    return session.get(HomeRow, home) is not None


def listings(session: Session) -> int:
    """Return how often what homes list was changed: whoever runs homes looks at them again when it grows."""
    found = session.get(TallyRow, LISTINGS)
    return found.count if found else 0


def put(session: Session, homes: Sequence[Home]) -> None:
    """Write homes. What a home listed before is replaced; its rules and what people told stay."""
    _count(session)
    for start in range(0, len(homes), _AT_ONCE):
        _put_some(session, homes[start : start + _AT_ONCE])


def get(session: Session, home: str) -> Home | None:
    """Return a home as it was put, or None."""
    return next(_get_some(session, [home]), None)


def get_many(session: Session, wanted: Sequence[str]) -> Iterator[Home]:
    """Yield the homes with these ids that are there, in the order of the ids."""
    for start in range(0, len(wanted), _AT_ONCE):
        yield from _get_some(session, wanted[start : start + _AT_ONCE])


def erase(session: Session, home: str) -> bool:
    """Delete a home with everything that belongs to it, and say whether it was there."""
    row = session.get(HomeRow, home)
    if row is not None:
        _count(session)
        session.delete(row)
    return row is not None


def _count(session: Session) -> None:
    insert_or_add(session, TallyRow, {"name": LISTINGS, "count": 1})


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

Rows = dict[str, list[Json]]  # by home, in the order of the home file


def _get_some(session: Session, ids: Sequence[str]) -> Iterator[Home]:
    own = _rows(session, HomeRow, "id", ids)
    lists = {name: _rows(session, table, "home", ids) for name, table in LISTS.items()}
    zones, groups = (_rows(session, table, "home", ids) for table in (ZoneRow, GroupRow))
    for home in ids:
        for row in own.get(home, ()):
            value = _home_json(row) | {name: list(map(_entry_json, rows.get(home, ()))) for name, rows in lists.items()}
            _add_zones(value["cameras"], zones.get(home, ()))
            value["groups"] = {group["name"]: group["members"] for group in groups.get(home, ())}
            yield parse_home(value)


def _rows(session: Session, model: type[SQLModel], key: str, ids: Sequence[str]) -> Rows:
    """Return the rows of some homes as plain values: thousands are read at once, and as objects they would cost thrice."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel does not declare what SQLAlchemy adds
    query = select(table).where(table.c[key].in_(ids))
    if "position" in table.c:
        query = query.order_by(table.c.position)
    found: Rows = defaultdict(list)
    for row in session.connection().execute(query).mappings():
        found[row[key]].append(dict(row))
    return found


def _home_json(row: Json) -> Json:
    value = {"home": row["id"], **{name: row[name] for name in _PLAIN}, "allow": row["allow"], **row["extra"]}
    if row["latitude"] is not None:
        value["location"] = {"latitude": row["latitude"], "longitude": row["longitude"]}
    return value


def _entry_json(row: Json) -> Json:
    del row["home"], row["position"]
    extra: Json = row.pop("extra")
    return row | extra


def _add_zones(cameras: Iterable[Json], zones: Iterable[Json]) -> None:
    found: dict[str, Json] = {camera["id"]: camera.setdefault("zones", {}) for camera in cameras}
    for zone in zones:
        found[zone["camera"]][zone["name"]] = zone["polygon"]
