"""A worker whose time runs faster, as a process that can be killed: `python -m tests.streams.kafka.fast_worker FOLDER NAME`.

The folder has `town.json`: the broker, the prefix of the topics, when and how fast time runs; and the file of homes. At SIGUSR1
it writes where each of its threads and tasks stands.
"""

from __future__ import annotations

import asyncio
import faulthandler
import json
import logging
import signal
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from proactive.home_file import load_homes
from proactive.working import work
from rules.units import SECOND, moment
from streams.kafka.broker import Brokers
from streams.kafka.topics import Names
from streams.kafka.worker import Options, Worker


def clock(town: dict[str, Any]) -> datetime:
    """Return what time it is in the town."""
    return moment(town["start"] + int((time.time() - town["born"]) * town["speed"] * SECOND))


def tell_stacks() -> None:
    """Write where each thread and each task of this process stands."""
    faulthandler.dump_traceback()
    with suppress(RuntimeError):  # no loop runs yet, or any more
        for task in asyncio.all_tasks():
            task.print_stack(limit=3)


def main(folder: Path, name: str) -> None:
    """Work until it is told to stop, or killed."""
    logging.basicConfig(format=f"%(asctime)s {name} %(levelname)s %(name)s %(message)s", level=logging.WARNING)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # as `proactive worker` does
    signal.signal(signal.SIGUSR1, lambda *_: tell_stacks())
    town = json.loads((folder / "town.json").read_text())
    homes = {home.home: home for home in load_homes([folder / "homes.jsonl"])}
    options = Options(
        Brokers.at(town["broker"]),
        Names(town["prefix"]),
        folder / name,
        session=6.0,
        keep_seconds=2.0,
        begin=45.0,
    )
    worker = Worker(options, homes.get, lambda: clock(town), lambda: time.monotonic() * town["speed"])
    work(worker, lambda: print(f"{name} works", file=sys.stderr), (signal.SIGTERM,))
    print(f"{name} {dict(worker.share.counts)}", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
