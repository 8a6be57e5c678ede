"""Steps of a rule in English: a trace or a firing as one line, with the home's clock and the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from rules.firing import Firing
from rules.home import Home
from rules.record import Record
from rules.rule import Absent, Count, Occurs, Rule, leaf_conditions
from rules.trace import Trace
from rules.words.conditions import LeafCondition
from rules.words.firings import blind_sentences, firing_text
from rules.words.names import called
from rules.words.records import record_text
from rules.words.stops import stopped
from rules.words.times import at_moment, duration, joined, length, often, time_of

Step = Firing | Trace


@dataclass(frozen=True, slots=True)
class Telling:
    """What is needed to tell steps: the rule as it stood, its home, the records that they name, the bounds of the day."""

    rule: Rule
    home: Home
    records: Mapping[str, Record]
    day: tuple[int, int]

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of the home's clock."""
        return ZoneInfo(self.home.time_zone)

    def time(self, time: int) -> str:
        """Return an instant as `8:12 am`, with its date where it is not on the day."""
        return time_of(time, self.zone) if self.day[0] <= time < self.day[1] else at_moment(time, self.zone)

    def leaf(self, trace: Trace) -> LeafCondition | None:
        """Return the condition that left a trace; None where the rule has changed since."""
        leaves = leaf_conditions(self.rule.when)
        return leaves[trace.position] if trace.position < len(leaves) else None

    def evidence(self, trace: Trace) -> str:
        """Return what the last record of a trace's evidence said, or `it came true` where there is none to be had."""
        record = self.records.get(trace.evidence[-1]) if trace.evidence else None
        if record is None:
            return "it came true" if not trace.evidence else f"record {trace.evidence[-1]} came"
        return record_text(record, self.home, edge=not isinstance(self.leaf(trace), Absent))

    def step(self, step: Step) -> str:
        """Return one step as a sentence."""
        if isinstance(step, Firing):
            return firing_text(step, self.rule, self.home)
        whose = f"for {called(step.key, self.home)}, " if step.key is not None else ""
        return f"At {self.time(step.time)} {whose}{reason(step, self)}.{_record(step)}"


def lines(steps: tuple[Step, ...], tell: Telling) -> list[str]:
    """Return the steps as sentences; what came again and again is one of them."""
    return [tell.step(first) + _again(last, more, tell) for first, last, more in _told_as_one(steps, tell)]


@dataclass(frozen=True, slots=True)
class Line:
    """A step as it stands in a table: when, what it was (a verdict, or `trace.What`), in words without the time, its evidence."""

    time: int
    what: str
    words: str
    evidence: tuple[str, ...] = ()


def table(steps: tuple[Step, ...], tell: Telling) -> list[Line]:
    """Return the steps as lines of a table, without the ids of records; what came again and again is one of them."""
    return [_line(*each, tell) for each in _told_as_one(steps, tell)]


def _line(first: Step, last: Step, more: int, tell: Telling) -> Line:
    if isinstance(first, Firing):
        return Line(first.time, first.verdict, tell.step(first), first.evidence)
    whose = f"for {called(first.key, tell.home)}, " if first.key is not None else ""
    words = f"{whose}{reason(first, tell)}.{_again(last, more, tell)}"
    return Line(first.time, first.what, words[:1].upper() + words[1:], first.evidence)


def _told_as_one(steps: tuple[Step, ...], tell: Telling) -> Iterator[tuple[Step, Step, int]]:
    """Yield the first and the last of the steps that are told as one, and how many come after the first."""
    for _, group in groupby(steps, key=lambda step: _sort(step, tell)):
        same = list(group)
        yield same[0], same[-1], len(same) - 1


def _again(last: Step, more: int, tell: Telling) -> str:
    return f" Again {often(more)}, until {tell.time(last.time)}." if more else ""


def _sort(step: Step, tell: Telling) -> object:
    """Return what is the same for steps that are told as one."""
    if isinstance(step, Trace) and step.what in ("matched", "repeat"):
        return step.what, step.position, step.key, tell.evidence(step)
    return id(step)


def _record(trace: Trace) -> str:
    return f" (Record {joined(trace.evidence)}.)" if trace.evidence else ""


def reason(trace: Trace, tell: Telling) -> str:
    """Return what a trace says, without its time: the reason why nothing was told."""
    match trace.what:
        case "put":
            return "the rule was put" if trace.detail["enabled"] else "the rule was paused"
        case "dropped":
            return "the rule was gone, as it had fired once" if trace.detail.get("once") else "the rule was dropped"
        case "matched":
            return tell.evidence(trace) + _counted(trace, tell)
        case "repeat":
            return f"{tell.evidence(trace)}, {_repeated(trace)}"
        case "waiting":
            return f"{tell.evidence(trace)}, and I waited until {tell.time(trace.detail['due'])}"
        case "ended":
            return _ended(trace, tell)
        case "quiet":
            return f"all was well: {quiet(trace, tell)}"
        case "guard":
            return f"it did not fire, because {stopped(trace.detail['guards'], tell.rule.guards, tell.home)}"
        case "cooldown":
            return f"it did not fire, because it had fired at {tell.time(trace.detail['last_fired'])}{_cooldown(trace, tell)}"
        case "blind":
            return f"I could not tell, and this rule says nothing then. {blind(trace, tell)}".rstrip(". ")
        case "expired":
            return "it did not fire, because it had expired"


def _counted(trace: Trace, tell: Telling) -> str:
    leaf, count = tell.leaf(trace), trace.detail.get("count")
    if count is None or not isinstance(leaf, Count):
        return ""
    return f", number {count} of {leaf.at_least} within {duration(leaf.within)}"


def _repeated(trace: Trace) -> str:
    if trace.detail.get("edge") is False:
        return "which was nothing new: it was so before, or its first report after I could not see it"
    if "episode" in trace.detail:
        return "still the same happening"
    return "but I was waiting already" if trace.detail.get("due") is not None else "too late to begin anything"


def _ended(trace: Trace, tell: Telling) -> str:
    due, lasted = trace.detail["due"], length(trace.time - trace.detail["since"])
    early = f", before its time ({tell.time(due)})" if due is not None else ""
    return f"it was over after {lasted}{early}"


def quiet(trace: Trace, tell: Telling) -> str:
    """Return what made an absence quiet, and when."""
    last = int(trace.detail.get("last", trace.time))
    known = trace.evidence and trace.evidence[-1] in tell.records
    return f"{tell.evidence(trace) if known else 'what was awaited came'} at {tell.time(last)}"


def _cooldown(trace: Trace, tell: Telling) -> str:
    leaf = tell.leaf(trace)
    if not isinstance(leaf, Occurs) or leaf.cooldown is None:
        return ""
    return f", and it fires at most once in {duration(leaf.cooldown)}"


def blind(trace: Trace, tell: Telling) -> str:
    """Return the sentences about the stretches that nobody saw."""
    return " ".join(blind_sentences(trace.detail["coverage"], tell.home, tell.zone))
