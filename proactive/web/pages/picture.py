"""Pictures: what a camera saw of a record, for whoever may see that camera. No name of a file ever comes from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import FileResponse

from proactive.pictures import kept
from proactive.web.problem import Refused
from proactive.web.visit import Visit, may
from rules.record import Record

router = APIRouter(include_in_schema=False)
GONE = "There is no such picture: it was deleted after its time, or it is not yours to see."


@router.get("/pictures/{record}")
def picture(visit: Annotated[Visit, Depends(may("see_cameras"))], record: str) -> Response:
    """Send the picture of a record."""
    found = next(iter(visit.site.runtime.log.records(visit.home.home, [record])), None)
    if found is None or not visit.access.may_see(found.source or "") or (file := file_of(visit, found)) is None:
        raise Refused(404, GONE)
    return FileResponse(file, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})


def file_of(visit: Visit, record: Record) -> Path | None:
    """Return where the picture of a record is; None where there is none of its camera."""
    return kept(visit.site.settings.data, visit.home.home, record.source or "", record.data.get("snapshot"))
