"""Test a clip: what a camera would record of a short video, before it is relied on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import UploadFile

from proactive.clip_trial import LONGEST, TooBusy
from proactive.web.bounds import MEGABYTE
from proactive.web.page import back_to, page
from proactive.web.pages.cameras import base_of, camera_of
from proactive.web.problem import Refused
from proactive.web.sent import shown_name, upload
from proactive.web.visit import Visit, may
from proactive.web.words import problem_words
from rules.home import Camera
from rules.problem import InputError

router = APIRouter(include_in_schema=False)
Manager = Annotated[Visit, Depends(may("manage_home"))]
LARGEST = 190 * MEGABYTE
NOT_HERE = (
    "Clips cannot be looked at here: seeing is not installed. Whoever runs this can: pip install 'proactive[vision]'"
)


@router.get("/cameras/{id}/test")
def clip(request: Request, visit: Manager, id: str) -> Response:
    """Show what a clip is tested for."""
    return _show(request, visit, camera_of(visit, id))


@router.post("/cameras/{id}/test")
def look(
    request: Request, visit: Manager, id: str, sent: Annotated[UploadFile | None, Depends(upload("clip", LARGEST))]
) -> Response:
    """Begin to look at a clip."""
    camera, site = camera_of(visit, id), visit.site
    if sent is None:
        return _show(request, visit, camera, "Choose a video first.")
    try:
        trial = site.trials.begin(site.settings, visit.home, id, shown_name(sent.filename or ""), sent.file)
    except InputError as error:
        return _show(request, visit, camera, problem_words(error.problems))
    except TooBusy as error:
        return _show(request, visit, camera, str(error))
    except ImportError:
        return _show(request, visit, camera, NOT_HERE)
    return back_to(f"{base_of(camera)}/test/{trial.id}")


@router.get("/cameras/{id}/test/{trial}")
def trial(request: Request, visit: Manager, id: str, trial: str) -> Response:
    """Show how far looking at a clip is, then what would be recorded."""
    camera, found = camera_of(visit, id), visit.site.trials.of(visit.home.home, trial)
    if found is None or found.camera != id:
        raise Refused(404, "This test is over, and nothing of it was kept.")
    return page(request, visit, "trial.html", camera=camera, base=base_of(camera), trial=found, clock=_clock)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _show(request: Request, visit: Visit, camera: Camera, wrong: str = "") -> Response:
    return page(
        request, visit, "clip.html", 422 if wrong else 200, camera=camera, base=base_of(camera), wrong=wrong, ROOM=LARGEST,
        MINUTES=int(LONGEST // 60),
    )  # fmt: skip
