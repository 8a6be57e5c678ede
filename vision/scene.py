"""The scene: what happens before one camera, as records.

State is kept for each activity, zone, class group and name, not for a track: ids break, a bowl does not move (`cast`). Each is told
as episodes.
Being `at` a zone (or in the picture, then without `zone`) is a *visit*, told as `entered`, then `at`, then `left`; who was there when
watching began, or still is when it stops, is `at` and has not entered or left. Every other activity keeps its name from `start` to `end`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rules.record import Record
from rules.units import instant
from vision.activity import Activity, Shown, load_activities
from vision.cast import NAMELESS, Sighting, cast_of
from vision.detection import Detection, Detections
from vision.episode import Episode, Phase
from vision.frame import Frame
from vision.identity import SLIPS, Identifier, Identity, nobody_looks
from vision.memory import Memory
from vision.moment import Moment, Subject, Thing
from vision.scene_state import Gauges
from vision.track import PETS, Votes
from vision.vocabulary import UNKNOWN, VISIT
from vision.zone import Zone

FIRST_LOOK = timedelta(seconds=1)  # whoever is found within it was there before
Snapshot = Callable[[Frame, Detection, str], str]  # keeps a picture: frame, who to draw in, episode; returns its name


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What has episodes of its own: an activity, at a zone ("" is the picture), by a class group, with another.

    `who` is the id of the one who does it, and "" while or where nobody can name it.
    """

    zone: str
    group: str
    activity: str
    other: str = ""
    who: str = NAMELESS

    def at(self, place: Key) -> bool:
        """Return whether this is of the same activity, zone and groups, whoever does it."""
        return (self.zone, self.group, self.activity, self.other) == (
            place.zone,
            place.group,
            place.activity,
            place.other,
        )


@dataclass(slots=True)
class _Doing:
    """What is known about who does it, in the happening that began at `start` and is told as `episode`."""

    start: datetime | None = None
    episode: str | None = None
    votes: Votes = field(default_factory=Votes)
    confidence: float = 0.0
    sightings: int = 0
    bases: Votes = field(default_factory=Votes)
    identity: Identity | None = None
    company: str | None = None
    snapshot: str | None = None
    records: int = 0

    @property
    def named(self) -> bool:
        return self.identity is not None and self.identity.subject != UNKNOWN

    def follow(self, shown: Shown) -> None:
        """Learn from one more sighting."""
        self.votes.cast(shown.subject.label, shown.subject.confidence)
        self.bases.cast(shown.basis, 1.0)
        self.confidence += shown.subject.confidence
        self.sightings += 1

    def identify(self, identity: Identity | None) -> None:
        """Learn who it is; a name, once there, is not taken back for a worse look."""
        if identity is not None and (identity.subject != UNKNOWN or not self.named):
            self.identity = identity


@dataclass(slots=True)
class _Happening:
    episode: Episode
    doing: _Doing = field(default_factory=_Doing)

    def follow(self, sighting: Sighting) -> None:
        """Give the sighting to who does it: somebody new where a new happening has begun."""
        if self.doing.start != self.episode.start:
            self.doing = _Doing(self.episode.start)
        self.doing.follow(sighting.shown)
        self.doing.identify(sighting.identity)

    def as_before(self, sighting: Sighting) -> Sighting | None:
        """Return the sighting as one of who this has long been, where it names a pet of another kind: an odd box makes no dog of a cat."""
        doing, named = self.doing, sighting.identity
        if doing.sightings < SLIPS or named is None or doing.votes.label not in PETS:
            return None
        return replace(sighting, identity=doing.identity) if named.label not in (None, doing.votes.label) else None

    def receive(self, now: datetime, sighting: Sighting | None) -> list[Phase]:
        """Return the phases known at `now`. A start waits while its subject is looked at; a late name is told at once."""
        if sighting is None:
            return self.episode.receive(now, seen=False)
        news = sighting.who != NAMELESS and not self.doing.named
        since = sighting.shown.since
        return self.episode.receive(now, seen=True, made_out=not sighting.undecided, news=news, since=since)


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
        gauges: Gauges | None = None,
    ) -> None:
        self.home = home
        self.camera = camera
        self._zones = zones
        self._identify = identify
        self._snapshot = snapshot
        self._activities = {each.name: each for each in (load_activities() if activities is None else activities)}
        self._gauges = gauges or Gauges()
        self._memory = Memory(zones)
        self._happenings: dict[Key, _Happening] = {}
        self._began: datetime | None = None

    def receive(self, frame: Frame, detections: Detections) -> list[Record]:
        """Return the records known with this frame. They may lie up to the dwell back, at the time they happened."""
        moment = self._memory.receive(frame, detections)
        self._began = moment.began
        seen = self._sightings(self._shown(moment), self._identities(moment, frame))
        for key in seen.keys() - self._happenings.keys():
            self._happenings[key] = _Happening(Episode(self._activities[key.activity].timing))
        states = self._gauges.receive(frame, (subject.box for subject in moment.subjects))
        return states + [record for key in sorted(self._happenings) for record in self._happen(key, frame, seen)]

    def identify_by(self, identify: Identifier) -> None:
        """Ask another from the next frame on: of who is there, what was looked at stays looked at."""
        self._identify = identify

    def redraw(self, zones: tuple[Zone, ...], gauges: Gauges) -> list[Record]:
        """Look at other zones from the next frame on; return the ends of what goes on."""
        ends = self.close()
        self._zones, self._gauges, self._memory = zones, gauges, Memory(zones)
        return ends

    def close(self) -> list[Record]:
        """Return the ends of what goes on, since watching stops here; nobody is said to have left."""
        ends = [
            self._record(key, happening.doing, phase, stopped=True)
            for key, happening in sorted(self._happenings.items())
            for phase in happening.episode.close()
        ]
        self._happenings.clear()
        self._memory = Memory(self._zones)
        return ends + self._gauges.close()

    def _shown(self, moment: Moment) -> Mapping[Key, Sequence[Shown]]:
        """Return who does each thing that happens in this moment."""
        found: dict[Key, list[Shown]] = {}
        for name, activity in self._activities.items():
            for shown in activity.shown(moment):
                key = Key(shown.zone, shown.subject.group, name, shown.other.group if shown.other else "")
                found.setdefault(key, []).append(shown)
        return found

    def _identities(self, moment: Moment, frame: Frame) -> Mapping[int, Identity | None]:
        """Return who each track of this frame is: one more look at each, however much it does."""
        return {each.track.tracker_id: self._identify(each.track, frame) for each in moment.subjects}

    def _sightings(
        self, found: Mapping[Key, Sequence[Shown]], who: Mapping[int, Identity | None]
    ) -> dict[Key, Sighting]:
        """Return one sighting for each happening of this frame. A nameless one may get its name by it."""
        seen: dict[Key, Sighting] = {}
        for place in sorted(found):
            going_on = [k.who for k, one in self._happenings.items() if k.at(place) and one.episode.start]
            cast = cast_of(
                [Sighting(shown, _who(shown.subject, who), _who(shown.other, who)) for shown in found[place]], going_on
            )
            named = dict(cast.seen)
            if cast.renamed and (same := self._happenings[place].as_before(named[cast.renamed])):
                del named[cast.renamed]
                named[NAMELESS] = same
            elif cast.renamed:
                self._happenings[replace(place, who=cast.renamed)] = self._happenings.pop(place)
            seen |= {replace(place, who=name): sighting for name, sighting in named.items()}
        return seen

    def _happen(self, key: Key, frame: Frame, seen: Mapping[Key, Sighting]) -> list[Record]:
        happening, sighting = self._happenings[key], seen.get(key)
        records = []
        for phase in happening.receive(frame.time, sighting):
            if phase.name != "end" and sighting:
                self._look(key, happening.doing, phase, frame, sighting)
            records.append(self._record(key, happening.doing, phase))
        if sighting:
            happening.follow(sighting)
        return records

    def _look(self, key: Key, doing: _Doing, phase: Phase, frame: Frame, sighting: Sighting) -> None:
        """Learn who it is and with whom, and keep one picture of the episode."""
        doing.identify(sighting.identity)
        doing.company = sighting.company or doing.company
        if self._snapshot and not doing.snapshot:
            subject, identity = sighting.shown.subject, doing.identity
            marked = Detection(subject.box, (identity and identity.label) or subject.label, subject.confidence)
            doing.snapshot = self._snapshot(frame, marked, self._episode_id(key, doing, phase))

    def _record(self, key: Key, doing: _Doing, phase: Phase, stopped: bool = False) -> Record:
        episode, identity = self._episode_id(key, doing, phase), doing.identity
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
            source=self.camera,
            subject=identity.subject if identity else None,
            home=self.home,
            data=data,
        )

    def _move(self, phase: Phase, stopped: bool) -> str:
        """Return what a phase of a visit is: nobody enters who was there first, nor leaves when watching stops."""
        if phase.name == "start" and self._began and phase.start - self._began > FIRST_LOOK:
            return "entered"
        return "left" if phase.name == "end" and not stopped else "at"

    def _episode_id(self, key: Key, doing: _Doing, phase: Phase) -> str:
        """Return a name that the same video gives again, so that seeing it twice adds nothing to a log."""
        if doing.episode is None:
            parts = (key.zone, key.group, key.other, key.activity)
            name = "-".join((self.camera, *filter(None, parts), str(instant(phase.start) // 1000)))
            # Two pets may come in the same frame.
            taken = {one.doing.episode for one in self._happenings.values()}
            doing.episode = f"{name}-{key.who}" if name in taken else name
        return doing.episode


def _who(subject: Subject | Thing | None, identities: Mapping[int, Identity | None]) -> Identity | None:
    return identities.get(subject.track.tracker_id) if isinstance(subject, Subject) else None
