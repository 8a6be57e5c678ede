"""The way from a command to the `proactive serve` of the same data folder: its address in the lock, and a token beside it.

The token is a file that only its owner may read, made anew by each `serve`: who may read the data folder may ask what serves it.
"""

from __future__ import annotations

import os
import secrets
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from proactive.error import ProactiveError
from proactive.lock import holder

NAME = "local.token"
PATIENCE = 10.0  # seconds for an answer


def make_local_token(folder: Path) -> str:
    """Keep a new token in the data folder, for its owner's eyes, and return it. Raise ProactiveError where that cannot be."""
    token, path = secrets.token_urlsafe(32), folder / NAME
    fresh = path.with_suffix(".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(token)
        fresh.replace(path)
    except OSError as error:
        hint = "Make the folder writable, or set PROACTIVE_DATA to one that is."
        raise ProactiveError(f"{path} cannot be written: {error.strerror}. {hint}") from error
    return token


def ask(folder: Path, method: str, path: str) -> bytes | None:
    """Return what the `serve` of a data folder answers, or None where none runs, it has no API, or it does not answer."""
    held = holder(folder) or {}
    address = held.get("address")
    if not isinstance(address, str):
        return None
    try:
        connection = _connection(address, str(held.get("certificate", "")))
    except ProactiveError:
        return None
    try:
        token = (folder / NAME).read_text("utf-8")
        connection.request(method, path, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        return answer.read() if answer.status == HTTPStatus.OK else None
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()


def _connection(address: str, certificate: str) -> HTTPConnection:
    """Return a connection to an address of this machine, by no proxy; by TLS only to whoever has the key of a certificate."""
    place = urlsplit(address)
    host = place.hostname or ""
    if place.scheme != "https":
        return HTTPConnection(host, place.port, timeout=PATIENCE)
    from proactive.tls.secured import trusting

    return HTTPSConnection(host, place.port, timeout=PATIENCE, context=trusting(Path(certificate)))


def look_now(folder: Path) -> bool:
    """Have the `serve` of a data folder look at the store, and tell whether it has; otherwise it does within a second."""
    return ask(folder, "POST", "/api/look") is not None
