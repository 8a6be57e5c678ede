"""How a zone looks: a close picture of it, by which it is told whether what was there to be seen still is.

Two looks are compared by their edges, as whole views are (`live.view`), and by what is bright and what dark in them. Where something was
put in front of a zone neither is left as it was; what stands or lies in it changes a part.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detection import Floats
from vision.frame import Image
from vision.zone import Box, Zone, area, clip, extent

SIDE = 48  # pixels of a look, whatever the zone's shape
MARGIN = 4  # of them on each side lie around the zone: so far it may be off
_LARGEST = 112  # pixels of a crop's longer side that are looked at
_STRONG = 60.0  # a gradient that is stronger counts no more
_FAINT = 15.0  # a gradient that is weaker is noise
_FEW = 0.02  # of the zone must show edges, for a look to be compared with
_FLAT = 2.0  # grey levels of difference in a picture of nothing
_DARK, _GLOOM = (
    25.0,
    40.0,
)  # grey levels that nearly nothing in the zone exceeds: nothing shows; nothing shows that did before
_FADED = 0.6

Shift = tuple[float, float]  # to the right and down, in shares of the picture
Mask = NDArray[np.uint8]  # SIDE x SIDE: 1 in the zone
Edges = NDArray[np.float32]  # SIDE x SIDE x 2: gradients of doubled angle


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A zone at one moment: `grey` is SIDE x SIDE, `edges` its gradients, `light` the grey level of its brightest twentieth."""

    grey: Floats
    edges: Edges
    light: float


def look_at(image: Image, zone: Zone, shift: Shift = (0.0, 0.0)) -> Look:
    """Return how a zone looks in a picture whose view is off by `shift`; what lies outside of the picture repeats its border."""
    return look_of(_crop(image, _around(zone, shift)), mask_of(zone))


def look_of(grey: Floats, mask: Mask) -> Look:
    """Return the look that a close picture gives, of which the pixels in `mask` are the zone's."""
    light = float(np.percentile(grey[mask > 0], 95)) if mask.any() else float(grey.max())
    return Look(grey, _edges(grey), light)


def _around(zone: Zone, shift: Shift) -> Box:
    (x1, y1, x2, y2), _ = extent(zone.polygon)
    grow = MARGIN / (SIDE - 2 * MARGIN)
    wide, high = (x2 - x1) * grow, (y2 - y1) * grow
    return x1 - wide + shift[0], y1 - high + shift[1], x2 + wide + shift[0], y2 + high + shift[1]


def _crop(image: Image, box: Box) -> Floats:
    height, width = image.shape[:2]
    step = max(1, int(max((box[2] - box[0]) * width, (box[3] - box[1]) * height) / _LARGEST))
    image = image[::step, ::step]
    height, width = image.shape[:2]
    left, top, right, bottom = (
        round(box[0] * width),
        round(box[1] * height),
        round(box[2] * width),
        round(box[3] * height),
    )
    rows = np.clip(np.arange(top, max(bottom, top + 1)), 0, height - 1)
    columns = np.clip(np.arange(left, max(right, left + 1)), 0, width - 1)
    grey = cv2.cvtColor(np.ascontiguousarray(image[rows][:, columns]), cv2.COLOR_BGR2GRAY)
    return cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)


def _edges(grey: Floats) -> Edges:
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.2)
    x, y = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    strength = np.maximum(np.hypot(x, y), 1e-6)
    kept = np.where(strength < _FAINT, 0, np.minimum(strength, _STRONG)) / strength**2
    return np.dstack([(x * x - y * y) * kept, 2 * x * y * kept]).astype(np.float32)


@lru_cache(maxsize=1024)
def mask_of(zone: Zone) -> Mask:
    """Return where in a look of it a zone is: SIDE x SIDE of 1 and 0."""
    (x1, y1, x2, y2), _ = extent(zone.polygon)
    inner = SIDE - 2 * MARGIN
    points = [
        (MARGIN + (x - x1) / (x2 - x1 or 1) * inner, MARGIN + (y - y1) / (y2 - y1 or 1) * inner)
        for x, y in zone.polygon
    ]
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(mask, [np.array(points).round().astype(np.int32)], 1)
    return mask


def likeness(taught: Look, now: Look, mask: Mask) -> float | None:
    """Return how alike two looks of a zone are at their best alignment, 0 to 1: the mean of what edges and brightness say.

    None where the taught look shows too little to be told by.
    """
    if not is_telling(taught, mask):
        return None
    wanted = (taught.edges * mask[..., None])[MARGIN:-MARGIN, MARGIN:-MARGIN]
    drawn = _best(now.edges, wanted, cv2.TM_CCORR_NORMED) if now.edges.any() else 0.0
    smooth, before = cv2.blur(now.grey, (3, 3)), cv2.blur(taught.grey, (3, 3))[MARGIN:-MARGIN, MARGIN:-MARGIN]
    shaded = _best(smooth, before, cv2.TM_CCOEFF_NORMED) if smooth[mask > 0].std() > _FLAT else 0.0
    return (drawn + shaded) / 2


def is_telling(look: Look, mask: Mask) -> bool:
    """Return whether a look has edges enough to be told by."""
    return bool((np.abs(look.edges).max(2) > 0)[mask > 0].mean() >= _FEW)


def _best(picture: cv2.typing.MatLike, wanted: cv2.typing.MatLike, method: int) -> float:
    return float(np.clip(np.nan_to_num(cv2.matchTemplate(picture, wanted, method)), 0, 1).max())


def is_dark(look: Look, taught: Look | None) -> bool:
    """Return whether nothing shows in a zone for want of light."""
    return look.light < _DARK or (taught is not None and look.light < min(_GLOOM, _FADED * taught.light))


def is_still(before: Look, now: Look) -> bool:
    """Return whether nothing moved in or around the zone between two looks, but for a camera's noise."""
    return float(np.abs(cv2.blur(before.grey, (5, 5)) - cv2.blur(now.grey, (5, 5))).max()) < 12.0


def place_kept(zone: Zone, shift: Shift) -> float:
    """Return the share of the place that a zone was drawn over that still lies under it, in a view that is off by `shift`."""
    right, down = shift
    (x1, y1, x2, y2), whole = extent(zone.polygon)
    moved = tuple((x + right, y + down) for x, y in zone.polygon)
    return area(clip(clip(moved, (x1, y1, x2, y2)), (0.0, 0.0, 1.0, 1.0))) / whole if whole else 0.0
