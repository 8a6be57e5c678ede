"""Portraits: what coat colours may be expected of one animal, learnt from its photos or told in words.

Of each of L, a and b a Student t tells how likely a value is: the predictive distribution of a normal whose mean and
variance are both unknown (Gelman et al., Bayesian Data Analysis, 3.2 and 3.3). Before the first photo the variance is `WITHIN`,
with the weight of `FREEDOM` photos; each photo then counts for one. So one photo gives a broad portrait, a dozen in all
kinds of light give what that animal's coat really spans, and no colour has a threshold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, pi

from vision.look import Lab, cosine

WITHIN: Lab = (12.0, 5.0, 8.0)  # how far one coat strays from light to light: sun, lamps, a camera's white balance
FREEDOM = 4.0
SPREAD: Lab = (14.0, 6.0, 9.0)  # the same of a colour that is only told
NEAREST = 3  # photos that are held against a look: those of about its pose
# Log odds for each step of 1 in cosine. Of one dog at different times the cosines were about .55, of two dogs of one colour
# .36, both spread by .12: for normals the log odds are linear in the difference, (.55 - .36) / .12 ** 2.
TELLING = 13.0


@dataclass(frozen=True, slots=True)
class Component:
    """One coat colour: a Student t for each of L, a and b."""

    location: Lab
    scale: Lab
    freedom: float

    def log_density(self, coat: Lab) -> float:
        """Return the log of how likely the coat is."""
        rows = zip(coat, self.location, self.scale, strict=True)
        return sum(_log_t((x - middle) / scale, self.freedom) - log(scale) for x, middle, scale in rows)


@dataclass(frozen=True, slots=True)
class Portrait:
    """The coats of one animal, each as likely; `basis` is what they are known from. `embeddings` are of its photos."""

    basis: str
    components: tuple[Component, ...]
    embeddings: tuple[bytes, ...] = ()

    @property
    def shows_build(self) -> bool:
        """Return whether there are photos enough to hold an embedding against."""
        return len(self.embeddings) >= NEAREST

    def log_density(self, coat: Lab) -> float:
        """Return the log of how likely the coat is for this animal."""
        logs = [component.log_density(coat) for component in self.components]
        highest = max(logs)
        return highest + log(sum(exp(value - highest) for value in logs) / len(logs))


def likeness(portrait: Portrait, embedding: bytes) -> float:
    """Return how much an embedding speaks for the animal, as a log: to be held against that of the others."""
    cosines = sorted((cosine(own, embedding) for own in portrait.embeddings), reverse=True)[:NEAREST]
    return TELLING * sum(cosines) / len(cosines)


def learn(coats: Sequence[Lab], embeddings: tuple[bytes, ...] = ()) -> Portrait:
    """Return the portrait of an animal from the coats of its photos, at least one, and their embeddings, if any."""
    count = len(coats)
    location, scale = [], []
    for values, within in zip(zip(*coats, strict=True), WITHIN, strict=True):
        middle = sum(values) / count
        strayed = sum((value - middle) ** 2 for value in values)
        variance = (FREEDOM * within**2 + strayed) / (FREEDOM + count - 1)
        location.append(middle)
        scale.append((variance * (1 + 1 / count)) ** 0.5)
    component = Component((location[0], location[1], location[2]), (scale[0], scale[1], scale[2]), FREEDOM + count - 1)
    return Portrait("coat", (component,), embeddings)


def read(words: str) -> Portrait | None:
    """Return the portrait that words such as 'cream or apricot, curly' give, or None where they name no colour."""
    named = [_COLOURS[word] for word in re.findall(r"[a-z]+", words.lower()) if word in _COLOURS]
    if not named:
        return None
    return Portrait("coat_words", tuple(Component(colour, SPREAD, FREEDOM) for colour in dict.fromkeys(named)))


# Any animal at all: coats run from black to white, and from grey to rust.
ANYBODY = Portrait("anybody", (Component((50.0, 4.0, 10.0), (27.0, 7.0, 12.0), FREEDOM),))

_BLACK, _WHITE, _CREAM, _GREY = (18.0, 0.0, 1.0), (82.0, 0.0, 4.0), (75.0, 2.0, 13.0), (50.0, 0.0, 2.0)
_BROWN, _GOLDEN, _APRICOT = (35.0, 10.0, 15.0), (60.0, 9.0, 26.0), (62.0, 12.0, 24.0)
_COLOURS: dict[str, Lab] = {
    **dict.fromkeys(("black", "jet", "negro", "negra"), _BLACK),
    **dict.fromkeys(("white", "snow", "blanco", "blanca"), _WHITE),
    **dict.fromkeys(("cream", "ivory", "champagne", "beige", "crema"), _CREAM),
    **dict.fromkeys(("grey", "gray", "silver", "gris"), _GREY),
    **dict.fromkeys(("brown", "chocolate", "liver", "rust", "red", "chestnut", "marron"), _BROWN),
    **dict.fromkeys(("golden", "gold", "yellow", "blond", "blonde", "fawn", "tan", "sandy", "dorado"), _GOLDEN),
    **dict.fromkeys(("apricot", "ginger", "orange"), _APRICOT),
}


def _log_t(x: float, freedom: float) -> float:
    """Return the log density of Student's t, of scale 1."""
    half = (freedom + 1) / 2
    return lgamma(half) - lgamma(freedom / 2) - log(freedom * pi) / 2 - half * log(1 + x * x / freedom)
