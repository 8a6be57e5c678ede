"""The application: a factory that is handed its parts, and the list of its routers.

A new part of the API is a module with a `router`, named in `ROUTERS`; a new page one in `pages`. A route says who may use it
(`proactive.web.access`, `proactive.web.visit`), is handed the `Site`, and raises: `add_error_handlers` makes the answer.
"""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from proactive.version import version
from proactive.web import asset, health, look, records
from proactive.web.bounds import Bounds
from proactive.web.fault import add_pages_of_faults
from proactive.web.live import Live
from proactive.web.pages import PAGES, TABS
from proactive.web.problem import add_error_handlers
from proactive.web.safety import Safety
from proactive.web.site import Site
from proactive.web.talk import api as talk

ROUTERS: tuple[APIRouter, ...] = (records.router, health.router, look.router, asset.router, talk.router, *PAGES)
PACKED = 800  # bytes from which on an answer is packed


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
    app.state.live, app.state.tabs = Live(site), TABS
    app.add_middleware(GZipMiddleware, minimum_size=PACKED)
    app.add_middleware(Bounds)
    app.add_middleware(Safety)
    add_error_handlers(app)
    add_pages_of_faults(app)
    for router in ROUTERS:
        app.include_router(router)
    return app
