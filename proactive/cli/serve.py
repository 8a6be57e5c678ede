"""`proactive serve`: watch over homes, in one process."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from socket import socket

    from proactive.cameras import Glimpses
    from proactive.lock import DataLock
    from proactive.settings import Settings
    from proactive.store import Store
    from proactive.tls.secured import Secured
    from rules.firing import Firing
    from streams.runtime import Runtime
    from streams.source import DeviceSource


_FEEDS = (
    click.option("--home", "homes", multiple=True, help="A home file to import first; may be repeated."),
    click.option(
        "--input", "inputs", multiple=True, help="Records as JSON lines: a file, a named pipe, or - for stdin."
    ),
    click.option(
        "--source",
        "addresses",
        multiple=True,
        help="What to listen to, such as mqtt://broker:1883, beside PROACTIVE_SOURCE_...; may be repeated.",
    ),
    click.option("--no-cameras", is_flag=True, help="Leave the homes' cameras alone: another process watches them."),
)


def takes_feeds(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say what homes it feeds, and from where."""
    return reduce(lambda given, option: option(given), reversed(_FEEDS), command)


@click.command()
@takes_feeds
def serve(homes: Sequence[str], inputs: Sequence[str], addresses: Sequence[str], no_cameras: bool) -> None:
    """Watch over the homes in the data folder until it is stopped (Ctrl-C or SIGTERM).

    Firings are written to stdout as JSON lines, and people are told; what goes to the console is on stderr. Rules that change in the store count within a
    second. The cameras that have a url are watched, in a process for each core; pictures of what they see are kept in the data folder for
    PROACTIVE_PICTURE_DAYS. The pages and the local API answer at PROACTIVE_HOST and PROACTIVE_PORT (127.0.0.1 and 8420). Lines of the input that are no records are kept in dead-letters.jsonl in the data folder.
    """
    from proactive import app
    from proactive import settings as configured
    from proactive.cameras import Glimpses
    from proactive.cli.desk import until_told
    from proactive.erasing import erase_rest, finish
    from proactive.home_file import load_homes
    from proactive.lock import DataLock, InUse
    from proactive.serving import Serving

    settings = configured.load()
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.WARNING)
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # the reader of a topic says itself when brokers are away
    with suppress(InUse):  # whoever runs here finishes it
        finish(settings)
    with ExitStack() as stack:
        lock = stack.enter_context(DataLock(settings.data))
        store = stack.enter_context(app.open_store(settings))
        listings = store.listings
        if homes:
            store.import_homes(load_homes(homes, warn=lambda problem: _say(f"Warning: {problem}")))
        sources = stack.enter_context(opened_sources(settings, store, inputs, addresses))
        glimpses = Glimpses()
        sources += [] if no_cameras else camera_sources(settings, store, glimpses)
        listening, secured = _listen(settings, lock)
        notifier = app.open_notifier(settings, store, sys.stderr)
        serving = Serving(store, settings, sources, _print, notifier, listening, glimpses, secured)
        if listening is None:
            require_homes(serving.homes)
        stack.enter_context(until_told(serving.stop.set))
        serving.serve(lambda runtime: _say(_ready(settings, store, runtime, listening, secured)))
        erased = store.listings != listings and not store.home_ids()
    if erased:  # the last home, while this ran: what was open until now goes too
        erase_rest(settings)


@contextmanager
def opened_sources(
    settings: Settings, store: Store, inputs: Sequence[str], addresses: Sequence[str]
) -> Iterator[list[DeviceSource]]:
    """Yield the sources that are named or set, and keep lines that are no records. Raise InputError."""
    from proactive.sources import follow_sources
    from streams.dead_letters import DeadLetters
    from streams.jsonlines import JsonLines

    with DeadLetters(settings.data / "dead-letters.jsonl", _say) as letters:
        for path in inputs:
            _require_file(path)
        files: list[DeviceSource] = [JsonLines(path, letters) for path in inputs]
        yield [*files, *follow_sources(settings, store, addresses)]


def _listen(settings: Settings, lock: DataLock) -> tuple[socket | None, Secured | None]:
    """Return the socket of the local API, told in the lock, and what secures it.

    Where there can be none that is said; the home is watched all the same.
    """
    from datetime import UTC, datetime
    from importlib.util import find_spec

    from proactive.error import ProactiveError
    from proactive.tls.secured import Secured, files_of, is_set_up
    from proactive.web.server import address_of, listen, require_safe

    if any(find_spec(name) is None for name in _WEB):
        _say("Warning: the pages and the local API are off. They need: pip install 'proactive[web]'")
        return None, None
    try:
        require_safe(settings)
        secured = Secured(settings, datetime.now(UTC)) if is_set_up(settings) else None
        listening = listen(settings.host, settings.port)
    except ProactiveError as error:
        _say(f"Warning: the pages and the local API are off. {error}")
        return None, None
    address = address_of(listening, secured=secured is not None)
    lock.tell(address=address, **({} if secured is None else {"certificate": str(files_of(settings)[0].absolute())}))
    _say(f"Listening at {address}.")
    return listening, secured


_WEB = ("fastapi", "uvicorn", "jinja2", "argon2", "multipart")


def _ready(
    settings: Settings, store: Store, runtime: Runtime, listening: socket | None, secured: Secured | None
) -> str:
    """Return what is said once records are taken: what is watched, and where a new home is set up."""
    watching = f"Watching over {', '.join(sorted(runtime.homes)) or 'nothing yet'}."
    if listening is None or store.has_accounts():
        return watching
    from proactive.web.pages.begin import first_run_code
    from proactive.web.server import address_of

    address = address_of(listening, secured=secured is not None)
    return f"{watching} Set it up: {address}/begin?code={first_run_code(settings.data)}"


def camera_sources(settings: Settings, store: Store, glimpses: Glimpses | None = None) -> list[DeviceSource]:
    """Return the source of the cameras that homes list, now or later; none, and say so, where they cannot be watched here."""
    from proactive.cameras import follow_cameras, orders_of
    from proactive.error import ProactiveError

    try:
        orders_of(settings, store.export_homes())
    except (ProactiveError, RuntimeError) as error:
        _say(f"Warning: the cameras are not watched. {error}")
        return []
    return [follow_cameras(settings, store, glimpses, _say)]


def require_homes(homes: Sequence[object]) -> None:
    """Raise InputError where there is no home."""
    from rules.problem import InputError, Problem

    if not homes:
        message = "there is no home to watch over."
        raise InputError(
            [Problem("no_home", "", message, "Give one with --home, or import it: proactive home import FILE")]
        )


def _require_file(path: str) -> None:
    from rules.problem import InputError, Problem

    if path != "-" and (not Path(path).exists() or Path(path).is_dir()):
        raise InputError([Problem("unreadable", path, "expected a file or a named pipe.", "Check the path.")])


def _print(firing: Firing) -> None:
    sys.stdout.buffer.write(firing.encode() + b"\n")
    sys.stdout.buffer.flush()


def _say(text: str) -> None:
    click.echo(text, err=True)
