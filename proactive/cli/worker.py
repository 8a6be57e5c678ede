"""`proactive worker`: fold the homes' records on Kafka, sharing them with other workers."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Sequence
from contextlib import ExitStack

import click


@click.command()
@click.option("--home", "homes", multiple=True, help="A file of homes, instead of those in the store; may be repeated.")
@click.option(
    "--name", help="Names this worker and its folder; each on a machine needs its own.  [default: the host's]"
)
@click.option("--session", default=15.0, show_default=True, help="Seconds after which a worker that died is missed.")
@click.option(
    "--metrics", type=click.IntRange(1, 65535), help="A port of 127.0.0.1 on which Prometheus may ask for figures."
)
def worker(homes: Sequence[str], name: str | None, session: float, metrics: int | None) -> None:
    """Decide for homes from their records on PROACTIVE_KAFKA until it is stopped (Ctrl-C or SIGTERM).

    Start as many as there are cores, at most one a partition: they share the homes, and when one ends the others take its
    homes over from where it was. What is decided goes to the topic of firings, from which `proactive serve` tells people.
    A home that is edited counts as it is listed from within a second of it. What cannot be used goes to the topic of dead letters with the reason.
    """
    from proactive import app
    from proactive import settings as configured
    from proactive.lock import DataLock
    from proactive.worker_figures import HOST, shown
    from proactive.working import work

    settings = configured.load()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.WARNING)
    for client in ("aiokafka", "kafka"):  # the worker says itself when the brokers are away
        logging.getLogger(client).setLevel(logging.CRITICAL)
    folder = settings.data / "workers" / (name or socket.gethostname())
    with ExitStack() as stack:
        lock = stack.enter_context(DataLock(folder))
        known = app.known_homes(settings, stack, homes)
        made = app.open_worker(settings, known, folder, session=session)
        if metrics is not None:
            lock.tell(metrics=f"http://{HOST}:{stack.enter_context(shown(made.share, metrics))}/metrics")
        work(made, lambda: click.echo("Working.", err=True), (signal.SIGTERM, signal.SIGINT))
