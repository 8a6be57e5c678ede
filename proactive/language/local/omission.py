"""Omission: what may be left out of a sentence since it cannot change what is watched, and is said to be left out.

A sentence that was not understood whole is read once more without purposes ("so that I can call her"), reasons, channels
("via Telegram"), adverbs, what somebody wears or carries, and talk around the request. Never left out: the head of what
is watched ("the attic window"), a negation, a number, a time, a name of this home, and whom to tell. Whoever reads the
rule back sees a note with each piece, so a rule may be a little too wide, and never about another thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from proactive.language.local.border import (
    BORDERS,
    NEVER,
    TIMES,
    is_unknown,
    noticed_before,
    opens,
    to_the_border,
)
from proactive.language.local.describing import crowds, looks, manners, participles, relatives, tails
from proactive.language.local.span import Span

_REASONS = frozenset(("because", "cause", "cuz", "bc"))
_CHANNELS = frozenset(
    """app application phone iphone smartphone cell cellphone mobile watch telegram whatsapp slack discord email mail sms signal messenger companion
    assistant homeassistant google alexa sonos echo homepod speaker speakers screen tablet ifttt smartthings hubitat frigate siri dashboard channel group chat inbox
    pushover pushbullet ntfy gotify nest ring wyze reolink device devices browser computer laptop desktop ha proactive""".split()
)  # fmt: skip
_BY_WAY_OF = frozenset("from via through using on to in by with over".split())


@dataclass(frozen=True, slots=True)
class Shortened:
    """The words of a sentence without those that were left out, and what those were, in their order.

    `before` are those that a sentence before it names: "he" may be one of them.
    """

    spans: list[Span]
    left_out: tuple[str, ...]
    before: tuple[Span, ...] = ()

    def notes(self) -> tuple[str, ...]:
        """Return what to say about it."""
        return tuple(f"I left out '{text}'." for text in self.left_out)


def shortened(spans: Sequence[Span]) -> Shortened | None:
    """Return a sentence without what may be left out of it, or None where there is nothing of the kind."""
    dropped: set[int] = set()
    for find in (
        _talk,
        _purposes,
        _channels,
        _examples,
        _alternatives,
        participles,
        relatives,
        manners,
        crowds,
        looks,
        tails,
    ):
        kept = [index for index in range(len(spans)) if index not in dropped]
        for piece in find([spans[index] for index in kept]):
            dropped.update(kept[index] for index in piece)
    if not dropped:
        return None
    texts = tuple(" ".join(spans[i].text for i in run) for run in _runs(dropped))
    left = tuple(text.strip(" ,.") for text in texts if text.strip(" ,."))
    first = min(index for index in range(len(spans)) if index not in dropped) if len(dropped) < len(spans) else 0
    before = tuple(span for span in spans[:first] if span.refs)
    return Shortened([span for index, span in enumerate(spans) if index not in dropped], left, before)


def _runs(indices: Iterable[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for index in sorted(indices):
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


# --- what may be left out ---------------------------------------------------------------------------------------


def _talk(spans: Sequence[Span]) -> list[range]:
    """Find whole sentences that ask for nothing and set no time, beside one that asks."""
    sentences = _sentences(spans)
    asking = [s for s in sentences if any(spans[i].is_("notice", "command") or opens(spans[i]) for i in s)]
    if not asking or len(sentences) == len(asking):
        return []
    return [s for s in sentences if s not in asking and not any(spans[i].is_(*TIMES, "not") for i in s) and len(s) > 2]


def _sentences(spans: Sequence[Span]) -> list[range]:
    found, start = [], 0
    for index, span in enumerate(spans):
        if span.text in (".", "!", "?"):
            found.append(range(start, index + 1))
            start = index + 1
    return [*found, range(start, len(spans))] if start < len(spans) else found


def _purposes(spans: Sequence[Span]) -> list[range]:
    found = []
    for index, span in enumerate(spans):
        after = spans[index + 1] if index + 1 < len(spans) else None
        if _is_purpose(spans, index, span, after) and index > 1:
            found.append(
                to_the_border(spans, index + (2 if span.text == "so" else 0))
                if span.text != "so"
                else _so(spans, index)
            )
    return found


def _so(spans: Sequence[Span], index: int) -> range:
    """Return "so that ..." to its border; the mark "that" after "so" opens no clause."""
    return range(index, to_the_border(spans, index + 1).stop)


def _is_purpose(spans: Sequence[Span], index: int, span: Span, after: Span | None) -> bool:
    if span.text in _REASONS:
        return True
    if after is None:
        return False
    if span.text == "so":
        return (
            after.text in ("that", "it", "he", "she", "they", "nobody")
            or after.is_("speaker", "everyone")
            or bool(after.refs)
        )
    if span.text == "as":
        return after.is_("speaker") or (
            spans[index - 1].text == "," and after.text in ("the", "my", "our", "it", "he", "she", "they")
        )
    if span.text == "in" and after.text == "order":
        return True
    verb = after.is_("command", "notice") or is_unknown(after) or after.text in ("make", "go", "be")
    return (
        span.text == "to" and verb and not after.refs and noticed_before(spans, index) and not _recipient(spans, index)
    )


def _recipient(spans: Sequence[Span], index: int) -> bool:
    """Say whether "to" stands before whom: "send a text to bob"."""
    end = next((i for i in range(index + 1, len(spans)) if not is_unknown(spans[i])), len(spans))
    following = spans[end] if end < len(spans) else None
    alone = end - index == 2 and (following is None or opens(following) or following.text in (*BORDERS, ","))
    return alone and is_unknown(spans[index + 1])


def _channels(spans: Sequence[Span]) -> list[range]:
    """Find the way on which word should come, "to my phone via the app", with what asks to be told."""
    found = []
    for index, span in enumerate(spans):
        if span.text.split()[0] in _BY_WAY_OF and noticed_before(spans, index):
            end = _end_of_channel(spans, index)
            found += [range(index, end)] if end else []
    return found


def _end_of_channel(spans: Sequence[Span], index: int) -> int | None:
    """Return where a channel ends, at most four words after its preposition; None where it is none."""
    end = None
    for position in range(index, min(index + 6, len(spans))):
        span = spans[position]
        words = span.text.split()
        if position > index and (span.is_("mark", "while", "notice", *NEVER) or span.text in (*BORDERS, ",")):
            break
        if position > index and any(ref.kind in ("person", "pet") for ref in span.refs):
            break
        if words[-1] in _CHANNELS:
            end = position + 1
    return end


def _examples(spans: Sequence[Span]) -> list[range]:
    """Find "such as ...", "for example ..."."""
    texts = [span.text for span in spans]
    return [
        to_the_border(spans, index)
        for index in range(len(spans) - 1)
        if (texts[index], texts[index + 1]) in (("such", "as"), ("for", "example"), ("for", "instance"))
    ]


def _alternatives(spans: Sequence[Span]) -> list[range]:
    """Find "or some adjustable period of time": an alternative that says nothing of its own."""
    found = []
    for index, span in enumerate(spans):
        if span.is_("join") and span.text == "or":
            piece = to_the_border(spans, index)
            inner = [spans[i] for i in piece[1:]]
            empty = all(
                s.is_("filler", "quantifier", "unknown") or s.text in ("time", "of") or _no_length(s) for s in inner
            )
            found += (
                [piece]
                if empty and any(is_unknown(s) for s in inner) and index and spans[index - 1].is_(*TIMES)
                else []
            )
    return found


def _no_length(span: Span) -> bool:
    return span.is_("length") and not span.readings["length"].duration
