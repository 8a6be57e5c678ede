"""Words of talk: what is a yes, a no, and what only opens or closes a sentence."""

from __future__ import annotations

import re

from proactive.language.local.token import MAX_TEXT
from rules.units import DAY, microseconds

_LONGEST = 3660 * DAY

YES = frozenset(
    """yes|yeah|yep|yup|yes please|sure|sure thing|ok|okay|okay then|ok then|correct|right|that is right|that's right|thats right
    |do it|do that|save it|save|go ahead|please do|sounds good|looks good|that's it|thats it|perfect|great|exactly|confirm|absolutely
    |fine|good|yes save it|yes do it|yes do that|yes go ahead|it is|y|i do|of course|sí|si|vale|claro|guárdala|de acuerdo""".replace("\n    ", "").split("|")
)  # fmt: skip
NO = frozenset(
    """no|nope|nah|no thanks|no thank you|cancel|cancel it|cancel that|never mind|nevermind|forget it|forget about it|forget that
    |do not|don't|dont|do not save it|don't save it|dont save it|drop it|discard|discard it|not now|leave it|stop|n|rather not|i changed my mind
    |call it off|no call it off|no forget it|no never mind|no cancel|no cancel it|no don't|cancela|no gracias|olvídalo|déjalo""".replace("\n    ", "").split("|")
)  # fmt: skip

# What opens a follow-up and says nothing of what it changes, as long as more follows.
_OPENING = re.compile(
    r"^(?:no|nope|nah|yes|yeah|ok|okay|actually|oh|sorry|wait|hmm+|well|i mean|i meant|but|and|also|then|now|please|rather|can you|could you|would you|let us|let's)\b[\s,:.!-]+",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"[\s,]+(?:instead|please|then|thanks|thank you|rather|from now on|actually|after all)[\s.!]*$", re.IGNORECASE
)


def is_length(duration: str | None) -> bool:
    """Say whether a duration text is a length that a person may mean: at most ten years."""
    try:
        return duration is not None and 0 < microseconds(duration) <= _LONGEST
    except ValueError:  # beyond what can be computed
        return False


def plain(text: str) -> str:
    """Return a text in lower case without marks at its ends and with single spaces: how whole answers are compared."""
    bare = re.sub(r"(?:[\s,!?;]|[.:](?!\d))+", " ", text[:MAX_TEXT].replace("\u2019", "'").lower())
    return bare.strip()


def is_yes(text: str) -> bool:
    """Say whether a text is a yes, and nothing else."""
    return _once(plain(text)) in YES


def is_no(text: str) -> bool:
    """Say whether a text is a no, and nothing else."""
    return _once(plain(text)) in NO


def _once(text: str) -> str:
    """Return a word that is said again and again once: "yes yes" is a yes."""
    words = set(text.split())
    return words.pop() if len(words) == 1 else text


def bare(text: str) -> str:
    """Return a follow-up without what only opens and closes it: "no, make it ten instead" is "make it ten"."""
    found = text[:MAX_TEXT].replace("\u2019", "'").strip()
    while (shorter := _OPENING.sub("", found)) != found and shorter.strip(" .!?"):
        found = shorter
    while (shorter := _CLOSING.sub("", found)) != found and shorter.strip(" .!?"):
        found = shorter
    return found.strip().rstrip(".!").strip()
