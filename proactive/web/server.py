"""The server: an ASGI application on a port, in a thread beside the runtime."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

from proactive.error import ProactiveError
from proactive.tls.secured import is_set_up
from rules.problem import InputError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from proactive.settings import Settings
    from proactive.tls.secured import Secured

PATIENCE = 5  # seconds that open answers have to end when it stops
RENEW = 3600  # seconds between two looks at the certificate
_log = logging.getLogger(__name__)
MESSAGE = 32_768  # bytes of a websocket's message: a second of sound


def require_safe(settings: Settings) -> None:
    """Raise ProactiveError where passwords and pictures would go over the network for everybody on it to read."""
    host = settings.host
    if is_set_up(settings) or settings.published or host == "localhost" or is_loopback(host):
        return
    message = f"PROACTIVE_HOST: expected an address of this machine only, such as 127.0.0.1, found {host!r}."
    hint = (
        "Run `proactive tls` once, and phones in your network can use it safely; or set PROACTIVE_TLS_CERTIFICATE to a certificate "
        "of your own. Where something in front of it encrypts (Caddy, nginx, Tailscale), or its port is published to this "
        "machine only, set PROACTIVE_PUBLISHED=yes."
    )
    raise ProactiveError(f"{message} Nothing here encrypts yet. {hint}")


def is_loopback(host: str) -> bool:
    """Say whether an address is of this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes any that is free. Raise ProactiveError where that cannot be."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        hint = "Set PROACTIVE_PORT to another port, or 0 for any that is free."
        raise ProactiveError(f"{host}:{port} cannot be listened at: {error}. {hint}") from error


def address_of(listening: socket.socket, *, secured: bool = False) -> str:
    """Return the address that a socket listens at, as this machine reaches it: `http://127.0.0.1:8420`; `secured` by TLS."""
    host, port = listening.getsockname()[:2]
    scheme = "https" if secured else "http"
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  read, not bound
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


@contextmanager
def served(app: FastAPI, listening: socket.socket, secured: Secured | None = None) -> Iterator[None]:
    """Answer at a socket while the block runs, by TLS where something is shown for it. Raise ProactiveError where it does not start."""
    from uvicorn import Config, Server

    from proactive.web.line import Line

    # The program's own log is used; its lines name no caller and no path, which may hold what is secret.
    config = Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=PATIENCE,
        ssl_context_factory=None if secured is None else lambda *_: secured.context,
        ws_max_size=MESSAGE, http=Line,
    )  # fmt: skip
    server = Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="web", daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            thread.join(0.01)
        if not server.started:
            raise ProactiveError("The web application did not start; the lines above say why.")
        with nullcontext() if secured is None else _renewing(secured):
            yield
    finally:
        server.should_exit = True
        thread.join(PATIENCE + 1)
        listening.close()


@contextmanager
def _renewing(secured: Secured) -> Iterator[None]:
    """Look each hour whether the certificate is to be renewed, while the block runs."""
    stop = threading.Event()

    def renew() -> None:
        while not stop.wait(RENEW):
            try:
                secured.renew(datetime.now(UTC))
            except (ProactiveError, InputError) as error:
                _log.warning("The certificate stays as it is. %s", error)

    thread = threading.Thread(target=renew, name="tls", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
