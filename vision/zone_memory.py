"""What is remembered of zones: how each looks when nothing is in front of it, by the light there is.

Kept in the folder of the camera's view, so that what was put there while nothing ran is noticed. A zone that is drawn anew is learned
anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np

from vision.live.view import UNREADABLE, Mode, keep
from vision.zone import Zone
from vision.zone_look import Look, look_of, mask_of


@dataclass(frozen=True, slots=True)
class Known:
    """How a zone looks as it should, and how alike its looks usually are to that."""

    look: Look
    usual: float


class ZoneMemory:
    """The known looks of one camera's zones, by the light there is. Without a folder they are forgotten with it."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._known: dict[tuple[Zone, Mode], Known | None] = {}

    def known(self, zone: Zone, mode: Mode) -> Known | None:
        """Return how a zone looks, None where that was not learned yet."""
        if (zone, mode) not in self._known:
            self._known[zone, mode] = _load(_place(self._folder, zone, mode), zone) if self._folder else None
        return self._known[zone, mode]

    def learn(self, zone: Zone, mode: Mode, known: Known) -> None:
        """Remember how a zone looks from now on."""
        self._known[zone, mode] = known
        if self._folder is not None:
            grey, usual = known.look.grey.astype(np.uint8), np.float64(known.usual)
            place = _place(self._folder, zone, mode)
            keep(place, lambda file: np.savez_compressed(file, grey=grey, usual=usual))

    def look_again(self) -> None:
        """Forget what is not in the folder any more: who deletes it wants it learned anew."""
        if self._folder is not None and not self._folder.exists():
            self._known.clear()


def _place(folder: Path, zone: Zone, mode: Mode) -> Path:
    name = blake2b(repr((zone.name, zone.polygon)).encode(), digest_size=8).hexdigest()
    return folder / f"zone-{name}-{mode}.npz"


def _load(path: Path, zone: Zone) -> Known | None:
    try:
        with np.load(path, allow_pickle=False) as kept:
            return Known(look_of(kept["grey"].astype(np.float32), mask_of(zone)), float(kept["usual"]))
    except UNREADABLE:
        return None
