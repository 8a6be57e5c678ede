"""Make: a frame becomes a rule, an act or a question back; nothing that was said may be missing from it."""

from __future__ import annotations

import json
from dataclasses import replace

from proactive.language.local import phrase
from proactive.language.local.account import account_for
from proactive.language.local.action import Action, act_on, action_of
from proactive.language.local.clause import Segment, Times, words_of
from proactive.language.local.compose import compose
from proactive.language.local.condition import Made
from proactive.language.local.detour import ask, cannot
from proactive.language.local.exception import kept_out, take_exceptions
from proactive.language.local.frame import Frame, with_the_place_watched
from proactive.language.local.order import completed, in_order
from proactive.language.local.particle import asks_twice, exceptions_to_whom, torn_joins, unread_particles
from proactive.language.local.reading import not_understood
from proactive.language.local.route import reply_of
from proactive.language.local.rule import rule_outcome
from proactive.language.local.schedule import about_of, is_reminder, moment, reminder
from proactive.language.local.span import Span
from proactive.language.local.statement import Statement
from proactive.language.local.stating import refers_back, statements_of, times_of
from proactive.language.local.unknown import detour_for
from proactive.language.local.when import When, settle
from proactive.language.outcome import Outcome
from proactive.language.request import Request
from rules.home import Device, Home
from rules.units import WEEKDAYS


def make_rule(frame: Frame, text: str, request: Request) -> Outcome:
    frame = with_the_place_watched(frame)
    segments = in_order([segment for segment in frame.segments if segment.link != "until"])
    segments = completed(segments, request.home)
    action = action_of(frame, request.home, request.speaker)
    segments = [_of_what_acts(segment, action, request.home) for segment in segments]
    statements = statements_of(segments, frame, request)
    act_on(action, [span for statement in statements for span in statement.subjects], request.home)
    excepted = take_exceptions(statements, request)
    if not segments:
        return _without_clause(action, text, request)
    _ends(frame, action, request)
    times = times_of(statements, action)
    when = settle(times, request.home, text.lower(), request.now)
    about = about_of(text)
    unused = [*action.rest, *(() if refers_back(segments[0]) else action.devices)]
    if unused:
        raise detour_for([span.text for span in unused], request.home, animate=False)
    made = compose(statements, times, when, request.home, repeated=action.remind is not None)
    made = replace(made, guards=[*made.guards, *kept_out(excepted, made)])
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


def _ends(frame: Frame, action: Action, request: Request) -> None:
    """Accept "until the door is closed" of a reminder, which ends when its cause does. Raise DetourError otherwise."""
    for segment in frame.segments:
        if segment.link == "until":
            unknown = words_of(segment, frame.spans).unknown
            if unknown:
                raise detour_for([span.text for span in unknown], request.home, animate=False)
            if action.remind is None:
                raise cannot("until_what", "I can repeat a notification until something is so, but nothing else.", "")


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
