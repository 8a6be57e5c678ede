"""The tables of a home: who and what it lists."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from proactive.store.tables.column import Json, json, of_home, secret


class HomeRow(SQLModel, table=True):
    """A household."""

    __tablename__ = "home"

    id: str = Field(primary_key=True)
    name: str
    time_zone: str
    latitude: float | None = None
    longitude: float | None = None
    language: str
    quiet_hours: str | None = None
    lateness: str
    default_speaker: str | None = None
    allow: list[str] = json()
    extra: Json = json(dict)


class EntryRow(SQLModel):
    """What every entry of a home has."""

    home: str = of_home()
    id: str = Field(primary_key=True)
    position: int
    name: str
    aliases: list[str] = json()
    extra: Json = json(dict)


class PersonRow(EntryRow, table=True):
    """Somebody who lives or works in the home."""

    __tablename__ = "person"

    role: str
    channels: list[str] = json()
    photos: list[str] = json()


class PetRow(EntryRow, table=True):
    """An animal of the home."""

    __tablename__ = "pet"

    species: str
    looks: str
    photos: list[str] = json()


class CameraRow(EntryRow, table=True):
    """A camera; its zones are rows of their own."""

    __tablename__ = "camera"

    url: str | None = secret(None)
    sees: str


class ZoneRow(SQLModel, table=True):
    """A named part of a camera's picture."""

    __tablename__ = "zone"
    __table_args__ = (ForeignKeyConstraint(["home", "camera"], ["camera.home", "camera.id"], ondelete="CASCADE"),)

    home: str = Field(primary_key=True)
    camera: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    position: int
    polygon: list[list[float]] = json()


class DeviceRow(EntryRow, table=True):
    """A device, the values of its attributes and the names of its events."""

    __tablename__ = "device"

    type: str
    attributes: Json = json(dict)
    unit: str | None = None
    events: list[str] = json()


class CalendarRow(EntryRow, table=True):
    """A calendar whose entries become states."""

    __tablename__ = "calendar"

    url: str | None = secret(None)


class GroupRow(SQLModel, table=True):
    """A name for several entries of the home."""

    __tablename__ = "entry_group"

    home: str = of_home()
    name: str = Field(primary_key=True)
    position: int
    members: list[str] = json()
