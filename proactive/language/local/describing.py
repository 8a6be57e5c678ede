"""Describing: what somebody does beside, wears or looks like, and how a thing is done, which may be left out with a note."""

from __future__ import annotations

from collections.abc import Sequence

from proactive.language.local.border import (
    ARTICLES,
    BORDERS,
    LIVING,
    NEVER,
    TIMES,
    content_after,
    is_unknown,
    noticed_before,
    opens,
)
from proactive.language.local.span import Span

_AT_THE_END = frozenset(
    "safety security reasons reason peace mind fun reference records purposes extra convenience now".split()
)
_PLACING = frozenset("at in on by near inside around within beside".split())
_MESSAGES = frozenset("alert notification message text email ping reminder warning push alarm notice heads".split())
_LOOKS = frozenset(
    """suspicious weird random young old tall big small large little loose stray wild black white red blue green grey gray brown yellow silver dark
    masked hooded drunk angry lone single new delivery passing parked""".split()
)  # fmt: skip
# Adverbs that say how many, how often, how much or since when, and so belong to what is watched.
_NO_MANNER = frozenset(
    """only early daily hourly weekly monthly yearly nightly family reply supply rely july fly exactly nearly hardly rarely barely usually normally mostly
    partially partly fully completely entirely simultaneously consecutively separately individually repeatedly constantly continuously respectively
    especially eventually newly lately recently previously temporarily regularly frequently occasionally briefly shortly firstly secondly finally mainly
    """.split()
)


def participles(spans: Sequence[Span]) -> list[range]:
    """Find what somebody does beside being there: "holding a package", "wanting to be let in", "with a hat"."""
    found = []
    for index, span in enumerate(spans):
        doing = is_unknown(span) and span.text.endswith("ing")
        wearing = (
            span.text == "with"
            and is_unknown(content_after(spans, index + 1))
            and index
            and _is_somebody(spans[index - 1])
        )
        wanting = span.text == "to" and index + 1 < len(spans) and spans[index + 1].text in ("be", "get", "go", "come")
        doing = doing or (wanting and _placed_before(spans, index) and not noticed_before(spans, index))
        if (doing or wearing) and _somebody_before(spans, index):
            found.append(range(index, _end_of_doing(spans, index)))
    return found


def _is_somebody(span: Span) -> bool:
    return span.is_(*LIVING) or any(ref.kind in ("person", "pet") for ref in span.refs)


def _somebody_before(spans: Sequence[Span], index: int) -> bool:
    for span in reversed(spans[:index]):
        if _is_somebody(span):
            return True
        if opens(span) or span.text in BORDERS:
            return False
    return False


def _placed_before(spans: Sequence[Span], index: int) -> bool:
    clause = next((i for i in range(index - 1, -1, -1) if opens(spans[i])), -1)
    return any(ref.kind in ("place", "device") for span in spans[clause + 1 : index] for ref in span.refs)


def _end_of_doing(spans: Sequence[Span], index: int) -> int:
    """Return where a participle ends: at a time, a border, or the first place where none was said yet."""
    placed = _placed_before(spans, index)
    for position in range(index + 1, len(spans)):
        span = spans[position]
        after = content_after(spans, position + 1)
        timed = span.is_(*NEVER) or (span.is_("particle") and after is not None and after.is_(*TIMES))
        place = span.text in _PLACING and after is not None and bool(after.refs or after.is_("label")) and not placed
        clause = (
            span.is_("join")
            and any(s.is_("meaning", "motion") or s.refs for s in spans[position + 1 : position + 4])
            and not placed
        )
        asked = span.text == "," and after is not None and after.is_("notice", "command")
        moves = span.is_("motion") and not span.is_("filler", "placing") and span.text not in _PLACING
        verb = (span.text in ("is", "are") or moves) and not placed
        if timed or place or clause or asked or verb or opens(span) or span.text in BORDERS:
            return position
    return len(spans)


def relatives(spans: Sequence[Span]) -> list[range]:
    """Find "who is wearing a mask" and "which I bought": a clause on something that is named, with an unknown word in it."""
    found = []
    for index, span in enumerate(spans):
        if span.text in ("who", "which", "whose") and index and _somebody_before(spans, index):
            piece = range(index, _end_of_doing(spans, index))
            inner = [spans[i] for i in piece[1:]]
            found += [piece] if any(is_unknown(s) for s in inner) and not any(s.refs for s in inner) else []
    return found


def manners(spans: Sequence[Span]) -> list[range]:
    """Find adverbs of manner, "unexpectedly"; and adjectives of a message, "a loud alert"."""
    found = [
        range(i, i + 1)
        for i, s in enumerate(spans)
        if is_unknown(s) and s.text.endswith("ly") and s.text not in _NO_MANNER
    ]
    for index, span in enumerate(spans):
        after = next((s for s in spans[index + 1 :] if not is_unknown(s) and s.text != "-"), None)
        message = after is not None and after.is_("notice") and after.text.rstrip("s") in _MESSAGES
        if is_unknown(span) and message and _noticed_or_first(spans, index):
            found.append(range(index, index + 1))
    return found


def _noticed_or_first(spans: Sequence[Span], index: int) -> bool:
    return noticed_before(spans, index) or all(s.is_("filler", "unknown", "quantifier") for s in spans[:index])


def looks(spans: Sequence[Span]) -> list[range]:
    """Find how somebody looks, which no camera here tells: "a suspicious person", "a red car"."""
    return [
        range(index, index + 1)
        for index, span in enumerate(spans[:-1])
        if span.text in _LOOKS
        and is_unknown(span)
        and (_is_only_seen(spans[index + 1]) or spans[index + 1].text in _LOOKS)
    ]


_SEVERAL = (("more than", "one"), ("at least", "two"), ("more than", "1"), ("at least", "2"))


def crowds(spans: Sequence[Span]) -> list[range]:
    """Find how many are seen at once, which nothing here counts: "more than one person", "multiple people"."""
    found = [
        range(index, index + 2)
        for index in range(len(spans) - 2)
        if (spans[index].text, spans[index + 1].text) in _SEVERAL and _is_only_seen(spans[index + 2])
    ]
    many = [i for i, s in enumerate(spans[:-1]) if s.text in ("multiple", "several") and _is_only_seen(spans[i + 1])]
    return [*found, *(range(i, i + 1) for i in many)]


def _is_only_seen(span: Span) -> bool:
    """Say whether a word is what a detector tells, and nobody of this home: "a person", "a car"."""
    return span.is_("label", "stranger") and not any(ref.kind in ("person", "pet") for ref in span.refs)


def tails(spans: Sequence[Span]) -> list[range]:
    """Find where somebody comes home from: "gets home from school"; and "for safety" at the end."""
    found = []
    for index, span in enumerate(spans):
        rest = [s for s in spans[index + 1 :] if s.text not in (".", "!")]
        if span.text in ("from", "for") and rest and all(is_unknown(s) or s.text in ARTICLES for s in rest[:1]):
            piece = _end_of_doing(spans, index)
            home = any(
                "home" in s.text.split() or s.text in ("get back", "come back")
                for s in spans[max(0, index - 2) : index]
            )
            last = all(s.text in _AT_THE_END or s.is_("filler", "join") for s in rest)
            found += [range(index, piece)] if (span.text == "from" and home) or (span.text == "for" and last) else []
    return found
