"""Frame: a sentence cut into what it asks for and the clauses that this hangs on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from proactive.language.local.clause import Link, Segment
from proactive.language.local.lexicon import SOON_AFTER
from proactive.language.local.span import Span


@dataclass(slots=True)
class Frame:
    """A request in parts: the words that ask for something, the clauses it hangs on, and where each began."""

    action: list[Span] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    marked: bool = False
    before: tuple[Span, ...] = ()


_STARTS_COMMAND = frozenset(
    ("turn", "switch", "set", "play", "increase", "decrease", "pause", "dim", "raise", "lower", "activate", "ring")
)


def frame_of(spans: Sequence[Span]) -> Frame:
    """Return the parts of a sentence: action words until a mark, clauses after it, until an action begins again."""
    frame = Frame(spans=list(spans))
    current: Segment | None = None
    for position, span in enumerate(spans):
        if (link := _opens(span, spans, position, current)) is not None:
            alternative = current is not None and current.link == "or" and not current.spans and link == "if"
            current = Segment("or" if alternative else link, [], span)
            frame.segments.append(current)
            frame.marked = frame.marked or link in ("if", "unless")
        elif current is not None and _acts(span, spans, position, current):
            current = None
            frame.action.append(span)
        elif current is None:
            frame.action.append(span)
        elif "sun" in span.readings and span.text.startswith(("after", "between", "from")):
            frame.segments.append(Segment("while", [span], span))
        elif "join" in span.readings:
            current = Segment(span.readings["join"], [], span)
            frame.segments.append(current)
        else:
            current.spans.append(span)
    if not frame.marked and not _noticed(frame.action) and _states(frame.action):
        frame.segments, frame.action = [Segment("if", frame.action)], []
    frame.segments = _joined([s for s in frame.segments if any(not _is_noise(x) for x in s.spans)])
    return frame


def _opens(span: Span, spans: Sequence[Span], position: int, current: Segment | None) -> Link | None:
    """Return the link that a span opens a clause with, or None."""
    if span.text in ("after", "until", "till") and not _governs_time(spans, position):
        if span.text != "after":
            return "until"
        return "if" if current is None else "after"
    if span.text in SOON_AFTER and not _governs_time(spans, position):
        return "if" if current is None else "after"
    if span.text == "of" and position and spans[position - 1].is_("length") and current is not None:
        return None if _governs_time(spans, position) else "after"
    if "mark" in span.readings:
        if span.text in ("that", "about", "should"):
            return (
                "if" if current is None and position and span.text != "should" and _noticed(spans[:position]) else None
            )
        if span.text == "once" and current is not None:
            return None
        link: Link = span.readings["mark"]
        return link
    return "while" if "while" in span.readings else None


def _states(spans: Sequence[Span]) -> bool:
    """Say whether a sentence without "if" states a condition with its time: "garage left open after 22:00"."""
    timed = any(span.is_("length", "clock") for span in spans)
    content = next((span for span in spans if not span.is_("filler")), None)
    named = content is not None and bool(content.refs) and not content.is_("command")
    return timed and named and any(span.is_("meaning", "compare", "motion") for span in spans)


def _governs_time(spans: Sequence[Span], position: int) -> bool:
    after = [s for s in spans[position + 1 : position + 4] if not s.is_("filler", "compare") or s.is_("number")]
    return bool(after) and after[0].is_("clock", "length", "part", "number")


def _noticed(spans: Sequence[Span]) -> bool:
    return any("notice" in span.readings for span in spans)


def _acts(span: Span, spans: Sequence[Span], position: int, current: Segment) -> bool:
    """Say whether an action begins here, inside a clause: "..., notify me", "then lock it", "turn on the fan"."""
    previous = spans[position - 1] if position else None
    at_border = previous is not None and (previous.text in (",", ".", ";", ":") or "join" in previous.readings)
    complete = any(_is_predicate(other) for other in current.spans) or not current.spans or _asks_me(spans, position)
    if "notice" in span.readings and (complete or at_border) and not span.refs:
        return not _is_weak_notice(span, spans, position)
    if "command" not in span.readings or span.text.split()[0].endswith(("s", "ed", "ing")):
        return False
    if previous is not None and ("not" in previous.readings or previous.text == "but not"):
        return False  # what is denied is nothing to be done: "but not shut again"
    if span.text.split()[0] in _STARTS_COMMAND and complete and current.spans:
        return True
    if span.text in ("turn", "switch") and current.spans and _parted(spans[position + 1 : position + 4]):
        return True
    return complete and (at_border or (bool(current.spans) and _done_to(spans, position)))


def _asks_me(spans: Sequence[Span], position: int) -> bool:
    """Say whether a notice is one to the speaker: "let me know", "text me"."""
    span = spans[position]
    after = spans[position + 1] if position + 1 < len(spans) else None
    return span.is_("notice") and (span.text.startswith("let ") or (after is not None and after.text in ("me", "us")))


def _parted(after: Sequence[Span]) -> bool:
    """Say whether a verb stands apart from its particle: "... turn it off", "switch the lights on"."""
    named = any(span.refs or span.text in ("it", "them") for span in after)
    return named and any(span.text in ("on", "off") for span in after)


def _done_to(spans: Sequence[Span], position: int) -> bool:
    """Say whether what follows a verb is what it is done to: "... is home lock the door", and nobody does it yet."""
    after = [span for span in spans[position + 1 :] if span.text not in ("the", "my", "our", "all")]
    before = spans[position - 1]
    person = any(ref.kind in ("person", "pet") for ref in before.refs)
    doer = person or before.is_("speaker", "pronoun", "label", "everyone", "nobody")
    plain = spans[position].text in ("lock", "unlock", "close", "open", "shut", "stop", "dock", "arm", "start")
    return plain and not doer and bool(after) and bool(after[0].refs or after[0].text in ("it", "them"))


def _is_weak_notice(span: Span, spans: Sequence[Span], position: int) -> bool:
    """Say whether a notice word is part of a clause here: "gets opened", "the alarm"."""
    after = spans[position + 1] if position + 1 < len(spans) else None
    if span.text in ("get", "gets", "give", "alarm", "detected", "know", "let", "call", "calls", "receive"):
        told = after is not None and (after.is_("speaker", "notice") or after.text in ("a", "an"))
        told = told or (after is not None and "person" in kind_of(after) and span.text == "let")
        called = after is not None and after.is_("speaker") and span.text == "call"
        return not (called or (told and span.text in ("get", "give", "let")))
    return False


def _is_noise(span: Span) -> bool:
    return set(span.readings) <= {"filler", "quantifier", "speaker", "pronoun"} and "speaker" not in span.readings


def _is_predicate(span: Span) -> bool:
    if span.text in ("in", "on", "at", "home", "out", "off"):
        return span.text in ("off", "home", "out")
    return (
        span.is_("meaning", "event", "motion", "sun", "sun_event", "extreme", "number", "clock") and span.text != "been"
    )


def _says(segment: Segment) -> bool:
    spans = segment.spans
    if any({"motion", "movement", "leak", "smoke", "outage"} & set(span.text.split()) for span in spans if span.refs):
        return True  # "motion in the garage" says that there is some
    placed = any(span.is_("placing") for span in spans) and any(span.text in ("is", "are", "am") for span in spans)
    stands = any(span.text in ("is", "are", "been", "still", "stays") for span in spans)
    last = [span for span in spans if not span.is_("filler") or span.is_("meaning")][-2:]
    placed = placed or (len(last) == 2 and last[1].text == "on" and any(ref.kind == "device" for ref in last[0].refs))
    placed = placed or (stands and any(span.text == "on" and span.is_("meaning") for span in spans))
    return placed or any(_is_predicate(span) and not span.is_("clock") for span in spans)


def _joined(segments: list[Segment]) -> list[Segment]:
    """Put together what a join only listed: "the fridge or the freezer", "between 7 and 22", "dusk and dawn"."""
    found: list[Segment] = []
    for segment in segments:
        last = found[-1] if found else None
        if last is not None and _is_range(last, segment):
            last.spans += [*([segment.opener] if segment.opener else []), *segment.spans]
            continue
        lists = (
            last is not None
            and segment.link in ("and", "or")
            and (not _says(last) or (not _says(segment) and not _nobody(segment) and not _sees_alone(segment)))
            and not (_says(last) and _denies(segment))
        )
        if last is not None and lists and not (_says(segment) and _whole(last) and _names_nothing(last)):
            last.spans += [*([segment.opener] if segment.opener else []), *segment.spans]
        else:
            found.append(segment)
    return found


def _is_range(last: Segment, segment: Segment) -> bool:
    """Say whether "and" stands between two numbers: "between 60 and 70 degrees"."""
    ends = [span.text for span in last.spans[-2:-1]] == ["between"] and last.spans[-1].is_("number")
    return ends and segment.link == "and" and bool(segment.spans) and segment.spans[0].is_("number")


def _denies(segment: Segment) -> bool:
    """Say whether a clause begins with what there is none of: "and no motion in the barn"."""
    content = [span for span in segment.spans if not (span.is_("filler") and not span.is_("not"))]
    return len(content) > 1 and content[0].is_("not") and bool(content[1].refs)


_WATCHING = frozenset(
    ("watch", "monitor", "keep an eye on", "track", "watch for", "watch out for", "look out for", "watch over")
)


def with_the_place_watched(frame: Frame) -> Frame:
    """Return a frame in which the place of "watch the garden and tell me if someone comes" stands where it belongs.

    A clause that names a place of its own keeps to that.
    """
    watching = [span for span in frame.action if span.text in _WATCHING]
    places = [span for span in frame.action if watching and "place" in kind_of(span)]
    if not places or not frame.segments or places[0].start > frame.segments[0].spans[0].start:
        return frame
    first = frame.segments[0]
    placed = any("place" in kind_of(span) for segment in frame.segments for span in segment.spans)
    spans = first.spans if placed else [*first.spans, *places]
    moved = {span.start for span in (*places, *watching)}
    action = [span for span in frame.action if span.start not in moved]
    others = [span for span in frame.spans if span.start not in moved]
    return Frame(
        action, [Segment(first.link, spans, first.opener), *frame.segments[1:]], others, frame.marked, frame.before
    )


def _sees_alone(segment: Segment) -> bool:
    return any("motion" in (kind_of(span) or ()) for span in segment.spans)


def kind_of(span: Span) -> tuple[str, ...]:
    """Return the kinds of what a span may name."""
    return tuple({ref.kind for ref in span.refs})


def _nobody(segment: Segment) -> bool:
    return any(span.is_("nobody", "everyone") for span in segment.spans) and any(
        "home" in s.text for s in segment.spans
    )


def _names_nothing(segment: Segment) -> bool:
    return not any(span.refs or span.is_("label", "stranger", "nobody", "everyone") for span in segment.spans)


def _whole(segment: Segment) -> bool:
    return any(span.is_("clock", "part", "days") for span in segment.spans)


def first(items: Iterable[Span], test: Callable[[Span], bool]) -> Span | None:
    """Return the first span that passes a test, or None."""
    return next((item for item in items if test(item)), None)
