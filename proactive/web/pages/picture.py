"""Pictures: what a camera saw of a record, for whoever may see that camera. No name of a file ever comes from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import FileResponse

from proactive import app
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
    """Return where the picture of a record is; None where there is none, or where it would lie elsewhere."""
    named = record.data.get("snapshot")
    if not isinstance(named, str) or not named:
        return None
    folder = (visit.site.settings.data / app.PICTURES).resolve()
    try:
        file = (visit.site.settings.data / named).resolve()
        return file if file.is_relative_to(folder) and file.suffix == ".jpg" and file.is_file() else None
    except (OSError, ValueError):
        return None
