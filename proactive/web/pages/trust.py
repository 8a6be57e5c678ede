"""Trust: how a phone comes to trust this machine, step by step, and a check of what works on it then.

For everybody, signed in or not: a phone that does not trust this machine yet should send it no password.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from proactive.tls.authority import Authority, TlsError, fingerprint, public
from proactive.tls.secured import is_set_up
from proactive.web.page import page
from proactive.web.problem import Refused
from proactive.web.site import Here, Site
from proactive.web.visit import Known, open_to_all

router = APIRouter(include_in_schema=False)
ROOT_KIND = "application/x-x509-ca-cert"  # what phones take for something to install


@router.get("/trust", dependencies=[Depends(open_to_all)])
def trust(request: Request, site: Here, visit: Known) -> Response:
    """Show what to do on this phone, and what works on it."""
    return page(
        request, visit, "trust.html", root=_fingerprint(site), secure=request.url.scheme == "https",
        own=site.settings.tls_certificate is not None, host=request.url.hostname or "",
    )  # fmt: skip


@router.get("/trust/root.crt", dependencies=[Depends(open_to_all)])
def root(site: Here) -> Response:
    """Send the root that phones install. It is no secret: its key is, and stays here."""
    if not _has_root(site):
        raise Refused(404, "There is no root here to install.")
    headers = {"content-disposition": 'attachment; filename="proactive-root.crt"'}
    return Response(public(Authority(site.settings.data).root().certificate), media_type=ROOT_KIND, headers=headers)


@router.get("/trust/worker.js", dependencies=[Depends(open_to_all)])
def worker() -> Response:
    """Send a worker that does nothing: whether a browser takes it tells whether it trusts this machine."""
    return Response("", media_type="text/javascript", headers={"cache-control": "no-cache"})


def _fingerprint(site: Site) -> str:
    if not _has_root(site):
        return ""
    try:
        return fingerprint(Authority(site.settings.data).root().certificate)
    except TlsError:
        return ""


def _has_root(site: Site) -> bool:
    return site.settings.tls_certificate is None and is_set_up(site.settings)
