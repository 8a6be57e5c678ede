"""Addresses of cameras: what each kind is, who may log in, and how none of it is shown to anybody.

A camera's URL holds its password, in front of the host or among the parameters behind the `?`. So what is shown of a URL ends
at its path, and the libraries that would print one themselves are told to be quiet.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Generator
from typing import Literal
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx

from rules.problem import InputError, Problem

Kind = Literal["http", "rtsp", "webcam"]
# By no other path: OpenCV opens whatever file it is given, and an address may come from a page.
_WEBCAM = re.compile(r"(?:webcam:)?(\d{1,2})|webcam:(/dev/(?:video[\w-]+|v4l/by-(?:id|path)/[^\s/]+))")
_QUIET = "-8"  # FFmpeg's AV_LOG_QUIET: at every other level it prints addresses with their passwords


def kind_of(address: str) -> Kind | None:
    """Return what kind of live camera an address names, or None where it names a file or folder. Raise InputError."""
    if _WEBCAM.fullmatch(address):
        return "webcam"
    if "://" not in address:
        return None
    match address.partition("://")[0].lower():
        case "http" | "https":
            return "http"
        case "rtsp" | "rtsps":
            return "rtsp"
        case scheme:
            message = f"expected a URL that starts with rtsp://, http:// or https://; found {scheme}://."
            raise InputError([Problem("not_a_source", without_password(address), message)])


def device_of(address: str) -> int | str:
    """Return the number or the device file of a webcam such as `0`, `webcam:0` or `webcam:/dev/video2`."""
    found = _WEBCAM.fullmatch(address)
    assert found is not None, f"expected a webcam such as webcam:0, found {address!r}"
    return int(found[1]) if found[1] else found[2]


def without_password(url: str) -> str:
    """Return the URL without user, password and parameters, fit to be shown; only its scheme where it is not well formed."""
    scheme, mark, rest = url.partition("://")
    host, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    # A password with an unquoted / or # ends the host early, and what follows would be shown.
    if "@" in rest and "@" not in host:
        return f"{scheme}{mark}****"
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"


def hush() -> None:
    """Keep the libraries that read streams from printing addresses. Call before they are used."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", _QUIET)
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.ERROR)


class Login(httpx.Auth):
    """Answers a camera that asks who is there, in the way it asks for: basic or digest."""

    def __init__(self, user: str, password: str) -> None:
        self._ways = {"basic": httpx.BasicAuth(user, password), "digest": httpx.DigestAuth(user, password)}

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        answer = yield request
        asked = answer.headers.get("www-authenticate", "").split(" ")[0].lower()
        if answer.status_code == 401 and asked in self._ways:
            yield from self._ways[asked].auth_flow(request)


def login(url: str) -> tuple[str, Login | None]:
    """Return the URL without user and password, and the login made of them where there are any."""
    parts = urlsplit(url)
    who, at, host = parts.netloc.rpartition("@")
    bare = urlunsplit(parts._replace(netloc=host))
    return bare, Login(*map(unquote, (who.partition(":")[0], who.partition(":")[2]))) if at else None
