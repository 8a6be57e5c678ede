"""The server: an ASGI application on a port, in a thread beside the runtime."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING

from proactive.error import ProactiveError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from proactive.settings import Settings

PATIENCE = 5  # seconds that open answers have to end when it stops


def require_safe(settings: Settings) -> None:
    """Raise ProactiveError where passwords and pictures would go over the network for everybody on it to read."""
    host = settings.host
    if settings.published or host == "localhost" or _is_loopback(host):
        return
    message = f"PROACTIVE_HOST: expected an address of this machine only, such as 127.0.0.1, found {host!r}."
    hint = (
        "Put something in front of it that encrypts (Caddy, nginx, Tailscale), or publish its port to this machine "
        "only; then set PROACTIVE_PUBLISHED=yes."
    )
    raise ProactiveError(f"{message} Nothing here encrypts yet. {hint}")


def _is_loopback(host: str) -> bool:
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


def address_of(listening: socket.socket) -> str:
    """Return the address that a socket listens at, as this machine reaches it: `http://127.0.0.1:8420`."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  read, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def served(app: FastAPI, listening: socket.socket) -> Iterator[None]:
    """Answer at a socket while the block runs. Raise ProactiveError where the application does not start."""
    from uvicorn import Config, Server

    # The program's own log is used; its lines name no caller and no path, which may hold what is secret.
    config = Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=PATIENCE)
    server = Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="web", daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            thread.join(0.01)
        if not server.started:
            raise ProactiveError("The web application did not start; the lines above say why.")
        yield
    finally:
        server.should_exit = True
        thread.join(PATIENCE + 1)
        listening.close()
