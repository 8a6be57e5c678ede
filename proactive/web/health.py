"""Whether it works, for whoever watches over it: `GET /api/health`."""

from __future__ import annotations

from fastapi import APIRouter

from proactive.web.problem import problems_documented
from proactive.web.site import Here

router = APIRouter(prefix="/api", tags=["health"])


@router.get("/health", summary="Does it work?", responses=problems_documented(503))
def health(site: Here) -> dict[str, str]:
    """Answer 200 while the store and the log can be used, else 503. Anybody may ask."""
    site.store.home_ids()
    site.runtime.rules()
    return {"status": "ok"}
