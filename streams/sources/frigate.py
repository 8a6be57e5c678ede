"""Frigate: its messages on MQTT as detections, events and health.

`events` tells of a tracked object again and again under one id, whenever something about it changes. So an object is one
episode in the picture, and one in each zone while it is there; it is told when it comes, when somebody is made out, and when
it goes. Times are Frigate's own (Unix seconds of the frame), so a message that comes twice makes the same records.

What was under way before anybody listened did not happen now: an object first heard of by an `update` is followed, and told
from its next zone on. When listening ends, what goes on ends too, and nobody is said to have left.

An animal that stays at a food bowl for five seconds is told as `eating` with the basis `at_bowl`, as the cameras watched here
tell it: from boxes alone nobody knows more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from rules.bowl import holds_food, holds_water
from rules.home import Camera
from rules.record import Kind, Record
from rules.units import EPOCH, instant
from streams.sources.listing import Listing, people_by_name, plain
from streams.sources.reach import Reach

BRIDGE = "frigate"
ANIMALS = frozenset("bird bear cat cow dog horse rabbit sheep squirrel".split())
MEAL = {"eating": timedelta(seconds=5), "drinking": timedelta(seconds=3)}
MOST_CAMERAS = 200
MOST_OBJECTS = 2_000  # at once; a camera on a street has dozens
_NO_SOUND = frozenset({"dBFS", "rms", "state", "set", "all"})
_DARK = {"OFF": "detection_off"}


class Tracked(msgspec.Struct, kw_only=True):
    """A tracked object as `events` has it, with what is used of it."""

    id: str
    camera: str
    label: str
    start_time: float
    frame_time: float | None = None
    end_time: float | None = None
    sub_label: str | list[str | float] | None = None
    recognized_license_plate: str | list[str | float] | None = None
    top_score: float | None = None
    score: float | None = None
    false_positive: bool | None = False
    current_zones: list[str] = []


class Change(msgspec.Struct):
    """A message of `events`."""

    type: str
    after: Tracked
    before: Tracked | None = None


class _ReviewData(msgspec.Struct):
    objects: list[str] = []
    zones: list[str] = []


class _ReviewItem(msgspec.Struct):
    id: str
    camera: str
    start_time: float
    severity: str
    end_time: float | None = None
    data: _ReviewData = msgspec.field(default_factory=_ReviewData)


class Review(msgspec.Struct):
    """A message of `reviews`."""

    type: str
    after: _ReviewItem


class Update(msgspec.Struct):
    """A message of `tracked_object_update`: a face, a plate or a class that was made out."""

    type: str
    id: str
    timestamp: float | None = None
    name: str | None = None
    plate: str | None = None
    sub_label: str | None = None


class _Stats(msgspec.Struct):
    cameras: dict[str, dict[str, object]] = {}


@dataclass(slots=True)
class _Episode:
    """Something that goes on: the visit of a picture or a zone, or a meal there."""

    name: str
    activity: str
    since: datetime
    zone: str | None = None


@dataclass(slots=True)
class _Object:
    """A tracked object, and what is being told of it."""

    camera: Camera
    label: str
    confidence: float | None
    last: datetime
    picture: _Episode | None = None
    visits: dict[str, _Episode | None] = field(default_factory=dict)  # by zone; None: was there before anybody listened
    meals: dict[str, _Episode] = field(default_factory=dict)
    subject: str | None = None
    known: dict[str, str] = field(default_factory=dict)  # more that was made out: a plate, a class

    def episodes(self) -> list[_Episode]:
        """Return everything that goes on."""
        visits = [visit for visit in self.visits.values() if visit]
        return [*([self.picture] if self.picture else []), *visits, *self.meals.values()]


class Frigate:
    """Turns Frigate's messages into records of a home's cameras; `topics` are what to subscribe to, below its prefix."""

    topics = (
        "events", "reviews", "tracked_object_update", "available", "stats", "+/status/detect", "+/detect/state", "+/enabled/state", "+/audio/+",
    )  # fmt: skip

    def __init__(self, listing: Listing, reach: Reach) -> None:
        self.listing, self._reach, self._home = listing, reach, listing.home.home
        self._objects: dict[str, _Object] = {}
        self._reviews: dict[str, str] = {}
        self._names = people_by_name(listing.home)
        self._since = EPOCH
        self._seen: set[str] = set()  # Frigate's names of cameras

    def begin(self, now: datetime) -> list[Record]:
        """Listen from now on: every camera that is known to Frigate is told of."""
        self._since = now
        cameras = [entry.id for entry in self.listing.named() if isinstance(entry, Camera)]
        return [record for camera in cameras for record in self._add(camera, now)]

    def end(self, now: datetime) -> list[Record]:
        """Stop listening: what goes on ends, and nobody is said to have left."""
        ended = [record for each in list(self._objects) for record in self._close(each, now, stopped=True)]
        self._reviews.clear()
        return ended

    def receive(self, topic: str, payload: bytes, now: datetime, *, retained: bool = False) -> list[Record]:
        """Return the records of a message; `topic` is without the prefix. Raise msgspec.DecodeError for what is none."""
        match topic.split("/"):
            case ["events"]:
                return [] if retained else list(self._change(msgspec.json.decode(payload, type=Change), now))
            case ["reviews"]:
                return [] if retained else list(self._review(msgspec.json.decode(payload, type=Review), now))
            case ["tracked_object_update"]:
                return [] if retained else list(self._made_out(msgspec.json.decode(payload, type=Update)))
            case ["available"]:
                return self._bridge(payload == b"online", now)
            case ["stats"]:
                return list(self._stats(msgspec.json.decode(payload, type=_Stats), now))
            case [camera, "status", "detect"]:
                word = payload.decode("ascii", "replace")
                return self._status(camera, "status", "" if word == "online" else f"camera_{word}"[:40], now)
            case [camera, "detect" | "enabled" as what, "state"]:
                return self._status(camera, what, _DARK.get(payload.decode("ascii", "replace"), ""), now)
            case [camera, "audio", sound] if sound not in _NO_SOUND and not retained:
                return list(self._sound(camera, sound, payload == b"ON", now))
            case _:
                return []

    def wake(self, now: datetime) -> list[Record]:
        """Return the meals that have become some by now: nothing is sent while an animal just stays."""
        return [record for id, each in self._objects.items() for record in self._meals(id, each, now)]

    # --- tracked objects ---

    def _change(self, change: Change, now: datetime) -> Iterator[Record]:
        given = change.after
        if given.false_positive:
            return
        known = self._objects.get(given.id)
        if known is None:
            camera = self._camera(given.camera)
            if camera is None or (change.type == "end" and not self._is_new(given)):
                return
            yield from self._add(camera.id, now)
            yield from self._make_room()
            known = self._begin(camera, change)
            if self._is_new(given) or change.type == "new":
                known.picture = _Episode(f"frigate-{given.id}", "at", _at(given.start_time))
                yield self._record(known, known.picture, "start", known.picture.since, "entered")
        time = _at(given.frame_time or given.start_time)
        known.last, known.confidence = max(known.last, time), _confidence(given)
        yield from self._identify(known, given, time)
        yield from self._visit(given, known, time)
        yield from self._meals(given.id, known, time)
        if change.type == "end" or given.end_time is not None:
            yield from self._close(given.id, _at(given.end_time) if given.end_time is not None else time)

    def _is_new(self, given: Tracked) -> bool:
        return _at(given.start_time) >= self._since

    def _begin(self, camera: Camera, change: Change) -> _Object:
        given = change.after
        known = _Object(camera, given.label, _confidence(given), _at(given.start_time))
        if not (self._is_new(given) or change.type == "new"):
            before = change.before or given
            known.visits = dict.fromkeys(self._zones(camera, before))
        self._objects[given.id] = known
        return known

    def _make_room(self) -> Iterator[Record]:
        """Follow no more what was heard of least lately, where there is too much: what goes on of it ends, and nobody left."""
        while len(self._objects) >= MOST_OBJECTS:
            id, known = min(self._objects.items(), key=lambda each: each[1].last)
            yield from self._close(id, known.last, stopped=True)

    def _zones(self, camera: Camera, given: Tracked) -> list[str]:
        drawn = {plain(zone): zone for zone in camera.zones}
        return [drawn[plain(zone)] for zone in given.current_zones if plain(zone) in drawn]

    def _visit(self, given: Tracked, known: _Object, time: datetime) -> Iterator[Record]:
        inside = self._zones(known.camera, given)
        for zone in [zone for zone in known.visits if zone not in inside]:
            yield from self._leave(known, zone, time, "left")
        for zone in (zone for zone in inside if zone not in known.visits):
            visit = _Episode(f"frigate-{given.id}-{zone}-{instant(time) // 1000}", "at", time, zone)
            known.visits[zone] = visit
            yield self._record(known, visit, "start", time, "entered")

    def _leave(self, known: _Object, zone: str, time: datetime, how: str) -> Iterator[Record]:
        meal, visit = known.meals.pop(zone, None), known.visits.pop(zone)
        if visit is not None:
            if meal is None and (meal := _meal(known, visit, time)):
                yield self._record(known, meal, "start", meal.since)
            if meal is not None:
                yield self._record(known, meal, "end", time)
            yield self._record(known, visit, "end", time, how)

    def _meals(self, id: str, known: _Object, now: datetime) -> Iterator[Record]:
        for zone, visit in known.visits.items():
            if visit is not None and zone not in known.meals and (meal := _meal(known, visit, now)):
                known.meals[zone] = meal
                yield self._record(known, meal, "start", meal.since)

    def _close(self, id: str, time: datetime, *, stopped: bool = False) -> Iterator[Record]:
        known, how = self._objects.pop(id), "at" if stopped else "left"
        for zone in list(known.visits):
            yield from self._leave(known, zone, time, how)
        if known.picture:
            yield self._record(known, known.picture, "end", time, how)

    # --- who it is ---

    def _identify(self, known: _Object, given: Tracked, time: datetime) -> Iterator[Record]:
        plate = _name(given.recognized_license_plate)
        yield from self._learn(known, _name(given.sub_label), {"plate": plate} if plate else {}, time)

    def _made_out(self, update: Update) -> Iterator[Record]:
        known = self._objects.get(update.id)
        if known is None:
            return
        time = _at(update.timestamp) if update.timestamp else known.last
        plate = {"plate": update.plate} if update.plate else {}
        yield from self._learn(known, update.name or update.sub_label or "", plate, time, face=update.type == "face")

    def _learn(self, known: _Object, name: str, more: dict[str, str], time: datetime, *, face: bool = False) -> Iterator[Record]:  # fmt: skip
        subject = self._names.get(name.lower()) or ("unknown" if face else None)
        if name and subject is None:
            more = more | {"sub_label": name[:200]}
        better = subject is not None and subject != known.subject and not (subject == "unknown" and known.subject)
        if not better and more.items() <= known.known.items():
            return
        known.subject, known.known = subject if better else known.subject, known.known | more
        for episode in known.episodes():
            yield self._record(known, episode, "update", time)

    # --- cameras ---

    def _camera(self, name: str) -> Camera | None:
        """Return the camera of the home that Frigate means; one that is watched here too must be named, or it were told twice."""
        for known in self.listing.find(name):
            if isinstance(known.entry, Camera) and ("frigate" in known.entry.known_as or not known.entry.url):
                return known.entry
        return None

    def _add(self, camera: str, now: datetime) -> list[Record]:
        return self._reach.add(camera, "connection", BRIDGE, f"{camera}/status", f"{camera}/detect", f"{camera}/enabled", f"{camera}/stats", now=now)  # fmt: skip

    def _bridge(self, online: bool, now: datetime) -> list[Record]:
        if online:
            return self._reach.up(BRIDGE, now)
        return [*self.end(now), *self._reach.down(BRIDGE, "frigate_offline", now)]

    def _status(self, name: str, what: str, why: str, now: datetime) -> list[Record]:
        camera = self._camera(name)
        if camera is None:
            return []
        added, cause = self._add(camera.id, now), f"{camera.id}/{what}"
        if not why:
            return [*added, *self._reach.up(cause, now)]
        gone = [id for id, each in self._objects.items() if each.camera.id == camera.id]
        ended = [record for id in gone for record in self._close(id, now, stopped=True)]
        return [*added, *ended, *self._reach.down(cause, why, now)]

    def _stats(self, stats: _Stats, now: datetime) -> Iterator[Record]:
        self._seen |= set(list(stats.cameras)[:MOST_CAMERAS])
        for name, figures in stats.cameras.items():
            fps = figures.get("camera_fps")
            if isinstance(fps, int | float):
                yield from self._status(name, "stats", "" if fps > 0 else "no_picture", now)

    def discover(self) -> list[Camera]:
        """Return the cameras that Frigate has and the home does not list."""
        unlisted = sorted(name for name in self._seen if not self.listing.look(name))
        return [Camera(id=f"cam.{plain(name).replace(' ', '_')}", name=f"{plain(name)} camera", known_as={BRIDGE: (name,)}) for name in unlisted]  # fmt: skip

    # --- reviews and sounds ---

    def _review(self, review: Review, now: datetime) -> Iterator[Record]:
        item, camera = review.after, self._camera(review.after.camera)
        told = self._reviews.get(item.id)
        if camera is None or (told is None and not (review.type == "new" or _at(item.start_time) >= self._since)):
            return
        ended = review.type == "end"
        time = (
            _at(item.end_time) if ended and item.end_time is not None else _at(item.start_time) if told is None else now
        )
        if told == item.severity and not ended:
            return
        phase = "end" if ended else "start" if told is None else "update"
        data = {"name": item.severity, "objects": ", ".join(item.data.objects), "zones": ", ".join(item.data.zones)}
        self._reviews[item.id] = item.severity
        if ended:
            del self._reviews[item.id]
        yield self._event(camera, f"frigate-review-{item.id}", phase, time, data, item.severity)

    def _sound(self, name: str, sound: str, on: bool, now: datetime) -> Iterator[Record]:
        camera = self._camera(name)
        if camera is not None and on:
            yield self._event(camera, f"frigate-{camera.id}-{sound}-{instant(now)}", "", now, {"name": sound}, "")

    # --- records ---

    def _event(self, camera: Camera, episode: str, phase: str, time: datetime, data: dict[str, str], how: str) -> Record:  # fmt: skip
        more = {"episode": episode, "phase": phase} if phase else {}
        return self._made(f"{episode}-{phase}-{how}".rstrip("-"), "event", camera, time, None, {**data, **more})

    def _record(self, known: _Object, episode: _Episode, phase: str, time: datetime, activity: str = "") -> Record:
        data: dict[str, str | float | None] = {
            "label": known.label,
            "activity": activity or episode.activity,
            "zone": episode.zone,
            "confidence": known.confidence,
            "episode": episode.name,
            "phase": phase,
            "lasted": round((time - episode.since).total_seconds(), 3),
            "basis": "at_bowl" if episode.activity in MEAL else None,
            "identified_by": "frigate" if known.subject else None,
            **known.known,
        }
        id = f"{episode.name}-{phase}" + (f"-{instant(time) // 1000}" if phase == "update" else "")
        return self._made(id, "detection", known.camera, time, known.subject, data)

    def _made(self, id: str, type: Kind, camera: Camera, time: datetime, subject: str | None, data: dict[str, str | float | None] | dict[str, str]) -> Record:  # fmt: skip
        told = {name: value for name, value in data.items() if value is not None}
        return Record(id=id, type=type, time=time, home=self._home, source=camera.id, subject=subject, data=told)


def _meal(known: _Object, visit: _Episode, now: datetime) -> _Episode | None:
    """Return the meal that a visit has become by now: an animal that stays at a bowl, and does not only pass."""
    zone = visit.zone or ""
    activity = "drinking" if holds_water(zone) else "eating" if holds_food(zone) else ""
    if not activity or known.label not in ANIMALS or now - visit.since < MEAL[activity]:
        return None
    return _Episode(f"{visit.name}-{activity}", activity, visit.since, visit.zone)


def _name(given: str | list[str | float] | None) -> str:
    """Return a name that Frigate gives alone or with its score."""
    first = given[0] if isinstance(given, list) and given else given
    return first if isinstance(first, str) else ""


def _confidence(given: Tracked) -> float | None:
    score = given.top_score if given.top_score is not None else given.score
    return round(score, 2) if score is not None and 0 <= score <= 1 else None


def _at(seconds: float) -> datetime:
    """Return the time of Unix seconds, to the microsecond."""
    return EPOCH + timedelta(microseconds=round(seconds * 1_000_000))
