"""What YOLO models put out, read as rows of boxes.

Two kinds are understood: end to end, `[1, N, 6]` of x1 y1 x2 y2 confidence class, which exports with their own choice of
boxes give (YOLO26), and raw, `[1, 4 + classes, anchors]` of cx cy w h and a score for each class (YOLOv8, YOLO11), where
the overlapping boxes of one thing are thinned out here. Coordinates are pixels of the model's input.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from vision.detection import FAINT, Floats

OVERLAP = 0.6  # two boxes of one class that share more of their union are one thing


def is_end_to_end(shape: tuple[int, ...]) -> bool:
    """Return whether an output of that shape holds boxes that are chosen already."""
    return len(shape) == 3 and shape[2] == 6 and shape[1] > 6


def class_count(shape: tuple[int, ...]) -> int | None:
    """Return how many classes an output of that shape tells apart; None where the shape does not say, 0 for no output."""
    if is_end_to_end(shape):
        return None
    return max(shape[1] - 4, 0) if len(shape) == 3 else 0


def read_output(output: Floats) -> Floats:
    """Return rows of x1 y1 x2 y2 confidence class from either kind of output, those at least `FAINT`."""
    if is_end_to_end(output.shape):
        return cast(Floats, output[0][output[0][:, 4] >= FAINT])
    return _thin_out(output[0])


def _thin_out(anchors: Floats) -> Floats:
    """Return the best box of each thing from columns of cx cy w h and class scores."""
    best = anchors[4:].max(0)
    sure = anchors[:, best >= FAINT].T  # few of thousands: only for these is it asked which class it is
    confidence, class_id = sure[:, 4:].max(1), sure[:, 4:].argmax(1)
    centre, half = sure[:, :2], sure[:, 2:4] / 2
    rows = np.hstack([centre - half, centre + half, confidence[:, None], class_id[:, None]]).astype(np.float32)
    corner_size = np.hstack([rows[:, :2], 2 * half])
    kept = cv2.dnn.NMSBoxesBatched(corner_size.tolist(), confidence.tolist(), class_id.tolist(), FAINT, OVERLAP)
    return rows[np.asarray(kept, np.int64).reshape(-1)]
