"""The source `jsonlines`: records as JSON lines from a file, a pipe or the standard input."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Sequence
from pathlib import Path

from rules.record import Record
from streams.lines import STDIN, BadLine, Report, read_lines
from streams.source import Command, Deliver, SourceError

RETRY = 1.0  # seconds before a delivery that was refused is tried again
_log = logging.getLogger(__name__)


class JsonLines:
    """Delivers a file's records. A named pipe is opened again when its writer leaves; a file ends at its end.

    `report` gets each line that is no record; by default it is logged.
    """

    def __init__(
        self, path: str, report: Report | None = None, homes: Collection[str] | None = None, retry: float = RETRY
    ) -> None:
        self.path, self._report, self._homes, self._retry = path, report or _logged, homes, retry

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        """Deliver the records of the file until it ends or `stop` is set."""
        # Reading blocks, so it has a thread that is left behind when there is nothing to read at the end.
        reader = threading.Thread(target=self._read, args=(deliver, stop), name=f"read {self.path}", daemon=True)
        reader.start()
        while reader.is_alive() and not stop.is_set():
            reader.join(0.2)

    def send(self, command: Command) -> None:
        """Refuse: a file takes no commands."""
        raise SourceError(f"{self.path} only tells; {command.device} cannot be told to {command.command!r} through it.")

    def _read(self, deliver: Deliver, stop: threading.Event) -> None:
        while not stop.is_set():
            for records in read_lines(self.path, self._report, self._homes):
                _deliver(records, deliver, stop, self._retry)
                if stop.is_set():
                    return
            if self.path == STDIN or not Path(self.path).is_fifo():
                return


def _deliver(records: Sequence[Record], deliver: Deliver, stop: threading.Event, retry: float) -> None:
    """Deliver until it is taken: a disk that is full now may have room in a second."""
    while not stop.is_set():
        try:
            deliver(records)
        except Exception as error:  # noqa: BLE001  whatever refused it, the records must not be lost
            _log.warning("%d records were refused and are tried again: %s", len(records), error)
            stop.wait(retry)
        else:
            return
    _log.error("%d records were read and are not kept, since it was stopped before; give them again.", len(records))


def _logged(bad: BadLine) -> None:
    _log.warning("%s", bad)
