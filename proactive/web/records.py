"""`POST /api/records`: records in, over HTTP, and what became of each.

Idempotent: a record is known by its home and id for 24 hours, so whoever got no answer sends the same again. On an answer
what was taken is on the disk. A change to a rule goes through the store, where rules are kept, and needs an admin's token.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from proactive.intake import REFUSED, SHED
from proactive.web.access import Caller, keep_pace, needs
from proactive.web.changes import change
from proactive.web.problem import Refused, problem_response, problems_documented
from proactive.web.schema import ANSWER, BODY
from proactive.web.site import Here, Site
from rules.problem import Problem, nearest
from rules.record import Record
from streams.embedded import KNOWN, TAKEN
from streams.posted import KINDS, Entry, UnknownKind, read_posted

MOST_BYTES = 8 << 20
CHANGES = ("rule.put", "rule.drop")
WHY = {
    "ahead_of_clock": "its time is more than 60 s ahead of the clock here; it is kept and does not count",
    "clock_in_doubt": "the clock here has just leapt; it is kept, and counts once the clock is believed again",
    "before_beginning": "its time is before the beginning of the log; it is kept and does not count",
}
RESULTS = (TAKEN, KNOWN, "aside", SHED, REFUSED)
router = APIRouter(prefix="/api", tags=["records"])
Writer = Annotated[Caller, Depends(needs("records:write"))]
Told = dict[str, Any]  # what became of an entry, as it is answered


@router.post(
    "/records",
    summary="Hand in records",
    openapi_extra={"requestBody": BODY},
    responses={
        200: {"description": "What became of each record; some may be refused.", "content": ANSWER},
        **problems_documented(400, 401, 403, 413, 415, 422, 429, 503),
    },
)
async def hand_in(request: Request, site: Here, caller: Writer) -> JSONResponse:
    """Take one record, a list, lines, or CloudEvents (structured, batched or binary), and say what became of each.

    `taken` is new, `known` was there, `aside` is kept but does not count, `refused` is not kept; `shed` is not kept either,
    since its source floods (of a state the newest report counts all the same). Send the same again when
    there was no answer: nothing is taken twice.
    """
    entries = _read(request, await _body(request))
    keep_pace(site.records, caller, len(entries), "records")
    told = await run_in_threadpool(_take, site, caller, entries)
    return _answer(told)


async def _body(request: Request) -> bytes:
    """Return the body. Raise Refused where it is too large: no more of it than that is ever held."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Expected a body without Content-Encoding.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            detail = f"Expected at most {MOST_BYTES:,} bytes at once. Send the records in several requests."
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
    return bytes(body)


def _read(request: Request, body: bytes) -> list[Entry]:
    try:
        return read_posted(request.headers, body)
    except UnknownKind as error:
        detail = f"Expected one of {', '.join(KINDS)}; found {str(error) or 'no Content-Type'!r}."
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail) from error


# --- what becomes of each -----------------------------------------------------------------------------------------


def _take(site: Site, caller: Caller, entries: list[Entry]) -> list[Told]:
    """Take what may be taken, in order, and return what became of each entry."""
    fates: list[str | Problem] = []
    for kind, run in groupby((_judge(site, caller, entry) for entry in entries), _kind):
        fates += _fates(site, caller, kind, list(run))
    site.intake.count(REFUSED for fate in fates if isinstance(fate, Problem))
    ids = (entry.id if isinstance(entry, Record) else None for entry in entries)
    return [_told(index, id, fate) for index, (id, fate) in enumerate(zip(ids, fates, strict=True))]


def _kind(entry: Entry) -> str:
    return "problem" if isinstance(entry, Problem) else "change" if entry.type in CHANGES else "report"


def _fates(site: Site, caller: Caller, kind: str, entries: list[Entry]) -> Iterable[str | Problem]:
    """Take entries of one kind together, and return what became of each."""
    if kind == "report":
        return site.intake([entry for entry in entries if isinstance(entry, Record)]).fates
    return [entry if isinstance(entry, Problem) else change(site, caller.name, entry) for entry in entries]


def _judge(site: Site, caller: Caller, entry: Entry) -> Entry:
    """Return the record, or why its sender may not hand it in."""
    if isinstance(entry, Problem):
        return entry
    if entry.type == "tick":
        return Problem("not_yours", "type", "expected what a source reports, found a tick: the clock here gives them.")
    assert entry.home is not None, "decode lets no other record pass without a home"
    if not caller.may_see(entry.home) or entry.home not in site.runtime.homes:
        known = [home for home in site.runtime.homes if caller.may_see(home)]
        message = f"expected a home that is watched here and that the token is for, found {entry.home!r}."
        return Problem("unknown_home", "home", message, nearest(entry.home, known))
    if entry.type in CHANGES and not caller.may("admin"):
        return Problem("not_allowed", "type", f"expected a token with the scope 'admin' for {entry.type}.")
    return entry


def _told(index: int, id: str | None, fate: str | Problem) -> Told:
    told: Told = {"index": index} | ({} if id is None else {"id": id})
    if isinstance(fate, Problem):
        return told | {"result": REFUSED, "problem": fate.as_json()}
    if fate in (TAKEN, KNOWN, SHED):
        return told | {"result": fate}
    return told | {"result": "aside", "reason": fate, "why": WHY.get(fate, "it is kept and does not count")}


def _answer(told: list[Told]) -> JSONResponse:
    """Return what became of each; an error where nothing at all could be used."""
    counts = {result: sum(each["result"] == result for each in told) for result in RESULTS}
    if told and counts[REFUSED] == len(told):
        problems = [Problem(**each["problem"]) for each in told[:100]]
        detail = f"None of the {len(told):,} records could be used." if len(told) > 1 else "The record cannot be used."
        return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, detail, problems, **counts, records=told)
    return JSONResponse({**counts, "records": told})
