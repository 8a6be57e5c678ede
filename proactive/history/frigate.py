"""Frigate's history: the tracked objects of `GET /api/events` as detection records.

An event is one object from `start_time` to `end_time` (Unix seconds; null while it goes on), with a `label`, the `zones`
that it entered and, where Frigate recognised it, a `sub_label`. The list is newest first and `before` leaves out what starts at
that time or later: so it is read page by page, back in time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from proactive.error import ProactiveError
from proactive.settings import hide_password
from rules.home import Camera, Home
from rules.problem import InputError, Problem
from rules.record import Record
from rules.units import SECOND, moment

PAGE = 500
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_STEP = 0.000001  # events that start at the same instant as a page's last are on the next page too


class Event(BaseModel):
    """One event of Frigate's list, with what is used of it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(min_length=1)
    camera: str
    label: str
    start_time: float = Field(gt=0, lt=4e9)
    end_time: float | None = None
    sub_label: str | list[Any] | None = None
    zones: list[str] = Field(default_factory=list)
    false_positive: bool | None = None
    top_score: float | None = None
    data: dict[str, Any] = Field(default_factory=dict)

    @property
    def known_as(self) -> str:
        """Return as whom Frigate recognised it, or an empty text; older versions give the name with its score."""
        given = self.sub_label[0] if isinstance(self.sub_label, list) and self.sub_label else self.sub_label
        return given if isinstance(given, str) else ""

    @property
    def score(self) -> float | None:
        """Return the best confidence, wherever this version of Frigate keeps it."""
        found = (self.top_score, self.data.get("top_score"), self.data.get("score"))
        return next((float(score) for score in found if isinstance(score, int | float) and 0 <= score <= 1), None)


_page = TypeAdapter(list[dict[str, Any]])


@dataclass(slots=True)
class Imported:
    """What came of a list of events: records, and how many events were left out by why."""

    records: list[Record] = field(default_factory=list)
    events: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    def leave_out(self, why: str) -> None:
        """Count an event that makes no record."""
        self.left_out[why] = self.left_out.get(why, 0) + 1


def fetch(url: str, since: int, until: int) -> Iterator[dict[str, Any]]:
    """Yield Frigate's events that started between two instants, the newest first. Raise InputError or ProactiveError."""
    _check_url(url)
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=False) as client:
        before, seen = until / SECOND, set[str]()
        while True:
            page = _get(client, url, since / SECOND, before)
            new = [event for event in page if event.get("id") not in seen]
            yield from new
            seen |= {str(event.get("id")) for event in new}
            starts = [event["start_time"] for event in page if isinstance(event.get("start_time"), int | float)]
            if len(page) < PAGE or not new or not starts:
                return
            before = min(starts) + _STEP


def _check_url(url: str) -> None:
    if not re.match(r"https?://[^/]+", url):
        message = f"expected an address such as 'http://frigate.local:5000', found {hide_password(url)!r}."
        raise InputError([Problem("bad_address", "--frigate", message)])


def _get(client: httpx.Client, url: str, after: float, before: float) -> list[dict[str, Any]]:
    parameters = {"after": after, "before": before, "limit": PAGE, "include_thumbnails": 0}
    shown = hide_password(url)
    try:
        response = client.get(f"{url.rstrip('/')}/api/events", params=parameters)
        response.raise_for_status()
        return _page.validate_json(response.content)
    except httpx.HTTPStatusError as error:
        raise ProactiveError(_refused(shown, error.response.status_code)) from error
    except httpx.HTTPError as error:
        raise ProactiveError(f"Frigate at {shown} cannot be reached: {str(error) or type(error).__name__}.") from error
    except ValidationError as error:
        message = f"{shown} does not answer as Frigate does: expected a list of events from /api/events."
        raise ProactiveError(
            f"{message} Give the address of Frigate itself, such as http://frigate.local:5000."
        ) from error


def _refused(shown: str, status: int) -> str:
    if status in (401, 403):
        return f"Frigate at {shown} wants a login ({status}). Its port 5000 takes none: give that one, from a machine that may use it."
    return f"Frigate at {shown} answered {status} to /api/events. Check the address and Frigate's log."


# --- events into records ----------------------------------------------------------------------------------------


def imported(events: Iterator[dict[str, Any]], home: Home, cameras: Mapping[str, str]) -> Imported:
    """Return the records of events; `cameras` maps Frigate's names to ids of the home where they differ. Raise InputError."""
    _check_cameras(cameras, home)
    found, named = Imported(), _by_name(home)
    for given in events:
        found.events += 1
        try:
            event = Event.model_validate(given)
        except ValidationError:
            found.leave_out("not an event as Frigate writes it")
            continue
        camera = home.by_id.get(cameras.get(event.camera, "")) or named.get(_plain(event.camera))
        if event.false_positive:
            found.leave_out("a false positive")
        elif not isinstance(camera, Camera):
            found.leave_out(f"of camera {event.camera!r}, which the home does not list")
        else:
            found.records += _records(event, camera, home)
    return found


def _check_cameras(cameras: Mapping[str, str], home: Home) -> None:
    own = [camera.id for camera in home.cameras]
    for name, id in cameras.items():
        if id not in own:
            message = f"expected one of {', '.join(own) or 'no camera'} for {name!r}, found {id!r}."
            raise InputError([Problem("unknown_source", "--camera", message)])


def _by_name(home: Home) -> dict[str, Camera]:
    """Return the cameras by every plain name that they have; the first of several counts."""
    found: dict[str, Camera] = {}
    for camera in home.cameras:
        for name in (camera.id.partition(".")[2], camera.name, *camera.aliases):
            found.setdefault(_plain(name), camera)
    return found


def _plain(name: str) -> str:
    words = re.split(r"[\W_]+", name.lower())
    return " ".join(word for word in words if word and word not in ("camera", "cam"))


def _records(event: Event, camera: Camera, home: Home) -> list[Record]:
    """Return a start and, once it is over, an end for each zone of the home that was entered, or for the whole picture."""
    zones: Sequence[str | None] = [zone for zone in event.zones if zone in camera.zones] or [None]
    found = []
    for number, zone in enumerate(zones):
        found.append(_record(event, camera, home, f"{event.id}-{number}-start", {"phase": "start"}, zone))
        if event.end_time is not None and event.end_time >= event.start_time:
            lasted = {"phase": "end", "lasted": round(event.end_time - event.start_time, 3)}
            found.append(_record(event, camera, home, f"{event.id}-{number}-end", lasted, zone))
    return found


def _record(event: Event, camera: Camera, home: Home, id: str, phase: dict[str, Any], zone: str | None) -> Record:
    time = event.end_time if phase["phase"] == "end" and event.end_time is not None else event.start_time
    given = {"label": event.label, "zone": zone, "confidence": event.score, "episode": f"frigate-{event.id}", **phase}
    data = {name: value for name, value in given.items() if value is not None}
    at = moment(round(time * SECOND))
    subject = _subject(event, home)
    return Record(
        id=f"frigate-{id}", type="detection", source=camera.id, subject=subject, home=home.home, time=at, data=data
    )


def _subject(event: Event, home: Home) -> str | None:
    """Return the person or pet that Frigate recognised, by name; None where it recognised nobody whom the home lists."""
    names = {name.lower(): entry.id for entry in (*home.people, *home.pets) for name in (*entry.aliases, entry.name)}
    return names.get(event.known_as.lower()) if event.known_as else None
