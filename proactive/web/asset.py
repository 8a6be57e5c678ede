"""Assets: styles, scripts and icons, read once, kept packed, under an address that changes with what is in them.

Every file of `static/` is at `/static/DIGEST/NAME`, where the digest is of all of them together: a browser keeps them for
a year, scripts import each other by relative names, and a new version is new at once.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from proactive.web.problem import Refused
from proactive.web.visit import open_to_all

KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "wav": "audio/wav",
    "webmanifest": "application/manifest+json",
    "txt": "text/plain; charset=utf-8",
}
_FOR_EVER = "public, max-age=31536000, immutable"
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent: what it is, plain and packed."""

    kind: str
    plain: bytes
    packed: bytes


@cache
def assets() -> dict[str, Asset]:
    """Return every file of `static/` by name."""
    found = sorted((each for each in files("proactive.web").joinpath("static").iterdir()), key=lambda each: each.name)
    return {
        each.name: Asset(KINDS[each.name.rsplit(".", 1)[-1]], plain := each.read_bytes(), gzip.compress(plain, mtime=0))
        for each in found
        if each.name.rsplit(".", 1)[-1] in KINDS
    }


@cache
def digest() -> str:
    """Return what stands for all assets as they are."""
    whole = sha256()
    for name, asset in assets().items():
        whole.update(name.encode() + b"\0" + sha256(asset.plain).digest())
    return whole.hexdigest()[:12]


def asset_url(name: str) -> str:
    """Return where an asset is. Raise KeyError for one that is not there."""
    assert name in assets(), f"static/ has no {name!r}"
    return f"/static/{digest()}/{name}"


@router.get("/static/{version}/{name}", dependencies=[Depends(open_to_all)])
def asset(request: Request, version: Annotated[str, Path()], name: Annotated[str, Path()]) -> Response:
    """Send an asset: for ever where the address is of this version, else only for now."""
    found = assets().get(name)
    if found is None:
        raise Refused(404, f"There is no asset {name!r}.")
    headers = {"cache-control": _FOR_EVER if version == digest() else "no-cache", "vary": "accept-encoding"}
    packed = "gzip" in request.headers.get("accept-encoding", "") and len(found.packed) < len(found.plain)
    if packed:
        headers["content-encoding"] = "gzip"
    return Response(found.packed if packed else found.plain, headers=headers, media_type=found.kind)
