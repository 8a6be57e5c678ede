"""Dead letters: what could not be used is shown, counted and kept, so that nothing is lost without a word."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from streams.lines import BadLine


class DeadLetters:
    """Keeps bad lines: one JSON object a line with `file`, `line`, `problem`, `code` and `raw`.

    `raw` is the line as text in which a byte that is not UTF-8 is a lone surrogate (Python's `surrogateescape`), so
    that the line can be had back byte for byte. Without a path they are only shown and counted. `show` is called
    with a text for each of the first `shown`.
    """

    def __init__(self, path: Path | None, show: Callable[[str], None], shown: int = 10) -> None:
        self.path, self.count, self._kept = path, 0, 0
        self._show, self._shown = show, shown
        self._file: IO[str] | None = None
        self._lock = threading.Lock()

    def __call__(self, bad: BadLine) -> None:
        """Keep one bad line; several readers may share this."""
        with self._lock:
            self.count += 1
            if self.count <= self._shown:
                self._show(str(bad))
            if self.path is not None:
                self._keep(bad, self.path)
                self._kept += 1

    def _keep(self, bad: BadLine, path: Path) -> None:
        if self._file is None:
            self._file = path.open("a", encoding="ascii")
        value = {
            "file": bad.file,
            "line": bad.line,
            "problem": str(bad.problem),
            "code": bad.problem.code,
            "raw": bad.raw.decode("utf-8", "surrogateescape"),
        }
        self._file.write(json.dumps(value) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Say how many there were, and where they are, if there were any."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self.count:
            lines = "1 line was" if self.count == 1 else f"{self.count:,} lines were"
            kept = self.path and self._kept == self.count
            self._show(f"{lines} not used" + (f" and kept in {self.path}." if kept else "."))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
