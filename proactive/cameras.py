"""Cameras: those of the served homes that have an address, as a source of the log; and how each of them is doing, for `doctor`."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import msgspec

from proactive.error import ProactiveError
from proactive.load import load_of
from streams.source import Command, SourceError

if TYPE_CHECKING:
    from proactive.settings import Settings
    from proactive.store import Store
    from rules.home import Camera, Home
    from rules.record import Record
    from streams.source import Deliver, DeviceSource
    from vision.identity import Taught
    from vision.live.crew import Crew
    from vision.live.glimpse import Glimpse
    from vision.live.post import Orders
    from vision.live.report import CameraReport

STATUS = "cameras.json"  # in the data folder
VIEWS = "views"
_EVERY = 5.0  # seconds between two writings of the status
_NEWS = 1.0  # seconds between two looks for new photos and zones
_LEAVE = 1.8  # seconds that workers have to end, less than `serve` gives its sources
_AGAIN = 1.0  # seconds until what was refused is delivered again
_log = logging.getLogger(__name__)


class CameraStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How one camera was doing at `time`; see `vision.live.report`, of whose fields these are the ones shown. `cores` watch them all."""

    home: str
    camera: str
    time: datetime
    reason: str | None = None
    since: datetime | None = None
    last_seen: datetime | None = None
    zones: dict[str, str] = {}
    trouble: str = ""
    fps: float = 0.0
    ms_per_look: float = 0.0
    rate: float = 0.0
    most_fps: float = 0.0
    ms_per_picture: float = 0.0
    ms_moving: float = 0.0
    cores: int = 1
    received: int = 0
    dropped: int = 0
    old: int = 0


def status_of(report: CameraReport, cores: int) -> CameraStatus:
    """Return what is shown of a report by one of so many workers."""
    shown = {name: getattr(report, name) for name in CameraStatus.__struct_fields__ if name != "cores"}
    return CameraStatus(cores=cores, **shown)


def orders_of(settings: Settings, homes: Iterable[Home]) -> Orders | None:
    """Return what is to be watched: every camera with an address, by the best detector here; None where no camera has one.

    Raise ProactiveError or NotInstalled where seeing is not installed.
    """
    cameras = tuple((home, camera) for home in homes for camera in home.cameras if camera.url)
    if not cameras:
        return None
    from proactive.pictures import PICTURES
    from proactive.teaching import known_looks
    from proactive.weights import detector_model, keep_inside

    try:
        from vision.detector import choose_detector
        from vision.live.post import Orders
    except ImportError as error:
        raise ProactiveError(f"Seeing needs {error.name}. Install it with: pip install 'proactive[vision]'") from error
    keep_inside(settings)
    model = detector_model(settings)
    return Orders(
        cameras,
        settings.detector or choose_detector(model),
        model,
        pictures=settings.data / PICTURES,
        pictures_as=f"{PICTURES}/",
        views=settings.data / VIEWS,
        taught=known_looks(settings, {home.home for home, _ in cameras}),
    )


class Glimpses:
    """The newest picture of each camera that this process watches, in memory. Any thread may use it."""

    def __init__(self) -> None:
        self._newest: dict[tuple[str, str], Glimpse] = {}

    def put(self, glimpse: Glimpse) -> None:
        """Take the newest picture of a camera."""
        self._newest[glimpse.home, glimpse.camera] = glimpse

    def of(self, home: str, camera: str) -> Glimpse | None:
        """Return the newest picture of a camera, None where there has been none."""
        return self._newest.get((home, camera))


class Drawn:
    """Homes whose cameras got other zones, asked for again and again; cheap where nobody touched what homes list."""

    def __init__(self, store: Store, homes: Iterable[Home]) -> None:
        self._store, self._zones = store, _zones_of(homes)
        self._listings: object = None

    def __call__(self) -> Mapping[str, Home] | None:
        """Return by id the homes whose zones changed since this was last asked, or since the homes given, None where none did."""
        if (listings := self._store.listings) == self._listings:
            return None
        homes = {home.home: home for home in self._store.export_homes()}
        self._listings, before, self._zones = listings, self._zones, _zones_of(homes.values())
        return {id: home for id, home in homes.items() if self._zones[id] != before.get(id)} or None


def _zones_of(homes: Iterable[Home]) -> dict[str, object]:
    return {home.home: [(camera.id, camera.zones) for camera in home.cameras] for home in homes}


class CameraSource:
    """A source that watches cameras in worker processes. `status` is the file that tells how they are doing.

    `on_crew` is given the crew when it is made, which knows its processes and their latest reports. `news` is asked once in a
    while what photos teach by now, and `drawn` which homes have other zones; both say None where nothing changed. The newest picture of each
    camera is put into `glimpses`. `say` is told how many cameras this machine carries.
    """

    def __init__(
        self,
        orders: Orders,
        status: Path,
        workers: int | None = None,
        on_crew: Callable[[Crew], None] | None = None,
        news: Callable[[], Mapping[str, Taught] | None] | None = None,
        drawn: Callable[[], Mapping[str, Home] | None] | None = None,
        glimpses: Glimpses | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._orders, self._status, self._workers, self._on_crew = orders, status, workers, on_crew
        self._news, self._drawn, self._asked = news, drawn, monotonic()
        self._glimpses = Glimpses() if glimpses is None else glimpses
        self._say = say
        self._short: bool | None = None
        self._written = 0.0

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        """Deliver what the cameras tell until `stop` is set."""
        from vision.live.crew import Crew

        crew = Crew(self._orders, self._workers, on_glimpse=self._glimpses.put)
        if self._on_crew is not None:
            self._on_crew(crew)
        for told in crew.run(stop):
            if told is not None:
                self._deliver(told.records, deliver, stop)
            self._ask(crew)
            self._report(crew)
        self._report(crew, last=True)

    def send(self, command: Command) -> None:
        """Refuse: cameras only look."""
        raise SourceError(f"{command.device} is a camera, which takes no commands.")

    def _deliver(self, records: Sequence[Record], deliver: Deliver, stop: threading.Event) -> None:
        """Deliver records until they are kept; meanwhile the workers wait, and drop frames."""
        while True:
            try:
                deliver(records)
                return
            except Exception:  # noqa: BLE001  a log that is full takes them later; nothing else remembers them
                _log.warning("What the cameras saw was not taken; trying again.", exc_info=True)
                if stop.wait(_AGAIN):
                    return

    def _ask(self, crew: Crew) -> None:
        """Tell the crew what photos taught and which zones were drawn since, once in a while."""
        if monotonic() - self._asked < _NEWS:
            return
        self._asked = monotonic()
        try:
            self._tell(crew)
        except ProactiveError as error:
            _log.warning("What photos teach, or which zones were drawn, cannot be read now: %s", error)

    def _tell(self, crew: Crew) -> None:
        from vision.live.post import Drawing, Lesson

        if self._news is not None and (taught := self._news()) is not None:
            crew.teach(Lesson(taught))
        if self._drawn is not None and (homes := self._drawn()) is not None:
            crew.draw(Drawing(homes))

    def _tell_load(self, found: Sequence[CameraStatus]) -> None:
        """Say how many cameras this machine carries: once it is known, and when it becomes too few for them, or enough again."""
        load = load_of(found)
        if load is not None and load.is_short != self._short:
            self._short = load.is_short
            self._say(load.in_words())

    def _report(self, crew: Crew, *, last: bool = False) -> None:
        if not last and monotonic() - self._written < _EVERY:
            return
        self._written = monotonic()
        found = [status_of(crew.reports[key], crew.cores) for key in sorted(crew.reports)]
        self._tell_load(found)
        content = msgspec.json.encode(found)
        fresh = self._status.with_suffix(".new")
        try:
            fresh.write_bytes(content)
            fresh.replace(self._status)
        except OSError as error:
            _log.warning("%s cannot be written: %s.", self._status, error.strerror)


def follow_cameras(
    settings: Settings,
    store: Store,
    glimpses: Glimpses | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> DeviceSource:
    """Return the source of the cameras with an address, which follows what the homes list while it runs."""
    from proactive.sources import Followed
    from proactive.teaching import Photos

    def open(homes: Sequence[Home]) -> DeviceSource | None:
        news, status = Photos(store, [home.home for home in homes]), settings.data / STATUS
        orders = orders_of(settings, homes)
        if orders is None:
            status.unlink(missing_ok=True)
        drawn = Drawn(store, homes)
        return CameraSource(orders, status, news=news, drawn=drawn, glimpses=glimpses, say=say) if orders else None

    return Followed(store, open, watched, leave=_LEAVE)


def watched(homes: Iterable[Home]) -> list[object]:
    """Return what cameras go by in the homes that have some: a change of anything else disturbs no camera, nor do zones (`Drawn`)."""
    return [
        (home.home, home.time_zone, home.pets, _without_zones(home), [each for each in home.devices if each.camera])
        for home in homes
        if any(camera.url for camera in home.cameras)
    ]


def _without_zones(home: Home) -> list[Camera]:
    return [camera.model_copy(update={"zones": {}}) for camera in home.cameras]


def statuses(settings: Settings) -> list[CameraStatus]:
    """Return how the cameras did when `serve` last wrote it down; empty where it never did."""
    try:
        return msgspec.json.decode((settings.data / STATUS).read_bytes(), type=list[CameraStatus])
    except (OSError, msgspec.DecodeError):
        return []
