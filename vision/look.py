"""Looks: what one picture shows of an animal, as a few numbers that can be kept without the picture."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Lab = tuple[float, float, float]  # L 0..100, and a and b about 0 for greys: CIE 1976 under D65
Reason = Literal["no_colour", "too_dark", "too_small", "nobody", "several"]  # why a look shows no coat
_EMBEDDING = "efficientnet_lite3"  # in JSON: that of another network would be named for it


@dataclass(frozen=True, slots=True)
class Look:
    """The colour of a coat, or why there is none to be seen; and an embedding (float16 as bytes) where one was made."""

    coat: Lab | None
    why: Reason | None = None
    embedding: bytes = b""


def together(looks: Sequence[Look]) -> Look | None:
    """Return the one look of several frames of one animal: the median, which no passing shadow moves.

    None where there are none; the reason that most of them have where most of them show no coat.
    """
    if not looks:
        return None
    coats = [look.coat for look in looks if look.coat is not None]
    if 2 * len(coats) > len(looks):
        lightness, a, b = np.median(np.array(coats), axis=0).tolist()
        return Look((lightness, a, b), embedding=_mean(embeddings_of(looks)))
    reasons = Counter(sorted(look.why for look in looks if look.why is not None))
    return Look(None, reasons.most_common(1)[0][0])


def coats_of(looks: Iterable[Look]) -> list[Lab]:
    """Return the coats of the looks that show one."""
    return [look.coat for look in looks if look.coat is not None]


def embeddings_of(looks: Iterable[Look]) -> tuple[bytes, ...]:
    """Return the embeddings of the looks that have one."""
    return tuple(look.embedding for look in looks if look.embedding)


def cosine(one: bytes, other: bytes) -> float:
    """Return how alike two embeddings are: 1 for the same direction, 0 for nothing in common."""
    return float(_vector(one) @ _vector(other))


def packed(vector: NDArray[np.float32]) -> bytes:
    """Return an embedding as bytes: length 1, in half precision, which is more than it is worth."""
    return (vector / (np.linalg.norm(vector) or 1.0)).astype("<f2").tobytes()


def _vector(embedding: bytes) -> NDArray[np.float32]:
    return np.frombuffer(embedding, "<f2").astype(np.float32)


def _mean(embeddings: Sequence[bytes]) -> bytes:
    return packed(np.mean([_vector(each) for each in embeddings], axis=0)) if embeddings else b""


def look_json(look: Look) -> dict[str, list[float] | str]:
    """Return a look that shows a coat as plain JSON."""
    assert look.coat is not None, "only what shows a coat is kept"
    lab: dict[str, list[float] | str] = {"lab": [round(value, 2) for value in look.coat]}
    return lab | ({_EMBEDDING: b64encode(look.embedding).decode()} if look.embedding else {})


def parse_look(value: Mapping[str, object]) -> Look | None:
    """Return the look of plain JSON, or None where another version, which measured something else, wrote it."""
    match value:
        case {"lab": [int() | float() as lightness, int() | float() as a, int() | float() as b]}:
            kept = value.get(_EMBEDDING)
            embedding = b64decode(kept) if isinstance(kept, str) else b""
            return Look((float(lightness), float(a), float(b)), embedding=embedding)
        case _:
            return None
