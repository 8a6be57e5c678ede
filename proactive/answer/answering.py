"""Answering: a query over an archive becomes an answer. Pure but for what the archive reads; nothing here knows the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from proactive.access.access import Access
from proactive.access.question import refusal
from proactive.answer import happened, measured, reasons, sighted, stood, told
from proactive.answer.absence import UnknownAbsenceError, settled
from proactive.answer.answer import Answer
from proactive.answer.archive import Archive
from proactive.answer.happening import Asked
from proactive.answer.inquiry import Inquiry, answered
from proactive.language.fact import Fact
from proactive.language.query import Query, Wanted
from proactive.notification import Notification
from rules.home import Home
from rules.rule import Rule


def answer(
    query: Query,
    archive: Archive,
    home: Home,
    now: int,
    *,
    asker: str | None = None,
    access: Access | None = None,
    rules: Iterable[Rule] = (),
    notices: Iterable[Notification] | None = None,
    facts: Iterable[Fact] = (),
) -> Answer:
    """Return the answer to a query about a home at `now`, in microseconds since the epoch.

    `asker` is a person's id, and decides what may be told, as `access` says (default: nothing was shown or hidden); `rules` are those that stand; `notices` what people got, in order
    of time, None where that is not known; `facts` what people told. The same arguments always give the same answer.
    """
    access = access or Access(home, asker)
    if (refused := refusal(query, access)) is not None:
        return answered("denied", refused)
    try:
        period = settled(query.period, archive, home, now, tuple(facts))
    except UnknownAbsenceError as unknown:
        return answered("unknown", str(unknown))
    began = archive.began
    since = period.since if period.since is not None else now if began is None or period.now else min(began, now)
    until = period.until if period.until is not None else now
    inquiry = Inquiry(
        replace(query, period=period),
        archive,
        home,
        now,
        since,
        max(since, until),
        Asked.of(query.of, home),
        access.may_read,
        tuple(rules),
        None if notices is None else tuple(notices),
        asker,
    )
    return _answered(inquiry)


def _answered(inquiry: Inquiry) -> Answer:
    query = inquiry.query
    if query.told:
        return told.told(inquiry)
    if query.stands and _is_of_states(inquiry):
        return _about_states(inquiry)
    if query.stands and query.period.now:
        return sighted.whether_now(inquiry)
    if query.wanted == "list" and query.of and query.sources is None:
        return happened.when(inquiry)
    return _HAPPENED[query.wanted](inquiry)


_HAPPENED: dict[Wanted, Callable[[Inquiry], Answer]] = {
    "whether": happened.whether,
    "when": happened.when,
    "first": happened.first,
    "last": happened.last,
    "count": happened.count,
    "list": happened.everything,
    "who": happened.who,
    "where": sighted.where,
    "long": happened.when,
    "state": happened.when,
    "why": reasons.because,
}


def _is_of_states(inquiry: Inquiry) -> bool:
    return bool(inquiry.query.of) and all(pattern.type == ("state",) for pattern in inquiry.query.of)


def _about_states(inquiry: Inquiry) -> Answer:
    match inquiry.query.wanted:
        case "state":
            return measured.reading(inquiry)
        case "long":
            return stood.how_long(inquiry)
        case "whether":
            return stood.whether_now(inquiry) if stood.is_now(inquiry) else stood.whether_then(inquiry)
        case _:
            return stood.which_now(inquiry) if stood.is_now(inquiry) else stood.which_then(inquiry)
