"""`local`: the language model that is none. Grammar and tables over what the home lists; no network, no state.

A sentence is routed, cut into spans, framed into an action and clauses, read into statements and composed into a rule.
A rule is only made when every word was understood and everything in it was said; otherwise a person gets a question or
an honest no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from proactive.language.local.action import action_of
from proactive.language.local.aside import without_asides
from proactive.language.local.asked import asked
from proactive.language.local.asking import all_asked
from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.context import in_context, named
from proactive.language.local.deed import commands_of
from proactive.language.local.detour import EXAMPLES, DetourError, RewordedError, cannot, label_of
from proactive.language.local.dialogue import answering, told_times
from proactive.language.local.expectation import expected
from proactive.language.local.frame import Frame, frame_of
from proactive.language.local.make import make_rule
from proactive.language.local.omission import Shortened, shortened
from proactive.language.local.paraphrase import by_days, plain
from proactive.language.local.route import UNSAYABLE, kind_of_request, reply_of
from proactive.language.local.rule import apart, kept_to
from proactive.language.local.scheduled import without_schedules
from proactive.language.local.several import are_reminders, naming, pieces_of
from proactive.language.local.span import Span, spans_of
from proactive.language.local.spanish.reader import read_spanish
from proactive.language.local.spelling import spelled
from proactive.language.local.terse import decided, noted
from proactive.language.local.token import MAX_TEXT, tokens_of
from proactive.language.local.tongue import not_read, tongue_of
from proactive.language.local.vague import vague
from proactive.language.local.wording import Worded, worded
from proactive.language.outcome import Kind, Outcome
from proactive.language.request import Request
from rules.problem import Problem
from rules.rule import Action as Act


@dataclass(frozen=True, slots=True)
class LocalModel:
    """Reads plain English sentences about the home; the same request always has the same outcome."""

    name: str = "local"

    def read(self, request: Request) -> Outcome:
        """Return what became of a request, in the language in which it was said."""
        tongue = tongue_of(request.text)
        if tongue == "es":
            return read_spanish(request, self._read_english)
        if tongue != "en":
            return Outcome("cannot", not_read(tongue), problems=(Problem("not_english", "text", not_read(tongue), ""),))
        return self._read_english(request)

    def _read_english(self, request: Request) -> Outcome:
        if request.home.calendars and (scheduled := self._scheduled(request)) is not None:
            return scheduled
        text, notes = _sentence(request)
        times = told_times(request.facts, request.speaker, request.home.home)

        def read(answers: Mapping[str, str]) -> Outcome:
            with answering(answers, times):
                return _reworded(text, request)

        outcome = all_asked(read, request.answers)
        return outcome.with_(notes=(*notes, *outcome.notes)) if outcome.rules else outcome

    def _scheduled(self, request: Request) -> Outcome | None:
        """Return the rule of a text that names calendars ("unless I'm in a meeting"), kept to them; None where it names none."""
        cut = without_schedules(request.text[:MAX_TEXT].replace("\u2019", "'"), request.home)
        if not cut.guards:
            return None
        bare = request.home.model_copy(update={"calendars": ()})
        outcome = self._read_english(replace(request, text=cut.text, home=bare))
        return kept_to(outcome, cut.guards, request) if outcome.rules else None


def _sentence(request: Request) -> tuple[str, tuple[str, ...]]:
    """Return the one sentence that a text comes down to, and notes on how: slips, second thoughts, what was said before."""
    names = catalogue_of(request.home)
    text, slips = spelled(request.text[:MAX_TEXT].replace("\u2019", "'"), names)
    text, thoughts = decided(asked(text), names)
    text = expected(text)
    text, left_out = in_context(text, names)
    return noted(text), (*slips, *thoughts, *left_out)


_REWORDINGS = 4  # words of a sentence that answers may replace


def _reworded(text: str, request: Request) -> Outcome:
    """Return what became of a text, with words replaced by what was answered about them."""
    for _ in range(_REWORDINGS):
        try:
            return _outcome(plain(worded(text)), request)
        except RewordedError as again:
            text = text.replace(again.words, again.meant, 1)
    return _outcome(plain(worded(text)), request)


def _outcome(said: Worded, request: Request) -> Outcome:
    if are_reminders(said.text) and (several := _several(said, request)):
        return several
    try:
        outcome = _read(said, request)
    except DetourError as detour:
        if several := _several(said, request):
            return several
        if detour.outcome.outcome == "cannot" and (alone := _beside_asides(said, request)):
            return alone
        unclear = vague(said.text) if detour.outcome.outcome == "cannot" else None
        return _with_offer((unclear or detour).outcome)
    return outcome.with_(notes=(*said.notes, *outcome.notes)) if outcome.rules else outcome


def _beside_asides(said: Worded, request: Request) -> Outcome | None:
    """Return the rule of a text without what stands beside the request, or None where that is no rule either."""
    for text, left_out in without_asides(said.text, catalogue_of(request.home)):
        less = plain(worded(noted(text)))
        try:
            outcome = _read(less, request)
        except DetourError:
            continue
        if outcome.rules:
            notes = tuple(f"I left out '{piece.lower()}'." for piece in left_out)
            return outcome.with_(notes=(*said.notes, *notes, *outcome.notes))
    return None


def _several(said: Worded, request: Request) -> Outcome | None:
    """Return the rules of a text that holds several requests, or None where it holds one, or one of them is no rule."""
    pieces = by_days(said.text) or pieces_of(said.text)
    found: list[Outcome] = []
    for piece in pieces if len(pieces) > 1 else ():
        done = [act.device for rule in (found[-1].rules if found else ()) for act in rule.do]
        said_before = naming(piece, label_of(done[0], request.home)) if len(done) == 1 else piece
        whole = named(said_before, pieces[len(found) - 1], catalogue_of(request.home)) if found else said_before
        try:
            outcome = _read(Worded(whole, whole), request)
        except DetourError:
            return None
        if not outcome.rules:
            return None
        found.append(outcome)
    if not found:
        return None
    notes = tuple(note for outcome in found for note in outcome.notes)
    problems = tuple(problem for outcome in found for problem in outcome.problems)
    rules = apart([rule for outcome in found for rule in outcome.rules])
    return Outcome(
        "rule",
        "\n".join(outcome.reply for outcome in found),
        rules=rules,
        notes=(*said.notes, *notes),
        problems=problems,
    )


def _read(said: Worded, request: Request) -> Outcome:
    text = said.text
    tokens = tokens_of(text)
    kind = kind_of_request(said)
    if kind == "refuse":
        return Outcome(kind, reply_of(kind))
    if kind is not None:
        return Outcome(kind, reply_of(kind))
    spans = spans_of(tokens, catalogue_of(request.home))
    try:
        return _of_spans(spans, text, request)
    except DetourError as detour:
        less = shortened(spans)
        if less is None or (detour.outcome.outcome != "cannot" and not less.before):
            raise
        return _of_less(less, text, request, detour)


def _of_less(less: Shortened, text: str, request: Request, detour: DetourError) -> Outcome:
    """Return the rule of a sentence without what may be left out of it, or what it lacks; else raise what was found before."""
    try:
        outcome = _of_spans(less.spans, text, request, less.before)
    except DetourError as other:
        if other.outcome.outcome == "clarify":
            raise
        raise detour from other
    if not outcome.rules:
        raise detour
    return outcome.with_(notes=(*less.notes(), *outcome.notes))


def _of_spans(spans: list[Span], text: str, request: Request, before: tuple[Span, ...] = ()) -> Outcome:
    frame = replace(frame_of(spans), before=before)
    if (other := _no_rule(frame, text)) == "command":
        return _command(frame, request)
    if other is not None:
        return Outcome(other, f"{reply_of(other)} For example: {EXAMPLES}." if other == "chat" else reply_of(other))
    if found := UNSAYABLE.search(text.lower()):
        message = f"I cannot repeat {found[0]!r} yet, so I made no rule."
        raise cannot("recurrence", message, "Name days of the week, or every so many hours.")
    return make_rule(frame, text, request)


def _no_rule(frame: Frame, text: str) -> Kind | None:
    """Return the kind of a sentence that sets no condition: a command, a question, or talk."""
    valued = {span.start for span in frame.action} - {span.start for span in commands_of(frame.action)[1]}
    plain = [span for span in frame.spans if span.start not in valued]
    at_a_time = any(span.is_("clock", "days", "part", "date", "sun_time", "sun_event") for span in plain)
    timed = at_a_time or any(span.is_("length") for span in frame.spans)
    if frame.marked:
        return None
    spans = [span for span in frame.spans if not set(span.readings) <= {"filler", "speaker", "unknown"}]
    done_to = bool(spans) and "command" in spans[0].readings  # "arm the alarm" tells nobody
    noticed = any(span.is_("notice") and not (done_to and span.refs) for span in frame.spans)
    if len(spans) == 2 and spans[0].refs and spans[1].text in ("on", "off"):
        return "command"
    if spans and "command" in spans[0].readings and not noticed:
        return None if at_a_time else "command"
    if text.rstrip().endswith("?") and not noticed:
        return "question"
    return None if noticed or (timed and len(spans) > 2) else "chat"


def _command(frame: Frame, request: Request) -> Outcome:
    """Return something to do now, with the acts where each device and what to do with it are clear."""
    reply = reply_of("command")
    try:
        action = action_of(frame, request.home, request.speaker)
    except DetourError as detour:
        return Outcome("command", f"{reply} {detour.outcome.reply}", problems=detour.outcome.problems)
    clear = not (action.rest or action.devices or action.back or action.times.any() or action.notes)
    return Outcome("command", reply, acts=tuple(Act.model_validate(act) for act in action.do) if clear else ())


def _with_offer(outcome: Outcome) -> Outcome:
    """Say what can be said, where a request could not be read."""
    if outcome.outcome != "cannot" or any(p.code == "unknown_name" for p in outcome.problems):
        return outcome
    return outcome.with_(reply=f"{outcome.reply} I understand for example: {EXAMPLES}.")
