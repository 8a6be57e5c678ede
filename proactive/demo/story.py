"""The story: words become a rule, a detector watches three mornings, and at noon the rule decides.

Store, log, engine, outbox, channel and detector are the real ones, in a data folder of their own. Two things are staged: the
film, and the clock, which jumps from one scene or deadline to the next. Between scenes nothing is on film and the camera
stays on; when it is said to go off, the end of the film is the end of what it sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from time import perf_counter
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from proactive import app
from proactive.demo.clock import FastClock
from proactive.demo.look import Look
from proactive.demo.morning import NOON, REQUEST, SAID, Morning, Scene, at
from proactive.demo.sighting import Sighting, sightings
from proactive.error import ProactiveError
from proactive.language.understand import understand
from proactive.notify.text import Picture
from proactive.standing import follow
from rules.firing import Firing
from rules.home import Home
from rules.record import Record, decode
from rules.rule import Rule
from rules.why import explain_why, why

if TYPE_CHECKING:
    from proactive.language.outcome import Outcome
    from proactive.notification import Notification
    from proactive.settings import Settings
    from vision.detector import Detector
    from vision.see import Progress


@dataclass(frozen=True, slots=True)
class Understood:
    """The words became a rule: what was said, what came of it, and the rule as it was saved."""

    said: str
    outcome: Outcome
    rule: Rule


@dataclass(frozen=True, slots=True)
class Began:
    """A morning begins."""

    morning: Morning


@dataclass(frozen=True, slots=True)
class Watched:
    """The detector looked at a scene: how many frames, how long that took, and what was seen."""

    scene: Scene
    begins: datetime
    ends: datetime
    frames: int
    took: float
    sightings: Sequence[Sighting]


@dataclass(frozen=True, slots=True)
class Decided:
    """A morning is over: what fired, what was sent to whom, and what their channel wrote."""

    day: date
    firings: Sequence[Firing]
    notifications: Sequence[Notification]
    written: str


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a day went as it did, in words."""

    day: date
    text: str


Event = Understood | Began | Watched | Decided | Explained
Looking = Callable[[Scene, "Progress"], None]


class Story:
    """One run in an empty data folder: a context manager, whose `tell` yields what happens as it happens."""

    def __init__(
        self, settings: Settings, home: Home, mornings: Sequence[Morning], detector: Detector, looking: Looking
    ) -> None:
        self.home, self.mornings = home, mornings
        self._camera = home.cameras[0]
        self._settings, self._detector, self._looking = settings, detector, looking
        self._clock = FastClock(SAID.replace(tzinfo=ZoneInfo(home.time_zone)))
        self._console = StringIO()
        self._view: Picture | None = None
        self._fired: list[Firing] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        settings = self._settings
        self._store = self._open.enter_context(app.open_store(settings))
        self._log = self._open.enter_context(app.open_log(settings))
        self._pictures = app.open_pictures(settings, self.home)
        self._notifier = app.open_notifier(settings, self._store, self._console)
        self._runtime = app.open_runtime(self._log, [self.home], self._tell, self._clock)
        self._store.import_home(self.home)
        self._runtime.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def tell(self) -> Iterator[Event]:
        """Live through the evening on which the rule is made and the mornings after it; then explain each."""
        understood = self._say(REQUEST)
        yield understood
        for morning in self.mornings:
            yield Began(morning)
            for scene in morning.scenes:
                yield self._watch(scene, at(self.home, morning.day, scene.at))
            yield self._noon(morning.day)
        for morning in self.mornings:
            yield self._why(understood.rule, morning.day)

    # --- words --------------------------------------------------------------------------------------------------

    def _say(self, text: str) -> Understood:
        outcome = understand(
            text, None, self.home, now=self._clock(), reader=app.load_reader(self._settings, self._store)
        )
        if outcome.rule is None:
            raise ProactiveError(f"Expected a rule from {text!r}, found: {outcome.reply}")
        rule = self._store.put_rule(outcome.rule, who=self.home.default_speaker, at=self._clock.now)
        follow(self._store, self._runtime, self._runtime.rules())
        return Understood(text, outcome, rule)

    # --- pictures -----------------------------------------------------------------------------------------------

    def _watch(self, scene: Scene, begins: datetime) -> Watched:
        """Show a scene to the detector, and the records of what it saw to the runtime, each at its time."""
        self._clock.run(self._runtime, begins)
        started = perf_counter()
        look = Look(scene.film, self._camera, begins, lambda progress: self._looking(scene, progress))
        records = []
        for record in look.records(self._detector, self.home, self._pictures):
            if record.type == "health" and record.data["status"] == "offline" and not scene.then_off:
                continue  # the film ends, the camera does not
            self._clock.run(self._runtime, record.time)
            self._runtime.ingest([record])
            records.append(record)
        self._view = look.view(self._pictures)
        return Watched(scene, begins, look.ends, look.frames, perf_counter() - started, sightings(records))

    # --- people -------------------------------------------------------------------------------------------------

    def _noon(self, day: date) -> Decided:
        """Let noon pass, tell who is to be told, and return what they got."""
        self._clock.run(self._runtime, at(self.home, day, NOON))
        sent = [notification for notification, _ in self._notifier.deliver(self._clock.now)]
        fired, self._fired = self._fired, []
        written = self._console.getvalue()
        self._console.seek(0)
        self._console.truncate()
        return Decided(day, fired, sent, written)

    def _why(self, rule: Rule, day: date) -> Explained:
        """Ask the log why the day went as it did."""
        records = map(decode, self._log.lines())
        return Explained(day, explain_why(why(rule, self.home, day, records), rule, self.home))

    def _tell(self, firings: Sequence[Firing]) -> None:
        """Take the firings of the runtime into the outbox; an absence shows what the camera saw last."""
        evidence: list[Record] = [r for firing in firings for r in self._log.records(firing.home, firing.evidence)]
        bare = [firing for firing in firings if not firing.evidence]
        views = {firing.id: self._view for firing in bare if self._view is not None}
        self._notifier.receive_all(firings, evidence, pictures=views, now=self._clock.now)
        self._fired += firings
