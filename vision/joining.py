"""Joining: one happening that two cameras see is one episode.

Where the home says that two cameras see one place (`overlaps`), what a subject with a name does before both at once is told
under the episode of the camera that told of it first: for rules it then happens once. The other camera's `start` becomes an
`update`, and only when no camera sees it any more does it `end`. Without a name nobody knows that it is the same one, and nothing is
joined; nor is an episode whose first record went out under its own name, since what was told stays.

The same records in the same order are joined in the same way. What was joined is in the log, so a replay needs none of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import merge

import msgspec

from rules.coverage import is_lost
from rules.home import Home
from rules.record import Record
from vision.vocabulary import MOVES, UNKNOWN, VISIT

STALE = timedelta(minutes=10)  # an episode that goes on is told of every five minutes at least
Key = tuple[str, str, str]  # subject, activity, and of visits the zone


@dataclass(slots=True)
class _Shared:
    """A happening under the name of the episode that came first, with the episodes that are still seen, by camera."""

    name: str
    key: Key
    start: datetime
    last: datetime
    seen: dict[str, str] = field(default_factory=dict)


class Joining:
    """Gives the records of a home's cameras the episode of the happening that they share, in the order of their coming."""

    def __init__(self, home: Home) -> None:
        self.overlaps = overlaps_of(home)
        self._going_on: list[_Shared] = []
        self._of: dict[str, _Shared] = {}  # by the episode that a camera gave

    def receive(self, record: Record) -> Record:
        """Return the record, under the shared episode where there is one."""
        camera, episode = record.source, record.data.get("episode")
        if camera is None or camera not in self.overlaps:
            return record
        if is_lost(record):
            self._lose(camera)
        if record.type != "detection" or not isinstance(episode, str):
            return record
        shared = self._of.get(episode) or self._begin(record, camera, episode)
        return self._told(record, episode, shared) if shared else record

    def _begin(self, record: Record, camera: str, episode: str) -> _Shared | None:
        """Return what an episode belongs to at its first record: a happening that goes on, or one of its own."""
        if record.subject in {None, UNKNOWN} or record.data.get("phase") != "start":
            return None
        self._going_on = [one for one in self._going_on if one.seen and record.time - one.last <= STALE]
        self._of = {own: one for one in self._going_on for own in one.seen}
        key = _key(record)
        near = (one for one in self._going_on if one.key == key and self.overlaps[camera] & set(one.seen.values()))
        shared = next(near, None)
        if shared is None:
            shared = _Shared(episode, key, record.time, record.time)
            self._going_on.append(shared)
        shared.seen[episode] = camera
        self._of[episode] = shared
        return shared

    def _told(self, record: Record, episode: str, shared: _Shared) -> Record:
        """Return the record as one of the shared happening."""
        phase = record.data.get("phase")
        if phase == "end":
            del shared.seen[episode], self._of[episode]
        ends = phase == "end" and not shared.seen
        first = phase == "start" and episode == shared.name
        shared.last = max(shared.last, record.time)
        if first or (shared.name == episode and not shared.seen.keys() - {episode} and not ends):
            return record
        return _retold(record, shared, ends=ends)

    def _lose(self, camera: str) -> None:
        """Forget what a camera saw that sees no more."""
        for episode in [own for own, one in self._of.items() if one.seen[own] == camera]:
            del self._of.pop(episode).seen[episode]


def side_by_side(recordings: Iterable[Iterator[Record]], homes: Iterable[Home]) -> Iterator[Record]:
    """Yield the records of recordings that were taken at one time, each in order of (time, id), in that order and joined."""
    joining = {home.home: Joining(home) for home in homes}
    for record in merge(*recordings, key=lambda record: (record.time, record.id)):
        yield joining[record.home or ""].receive(record)


def overlaps_of(home: Home) -> Mapping[str, frozenset[str]]:
    """Return, for each camera that shares a place with others, those others: it is enough that one of two says so."""
    found: dict[str, set[str]] = {}
    for camera in home.cameras:
        for other in camera.overlaps:
            found.setdefault(camera.id, set()).add(other)
            found.setdefault(other, set()).add(camera.id)
    return {camera: frozenset(others - {camera}) for camera, others in found.items()}


def _key(record: Record) -> Key:
    """Return what has to be the same: visits are to a zone, but a bowl has one name before each camera."""
    activity = str(record.data.get("activity", ""))
    if activity in MOVES or activity == VISIT:
        return str(record.subject), VISIT, str(record.data.get("zone", ""))
    return str(record.subject), activity, ""


def _retold(record: Record, shared: _Shared, *, ends: bool) -> Record:
    time = shared.last if ends else record.time
    lasted = max((time - shared.start).total_seconds(), 0.0)
    data = {**record.data, "episode": shared.name, "phase": "end" if ends else "update", "lasted": round(lasted, 1)}
    if not ends and data.get("activity") in MOVES:
        data["activity"] = VISIT
    return msgspec.structs.replace(record, time=time, data=data)
