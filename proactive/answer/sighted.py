"""Answers about who is seen where now: a camera sees what happens, so who is there now is who was seen and not gone."""

from __future__ import annotations

from proactive.answer.answer import Answer
from proactive.answer.blindness import blind
from proactive.answer.happening import Happening, happenings
from proactive.answer.inquiry import Inquiry, answered, denied, unsure
from rules.record import Record
from rules.units import DAY, HOUR, MINUTE, instant
from rules.words.names import called
from rules.words.records import record_clause, record_text

RECENT = 2 * MINUTE  # a sighting that nothing ended is of now for so long
FORGOTTEN = DAY  # an episode that did not end is forgotten after so long without a record


def whether_now(inquiry: Inquiry) -> Answer:
    """Answer "is there a car in the driveway?", "is Daisy on the couch?"."""
    time = inquiry.until
    found = [
        each
        for each in happenings(inquiry.archive, inquiry.asked, inquiry.sources, time - FORGOTTEN, time + 1)
        if inquiry.may(each.first)
    ]
    there = [each for each in found if _is_there(each, time)]
    if there and not blind(inquiry.archive, [there[-1].last.source or ""], instant(there[-1].last.time), time):
        return answered("yes", f"Yes: {_there(there[-1], inquiry)}.", [there[-1].first, there[-1].last], value=True)
    last = max((each for each in found), key=lambda each: instant(each.last.time), default=None)
    since = max(time - HOUR, instant(last.last.time) if last else 0)
    stretches = blind(inquiry.archive, inquiry.sources, since, time, inquiry.zones)
    seen = f"The last that I saw of it: {_told(last, inquiry)}" if last else "I saw nothing of that in the last hour"
    if stretches:
        far = blind(
            inquiry.archive, inquiry.sources, instant(last.last.time) if last else time - DAY, time, inquiry.zones
        )
        return unsure(inquiry, far, seen, [last.last] if last else [])
    nothing = f"No: {seen}." if last else f"No: {denied(inquiry)} in the last hour."
    return answered("no", nothing, [last.last] if last else [], value=False)


def _is_there(each: Happening, now: int) -> bool:
    """Say whether what was seen is there: its episode goes on, or it was seen just now."""
    since = now - instant(each.last.time)
    return since <= RECENT if each.ended else since <= FORGOTTEN


def _there(each: Happening, inquiry: Inquiry) -> str:
    """Return who is there: `Pepper has been seen at the couch since noon, the last time at 2:58 pm`."""
    last = inquiry.tell.at(instant(each.last.time))
    if each.last.id == each.first.id:
        return f"{record_text(each.first, inquiry.home)} {last}"
    since = inquiry.tell.since(each.time)
    return f"{record_clause(each.first, inquiry.home).has()} since {since}, the last time {last}"


def _told(each: Happening, inquiry: Inquiry) -> str:
    return f"{record_text(each.last, inquiry.home)} {inquiry.tell.at(instant(each.last.time))}"


def where(inquiry: Inquiry) -> Answer:
    """Answer "where is Daisy?": who was seen where last, and for a person whether they are home."""
    subjects = [subject for pattern in inquiry.query.of for subject in pattern.subject or ()]
    cameras = [camera.id for camera in inquiry.home.cameras]
    lines: list[str] = []
    evidence: list[Record] = []
    for subject in dict.fromkeys(subjects):
        state = next(
            (record for record in inquiry.archive.states_back(subject, inquiry.now + 1) if inquiry.may(record)), None
        )
        if state is not None:
            words = record_clause(state, inquiry.home, edge=False).has()
            lines.append(f"{words} since {inquiry.tell.since(instant(state.time))}")
            evidence.append(state)
        seen = _last_seen(subject, cameras, inquiry)
        if seen is not None:
            lines.append(f"{record_text(seen, inquiry.home)} {inquiry.tell.at(instant(seen.time))}")
            evidence.append(seen)
        if state is None and seen is None:
            lines.append(f"I have no record of {called(subject, inquiry.home)}")
    since = max((instant(record.time) for record in evidence), default=inquiry.since)
    stretches = blind(inquiry.archive, cameras, since, inquiry.now) if cameras else []
    tail = f" But {inquiry.tell.blind(stretches)}." if stretches and evidence else ""
    text = f"{'. '.join(line[:1].upper() + line[1:] for line in lines)}.{tail}"
    return answered("known" if evidence else "unknown", text, evidence, stretches)


def _last_seen(subject: str, cameras: list[str], inquiry: Inquiry) -> Record | None:
    began = inquiry.archive.began
    if began is None:
        return None
    for back in (DAY, 8 * DAY, 60 * DAY, 400 * DAY):
        since = max(began, inquiry.now - back)
        reports = inquiry.archive.reports(cameras, since, inquiry.now + 1)
        found = [
            record
            for record in reports
            if record.subject == subject and record.type == "detection" and inquiry.may(record)
        ]
        if found or since == began:
            return found[-1] if found else None
    return None
