"""Whether it works, for whoever watches over it: `GET /api/health` for a container, `GET /metrics` for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from proactive.load import CameraFigures
from proactive.vitals import registry_of
from proactive.web.access import Known, admitted, is_this_machine
from proactive.web.problem import problems_documented
from proactive.web.site import Here

TEXT = "text/plain; version=0.0.4"
router = APIRouter(tags=["health"])


@router.get("/api/health", summary="Does it work?", responses=problems_documented(503))
def health(site: Here) -> dict[str, str]:
    """Answer 200 while the store and the log can be used, else 503. Anybody may ask."""
    site.store.home_ids()
    site.runtime.log.ending()
    return {"status": "ok"}


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    openapi_extra={"security": [{"token": []}, {}]},
    responses={200: {"content": {TEXT: {"schema": {"type": "string"}}}}, **problems_documented(401, 403, 429, 503)},
)
def metrics(request: Request, site: Here, caller: Known) -> Response:
    """Show the figures, in Prometheus's text format, to this machine itself or to a token with the scope `read`."""
    from prometheus_client import generate_latest

    if caller is not None or not is_this_machine(request):
        admitted(site, caller, "read")
    registry = registry_of(site.store, site.runtime, site.intake, site.now, site.standings)
    registry.register(CameraFigures(site.settings, site.now))
    registry.register(site.voice.tally)
    return Response(generate_latest(registry), media_type=TEXT)
