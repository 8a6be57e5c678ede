"""Looks: what one picture shows of an animal, as a few numbers that can be kept without the picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Lab = tuple[float, float, float]  # L 0..100, and a and b about 0 for greys: CIE 1976 under D65
Reason = Literal["no_colour", "too_dark", "too_small", "nobody", "several"]  # why a look shows no coat


@dataclass(frozen=True, slots=True)
class Look:
    """The colour of a coat, or why there is none to be seen."""

    coat: Lab | None
    why: Reason | None = None


def together(looks: Sequence[Look]) -> Look | None:
    """Return the one look of several frames of one animal: the median, which no passing shadow moves.

    None where there are none; the reason that most of them have where most of them show no coat.
    """
    if not looks:
        return None
    coats = [look.coat for look in looks if look.coat is not None]
    if 2 * len(coats) > len(looks):
        lightness, a, b = np.median(np.array(coats), axis=0).tolist()
        return Look((lightness, a, b))
    reasons = Counter(sorted(look.why for look in looks if look.why is not None))
    return Look(None, reasons.most_common(1)[0][0])


def coats_of(looks: Iterable[Look]) -> list[Lab]:
    """Return the coats of the looks that show one."""
    return [look.coat for look in looks if look.coat is not None]


def look_json(look: Look) -> dict[str, list[float]]:
    """Return a look that shows a coat as plain JSON."""
    assert look.coat is not None, "only what shows a coat is kept"
    return {"lab": [round(value, 2) for value in look.coat]}


def parse_look(value: Mapping[str, object]) -> Look | None:
    """Return the look of plain JSON, or None where another version, which measured something else, wrote it."""
    match value:
        case {"lab": [int() | float() as lightness, int() | float() as a, int() | float() as b]}:
            return Look((float(lightness), float(a), float(b)))
        case _:
            return None
