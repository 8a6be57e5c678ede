"""`local`: the language model that is none. Grammar and tables over what the home lists; no network, no state.

A sentence is routed, cut into spans, framed into an action and clauses, read into statements and composed into a rule.
A rule is only made when every word was understood and everything in it was said; otherwise a person gets a question or
an honest no.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from proactive.language.local import phrase
from proactive.language.local.account import account_for
from proactive.language.local.action import Action, act_on, action_of
from proactive.language.local.aside import without_asides
from proactive.language.local.asked import asked
from proactive.language.local.asking import all_asked
from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.clause import Frame, Segment, Times, frame_of, with_the_place_watched, words_of
from proactive.language.local.compose import compose
from proactive.language.local.condition import Made
from proactive.language.local.context import in_context, named
from proactive.language.local.deed import commands_of
from proactive.language.local.detour import EXAMPLES, DetourError, RewordedError, ask, cannot, label_of
from proactive.language.local.dialogue import answering, told_times
from proactive.language.local.expectation import expected
from proactive.language.local.omission import Shortened, shortened
from proactive.language.local.order import completed, in_order
from proactive.language.local.paraphrase import by_days, plain
from proactive.language.local.particle import asks_twice, exceptions_to_whom, torn_joins, unread_particles
from proactive.language.local.predicate import Json, Predicate, Presence, Sight, Sky, State
from proactive.language.local.reading import not_understood
from proactive.language.local.route import UNSAYABLE, kind_of_request, reply_of
from proactive.language.local.rule import apart, rule_outcome
from proactive.language.local.schedule import about_of, is_reminder, moment, reminder
from proactive.language.local.several import are_reminders, naming, pieces_of
from proactive.language.local.span import Span, spans_of
from proactive.language.local.spanish.reader import read_spanish
from proactive.language.local.spelling import spelled
from proactive.language.local.statement import Statement, looking_back, read_statement
from proactive.language.local.terse import decided, noted
from proactive.language.local.token import MAX_TEXT, tokens_of
from proactive.language.local.tongue import not_read, tongue_of
from proactive.language.local.unknown import detour_for
from proactive.language.local.vague import vague
from proactive.language.local.when import When, settle
from proactive.language.local.wording import Worded, worded
from proactive.language.outcome import Kind, Outcome
from proactive.language.request import Request
from rules.home import Device, Home
from rules.problem import Problem
from rules.rule import Action as Act
from rules.units import WEEKDAYS


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
        text, notes = _sentence(request)
        times = told_times(request.facts, request.speaker, request.home.home)

        def read(answers: Mapping[str, str]) -> Outcome:
            with answering(answers, times):
                return _reworded(text, request)

        outcome = all_asked(read, request.answers)
        return outcome.with_(notes=(*notes, *outcome.notes)) if outcome.rules else outcome


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
    return _rule_outcome(frame, text, request)


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


# --- rules ------------------------------------------------------------------------------------------------------


def _rule_outcome(frame: Frame, text: str, request: Request) -> Outcome:
    frame = with_the_place_watched(frame)
    segments = in_order([segment for segment in frame.segments if segment.link != "until"])
    segments = completed(segments, request.home)
    action = action_of(frame, request.home, request.speaker)
    segments = [_of_what_acts(segment, action, request.home) for segment in segments]
    statements = _statements(segments, frame, request)
    act_on(action, [span for statement in statements for span in statement.subjects], request.home)
    excepted = _exceptions(statements, request)
    if not segments:
        return _without_clause(action, text, request)
    _ends(frame, action, request)
    times = _times(statements, action)
    when = settle(times, request.home, text.lower(), request.now)
    about = about_of(text)
    unused = [*action.rest, *(() if _refers_back(segments[0]) else action.devices)]
    if unused:
        raise detour_for([span.text for span in unused], request.home, animate=False)
    made = compose(statements, times, when, request.home, repeated=action.remind is not None)
    made = replace(made, guards=[*made.guards, *_kept_out(excepted, made)])
    _all_used(times, when, made)
    _every_word(frame, action, made)
    return rule_outcome(made, when, action, about or phrase.message(made, request.home), request)


def _all_used(times: Times, when: When, made: Made) -> None:
    """Raise a detour unless every time that was said is in the rule: a time left out would make another rule."""
    account_for([*times.clocks, *times.lengths], made.when, made.guards, made.within)
    text = json.dumps([made.when, made.guards])
    window = (when.window or ())[: 1 if when.part or when.open_ended else 2]  # "at night" may be when it begins
    said = [*window, *filter(None, (when.date, when.yearly)), *(sun.event for sun in when.suns)]
    if when.days is not None and when.days != WEEKDAYS:
        said += when.days
    unused = [time for time in said if f'"{time}"' not in text]
    if unused:
        raise cannot(
            "time_unused",
            f"I did not understand what {unused[0]} is for in this, so I made no rule.",
            "Say it in other words.",
        )


def _every_word(frame: Frame, action: Action, made: Made) -> None:
    """Raise a detour at a small word that governs nothing, and at a join or an exception that joins nothing alike."""
    repeated = made.when["op"] not in ("absent", "count") or action.remind is not None or made.about.again
    if asks_twice(frame):
        raise cannot("two_requests", "That is more than one rule.", "Say them one by one.")
    unread = [*unread_particles(frame, repeated), *torn_joins(frame), *exceptions_to_whom(frame)]
    if unread:
        raise not_understood(unread)


def _of_what_acts(segment: Segment, action: Action, home: Home) -> Segment:
    """Return a clause in which a number of no name is that of what acts: "turn on cooling if the temperature is ..."."""
    acting = {act["device"] for act in action.do}
    spans = [_own_number(span, acting, home) for span in segment.spans]
    return Segment(segment.link, spans, segment.opener)


def _own_number(span: Span, acting: set[str], home: Home) -> Span:
    own = tuple(ref for ref in span.refs if ref.id in acting)
    numeric = [device for ref in own if isinstance(device := home.by_id[ref.id], Device)]
    measured = any("current_temperature" in device.attributes for device in numeric)
    if not measured or not all(ref.generic for ref in span.refs):
        return span
    return Span(span.start, span.end, span.text, {**span.readings, "mention": own})


def _refers_back(segment: Segment) -> bool:
    return any(span.is_("pronoun") for span in segment.spans) and not any(span.refs for span in segment.spans)


def _ends(frame: Frame, action: Action, request: Request) -> None:
    """Accept "until the door is closed" of a reminder, which ends when its cause does. Raise DetourError otherwise."""
    for segment in frame.segments:
        if segment.link == "until":
            unknown = words_of(segment, frame.spans).unknown
            if unknown:
                raise detour_for([span.text for span in unknown], request.home, animate=False)
            if action.remind is None:
                raise cannot("until_what", "I can repeat a notification until something is so, but nothing else.", "")


def _statements(segments: list[Segment], frame: Frame, request: Request) -> list[Statement]:
    found: list[Statement] = []
    for segment in segments:
        words = words_of(segment, frame.spans)
        before = [span for span in (*frame.before, *frame.action) if span.refs] if _refers_back(segment) else []
        inherited = _last_named(found) if found else tuple(before)
        found.append(read_statement(words, request.home, request.speaker, inherited))
    found = [_by_then(one, after) for one, after in zip(found, [*segments, None][1:], strict=True)]
    _no_half_negation(found)
    forward = [s for s in found if not s.perfect and s.predicate is not None and not _stands(s.predicate)]
    return [looking_back(s) for s in found] if forward else found


def _last_named(found: Sequence[Statement]) -> tuple[Span, ...]:
    """Return the subjects of the last clause that names any; what goes on meanwhile is no subject of what comes next."""
    named = [one.subjects for one in found if one.subjects and one.link != "while"]
    return named[-1] if named else found[-1].subjects


def _stands(predicate: Predicate) -> bool:
    """Say whether a predicate is of how things are, at which no clause beside it can look back."""
    return isinstance(predicate, Sky) or (isinstance(predicate, State | Presence) and predicate.static)


def _by_then(statement: Statement, after: Segment | None) -> Statement:
    """Return "hasn't been fed" of "by the time Tom comes home" as what was seen since midnight, as "by noon" is."""
    opener = after.opener.text if after is not None and after.opener is not None else ""
    happened = statement.predicate is not None and not getattr(statement.predicate, "static", False)
    happened = happened and (statement.perfect or not isinstance(statement.predicate, Sight))
    if not opener.startswith("by the time") or not happened or statement.times.any():
        return statement
    return replace(statement, seen={"since": "00:00"})


def _no_half_negation(statements: list[Statement]) -> None:
    """Raise a detour at "has not been opened and closed": whether "not" is of both is not said."""
    for one, other in pairwise(statements):
        shared = other.link in ("and", "or") and not other.subjects and other.predicate is not None
        if one.negated and one.predicate is not None and shared and not other.negated:
            raise cannot("half_not", "I cannot tell whether 'not' is of one of these or of both.", "Say them apart.")


def _times(statements: list[Statement], action: Action) -> Times:
    times = Times()
    for statement in statements:
        if statement.predicate is None and statement.times.lengths:
            raise cannot(
                "length_of_what", "I did not understand what should last that long.", "Say it with one clause."
            )
        times.add(statement.times)
    times.add(action.times)
    return times


def _exceptions(statements: list[Statement], request: Request) -> list[Json]:
    """Take the clauses that leave times out from the statements, and return the guards that keep a rule out of them.

    "But not on weekends", "except on Sundays", "unless it is Saturday", "except between seven and nine".
    """
    guards: list[Json] = []
    for one, other in pairwise(statements):
        if one.predicate is None and _leaves_out(one) and other.link in ("if", "unless", "while"):
            raise _odd_exception()  # "except on Sundays when June is home"
    for statement in [s for s in statements if _leaves_out(s)]:
        if statement.predicate is not None and statement.link == "unless":
            continue
        if statement.predicate is not None and statement.negated:
            statements[statements.index(statement)] = replace(statement, link="but")
            continue
        if statement.predicate is not None or (statement.negated and statement.link == "unless"):
            raise _odd_exception()
        statements.remove(statement)
        guards += _left_out(statement.times, request)
    return guards


def _leaves_out(statement: Statement) -> bool:
    if statement.predicate is not None:
        return statement.link in ("except", "unless")
    return (
        statement.link in ("except", "unless") or statement.negated or (statement.link == "but" and not statement.only)
    )


def _left_out(times: Times, request: Request) -> list[Json]:
    when = settle(replace(times), request.home, "", request.now)
    plain = not (times.lengths or times.dates or times.suns or times.once or when.points() or when.since)
    if not plain or bool(times.days) == (when.window is not None) or when.open_ended:
        raise _odd_exception()
    if when.window is not None:
        return [{"not": {"between": list(when.window)}}]
    left_out = {day for days in times.days for day in days.days}
    return [{"days": [day for day in WEEKDAYS if day not in left_out]}]


def _odd_exception() -> DetourError:
    return cannot("except", "I did not understand the exception in this.", "Say when it should be, not when not.")


def _kept_out(guards: list[Json], made: Made) -> list[Json]:
    """Return the guards of what was left out; days of a window or a moment are days of its own."""
    condition = made.when
    kept = []
    for one in guards:
        holder = (
            condition.get("window") if condition["op"] == "absent" else condition if condition["op"] == "at" else None
        )
        if "days" in one and holder is not None and "days" not in holder and "date" not in holder:
            holder["days"] = one["days"]
        elif holder is not None:
            raise _odd_exception()
        else:
            kept.append(one)
    return kept


def _without_clause(action: Action, text: str, request: Request) -> Outcome:
    if action.do and not is_reminder(text):
        return _deed_outcome(action, text, request)
    if not is_reminder(text):
        if action.devices and not action.rest:
            raise ask(
                "condition", f"What should I tell you about the {action.devices[0].text}? Say it with 'if' or 'when'."
            )
        raise cannot("no_condition", "I did not find when to tell you.", "Say it with 'if' or 'when'.")
    if action.rest and about_of(text):
        raise detour_for([span.text for span in action.rest], request.home, animate=False)
    when = settle(action.times, request.home, text.lower(), request.now)
    every = action.remind["every"] if action.remind else None
    condition, about = reminder(text, action.times, when, every, request.home)
    made = Made(condition, [], Statement("if", None, False, Times()))
    action.remind = None
    return rule_outcome(made, when, action, about, request, name=phrase.slug(["remind", *about.split()[:4]]))


def _deed_outcome(action: Action, text: str, request: Request) -> Outcome:
    """Return what is to be done as a rule where a time of day is said, else as something to do now."""
    if action.rest or action.devices:
        raise detour_for([span.text for span in (*action.rest, *action.devices)], request.home, animate=False)
    when = settle(action.times, request.home, text.lower(), request.now)
    every = action.remind["every"] if action.remind else None
    if every is None and action.times.lengths:
        return Outcome("command", reply_of("command"))  # "in ten minutes": nothing here waits for a command
    made = Made(moment(action.times, when, every, request.home), [], Statement("if", None, False, Times()))
    action.remind = None
    name = phrase.slug([text for act in action.do for text in (act["command"], act["device"].split(".")[-1])])
    return rule_outcome(made, when, action, "It is time", request, name=name)


def _with_offer(outcome: Outcome) -> Outcome:
    """Say what can be said, where a request could not be read."""
    if outcome.outcome != "cannot" or any(p.code == "unknown_name" for p in outcome.problems):
        return outcome
    return outcome.with_(reply=f"{outcome.reply} I understand for example: {EXAMPLES}.")
