"""The application: a factory that is handed its parts, and the list of its routers.

A new part of the API or a new page is a module with a `router`, named in `ROUTERS`. A route says who may use it
(`proactive.web.access`), is handed the `Site`, and raises: `add_error_handlers` makes the answer.
"""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from proactive.version import version
from proactive.web import health, look, records
from proactive.web.problem import add_error_handlers
from proactive.web.site import Site

ROUTERS: tuple[APIRouter, ...] = (records.router, health.router, look.router)


def make_app(site: Site) -> FastAPI:
    """Return the ASGI application of a site. Its OpenAPI document is at /api/openapi.json."""
    app = FastAPI(
        title="Proactive",
        version=version(),
        summary="Standing rules, in your words, over what cameras and devices see.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
    )
    app.state.site = site
    add_error_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    return app
