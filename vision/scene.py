"""The scene: what happens before one camera, as records.

State is kept for each zone and class group, not for a track: ids break, a bowl does not move. Two kinds of episode
are told. A *visit* to a zone (or to the picture, then without `zone`): `entered`, then `at`, then `left`; who was there when
watching began, or still is when it stops, is `at` and has not entered or left. A *meal*: `eating`, from coming to the
bowl to leaving it, once it has lasted five seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from rules.record import Record
from rules.units import instant
from vision.activity import MEAL, VISIT, is_at, is_over_bowl
from vision.detection import Detections
from vision.episode import Episode, Phase
from vision.frame import Frame
from vision.identity import Identifier, Identity, nobody_looks
from vision.track import Track, Tracker, Votes
from vision.zone import Box, Zone, share_covered

Kind = Literal["visit", "meal"]
Key = tuple[str, str, Kind]  # zone name ("" is the picture), class group, kind
Snapshot = Callable[[Frame, Box, str], str]  # keeps a picture: frame, the subject's box, episode; returns its name
FIRST_LOOK = timedelta(seconds=1)  # whoever is found within it was there before
_TIMING = {"visit": VISIT, "meal": MEAL}


@dataclass(slots=True)
class _Subject:
    """What is known about the subject of the happening that began at `start`."""

    start: datetime | None = None
    votes: Votes = field(default_factory=Votes)
    confidence: float = 0.0
    sightings: int = 0
    identity: Identity | None = None
    snapshot: str | None = None
    records: int = 0

    def follow(self, track: Track) -> None:
        """Learn from one more sighting."""
        self.votes.cast(track.label, track.detection.confidence)
        self.confidence += track.detection.confidence
        self.sightings += 1


@dataclass(slots=True)
class _Happening:
    episode: Episode
    subject: _Subject = field(default_factory=_Subject)

    def follow(self, track: Track) -> None:
        """Give the sighting to its subject: a new one where a new happening has begun."""
        if self.subject.start != self.episode.start:
            self.subject = _Subject(self.episode.start)
        self.subject.follow(track)


class Scene:
    """Folds the detections of one camera, in the order of time, into the records of what happens there."""

    def __init__(
        self,
        home: str,
        camera: str,
        zones: tuple[Zone, ...] = (),
        identify: Identifier = nobody_looks,
        snapshot: Snapshot | None = None,
    ) -> None:
        self._home = home
        self._camera = camera
        self._zones = {zone.name: zone for zone in zones}
        self._identify = identify
        self._snapshot = snapshot
        self._tracker = Tracker()
        self._happenings: dict[Key, _Happening] = {}
        self._began: datetime | None = None

    def receive(self, frame: Frame, detections: Detections) -> list[Record]:
        """Return the records known with this frame. They may lie up to the dwell back, at the time they happened."""
        self._began = self._began or frame.time
        seen = self._sightings(self._tracker.receive(frame.time, detections))
        for key in seen.keys() - self._happenings.keys():
            self._happenings[key] = _Happening(Episode(_TIMING[key[2]]))
        return [record for key in sorted(self._happenings) for record in self._happen(key, frame, seen.get(key))]

    def close(self) -> list[Record]:
        """Return the ends of what goes on, since watching stops here; nobody is said to have left."""
        ends = [
            self._record(key, happening.subject, phase, stopped=True)
            for key, happening in sorted(self._happenings.items())
            for phase in happening.episode.close()
        ]
        self._happenings.clear()
        self._tracker = Tracker()
        self._began = None
        return ends

    def _sightings(self, tracks: list[Track]) -> dict[Key, Track]:
        """Return the best track for each thing that this frame shows: the one that covers most of the zone."""
        best: dict[Key, tuple[float, Track]] = {}
        for track in tracks:
            for key, weight in self._shows(track):
                if key not in best or weight > best[key][0]:
                    best[key] = weight, track
        return {key: track for key, (_, track) in best.items()}

    def _shows(self, track: Track) -> list[tuple[Key, float]]:
        shown: list[tuple[Key, float]] = [(("", track.group, "visit"), track.detection.confidence)]
        for zone in self._zones.values():
            weight = share_covered(zone, track.box)
            if is_at(zone, track.box):
                shown.append(((zone.name, track.group, "visit"), weight))
            if is_over_bowl(zone, track.group, track.box):
                shown.append(((zone.name, track.group, "meal"), weight))
        return shown

    def _happen(self, key: Key, frame: Frame, track: Track | None) -> list[Record]:
        happening = self._happenings[key]
        records = []
        for phase in happening.episode.receive(frame.time, track is not None):
            if phase.name != "end" and track:
                self._look(key, happening.subject, phase, frame, track)
            records.append(self._record(key, happening.subject, phase))
        if track:
            happening.follow(track)
        return records

    def _look(self, key: Key, subject: _Subject, phase: Phase, frame: Frame, track: Track) -> None:
        """Learn who it is, and keep one picture of the episode."""
        subject.identity = self._identify(track, frame) or subject.identity
        if self._snapshot and not subject.snapshot:
            subject.snapshot = self._snapshot(frame, track.box, self._episode_id(key, phase))

    def _record(self, key: Key, subject: _Subject, phase: Phase, stopped: bool = False) -> Record:
        episode, identity = self._episode_id(key, phase), subject.identity
        zone, _, kind = key
        data: dict[str, str | float] = {
            "label": (identity and identity.label) or subject.votes.label,
            "activity": "eating" if kind == "meal" else self._move(phase, stopped),
            "confidence": round(subject.confidence / subject.sightings, 2),
            "episode": episode,
            "phase": phase.name,
            "lasted": round(phase.lasted.total_seconds(), 1),
            "basis": self._basis(zone, kind),
        }
        data |= {"zone": zone} if zone else {}
        data |= {"identified_by": identity.basis} if identity else {}
        data |= {"snapshot": subject.snapshot} if subject.snapshot else {}
        subject.records += 1
        return Record(
            id=f"{episode}-{subject.records:04d}",
            type="detection",
            time=phase.time,
            source=self._camera,
            subject=identity.subject if identity else None,
            home=self._home,
            data=data,
        )

    def _move(self, phase: Phase, stopped: bool) -> str:
        """Return what a phase of a visit is: nobody enters who was there first, nor leaves when watching stops."""
        if phase.name == "start" and self._began and phase.start - self._began > FIRST_LOOK:
            return "entered"
        return "left" if phase.name == "end" and not stopped else "at"

    def _basis(self, zone: str, kind: Kind) -> str:
        """Return what the record was inferred from."""
        if kind == "meal":
            return "at_bowl"
        if not zone:
            return "in_picture"
        return "box_over_zone" if self._zones[zone].is_bowl else "standing_in_zone"

    def _episode_id(self, key: Key, phase: Phase) -> str:
        """Return a name that the same video gives again, so that seeing it twice adds nothing to a log."""
        return "-".join((self._camera, *filter(None, key), str(instant(phase.start) // 1000)))
