"""Load: how many cameras this machine carries, and what each of them gets, from what their pictures have taken lately."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from proactive import clock
from rules.units import SECOND, instant
from vision.live.budget import FULL

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

    from proactive.cameras import CameraStatus
    from proactive.settings import Settings

HEARD = 30 * SECOND  # the age up to which a status counts for a figure: it is written every five seconds
_NEARLY = 0.95  # of the pictures that are asked for


@dataclass(frozen=True, slots=True)
class Load:
    """How many cameras there are, of how many pictures a second; how many would fit, as it was lately and while something moves before
    all of them; and how many pictures a second each gets at least.
    """

    cameras: int
    rate: float
    carried: float
    carried_moving: float
    each: float

    @property
    def is_short(self) -> bool:
        """Return whether cameras get fewer pictures than is asked for."""
        return self.each < _NEARLY * self.rate

    def in_words(self) -> str:
        """Return it as a sentence."""
        moving = f"{_count(self.carried_moving)} like yours at {self.rate:g} pictures a second while something moves before each"
        lately = f"{_count(self.carried)} with as much going on as lately"
        gets = f"each gets {min(self.each, self.rate):.2g} a second"
        return f"This machine carries {moving}, {lately}; you have {self.cameras}: {gets}."


def load_of(statuses: Sequence[CameraStatus]) -> Load | None:
    """Return the load of the cameras that are watched; None where it is not known yet."""
    known = [each for each in statuses if each.rate and each.ms_per_picture and each.ms_moving]
    if not known:
        return None
    room = 1000 * FULL * known[0].cores / known[0].rate
    moving = fmean(each.ms_moving for each in known)
    # What nothing moves before costs no more; both are means of lately, and not of the same pictures.
    lately = min(fmean(each.ms_per_picture for each in known), moving)
    return Load(
        cameras=len(statuses),
        rate=known[0].rate,
        carried=room / lately,
        carried_moving=room / moving,
        each=min(each.most_fps for each in known),
    )


def _count(cameras: float) -> str:
    return f"about {cameras:.0f}" if cameras >= 1 else "less than one"


class CameraFigures:
    """A collector of prometheus_client for the cameras that this machine's `serve` watches."""

    def __init__(self, settings: Settings, now: Callable[[], int] = clock.now) -> None:
        self._settings, self._now = settings, now

    def collect(self) -> Iterable[Metric]:
        """Yield the figures of the statuses that were written last; nothing where they are old."""
        from proactive.cameras import statuses

        fresh = [each for each in statuses(self._settings) if self._now() - instant(each.time) <= HEARD]
        yield _gauge("camera_seeing", "Whether the camera can be relied on.", fresh, lambda each: each.reason is None)
        yield _gauge("camera_pictures_per_second", "Pictures of it that are judged.", fresh, lambda each: each.fps)
        yield _gauge("camera_picture_seconds", "What one takes lately.", fresh, lambda each: each.ms_per_picture / 1000)
        if load := load_of(fresh):
            yield from _of_all(load)


def _of_all(load: Load) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    yield GaugeMetricFamily("proactive_cameras", "Cameras that are watched.", value=load.cameras)
    told = "Such cameras that this machine carries, as things are, or while something moves before each."
    carried = GaugeMetricFamily("proactive_cameras_carried", told, labels=["motion"])
    carried.add_metric(["lately"], load.carried)
    carried.add_metric(["all"], load.carried_moving)
    yield carried


def _gauge(name: str, told: str, statuses: Iterable[CameraStatus], figure: Callable[[CameraStatus], float]) -> Metric:
    from prometheus_client.core import GaugeMetricFamily

    gauge = GaugeMetricFamily(f"proactive_{name}", told, labels=["home", "camera"])
    for each in statuses:
        gauge.add_metric([each.home, each.camera], float(figure(each)))
    return gauge
