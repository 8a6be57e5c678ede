"""Cameras: those that are shown to whoever visits, each with its newest picture, what is in it, and how it is doing."""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from proactive.web.page import Tab, page
from proactive.web.problem import Refused
from proactive.web.sighting import sightings
from proactive.web.visit import Visit, may
from rules.home import Camera

TAB = Tab("Cameras", "/cameras", "cameras", "see_cameras", 4)
router = APIRouter(include_in_schema=False)
Viewer = Annotated[Visit, Depends(may("see_cameras"))]


@router.get("/cameras")
def listing(request: Request, visit: Viewer) -> Response:
    """Show the cameras."""
    return page(request, visit, "cameras.html", cameras=sightings(visit, visit.access.cameras()))


@router.get("/cameras/{id}")
def one(request: Request, visit: Viewer, id: str) -> Response:
    """Show one camera."""
    (seen,) = sightings(visit, [camera_of(visit, id)])
    return page(request, visit, "camera.html", seen=seen)


@router.get("/cameras/{id}/picture")
def picture(visit: Viewer, id: str) -> Response:
    """Send the newest picture of a camera. No cache keeps it."""
    camera = camera_of(visit, id)
    glimpse = visit.site.glimpses.of(visit.home.home, camera.id)
    if glimpse is None:
        raise Refused(404, "There is no picture of this camera yet.")
    return Response(
        glimpse.jpeg,
        media_type="image/jpeg",
        headers={"last-modified": format_datetime(glimpse.time.astimezone(UTC), usegmt=True)},
    )


def base_of(camera: Camera) -> str:
    """Return the address of a camera's page."""
    return f"/cameras/{quote(camera.id, safe='')}"


def camera_of(visit: Visit, id: str) -> Camera:
    """Return a camera that whoever visits may see. Raise Refused, alike where there is none and where it is hidden."""
    found = next((camera for camera in visit.access.cameras() if camera.id == id), None)
    if found is None:
        raise Refused(404, "There is no such camera, or it is not yours to see.")
    return found
