"""The gallery: the portraits of a home's animals side by side, and who of them a look shows.

Two questions are asked of a coat, and each answer has to be `SURE`: whether it is one of the animals at all, or more
likely any other (`STRANGERS` is how often that is expected), and which of them. So two black dogs are not told apart, however
many photos there are, and a coat between those that are known is nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from vision.look import Lab, Look, coats_of, embeddings_of
from vision.portrait import ANYBODY, Portrait, learn, likeness

SURE = 0.9
STRANGERS = 0.05


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who a look shows: one of the animals, or None and why (`basis`), with the share of belief in what is said."""

    subject: str | None
    basis: str
    share: float = 1.0


class Gallery:
    """The animals that may be meant, by id. None as a portrait: nobody knows what that one looks like.

    That one may look like any of the others, so beside it nobody is named.
    """

    def __init__(self, portraits: Mapping[str, Portrait | None]) -> None:
        self._portraits = dict(portraits)

    def judge(self, look: Look) -> Verdict:
        """Return who the look shows; the basis is `nobody_known`, `too_alike` or the look's own reason for nobody."""
        if look.coat is None:
            return Verdict(None, look.why or "no_colour")
        known = {who: portrait for who, portrait in self._portraits.items() if portrait is not None}
        if len(known) < len(self._portraits):
            return Verdict(None, "too_alike")
        beliefs, strangeness = _beliefs(known, look.coat)
        if strangeness >= SURE or not beliefs:
            return Verdict(None, "nobody_known", strangeness)
        best, share = _best(beliefs)
        by_coat = share >= SURE
        if look.embedding and all(portrait.shows_build for portrait in known.values()):
            logs = {who: likeness(portrait, look.embedding) for who, portrait in known.items()}
            best, share = _best({who: belief * exp(logs[who] - max(logs.values())) for who, belief in beliefs.items()})
        if share < SURE or strangeness > beliefs[best]:
            return Verdict(None, "too_alike", share)
        return Verdict(best, known[best].basis if by_coat else "coat_and_build", share)


def _best(beliefs: Mapping[str, float]) -> tuple[str, float]:
    """Return who is believed in most, and the share of that belief."""
    best = max(sorted(beliefs), key=lambda who: beliefs[who])
    return best, beliefs[best] / (sum(beliefs.values()) or 1.0)


def _beliefs(portraits: Mapping[str, Portrait], coat: Lab) -> tuple[dict[str, float], float]:
    """Return the belief in each of the animals and that in any other; together they are 1."""
    anybody = ANYBODY.log_density(coat)
    logs = {who: portrait.log_density(coat) for who, portrait in portraits.items()}
    highest = max([anybody, *logs.values()])
    weights = {who: (1 - STRANGERS) * exp(value - highest) for who, value in logs.items()}
    strange = STRANGERS * exp(anybody - highest)
    whole = sum(weights.values()) + strange
    return {who: weight / whole for who, weight in weights.items()}, strange / whole


def gallery_of(taught: Mapping[str, Sequence[Look]]) -> Gallery:
    """Return the gallery of animals from the looks of their photos alone."""
    return Gallery(
        {who: learn(coats_of(looks), embeddings_of(looks)) for who, looks in taught.items() if coats_of(looks)}
    )
