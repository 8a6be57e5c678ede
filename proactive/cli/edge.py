"""`proactive edge`: put what cameras and devices tell on Kafka, from a machine near them."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Sequence
from contextlib import ExitStack

import click

from proactive.cli.serve import camera_sources, opened_sources, require_homes, takes_feeds


@click.command()
@takes_feeds
@click.option("--name", help="The same each time this edge runs, and no other edge's; default: this machine's name.")
def edge(
    homes: Sequence[str], inputs: Sequence[str], addresses: Sequence[str], no_cameras: bool, name: str | None
) -> None:
    """Put what the homes' cameras and sources tell on PROACTIVE_KAFKA, until it is stopped (Ctrl-C or SIGTERM).

    It decides nothing: workers do. What is told is on this machine's disk before anything else, and is sent in order for as
    long as that takes; while the brokers are away it is kept. Workers hear a heartbeat each second: an edge that falls
    silent makes its cameras offline, so that nobody is told that nothing happened where nobody looked.
    """
    from proactive import app
    from proactive import settings as configured
    from proactive.cli.desk import until_told
    from proactive.feeding import feeding
    from proactive.home_file import load_homes
    from proactive.listed import Listed
    from proactive.lock import DataLock

    settings = configured.load()
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.WARNING)
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # the edge says once that the brokers are away
    named, stop = name or socket.gethostname(), threading.Event()
    folder = settings.data / "edges" / named
    with ExitStack() as stack:
        stack.enter_context(DataLock(folder))
        store = stack.enter_context(app.open_store(settings))
        if homes:
            store.import_homes(load_homes(homes, warn=lambda problem: click.echo(f"Warning: {problem}", err=True)))
        listed = Listed(store)
        known = list(listed().values())
        require_homes(known)
        sources = stack.enter_context(opened_sources(settings, store, inputs, addresses))
        cameras = [] if no_cameras else camera_sources(settings, store)
        made = stack.enter_context(app.open_edge(settings, named, folder, known if cameras else ()))
        stack.enter_context(until_told(stop.set))
        with feeding(made, listed, [*sources, *cameras]):
            click.echo(f"Feeding {', '.join(sorted(listed()))} as {named}.", err=True)
            stop.wait()
