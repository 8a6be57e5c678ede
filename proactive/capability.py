"""What this installation can do, found without importing anything heavy: detectors, and what each still needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rules.bowl import holds_food, holds_water
from rules.check import Capabilities
from rules.home import Home
from vision.detectors.catalogue import BUILT_IN, GROUP, NEEDS, Needs

if TYPE_CHECKING:
    from vision.identity import Taught


@dataclass(frozen=True, slots=True)
class Capability:
    """A detector by name, where it comes from, what it lacks (modules, a model), how to get that, and its licence."""

    name: str
    source: str
    missing: tuple[str, ...] = ()
    advice: str = ""
    licence: str = ""


def detectors(model: Path | None = None) -> list[Capability]:
    """Return every detector that is built in or installed, in order of name, as it stands with the configured model."""
    points = {point.name: point for point in (*BUILT_IN, *entry_points(group=GROUP))}
    return [_capability(point, model) for _, point in sorted(points.items())]


def sight(home: Home, taught: Taught | None = None) -> Capabilities:
    """Return what the cameras of a home can tell here, with the looks that photos taught.

    Nothing is known where seeing is not installed, nor whom Frigate recognises where it watches cameras.
    """
    try:
        from vision.activity import names
        from vision.identity import recognised, strangers
    except ImportError:
        return Capabilities()
    elsewhere = any("frigate" in camera.known_as and not camera.url for camera in home.cameras)
    if elsewhere:
        return Capabilities(activities=names(), zones=_bowls(home))
    known, others = recognised(home, taught), strangers(home, taught)
    return Capabilities(activities=names(), identities=known, strangers=others, zones=_bowls(home))


def _bowls(home: Home) -> dict[str, dict[str, frozenset[str]]]:
    """Return the zones of each camera at which animals are seen to eat, and to drink."""
    kinds = {"eating": holds_food, "drinking": holds_water}
    return {
        activity: {camera.id: frozenset(filter(holds, camera.zones)) for camera in home.cameras}
        for activity, holds in kinds.items()
    }


def _capability(point: EntryPoint, model: Path | None) -> Capability:
    needs = NEEDS.get(point.name)
    if needs is None or point.value != f"vision.detectors.{point.name}:load":
        return _from_elsewhere(point)
    lacks = dict(_lacks(needs, model))
    advice = "; ".join(dict.fromkeys(lacks.values()))
    return Capability(point.name, point.value, tuple(lacks), advice, needs.licence)


def _lacks(needs: Needs, model: Path | None) -> Iterator[tuple[str, str]]:
    """Yield what a built-in detector lacks, and how to get it."""
    for module in needs.modules:
        if find_spec(module) is None:
            yield module, needs.install
    if not needs.reads(model):
        yield "model", f"set PROACTIVE_DETECTOR_MODEL to {needs.model}"


def _from_elsewhere(point: EntryPoint) -> Capability:
    """Return what is known of a package's detector: it came with what it needs, unless the package is half removed."""
    package = point.value.partition(":")[0].partition(".")[0]
    missing = () if find_spec(package) else (package,)
    return Capability(point.name, point.value, missing, f"install {package} again" if missing else "")
