"""Answers about what people were told: from the notifications that were kept, sent or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from proactive.answer.answer import Answer, Verdict
from proactive.answer.inquiry import Inquiry, answered
from proactive.answer.overlap import about
from proactive.notification import Notification
from rules.words.names import any_of
from rules.words.times import joined, often

MOST = 10


def told(inquiry: Inquiry) -> Answer:
    """Answer "did you tell Maya?", "what did you tell me yesterday?"."""
    if inquiry.notices is None:
        return answered(
            "unknown", "I can't tell: what was told to whom is kept in the data folder, and not in a file of records."
        )
    found = [notice for notice in inquiry.notices if _is_meant(notice, inquiry)]
    sent = [notice for notice in found if notice.sent_at is not None]
    if not sent:
        return _not_told(found, inquiry)
    times = [inquiry.tell.at(notice.sent_at) for notice in sent if notice.sent_at is not None]
    whom = _whom(inquiry)
    match inquiry.query.wanted:
        case "count":
            text = f"{often(len(sent))}{inquiry.when}: {joined(times[-5:])}."
        case "whether" if len(sent) == 1:
            text = f"Yes: I told {whom} {times[0]}: {_quoted(sent[0])}."
        case "whether":
            text = f"Yes, {often(len(sent))}. The last time, I told {whom} {times[-1]}: {_quoted(sent[-1])}."
        case "last" | "first" | "when":
            one = 0 if inquiry.query.wanted == "first" else -1
            text = f"I told {whom} {times[one]}: {_quoted(sent[one])}."
        case _:
            text = "\n".join(_line(notice, time) for notice, time in list(zip(sent, times, strict=True))[-MOST:])
            text = f"I told {whom} {often(len(sent))}{inquiry.when}:\n{text}"
    verdict: Verdict = "yes" if inquiry.query.wanted == "whether" else "known"
    return _with(answered(verdict, text, value=len(sent)), sent)


def _is_meant(notice: Notification, inquiry: Inquiry) -> bool:
    time = notice.created_at if notice.sent_at is None else notice.sent_at
    if notice.person not in inquiry.query.told or not inquiry.since <= time <= inquiry.until:
        return False
    if not inquiry.query.about:
        return True
    rule = next((rule for rule in inquiry.rules if rule.id == notice.rule), None)
    words = f"{notice.title} {notice.body}"
    return about(inquiry.query, rule, words)


def _not_told(found: Sequence[Notification], inquiry: Inquiry) -> Answer:
    matter = f" about {inquiry.query.about}" if inquiry.query.about else ""
    text = f"No: I told {_whom(inquiry)} nothing{matter}{inquiry.when}."
    if found:
        last = found[-1]
        reason = f": {last.reason}" if last.reason else ""
        text = f"No, not{inquiry.when}. {_STATES[last.state]}{reason}. It says {_quoted(last)}."
    return _with(answered("no", text, value=0), found)


_STATES = {
    "waiting": "There is something that still waits to be sent",
    "failed": "There was something, and sending it failed",
    "snoozed": "There was something, and it was snoozed",
    "sent": "There was something",
}


def _whom(inquiry: Inquiry) -> str:
    if inquiry.query.told == (inquiry.asker,):
        return "you"
    return any_of(inquiry.query.told, inquiry.home)


def _quoted(notice: Notification) -> str:
    return f'"{notice.body or notice.title}"'.replace('."', '"')


def _line(notice: Notification, time: str) -> str:
    return f"- {time[:1].upper()}{time[1:]}: {notice.body or notice.title}"


def _with(answer: Answer, notices: Sequence[Notification]) -> Answer:
    ids = tuple(notice.id for notice in notices)
    return replace(answer, notices=ids, rules=tuple(dict.fromkeys(notice.rule for notice in notices)))
