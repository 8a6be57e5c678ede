"""Omission: what may be left out of a sentence since it cannot change what is watched, and is said to be left out.

A sentence that was not understood whole is read once more without purposes ("so that I can call her"), reasons, channels
("via Telegram"), adverbs, what somebody wears or carries, and talk around the request. Never left out: the head of what
is watched ("the attic window"), a negation, a number, a time, a name of this home, and whom to tell. Whoever reads the
rule back sees a note with each piece, so a rule may be a little too wide, and never about another thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from proactive.language.local.span import Label, Span

_BORDERS = frozenset((".", ";", "!", "?", ":", ")"))
_ARTICLES = frozenset("the a an my our your their his her its this that some any".split())
_TIMES: tuple[Label, ...] = (
    "length",
    "clock",
    "days",
    "part",
    "date",
    "sun_time",
    "sun",
    "sun_event",
    "times",
    "number",
)
_LIVING: tuple[Label, ...] = ("label", "stranger", "everyone")
_NEVER: tuple[Label, ...] = (*_TIMES, "not", "nobody", "compare", "extreme")

_REASONS = frozenset(("because", "cause", "cuz", "bc"))
_AT_THE_END = frozenset(
    "safety security reasons reason peace mind fun reference records purposes extra convenience now".split()
)
_CHANNELS = frozenset(
    """app application phone iphone smartphone cell cellphone mobile watch telegram whatsapp slack discord email mail sms signal messenger companion
    assistant homeassistant google alexa sonos echo homepod speaker speakers screen tablet ifttt smartthings hubitat frigate siri dashboard channel group chat inbox
    pushover pushbullet ntfy gotify nest ring wyze reolink device devices browser computer laptop desktop ha proactive""".split()
)  # fmt: skip
_PLACING = frozenset("at in on by near inside around within beside".split())
_BY_WAY_OF = frozenset("from via through using on to in by with over".split())
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
        _participles,
        _relatives,
        _manners,
        _crowds,
        _looks,
        _tails,
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


# --- where things end -------------------------------------------------------------------------------------------


def _opens(span: Span) -> bool:
    return (span.is_("mark") and span.text not in ("that", "about")) or span.is_("while")


def _to_the_border(spans: Sequence[Span], start: int) -> range:
    """Return from `start` to the end of the sentence, to "if" or "when", or to a comma before what is asked for."""
    for index in range(start + 1, len(spans)):
        span = spans[index]
        after = spans[index + 1] if index + 1 < len(spans) else None
        asked = span.text == "," and after is not None and (_opens(after) or after.is_("notice", "command"))
        if span.text in _BORDERS or _opens(span) or asked:
            return range(start, index)
    return range(start, len(spans))


def _noticed_before(spans: Sequence[Span], index: int) -> bool:
    """Say whether a word stands with what is asked for, and not in a clause."""
    for span in reversed(spans[:index]):
        if span.is_("notice"):
            return True
        if _opens(span) or span.text in _BORDERS:
            return False
    return False


def _content(spans: Sequence[Span], start: int) -> Span | None:
    return next((span for span in spans[start:] if span.text not in _ARTICLES), None)


def _unknown(span: Span | None) -> bool:
    """Say whether a word means nothing here and is no name: names are written with a capital."""
    return span is not None and "unknown" in span.readings and not str(span.readings["unknown"])[:1].isupper()


# --- what may be left out ---------------------------------------------------------------------------------------


def _talk(spans: Sequence[Span]) -> list[range]:
    """Find whole sentences that ask for nothing and set no time, beside one that asks."""
    sentences = _sentences(spans)
    asking = [s for s in sentences if any(spans[i].is_("notice", "command") or _opens(spans[i]) for i in s)]
    if not asking or len(sentences) == len(asking):
        return []
    return [s for s in sentences if s not in asking and not any(spans[i].is_(*_TIMES, "not") for i in s) and len(s) > 2]


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
                _to_the_border(spans, index + (2 if span.text == "so" else 0))
                if span.text != "so"
                else _so(spans, index)
            )
    return found


def _so(spans: Sequence[Span], index: int) -> range:
    """Return "so that ..." to its border; the mark "that" after "so" opens no clause."""
    return range(index, _to_the_border(spans, index + 1).stop)


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
    verb = after.is_("command", "notice") or _unknown(after) or after.text in ("make", "go", "be")
    return (
        span.text == "to" and verb and not after.refs and _noticed_before(spans, index) and not _recipient(spans, index)
    )


def _recipient(spans: Sequence[Span], index: int) -> bool:
    """Say whether "to" stands before whom: "send a text to bob"."""
    end = next((i for i in range(index + 1, len(spans)) if not _unknown(spans[i])), len(spans))
    following = spans[end] if end < len(spans) else None
    alone = end - index == 2 and (following is None or _opens(following) or following.text in (*_BORDERS, ","))
    return alone and _unknown(spans[index + 1])


def _channels(spans: Sequence[Span]) -> list[range]:
    """Find the way on which word should come, "to my phone via the app", with what asks to be told."""
    found = []
    for index, span in enumerate(spans):
        if span.text.split()[0] in _BY_WAY_OF and _noticed_before(spans, index):
            end = _end_of_channel(spans, index)
            found += [range(index, end)] if end else []
    return found


def _end_of_channel(spans: Sequence[Span], index: int) -> int | None:
    """Return where a channel ends, at most four words after its preposition; None where it is none."""
    end = None
    for position in range(index, min(index + 6, len(spans))):
        span = spans[position]
        words = span.text.split()
        if position > index and (span.is_("mark", "while", "notice", *_NEVER) or span.text in (*_BORDERS, ",")):
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
        _to_the_border(spans, index)
        for index in range(len(spans) - 1)
        if (texts[index], texts[index + 1]) in (("such", "as"), ("for", "example"), ("for", "instance"))
    ]


def _alternatives(spans: Sequence[Span]) -> list[range]:
    """Find "or some adjustable period of time": an alternative that says nothing of its own."""
    found = []
    for index, span in enumerate(spans):
        if span.is_("join") and span.text == "or":
            piece = _to_the_border(spans, index)
            inner = [spans[i] for i in piece[1:]]
            empty = all(
                s.is_("filler", "quantifier", "unknown") or s.text in ("time", "of") or _no_length(s) for s in inner
            )
            found += (
                [piece] if empty and any(_unknown(s) for s in inner) and index and spans[index - 1].is_(*_TIMES) else []
            )
    return found


def _no_length(span: Span) -> bool:
    return span.is_("length") and not span.readings["length"].duration


def _participles(spans: Sequence[Span]) -> list[range]:
    """Find what somebody does beside being there: "holding a package", "wanting to be let in", "with a hat"."""
    found = []
    for index, span in enumerate(spans):
        doing = _unknown(span) and span.text.endswith("ing")
        wearing = (
            span.text == "with" and _unknown(_content(spans, index + 1)) and index and _is_somebody(spans[index - 1])
        )
        wanting = span.text == "to" and index + 1 < len(spans) and spans[index + 1].text in ("be", "get", "go", "come")
        doing = doing or (wanting and _placed_before(spans, index) and not _noticed_before(spans, index))
        if (doing or wearing) and _somebody_before(spans, index):
            found.append(range(index, _end_of_doing(spans, index)))
    return found


def _is_somebody(span: Span) -> bool:
    return span.is_(*_LIVING) or any(ref.kind in ("person", "pet") for ref in span.refs)


def _somebody_before(spans: Sequence[Span], index: int) -> bool:
    for span in reversed(spans[:index]):
        if _is_somebody(span):
            return True
        if _opens(span) or span.text in _BORDERS:
            return False
    return False


def _placed_before(spans: Sequence[Span], index: int) -> bool:
    clause = next((i for i in range(index - 1, -1, -1) if _opens(spans[i])), -1)
    return any(ref.kind in ("place", "device") for span in spans[clause + 1 : index] for ref in span.refs)


def _end_of_doing(spans: Sequence[Span], index: int) -> int:
    """Return where a participle ends: at a time, a border, or the first place where none was said yet."""
    placed = _placed_before(spans, index)
    for position in range(index + 1, len(spans)):
        span = spans[position]
        after = _content(spans, position + 1)
        timed = span.is_(*_NEVER) or (span.is_("particle") and after is not None and after.is_(*_TIMES))
        place = span.text in _PLACING and after is not None and bool(after.refs or after.is_("label")) and not placed
        clause = (
            span.is_("join")
            and any(s.is_("meaning", "motion") or s.refs for s in spans[position + 1 : position + 4])
            and not placed
        )
        asked = span.text == "," and after is not None and after.is_("notice", "command")
        moves = span.is_("motion") and not span.is_("filler", "placing") and span.text not in _PLACING
        verb = (span.text in ("is", "are") or moves) and not placed
        if timed or place or clause or asked or verb or _opens(span) or span.text in _BORDERS:
            return position
    return len(spans)


def _relatives(spans: Sequence[Span]) -> list[range]:
    """Find "who is wearing a mask" and "which I bought": a clause on something that is named, with an unknown word in it."""
    found = []
    for index, span in enumerate(spans):
        if span.text in ("who", "which", "whose") and index and _somebody_before(spans, index):
            piece = range(index, _end_of_doing(spans, index))
            inner = [spans[i] for i in piece[1:]]
            found += [piece] if any(_unknown(s) for s in inner) and not any(s.refs for s in inner) else []
    return found


def _manners(spans: Sequence[Span]) -> list[range]:
    """Find adverbs of manner, "unexpectedly"; and adjectives of a message, "a loud alert"."""
    found = [
        range(i, i + 1)
        for i, s in enumerate(spans)
        if _unknown(s) and s.text.endswith("ly") and s.text not in _NO_MANNER
    ]
    for index, span in enumerate(spans):
        after = next((s for s in spans[index + 1 :] if not _unknown(s) and s.text != "-"), None)
        message = after is not None and after.is_("notice") and after.text.rstrip("s") in _MESSAGES
        if _unknown(span) and message and _noticed_or_first(spans, index):
            found.append(range(index, index + 1))
    return found


def _noticed_or_first(spans: Sequence[Span], index: int) -> bool:
    return _noticed_before(spans, index) or all(s.is_("filler", "unknown", "quantifier") for s in spans[:index])


def _looks(spans: Sequence[Span]) -> list[range]:
    """Find how somebody looks, which no camera here tells: "a suspicious person", "a red car"."""
    return [
        range(index, index + 1)
        for index, span in enumerate(spans[:-1])
        if span.text in _LOOKS
        and _unknown(span)
        and (_is_only_seen(spans[index + 1]) or spans[index + 1].text in _LOOKS)
    ]


_SEVERAL = (("more than", "one"), ("at least", "two"), ("more than", "1"), ("at least", "2"))


def _crowds(spans: Sequence[Span]) -> list[range]:
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


def _tails(spans: Sequence[Span]) -> list[range]:
    """Find where somebody comes home from: "gets home from school"; and "for safety" at the end."""
    found = []
    for index, span in enumerate(spans):
        rest = [s for s in spans[index + 1 :] if s.text not in (".", "!")]
        if span.text in ("from", "for") and rest and all(_unknown(s) or s.text in _ARTICLES for s in rest[:1]):
            piece = _end_of_doing(spans, index)
            home = any(
                "home" in s.text.split() or s.text in ("get back", "come back")
                for s in spans[max(0, index - 2) : index]
            )
            last = all(s.text in _AT_THE_END or s.is_("filler", "join") for s in rest)
            found += [range(index, piece)] if (span.text == "from" and home) or (span.text == "for" and last) else []
    return found
