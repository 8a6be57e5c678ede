"""Open addresses: those of a home's cameras and calendars as they may lie in a file, without the passwords in them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from rules.home import Calendar, Camera, Home

_SECRET = re.compile(r"pass|pwd|token|secret|key|auth|sig", re.IGNORECASE)


def without_secrets(home: Home) -> tuple[Home, list[str]]:
    """Return the home with open addresses, and the ids of the cameras and calendars whose addresses held a secret."""
    cameras, calendars = tuple(map(_open_camera, home.cameras)), tuple(map(_open_calendar, home.calendars))
    before, after = (*home.cameras, *home.calendars), (*cameras, *calendars)
    changed = [old.id for old, new in zip(before, after, strict=True) if old != new]
    return home.model_copy(update={"cameras": cameras, "calendars": calendars}), changed


def with_known_secrets(home: Home, before: Home) -> Home:
    """Return the home with the secrets that `before` has, wherever its own address is the open form of the earlier one."""
    cameras = {each.id: each for each in before.cameras}
    calendars = {each.id: each for each in before.calendars}
    return home.model_copy(
        update={
            "cameras": tuple(
                each.model_copy(update={"url": cameras[each.id].url})
                if each.id in cameras and _open_camera(cameras[each.id]).url == each.url
                else each
                for each in home.cameras
            ),
            "calendars": tuple(
                each.model_copy(update={"url": calendars[each.id].url})
                if each.id in calendars and _open_calendar(calendars[each.id]).url == each.url
                else each
                for each in home.calendars
            ),
        }
    )


def open_address(url: str) -> str:
    """Return an address without its password and without parameters that name one; only its scheme where that cannot be told."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return url
    # A password with an unquoted / ? or # ends the host early, and what follows would be kept.
    if "@" in re.split(r"[/?#]", rest, maxsplit=1)[-1] and "@" not in re.split(r"[/?#]", rest, maxsplit=1)[0]:
        return f"{scheme}://"
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"{scheme}://"
    if "=" in parts.path and _SECRET.search(parts.path):  # some cameras take rtsp://host/user=admin&password=...
        parts = parts._replace(path="")
    who, at, host = parts.netloc.rpartition("@")
    kept = "&".join(each for each in parts.query.split("&") if not _SECRET.search(each.partition("=")[0]))
    return urlunsplit(parts._replace(netloc=who.partition(":")[0] + at + host, query=kept))


def _open_camera(camera: Camera) -> Camera:
    return camera.model_copy(update={"url": open_address(camera.url)}) if camera.url else camera


def _open_calendar(calendar: Calendar) -> Calendar:
    """Return a calendar with no more of its address than where it is: who knows the path of a shared one may read it all."""
    url = open_address(calendar.url or "")
    if "://" not in url or url.startswith("file://"):
        return calendar.model_copy(update={"url": url}) if calendar.url else calendar
    return calendar.model_copy(update={"url": urlunsplit(urlsplit(url)._replace(path="", query="", fragment=""))})
