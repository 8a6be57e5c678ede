"""The scene: what happens before one camera, as records.

State is kept for each activity, zone and class group, not for a track: ids break, a bowl does not move. Each is told as episodes.
Being `at` a zone (or in the picture, then without `zone`) is a *visit*, told as `entered`, then `at`, then `left`; who was there when
watching began, or still is when it stops, is `at` and has not entered or left. Every other activity keeps its name from `start` to `end`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rules.record import Record
from rules.units import instant
from vision.activity import Activity, Shown, load_activities
from vision.detection import Detections
from vision.episode import Episode, Phase
from vision.frame import Frame
from vision.identity import Identifier, Identity, nobody_looks
from vision.memory import Memory
from vision.moment import Moment, Subject, Thing
from vision.track import Votes
from vision.zone import Box, Zone

VISIT = "at"
FIRST_LOOK = timedelta(seconds=1)  # whoever is found within it was there before
Snapshot = Callable[[Frame, Box, str], str]  # keeps a picture: frame, the subject's box, episode; returns its name


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What has episodes of its own: an activity, at a zone ("" is the picture), by a class group, with another."""

    zone: str
    group: str
    activity: str
    other: str = ""


@dataclass(slots=True)
class _Doing:
    """What is known about who does it, in the happening that began at `start`."""

    start: datetime | None = None
    votes: Votes = field(default_factory=Votes)
    confidence: float = 0.0
    sightings: int = 0
    bases: Votes = field(default_factory=Votes)
    identity: Identity | None = None
    company: str | None = None
    snapshot: str | None = None
    records: int = 0

    def follow(self, shown: Shown) -> None:
        """Learn from one more sighting."""
        self.votes.cast(shown.subject.label, shown.subject.confidence)
        self.bases.cast(shown.basis, 1.0)
        self.confidence += shown.subject.confidence
        self.sightings += 1


@dataclass(slots=True)
class _Happening:
    episode: Episode
    doing: _Doing = field(default_factory=_Doing)

    def follow(self, shown: Shown) -> None:
        """Give the sighting to who does it: somebody new where a new happening has begun."""
        if self.doing.start != self.episode.start:
            self.doing = _Doing(self.episode.start)
        self.doing.follow(shown)


class Scene:
    """Folds the detections of one camera, in the order of time, into the records of what happens there."""

    def __init__(
        self,
        home: str,
        camera: str,
        zones: tuple[Zone, ...] = (),
        identify: Identifier = nobody_looks,
        snapshot: Snapshot | None = None,
        activities: Sequence[Activity] | None = None,
    ) -> None:
        self._home = home
        self._camera = camera
        self._zones = zones
        self._identify = identify
        self._snapshot = snapshot
        self._activities = {each.name: each for each in (load_activities() if activities is None else activities)}
        self._memory = Memory(zones)
        self._happenings: dict[Key, _Happening] = {}
        self._began: datetime | None = None

    def receive(self, frame: Frame, detections: Detections) -> list[Record]:
        """Return the records known with this frame. They may lie up to the dwell back, at the time they happened."""
        moment = self._memory.receive(frame, detections)
        self._began = moment.began
        shown = self._shown(moment)
        for key in shown.keys() - self._happenings.keys():
            self._happenings[key] = _Happening(Episode(self._activities[key.activity].timing))
        return [record for key in sorted(self._happenings) for record in self._happen(key, frame, shown.get(key))]

    def close(self) -> list[Record]:
        """Return the ends of what goes on, since watching stops here; nobody is said to have left."""
        ends = [
            self._record(key, happening.doing, phase, stopped=True)
            for key, happening in sorted(self._happenings.items())
            for phase in happening.episode.close()
        ]
        self._happenings.clear()
        self._memory = Memory(self._zones)
        return ends

    def _shown(self, moment: Moment) -> Mapping[Key, Shown]:
        """Return who stands for each thing that happens in this moment: the one with the greatest weight."""
        best: dict[Key, Shown] = {}
        for name, activity in self._activities.items():
            for shown in activity.shown(moment):
                key = Key(shown.zone, shown.subject.group, name, shown.other.group if shown.other else "")
                if key not in best or shown.weight > best[key].weight:
                    best[key] = shown
        return best

    def _happen(self, key: Key, frame: Frame, shown: Shown | None) -> list[Record]:
        happening = self._happenings[key]
        records = []
        for phase in happening.episode.receive(frame.time, shown is not None):
            if phase.name != "end" and shown:
                self._look(key, happening.doing, phase, frame, shown)
            records.append(self._record(key, happening.doing, phase))
        if shown:
            happening.follow(shown)
        return records

    def _look(self, key: Key, doing: _Doing, phase: Phase, frame: Frame, shown: Shown) -> None:
        """Learn who it is and with whom, and keep one picture of the episode."""
        doing.identity = self._who(shown.subject, frame) or doing.identity
        if shown.other:
            other = self._who(shown.other, frame)
            doing.company = other.subject if other else shown.other.label
        if self._snapshot and not doing.snapshot:
            doing.snapshot = self._snapshot(frame, shown.subject.box, self._episode_id(key, phase))

    def _who(self, subject: Subject | Thing, frame: Frame) -> Identity | None:
        return self._identify(subject.track, frame) if isinstance(subject, Subject) else None

    def _record(self, key: Key, doing: _Doing, phase: Phase, stopped: bool = False) -> Record:
        episode, identity = self._episode_id(key, phase), doing.identity
        data: dict[str, str | float] = {
            "label": (identity and identity.label) or doing.votes.label,
            "activity": self._move(phase, stopped) if key.activity == VISIT else key.activity,
            "confidence": round(doing.confidence / doing.sightings, 2),
            "episode": episode,
            "phase": phase.name,
            "lasted": round(phase.lasted.total_seconds(), 1),
            "basis": doing.bases.label,
        }
        data |= {"zone": key.zone} if key.zone else {}
        data |= {"with": doing.company} if doing.company else {}
        data |= {"identified_by": identity.basis} if identity else {}
        data |= {"snapshot": doing.snapshot} if doing.snapshot else {}
        doing.records += 1
        return Record(
            id=f"{episode}-{doing.records:04d}",
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

    def _episode_id(self, key: Key, phase: Phase) -> str:
        """Return a name that the same video gives again, so that seeing it twice adds nothing to a log."""
        parts = (key.zone, key.group, key.other, key.activity)
        return "-".join((self._camera, *filter(None, parts), str(instant(phase.start) // 1000)))
