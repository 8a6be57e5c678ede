"""The line-up: how well animals can be told apart by their photos, each held against all the others.

Leave one out: each photo is judged by a gallery that never saw it. What comes out is what may be hoped for on a camera of the same
quality in daylight, not more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vision.gallery import Gallery
from vision.identity import Taught
from vision.look import Look, coats_of, embeddings_of
from vision.portrait import Portrait, learn

FEW = 3  # photos: with fewer it is not known how much a coat varies


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one animal's photos: named rightly, not told (and why), or named as another (and who)."""

    subject: str
    photos: int
    right: int
    unsure: Mapping[str, int]
    wrong: Mapping[str, int]

    @property
    def few(self) -> bool:
        """Return whether there are too few photos to know how much the coat varies."""
        return self.photos < FEW


def line_up(taught: Taught, others: Mapping[str, Portrait | None] | None = None) -> list[Row]:
    """Return a row for each animal with photos. `others` are animals known without any: from words, or not at all."""
    return [_row(subject, taught, others or {}) for subject in sorted(taught)]


def _row(subject: str, taught: Taught, others: Mapping[str, Portrait | None]) -> Row:
    verdicts = [_left_out(subject, position, taught, others) for position in range(len(taught[subject]))]
    wrong = Counter(named for named, _ in verdicts if named not in {None, subject})
    unsure = Counter(basis for named, basis in verdicts if named is None)
    right = sum(named == subject for named, _ in verdicts)
    return Row(subject, len(verdicts), right, dict(unsure), {who: count for who, count in wrong.items() if who})


def _left_out(
    subject: str, position: int, taught: Taught, others: Mapping[str, Portrait | None]
) -> tuple[str | None, str]:
    """Return who the photo shows to a gallery without it; an animal's only photo is judged by itself."""
    own = taught[subject]
    rest = [look for at, look in enumerate(own) if at != position] or list(own)
    portraits = {who: portrait_of_looks(looks) for who, looks in {**taught, subject: rest}.items()}
    verdict = Gallery({**others, **portraits}).judge(own[position])
    return verdict.subject, verdict.basis


def portrait_of_looks(looks: Sequence[Look]) -> Portrait | None:
    """Return what photos say of a coat, or None where none of them shows one."""
    coats = coats_of(looks)
    return learn(coats, embeddings_of(looks)) if coats else None
