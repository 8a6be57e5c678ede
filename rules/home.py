"""The home file: who lives here, what sees and what reports, in which words (`docs/formats.md`, "The home file").

Nothing that is not listed exists: a rule that names anything else does not pass `check`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import blake2b
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from rules.problem import InputError, Problem, problems_of
from rules.units import Duration, seconds_of_day

DEFAULT_ALLOW = ("light", "switch", "fan", "tv", "vacuum", "climate", "blinds")
Point = tuple[Annotated[float, Field(ge=0, le=1)], Annotated[float, Field(ge=0, le=1)]]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"expected an IANA time zone such as 'America/Chicago', found {name!r}") from error
    return name


def _quiet(text: str) -> str:
    found = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", text)
    if not found:
        raise ValueError(f"expected quiet hours such as '22:00-07:00', found {text!r}")
    for clock in found.groups():
        seconds_of_day(clock)
    return text


def _on_off(values: Any) -> Any:
    """YAML 1.1 reads a bare `on` or `off` as a boolean; devices report the words."""
    if isinstance(values, list):
        return [("on" if v else "off") if isinstance(v, bool) else v for v in values]
    return values


AttributeKind = Literal["number", "text", "boolean"]
Attribute = Annotated[AttributeKind | tuple[str | int | float, ...], BeforeValidator(_on_off)]


Several = Annotated[tuple[str, ...], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)]


def folder_of(id: str) -> str:
    """Return what the folder of a home or a camera is called: its id where that is a plain name, else what no other id becomes."""
    plain = re.sub(r"[^A-Za-z0-9._-]|^[^A-Za-z0-9]", "_", id)[:100]
    return plain if plain == id else f"{plain}-{blake2b(id.encode(), digest_size=8).hexdigest()}"


class Entry(BaseModel):
    """Something a home lists; unknown keys are kept and reported by `unknown_keys`.

    `known_as` maps another system to what it calls this there: `{ha: lock.front, frigate: front_door}`.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    id: Annotated[str, Field(min_length=1)]
    name: str = ""
    aliases: tuple[str, ...] = ()
    known_as: dict[str, Several] = Field(default_factory=dict)


class Person(Entry):
    """Somebody who lives or works here. The first word of `role` is owner, partner, member, child or guest."""

    role: str = "member"
    channels: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()

    @property
    def standing(self) -> Literal["owner", "member", "child", "guest"]:
        """Return what the role allows: a partner counts as owner, other text as member."""
        first = re.split(r"\W", self.role.strip().lower(), maxsplit=1)[0]
        match first:
            case "owner" | "partner":
                return "owner"
            case "child" | "guest":
                return "child" if first == "child" else "guest"
            case _:
                return "member"


class Pet(Entry):
    """An animal of the home."""

    species: str = ""
    looks: str = ""
    photos: tuple[str, ...] = ()


class Camera(Entry):
    """A camera, what it sees in words, its zones as polygons in 0..1, and the cameras that see the same place."""

    url: str | None = None
    sees: str = ""
    zones: dict[str, Annotated[tuple[Point, ...], Field(min_length=3)]] = Field(default_factory=dict)
    overlaps: tuple[str, ...] = ()


class Device(Entry):
    """A device: `attributes` maps a name to its values, or to `number`, `text` or `boolean`.

    One of type `scene` reports nothing itself: its state is read off a `zone` of a `camera`, by `photos` of each value.
    """

    type: str = ""
    attributes: dict[str, Attribute] = Field(default_factory=dict)
    unit: str | None = None
    events: tuple[str, ...] = ()
    camera: str | None = None
    zone: str | None = None
    photos: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Calendar(Entry):
    """A calendar whose entries become states; with `only`, those whose summary has one of these words."""

    url: str | None = None
    only: Several = ()


class Location(BaseModel):
    """Where the home is, in degrees."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class Home(BaseModel):
    """One household: tenant, partition key, time zone, and everything a rule may name."""

    model_config = ConfigDict(frozen=True, extra="allow")

    home: Annotated[str, Field(min_length=1)]
    name: str = ""
    time_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    location: Location | None = None
    language: str = "en"
    quiet_hours: Annotated[str, AfterValidator(_quiet)] | None = None
    lateness: Duration = "2s"
    people: tuple[Person, ...] = ()
    pets: tuple[Pet, ...] = ()
    cameras: tuple[Camera, ...] = ()
    devices: tuple[Device, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    default_speaker: str | None = None
    allow: tuple[str, ...] = DEFAULT_ALLOW

    @model_validator(mode="after")
    def _unique(self) -> Self:
        seen: set[str] = set()
        for entry in self.entries():
            if entry.id in seen:
                raise ValueError(f"expected each id once, found {entry.id!r} twice")
            seen.add(entry.id)
        cameras = {camera.id for camera in self.cameras}
        for camera in self.cameras:
            for other in set(camera.overlaps) - cameras:
                raise ValueError(f"{camera.id!r} overlaps with {other!r}, which is no camera of the home")
        for group, ids in self.groups.items():
            for missing in (i for i in ids if i not in seen):
                raise ValueError(f"group {group!r} names {missing!r}, which the home does not list")
        return self

    def entries(self) -> Iterator[Person | Pet | Camera | Device | Calendar]:
        """Yield everything the home lists."""
        yield from self.people
        yield from self.pets
        yield from self.cameras
        yield from self.devices
        yield from self.calendars

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some fields replaced; its entries are found by their ids as it lists them."""
        copy = super().model_copy(update=update, deep=deep)
        copy.__dict__.pop("by_id", None)  # pydantic copies what was computed from the old entries too
        return copy

    @cached_property
    def by_id(self) -> dict[str, Person | Pet | Camera | Device | Calendar]:
        """Return the entries by id."""
        return {entry.id: entry for entry in self.entries()}

    @property
    def speaker(self) -> str | None:
        """Return who speaks where nobody is named: the default speaker, else the only owner, else None."""
        owners = [person.id for person in self.people if person.standing == "owner"]
        return self.default_speaker or (owners[0] if len(owners) == 1 else None)

    def unknown_keys(self) -> list[str]:
        """Return the paths of keys that mean nothing here, so that a misspelt one can be reported."""
        found = list(self.model_extra or ())
        for entry in self.entries():
            found += [f"{entry.id}.{key}" for key in entry.model_extra or ()]
        return found


def parse_home(value: Any, where: str = "") -> Home:
    """Return the home of a plain object as read from YAML or JSON. Raise InputError."""
    if not isinstance(value, dict):
        raise InputError([Problem("not_a_home", where, f"expected a mapping, found {type(value).__name__}.")])
    try:
        return Home.model_validate(value)
    except ValidationError as error:
        raise InputError(problems_of(error, where, value)) from error
