"""Zone sight: whether each zone of a camera can be seen, folded from its pictures into `health` that does not flicker.

A zone is judged where the camera as a whole can be relied on, and while nobody is in front of it: who is, is seen. What hides a zone has
to last, and to stand still where it covers it, until it counts; then it counts from the picture that showed it first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rules.coverage import ZoneReason
from vision.frame import Image
from vision.live.view import Mode, mode_of
from vision.zone import Box, Zone, anchor, contains, extent, share_covered
from vision.zone_look import Look, Shift, is_dark, is_still, likeness, look_at, mask_of, place_kept
from vision.zone_memory import Known, ZoneMemory

EVERY = timedelta(seconds=0.7)
CONFIRM: dict[ZoneReason, timedelta] = {
    "too_dark": timedelta(seconds=2),
    "covered": timedelta(seconds=3.2),
    "moved": timedelta(seconds=2.5),
    "too_small": timedelta(0),
}
RETURN = timedelta(seconds=2)
LEARNED = timedelta(seconds=3)  # how long a look has to stand still to be learned
RENEWED = timedelta(minutes=10)  # after which it is learned again while nothing hides it: the sun goes on
# An animal fills twice its bowl's width. Of cats pasted into pictures none was found below 40 pixels, or few; from 64 on most.
SMALLEST = 40
_HIDDEN = 0.1  # of a zone, under the box of somebody in front of it
_IN_ZONE = 0.25
_UNLIKE, _LIKE = 0.4, 0.5  # of how alike looks usually are: covered below the one, seen again above the other
MOST_ALIKE = 0.9  # that looks are taken to be usually: the sun, and a camera that sways, change them
_LEFT, _BACK = 0.5, 0.6  # of a zone's place: out of view when less is under it, back when more


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """From `time` on a zone is seen (`reason` None) or is not."""

    time: datetime
    zone: str
    reason: ZoneReason | None


@dataclass(frozen=True, slots=True)
class Glance:
    """One picture of a camera that can be relied on: who is where in it, and by how far the view is off."""

    time: datetime
    image: Image
    mode: Mode
    boxes: tuple[Box, ...]
    shift: Shift


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What one picture says of a zone."""

    reason: ZoneReason | None
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    since: datetime
    verdict: _Verdict


@dataclass(slots=True)
class ZoneSight:
    """Judges one zone, in the order of time."""

    zone: Zone
    memory: ZoneMemory
    reason: ZoneReason | None = None
    told: bool = False
    _tells: bool = False  # somebody was seen here, so it is large enough
    _candidate: _Candidate | None = None
    _learning: tuple[datetime, Mode, Look] | None = None
    _renewed: datetime | None = None

    def receive(self, glance: Glance) -> list[ZoneChange]:
        """Return what changes with a picture."""
        verdict = self._judge(glance)
        if verdict is None:
            return [] if self.told else self._become(None, glance.time)
        if verdict.reason == self.reason:
            self._candidate = None
            return [] if self.told or verdict.reason else self._become(None, glance.time)
        return self._doubt(verdict, glance.time)

    def pause(self) -> None:
        """Drop what was not confirmed: the camera as a whole is not relied on."""
        self._candidate = self._learning = None

    def _doubt(self, verdict: _Verdict, now: datetime) -> list[ZoneChange]:
        """Take a verdict that is not what was told: it counts once it has lasted."""
        before = self._candidate
        if before is None or not _goes_on(before.verdict, verdict):
            before = self._candidate = _Candidate(now, verdict)
        waits = RETURN if verdict.reason is None else CONFIRM[verdict.reason]
        if now - before.since < waits:
            return []
        return self._become(verdict.reason, now if verdict.reason is None else before.since)

    def _become(self, reason: ZoneReason | None, time: datetime) -> list[ZoneChange]:
        self.reason, self.told, self._candidate = reason, True, None
        return [ZoneChange(time, self.zone.name, reason)]

    def _judge(self, glance: Glance) -> _Verdict | None:
        """Return what a picture says of the zone, None where somebody in front of it leaves that open."""
        self._tells = self._tells or any(_is_at(self.zone, box) for box in glance.boxes)
        if not self._tells and pixels_of(self.zone, glance.image) < SMALLEST:
            return _Verdict("too_small")
        if place_kept(self.zone, glance.shift) < (_BACK if self.reason == "moved" else _LEFT):
            return _Verdict("moved")
        if any(share_covered(self.zone, box) > _HIDDEN for box in glance.boxes):
            self._learning = None
            return _Verdict(None) if self.reason in ("too_small", "moved") else None
        return self._compare(look_at(glance.image, self.zone, glance.shift), glance)

    def _compare(self, look: Look, glance: Glance) -> _Verdict | None:
        """Return what a look says, beside how the zone looked before."""
        known = self.memory.known(self.zone, glance.mode)
        if is_dark(look, known.look if known else None):
            return _Verdict("too_dark", look)
        if known is None:
            # What covers a zone in one light is not how it looks in another.
            return None if self.reason == "covered" else self._learn(look, glance)
        alike = likeness(known.look, look, mask_of(self.zone))
        if alike is not None and alike < known.usual * (_LIKE if self.reason == "covered" else _UNLIKE):
            return _Verdict("covered", look)
        self._renew(known, look, glance)
        return _Verdict(None, look)

    def _learn(self, look: Look, glance: Glance) -> _Verdict:
        """Take a look for how the zone should be once it has stood still for `LEARNED`."""
        if self._learning is None or self._learning[1] != glance.mode or not is_still(self._learning[2], look):
            self._learning = glance.time, glance.mode, look
        elif glance.time - self._learning[0] >= LEARNED:
            mask = mask_of(self.zone)
            usual = likeness(self._learning[2], look, mask) or MOST_ALIKE
            self.memory.learn(self.zone, glance.mode, Known(look, min(usual, MOST_ALIKE)))
            self._learning, self._renewed = None, glance.time
        return _Verdict(None, look)

    def _renew(self, known: Known, look: Look, glance: Glance) -> None:
        """Go along with slow changes: shadows wander."""
        self._renewed = self._renewed or glance.time
        if self.reason is None and self._candidate is None and glance.time - self._renewed >= RENEWED:
            self._renewed = glance.time
            self.memory.learn(self.zone, glance.mode, replace(known, look=look))


def _goes_on(before: _Verdict, now: _Verdict) -> bool:
    """Return whether two verdicts are of one thing. What covers a zone stands still; who walks past it does not."""
    if before.reason != now.reason:
        return False
    return now.reason != "covered" or before.look is None or now.look is None or is_still(before.look, now.look)


def _is_at(zone: Zone, box: Box) -> bool:
    return contains(zone.polygon, anchor(box)) or share_covered(zone, box) >= _IN_ZONE


def pixels_of(zone: Zone, image: Image) -> float:
    """Return how many pixels who is at a zone is wide or high: twice a bowl's width, or as much as the zone."""
    height, width = image.shape[:2]
    (x1, y1, x2, y2), _ = extent(zone.polygon)
    across, down = (x2 - x1) * width, (y2 - y1) * height
    return float(2 * across if zone.is_bowl or zone.is_water else max(across, down))


@dataclass(slots=True)
class ZoneSights:
    """Judges every zone of one camera."""

    sights: tuple[ZoneSight, ...]
    memory: ZoneMemory
    every: timedelta = EVERY
    _looked: datetime | None = field(default=None)

    def receive(self, time: datetime, image: Image, boxes: Iterable[Box], shift: Shift) -> list[ZoneChange]:
        """Return what changes with a picture in which somebody is in each of the boxes, and whose view is off by `shift`."""
        if not self.sights or (self._looked is not None and time - self._looked < self.every):
            return []
        self._looked = time
        self.memory.look_again()
        glance = Glance(time, image, mode_of(image), tuple(boxes), shift)
        return [change for sight in self.sights for change in sight.receive(glance)]

    def pause(self) -> None:
        """Drop what was not confirmed: the camera as a whole is not relied on."""
        for sight in self.sights:
            sight.pause()

    def blind(self) -> dict[str, ZoneReason]:
        """Return the zones that cannot be seen now, and why."""
        return {sight.zone.name: sight.reason for sight in self.sights if sight.reason}


def zone_sights(zones: Sequence[Zone], memory: ZoneMemory | None = None, every: timedelta = EVERY) -> ZoneSights:
    """Return the sight of some zones, looked at `every` so often: 1 to 2 ms each."""
    memory = memory or ZoneMemory()
    return ZoneSights(tuple(ZoneSight(zone, memory) for zone in zones), memory, every)
