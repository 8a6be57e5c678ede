"""Which process runs which tests, where several share them (`pytest -n 2`): a file stays together, and so does a kind.

The tests of a kind start the same program, which keeps a core busy: they run one after another. They begin first, as they
take longest, so that no process is left with them at the end.
"""

from __future__ import annotations

from fnmatch import fnmatch

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

KINDS = {
    "kafka": (
        "tests/streams/kafka/*",
        "tests/proactive/*_kafka.py",
        "tests/proactive/test_cluster.py",
        "tests/proactive/test_edge.py",
        "tests/proactive/test_feeding.py",
        "tests/proactive/test_topics.py",
        "tests/proactive/test_worker.py",
    ),
    "chromium": (
        "tests/proactive/web/*browser.py",
        "tests/proactive/web/test_icons.py",
        "tests/proactive/web/test_tls.py",
    ),
    "postgresql": ("tests/proactive/test_postgresql.py",),
}


def kind(file: str) -> str | None:
    """Return the kind of the tests of a file, by its path from the root, or None where they start no such program."""
    return next((kind for kind, files in KINDS.items() if any(fnmatch(file, each) for each in files)), None)


def rank(file: str) -> int:
    """Return the place of a file: kinds in their order, then everything else."""
    return list(KINDS).index(found) if (found := kind(file)) else len(KINDS)


class ByKind(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """Hands out kinds and files in the order of their tests."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return kind(file) or file
