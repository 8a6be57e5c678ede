"""The start: `/` shows the first page of the navigation, and `/live` tells an open page what changed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from proactive.web.live import Live
from proactive.web.page import Tab
from proactive.web.visit import Visit, may

router = APIRouter(include_in_schema=False)
Visitor = Annotated[Visit, Depends(may("visit"))]


@router.get("/")
def start(request: Request, visit: Visitor) -> Response:
    """Show the first page of the navigation."""
    tabs: tuple[Tab, ...] = request.app.state.tabs
    first = next(tab for tab in tabs if visit.access.may(tab.right))
    return RedirectResponse(first.href, 303)


@router.get("/live")
async def live(request: Request, visit: Visitor) -> Response:
    """Send the names of what changes in the home, as server-sent events."""
    hub: Live = request.app.state.live
    return StreamingResponse(hub.stream(visit.session.id, visit.access), media_type="text/event-stream")
