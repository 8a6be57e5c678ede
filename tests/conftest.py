"""What holds for all tests: laws are tried on random values, the same ones in CI, and no deadline judges a busy machine."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

settings.register_profile("proactive", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "proactive"))

MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30  # bytes, four times what the tests leave

if TYPE_CHECKING:
    from xdist.remote import Producer

    from tests.sharing import ByKind


def pytest_configure() -> None:
    """Have temporary folders in memory where there is room: a slow disk takes a tenth of a second to be sure of a commit."""
    if "TMPDIR" not in os.environ and _is_roomy(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _is_roomy(folder: Path) -> bool:
    """Tell whether programs can be run from a folder and it has the room that tests need."""
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return False
    return not os.statvfs(folder).f_flag & os.ST_NOEXEC and shutil.disk_usage(folder).free >= ROOM


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByKind:
    """Return who shares the tests out to processes."""
    from tests.sharing import ByKind

    return ByKind(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes longest first, in a process that shares the tests with others."""
    if hasattr(config, "workerinput"):
        from tests.sharing import rank

        items.sort(key=lambda item: rank(item.nodeid.partition("::")[0]))


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """Return the address of a broker that tests share; each has topics of its own, from `tests.brokers.names`."""
    pytest.importorskip("kafka", reason="Kafka's client is not installed: pip install 'proactive[kafka]'")
    from tests.brokers import NAMED, Tansu, sweep

    if NAMED:
        yield NAMED
        sweep(NAMED)
        return
    with Tansu() as broker:
        yield broker.address


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of an empty PostgreSQL database that tests share."""
    pytest.importorskip("psycopg", reason="PostgreSQL's driver is not installed: pip install 'proactive[postgresql]'")
    from tests.databases import NAMED, server

    if NAMED:
        yield NAMED
        return
    with server(tmp_path_factory.mktemp("postgresql")) as url:
        yield url
