"""What a notification says: rendered from the stored rule, the firing and its evidence, and from nothing else.

The words of a rule's message are its owner's; whatever the assistant adds states what the engine decided and why.
No model writes here, so the assistant cannot claim what it did not do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from rules.calendar import zone_of
from rules.firing import Firing
from rules.home import Home
from rules.record import Record
from rules.rule import Absent, Condition, Holds, Pattern, Rule, condition_patterns, leaf_conditions
from rules.rule import Sequence as SequenceRule
from rules.units import SECOND, instant, moment
from rules.words.blindness import Blindness, blindnesses
from rules.words.clauses import clause
from rules.words.guards import holding
from rules.words.names import called, plain
from rules.words.records import record_text
from rules.words.spanish.blindness import blindness as blindness_in_spanish
from rules.words.times import at_moment, clock_of, joined, length, stretch

SHOWN_STRETCHES = 3  # of a camera that came and went; more are counted

_FIELD = re.compile(r"\{(\w+)\}")
_NEGATION = re.compile(
    r"\b(has|have|had|was|were|is|are|did|does|do|can|could|will)(?: not|n't|n\u2019t)\b", re.IGNORECASE
)
_SMALL = ("The", "A", "An", "My", "Your", "Our", "Someone", "Somebody", "Nobody", "No", "There", "It")


@dataclass(frozen=True, slots=True)
class Text:
    """A title for a lock screen, and the sentence itself."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that goes with a notification: its path, and which camera took it when."""

    path: str
    source: str | None = None
    time: int | None = None


def render(firing: Firing, rule: Rule, home: Home, evidence: Sequence[Record] = (), told: Firing | None = None) -> Text:
    """Return what to say of a firing. `evidence` are its records, in any order; `told` is what was said before.

    Times are the home's. Without the records the sentence says less, never something else.
    """
    proof = _proof(firing, evidence)
    match firing.verdict:
        case "fired":
            body = message(firing, rule, home, proof)
        case "unknown":
            body = _undecided(firing, rule, home)
        case "corrected":
            body = _corrected(rule, home, proof, told)
        case "resolved":
            body = f"Resolved: {_happened(firing, rule, home, proof)}."
        case _:
            assert_never(firing.verdict)
    return Text(home.name or home.home, _sentence(body))


def _undecided(firing: Firing, rule: Rule, home: Home) -> str:
    """Return what cannot be told and why, in the language of the home."""
    if home.language == "es":
        said = message(firing, rule, home).strip().rstrip(".!")
        return f"No puedo saber si es así: «{said}». Es que {blindness_in_spanish(firing.coverage, home)}."
    return f"I can't tell whether {_question(firing, rule, home)}: {blindness(firing, home)}."


def message(firing: Firing, rule: Rule, home: Home, proof: Record | None = None) -> str:
    """Return the rule's message with its fields filled in; a field that nothing fills stays as it is written."""
    template = rule.notify.message if rule.notify else ""
    values = fields(firing, rule, home, proof)
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), template) or _own_words(rule, home)


def fields(firing: Firing, rule: Rule, home: Home, proof: Record | None = None) -> Mapping[str, str]:
    """Return what a message may name: `subject`, `time`, `place`, `zone`, and the data of the evidence."""
    values = {key: str(value) for key, value in (proof.data if proof else {}).items() if not isinstance(value, dict)}
    values["time"] = clock_of(moment(firing.time).astimezone(zone_of(home)))
    source = proof.source if proof else _only(name for p in _patterns(rule) for name in p.source or ())
    if source:
        values["place"] = called(source, home)
    subject = proof.subject if proof else _only(name for p in _patterns(rule) for name in p.subject or ())
    if subject:
        values["subject"] = "somebody I don't know" if subject == "unknown" else called(subject, home)
    if "zone" in values:
        values["zone"] = plain(values["zone"])
    return values


def blindness(firing: Firing, home: Home) -> str:
    """Return what a decision rests on and nobody could see, when and why: `the food bowls were covered from 10:40 am to noon`."""
    blind = [_off(each, home) for each in blindnesses(firing.coverage, home)]
    return joined(blind) if blind else "not everything could be seen"


def happening(record: Record, home: Home) -> str:
    """Return what a record reports, and when: `Daisy was seen eating by the kitchen camera at 11:58 am`."""
    return f"{record_text(record, home)} at {clock_of(record.time.astimezone(zone_of(home)))}"


def lateness(time: int, sent: int, why: str, home: Home) -> str:
    """Return the sentence that owns up to a late notification, or nothing when it comes within five minutes."""
    if sent - time < 300 * SECOND:
        return ""
    return f"(This is from {at_moment(time, zone_of(home))}{f'; {why}' if why else ''}.)"


def picture_of(firing: Firing, evidence: Sequence[Record]) -> Picture | None:
    """Return the picture of the firing's last record that has one in `data.snapshot`."""
    pictured = [record for record in evidence if record.data.get("snapshot")]
    proof = _proof(firing, pictured)
    return None if proof is None else Picture(str(proof.data["snapshot"]), proof.source, instant(proof.time))


def caption(picture: Picture, home: Home) -> str:
    """Return who took a picture, and when: `Picture: the kitchen camera, noon on Monday, 9 March 2026`."""
    by = called(picture.source, home) if picture.source else ""
    when = at_moment(picture.time, zone_of(home)) if picture.time is not None else ""
    known = ", ".join(filter(None, (by, when)))
    return f"Picture: {known}." if known else ""


# --- verdicts ---------------------------------------------------------------------------------------------------


def _corrected(rule: Rule, home: Home, proof: Record | None, told: Firing | None) -> str:
    before = "I could not tell before" if told is not None and told.verdict == "unknown" else "I was wrong"
    if proof is None:
        return f"{before}: it did happen in time; the report came late ({_own_words(rule, home)})"
    return f"{before}: {happening(proof, home)}; the report came late"


def _happened(firing: Firing, rule: Rule, home: Home, proof: Record | None) -> str:
    if proof is not None:
        return happening(proof, home)
    return f'"{message(firing, rule, home).rstrip(".")}" is over since {fields(firing, rule, home)["time"]}'


def _question(firing: Firing, rule: Rule, home: Home) -> str:
    """Return what could not be decided, after `whether`: the owner's words where they can be turned, else the rule's."""
    condition = _decided(rule)
    if isinstance(condition, Holds):
        return holding(condition.state, home)
    words = message(firing, rule, home).strip().rstrip(".!")
    positive, count = _NEGATION.subn(r"\1", words)
    if count == 1:
        return _small(positive)
    return joined((clause(p, home, edge=False).happened for p in _awaited(condition)), "or") or f'"{words}"'


def _off(each: Blindness, home: Home) -> str:
    if not each.spans:
        return f"{called(each.source, home)} is off" if not each.zone else f"the {plain(each.zone)} cannot be seen"
    if len(each.spans) <= SHOWN_STRETCHES:
        return f"{each.said} {joined(stretch(start, end, zone_of(home)) for start, end in each.spans)}"
    total = sum(instant(end) - instant(start) for start, end in each.spans)
    return f"{each.said} {len(each.spans)} times, {length(total)} in all"


# --- the rule ---------------------------------------------------------------------------------------------------


def _proof(firing: Firing, evidence: Sequence[Record]) -> Record | None:
    """Return the last record of the firing's evidence that is at hand."""
    order = {record: position for position, record in enumerate(firing.evidence)}
    known = [record for record in evidence if record.id in order and record.source is not None]
    return max(known, key=lambda record: order[record.id], default=None)


def _decided(rule: Rule) -> Condition:
    """Return the condition that can be undecided: a rule has one such, or it is a guess which."""
    leaves = leaf_conditions(rule.when)
    return next((leaf for leaf in leaves if isinstance(leaf, Absent | Holds) or _is_missing(leaf)), leaves[0])


def _is_missing(condition: Condition) -> bool:
    return isinstance(condition, SequenceRule) and condition.missing


def _awaited(condition: Condition) -> Sequence[Pattern]:
    return condition.then if isinstance(condition, SequenceRule) else condition_patterns(condition)


def _own_words(rule: Rule, home: Home) -> str:
    """Return what the rule found, in the assistant's words, for a rule without a message."""
    condition = _decided(rule)
    match condition:
        case Holds():
            return holding(condition.state, home)
        case Absent():
            return joined((clause(p, home, edge=False).has("has not") for p in condition.of), "and")
        case SequenceRule() if condition.missing:
            return joined((clause(p, home, edge=False).has("has not") for p in condition.then), "and")
        case _:
            found = joined((clause(p, home).happened for p in _awaited(condition)), "or")
            return found or f'you asked: "{rule.said or rule.id}"'


def _patterns(rule: Rule) -> Sequence[Pattern]:
    return condition_patterns(rule.when)


def _only(names: Iterable[str]) -> str | None:
    found = set(names)
    return found.pop() if len(found) == 1 else None


def _small(words: str) -> str:
    first = words.split(" ", 1)[0]
    return words[0].lower() + words[1:] if first in _SMALL else words


def _sentence(words: str) -> str:
    words = words.strip()
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")
