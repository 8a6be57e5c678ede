"""`POST /api/look`: what changed in the store counts from now, not from the next second on.

The commands of this machine change the store, then ask for this: the process that serves is the only one that writes the log.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends

from proactive.web.access import needs
from proactive.web.problem import problems_documented
from proactive.web.site import Here

router = APIRouter(prefix="/api", tags=["upkeep"])


@router.post(
    "/look",
    summary="Look at the store",
    dependencies=[Depends(needs("admin"))],
    responses=problems_documented(401, 403, 429, 503),
)
def look(site: Here) -> dict[str, int]:
    """Bring the log in line with the store; on the answer every rule that stands is in force. Say how many stand."""
    site.look()
    return {"rules": len(site.runtime.rules())}
